import { expect, test } from '@playwright/test';
import { differencesOfLists } from '../../../../src/wings/rejudge/difference.js';
import { differingTexts } from '../../../../src/wings/rejudge/texts.js';

const differing = (reported: string, ...found: readonly string[]): readonly string[] =>
  differingTexts('f', { reported: Buffer.from(reported), found }).map(({ message }) =>
    message.replace('is not as the suite writes it from report.json: ', ''),
  );

for (const [what, reported, found, says] of [
  ['the same in pieces', 'one\ntwo\n', ['on', 'e\ntw', '', 'o\n'], null],
  ['nothing at all', '', [], null],
  ['a letter', 'one\ntwo\n', ['one\nt', 'xo\n'], 'line 2 says "two", and would say "txo"'],
  ['a line less', 'one\n', ['one\n', 'two\n'], 'line 2 says "", and would say "two"'],
  ['a line more', 'one\ntwo\n', ['one\n'], 'line 2 says "two", and would say ""'],
  ['half a character', 'é\n', ['è\n'], 'line 1 says "é", and would say "è"'],
  ['a beginning', '\ufeffone', ['one'], String.raw`line 1 says "\ufeffone", and would say "one"`],
] as const) {
  test(`two texts that differ by ${what}`, () => {
    expect(differing(reported, ...found)).toEqual(says === null ? [] : [`file f: ${says}`]);
  });
}

test('a line of megabytes is told by what stands around the place', () => {
  const line = 'x'.repeat(4_000_000);
  const [says, ...others] = differing(`a\n${line}1${line}\n`, 'a\n', line, '2', line, '\n');
  expect(says).toMatch(/^file f: line 2 says …x{20}1x+…, and would say …x{20}2x+…$/);
  expect(says?.length).toBeLessThan(200);
  expect(others).toEqual([]);
});

test('lists of 100,000 are compared in a time that nobody notices', () => {
  const reported = Array.from({ length: 100_000 }, (_, at) => ({ id: String(at % 50_000) }));
  const found = reported.slice(0, 49_999).concat({ id: 'new' });
  const begin = process.cpuUsage();
  const lists = { about: 'check', against: 'recomputed', idOf: ({ id }: { readonly id: string }) => id } as const;
  const messages = differencesOfLists({ ...lists, reported, found }).map(({ message }) => message);
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(5000);
  expect(messages).toHaveLength(50_002);
  expect(messages[0]).toBe('check 0: stands more than once in report.json, as numbers 1 and 50001');
  expect(messages.slice(-2)).toEqual([
    'check 49999: stands in report.json, but judging gives no such one',
    'check new: is missing in report.json, but judging gives it',
  ]);
});
