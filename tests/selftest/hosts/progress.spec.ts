import { expect, test } from '@playwright/test';
import { Progress } from '../../../src/hosts/progress.js';

/** What a stream is written while four cases end. */
function writtenTo(stream: { readonly isTTY: boolean; readonly columns: number | undefined }): readonly string[] {
  const written: string[] = [];
  const progress = new Progress({ ...stream, write: (text) => void written.push(text) }, 'cases');
  progress.begin(4);
  for (const name of ['a', 'b', 'c', 'd\u001b[31m']) progress.advance(name);
  progress.end();
  return written;
}

test('on a terminal a failure is said when it happens, once for each name, and counted from then on', () => {
  const written: string[] = [];
  const progress = new Progress({ isTTY: true, columns: 60, write: (text) => void written.push(text) });
  progress.begin(2);
  progress.fail('CANCEL-PERM-003', 'answered 204\u001b[31m');
  progress.fail('CANCEL-PERM-003', 'answered 200');
  progress.advance('a');
  const anew = '\r\u001b[2K';
  expect(written.slice(1)).toEqual([
    `${anew}✗ CANCEL-PERM-003  answered 204\\u001b[31m\n`,
    `${anew}1 of 2 cases, 1 failed  a`,
  ]);
});

test('in a log nothing says how far the run is', () => {
  expect(writtenTo({ isTTY: false, columns: undefined })).toEqual([]);
});

test('on a terminal one line changes, and is gone in the end', () => {
  const anew = '\r\u001b[2K';
  expect(writtenTo({ isTTY: true, columns: 19 })).toEqual([
    `${anew}0 of 4 cases  star`,
    ...['1 of 4 cases  a', '2 of 4 cases  b', '3 of 4 cases  c'].map((line) => anew + line),
    `${anew}4 of 4 cases  d\\u0`,
    anew,
  ]);
});
