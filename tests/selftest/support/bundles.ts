import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadContract } from '../../../src/cancel/contract.js';
import type { Exchange } from '../../../src/engine/evidence/records.js';
import type { Report } from '../../../src/report/model.js';
import { visibleLines } from '../../../src/report/visible.js';
import { renderJson } from '../../../src/report/write.js';
import type { Bundle } from '../../../src/wings/rejudge/bundle.js';
import type { Difference } from '../../../src/wings/rejudge/difference.js';
import type { Change } from '../../../src/wings/rejudge/changes.js';
import { runCli, runSuite, test as base, type CliExit, type FinishedRun } from './cli.js';
import { madeOnce } from './made-once.js';

/** Plain data that may be changed. */
type Editable<Value> = Value extends object ? { -readonly [Key in keyof Value]: Editable<Value[Key]> } : Value;

/** The two files of a finished run, as somebody might change them. */
export interface Edited {
  report: Editable<Report>;
  evidence: Editable<Exchange>[];
}

/** What `judge --json` prints. */
export interface JudgedData {
  readonly equal: boolean;
  readonly exitCode: number;
  readonly recomputed: Pick<Report['run'], 'outcome' | 'exitCode'>;
  readonly differences: readonly Difference[];
  readonly underReadings?: Pick<Report['run'], 'outcome' | 'exitCode' | 'explanation'> &
    Pick<Report, 'provable' | 'proven'> & { readonly changes: readonly Change[] };
}

/** Copies the two files that `judge` reads into a new folder below `folder`, after they were edited. */
export function writeEdited(out: string, folder: string, edit: (files: Edited) => void = () => undefined): string {
  const files: Edited = {
    report: JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as Edited['report'],
    evidence: linesOf(out).map((line) => JSON.parse(line) as Edited['evidence'][number]),
  };
  edit(files);
  return writeBundle(folder, files.report, files.evidence);
}

/** A finished run as `judge` has it once it has read its two files, which were edited before. */
export function bundleOf(report: Report, edit: (files: Edited) => void = () => undefined): Bundle {
  // Two copies: either file may be edited alone.
  const copy = (value: object): unknown => JSON.parse(JSON.stringify(value));
  const files = { report: copy(report), evidence: copy(report.exchanges) } as Edited;
  edit(files);
  const { basis } = files.report;
  if (!basis) throw new Error('a report without its basis cannot be judged again');
  const contract = loadContract(report.target.edition);
  return {
    name: 'report.json',
    report: files.report,
    basis,
    exchanges: files.evidence,
    contract,
    files: new Map(),
    written: null,
    proof: null,
  };
}

/** Writes a bundle as a run does, into a new folder below `folder`. */
export function writeBundle(folder: string, report: object, evidence: readonly object[]): string {
  let place = path.join(folder, 'bundle');
  while (existsSync(place)) place += '-';
  mkdirSync(place);
  writeFileSync(path.join(place, 'report.json'), renderJson(report));
  writeFileSync(
    path.join(place, 'evidence.jsonl'),
    evidence.map((line) => `${visibleLines(JSON.stringify(line))}\n`).join(''),
  );
  return place;
}

export const linesOf = (out: string): readonly string[] =>
  readFileSync(path.join(out, 'evidence.jsonl'), 'utf8').trimEnd().split('\n');

/** Runs `judge` in the folder of the bundle, where there is nothing else. */
export const runJudge = (place: string, flags: readonly string[] = []): Promise<CliExit> =>
  runCli(['judge', ...flags, '.'], { cwd: place });

/** The same, as data. */
export async function judgeAsData(place: string, flags: readonly string[] = []): Promise<JudgedData> {
  const { exitCode, stdout, stderr } = await runJudge(place, [...flags, '--json']);
  if (stderr !== '') throw new Error(stderr);
  const data = JSON.parse(stdout) as JudgedData;
  if (data.exitCode !== exitCode) throw new Error(`ended with ${exitCode ?? 'none'}, and says ${data.exitCode}`);
  return data;
}

/** Tests with a run that is quick to read: of one area, and incomplete therefore. */
export const test = base.extend<{ partialRun: FinishedRun }>({
  partialRun: async ({}, use) => {
    await use(await madeOnce('run of one area', (cwd) => runSuite(['--area', 'RESP'], { cwd })));
  },
});
