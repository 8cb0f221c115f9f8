import { writeFileSync } from 'node:fs';
import type { HistoryLine } from '../../../src/engine/models/history-line.js';
import type { PastRun } from '../../../src/engine/models/report.js';

/** p, f, ? and – say of a requirement that it passed, failed, could not be told, did not apply; a dot that nothing was said of it. */
export const words = { p: 'passed', f: 'failed', '?': 'inconclusive', '-': 'not-applicable', '.': 'absent' } as const;

type Letter = keyof typeof words;

/** A run of a day of 2031, as a history keeps it. @param said of each requirement, in a letter */
export function pastRun(day: number, said: Readonly<Record<string, string>>, more: Partial<PastRun> = {}): PastRun {
  const verdicts: Record<string, string[]> = {};
  for (const [id, letter] of Object.entries(said)) {
    const word = words[letter as Letter];
    if (word !== 'absent') (verdicts[word] ??= []).push(id);
  }
  return {
    id: `run-${day}`,
    startedAt: new Date(Date.UTC(2031, 0, day, 2, 17)).toISOString(),
    suiteVersion: '0.1.0',
    edition: 'beta-2021-05',
    readings: { 'C-1': 'either' },
    outcome: verdicts['failed'] === undefined ? 'conformant' : 'nonconformant',
    exitCode: verdicts['failed'] === undefined ? 0 : 1,
    partial: false,
    verdicts,
    waived: [],
    ...more,
  };
}

/** Runs one a day, from rows of letters: the first of each is of the first day. */
export function pastRuns(rows: Readonly<Record<string, string>>): readonly PastRun[] {
  const days = Math.max(...Object.values(rows).map(({ length }) => length));
  return Array.from({ length: days }, (_, at) =>
    pastRun(at + 1, Object.fromEntries(Object.entries(rows).map(([id, letters]) => [id, letters[at] ?? '.']))),
  );
}

export const lineOf = (run: unknown, target = 'gw'): HistoryLine =>
  ({ schemaVersion: 1, target, run }) as unknown as HistoryLine;

/** Leaves a history. */
export function leaveHistory(file: string, lines: readonly unknown[]): void {
  writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
}
