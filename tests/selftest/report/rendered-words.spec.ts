import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../../src/engine/package.js';
import type { WaiverEntry } from '../../../src/engine/contract/waivers.js';
import { digest } from '../../../src/report/digest.js';
import type { Report, WaiverReport } from '../../../src/report/model.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { visibleModel } from '../../../src/report/visible.js';
import { renderWaiverDraft } from '../../../src/report/waiver-draft.js';
import { sizeWords } from '../../../src/report/words.js';

const kept = path.join(packageRoot, 'tests/selftest/support/released-reports/1-0.1.0/report.json');
const report = JSON.parse(readFileSync(kept, 'utf8')) as Report;

test('a size is exact, and rounded to a unit from 1,024 on', () => {
  expect([0, 1, 1023, 1024, 1536, 1024 * 1024 - 1, 1024 * 1024, 2.5 * 1024 * 1024].map(sizeWords)).toEqual([
    '0 bytes',
    '1 byte',
    '1,023 bytes',
    '1,024 bytes (1.0 KiB)',
    '1,536 bytes (1.5 KiB)',
    '1,048,575 bytes (1024.0 KiB)',
    '1,048,576 bytes (1.0 MiB)',
    '2,621,440 bytes (2.5 MiB)',
  ]);
});

test('an area counts its requirements by verdict', () => {
  for (const { requirements, counts } of digest(report).areas) {
    const verdicts = requirements.map(({ verdict }) => verdict);
    expect(Object.keys(counts)).toEqual(['passed', 'failed', 'inconclusive', 'not-applicable']);
    expect(counts).toEqual(
      Object.fromEntries(
        Object.keys(counts).map((verdict) => [verdict, verdicts.filter((one) => one === verdict).length]),
      ),
    );
  }
});

/** The report with so many MUST rows that failed, the first ones, and no waivers. */
function failing(count: number): Report {
  let left = count;
  const unwaived = report.requirements.filter(({ waived }) => waived !== true);
  const requirements = unwaived.map((row) => {
    const fails = row.level === 'MUST' && left-- > 0;
    return { ...row, verdict: fails ? ('failed' as const) : ('passed' as const) };
  });
  return { ...report, requirements, waivers: [] };
}

for (const [count, shown, more] of [
  [1, 1, null],
  [7, 7, null],
  [8, 7, ['    and 1 more']],
  [12, 7, ['    and 5 more']],
] as const) {
  test(`of ${count} failed requirements the terminal names the first ${shown}`, () => {
    const given = failing(count);
    const ids = given.requirements.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);
    expect(ids).toHaveLength(count);
    const text = renderTerminal(given, { colour: false, reportPath: 'reports/index.html' });
    expect([...text.matchAll(/^ {2}✗ (CANCEL-\S+) /gm)].map(([, id]) => id)).toEqual(ids.slice(0, shown));
    expect(text.match(/^ {4}and \d+ more$/gm)).toEqual(more);
  });
}

test('a drafted waiver names the one whose place it takes, and no other', () => {
  const [former] = report.waivers as [WaiverReport];
  const { requirement, check, edition, fingerprint, reason, owner, expires } = former;
  const same: WaiverEntry = { requirement, check, edition, fingerprint, reason, owner, expires };
  const draftOf = (entry: WaiverEntry): string => renderWaiverDraft(report, [entry]);
  const takesPlace = '# Takes the place of the waiver that did not hold: ';
  expect(draftOf(same)).toContain(takesPlace + former.message.slice(0, 40));
  for (const other of [
    { ...same, requirement: 'CANCEL-RESP-001' },
    { ...same, check: 'another/one-success-status' },
    { ...same, edition: 'v1.0' },
  ]) {
    expect(draftOf(other)).not.toContain(takesPlace);
  }
});

test('a model is made visible in each text and name, in its order, and is itself where nothing hides', () => {
  const hidden = { a: 1, 'b\u0007': 'x', c: ['y', '\u001b', 'z'], d: null, text: 'one\n\u0000two' };
  const shown = visibleModel(hidden) as object;
  expect(Object.entries(shown)).toEqual([
    ['a', 1],
    [String.raw`b\u0007`, 'x'],
    ['c', ['y', String.raw`\u001b`, 'z']],
    ['d', null],
    ['text', 'one\n\\u0000two'],
  ]);
  const plain = { a: 1, b: ['y'], text: 'one\ntwo' };
  expect(visibleModel(plain)).toBe(plain);
});
