import { cpSync, existsSync, lstatSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../engine/errors.js';
import { isFolder, makeFolder, shownPath } from '../../engine/files.js';
import type { Night } from '../../engine/models/nights.js';
import { packageVersion } from '../../engine/package.js';
import { exitCodes, foundExitCode, kindOfMessage } from '../../engine/verdict/outcome.js';
import { groupBy, reasonOf } from '../../report/digest.js';
import { readReport } from '../../report/read.js';
import type { Report } from '../../report/model.js';
import { counted } from '../../report/words.js';
import { compareReports, writeComparison } from '../compare/index.js';
import { alone, folderOf, readBook, reportFiled, writeBook, type Book } from './book.js';
import { historyIn, relink, retold } from './history.js';
import { movementOf, toldBy, type Movement } from './movement.js';
import { dayInWords, lineOf, type OpenMovement } from './words.js';

/** What is asked of a night. */
export interface NightOptions {
  /** Folder of the nights. */
  readonly folder: string;
  /** Folder of the run; it becomes the folder of the night. */
  readonly run: string;
  /** Least share of what was told before that has to be told tonight, in percent. */
  readonly leastPercent: number;
  /** How many nights are kept besides those that others are held against. */
  readonly keep: number;
}

/** A night that was filed. */
export interface FiledNight {
  readonly night: Night;
  /** Where its reports are now. */
  readonly folder: string;
  readonly exitCode: number;
  /** What moved, the new first. */
  readonly moved: readonly OpenMovement[];
}

/**
 * Files a finished run as a night: holds it against the last nights in which each check was told, keeps it in a folder of its day and
 * writes the book of all nights. The base moves only to a night that told enough and in which nothing moved, or by `acceptNight`; so an
 * outage becomes no base, and what moved is said every night until somebody accepts it.
 * @throws ConfigurationError when the run cannot be read, was filed before or is of another target
 */
export async function fileNight(options: NightOptions): Promise<FiledNight> {
  assertApart(options);
  ready(options.folder);
  return alone(options.folder, () => fileAlone(options));
}

/** A run is moved: neither may a link stand for it, nor may the nights lie within it. */
function assertApart({ folder, run }: NightOptions): void {
  const where = shownPath(run);
  // A slash at the end would have the link followed.
  const named = path.resolve(run);
  if (!existsSync(named) || lstatSync(named).isSymbolicLink() || !isFolder(named)) {
    throw new ConfigurationError(`${where}: no folder of a finished run`);
  }
  if (`${path.resolve(folder)}${path.sep}`.startsWith(`${named}${path.sep}`)) {
    throw new ConfigurationError(`${where}: --nights ${shownPath(folder)} lies within it; give a folder beside it`);
  }
}

function ready(folder: string): void {
  try {
    makeFolder(folder);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`--nights ${shownPath(folder)}: cannot be made (${code})`, { cause });
  }
}

async function fileAlone(options: NightOptions): Promise<FiledNight> {
  const { folder, run } = options;
  const report = readReport(run);
  const book = readBook(folder) ?? emptyBook(report);
  assertNew(report, book, folder);
  // Before anything is moved: what is wrong with it is to be mended first.
  const history = historyIn(folder, report);
  const moved = openIn(movementOf(report, book, folder), book);
  const name = nameOf(report, book, folder);
  const night = judged({ report, book, moved, name, leastPercent: options.leastPercent });

  const place = folderOf(folder, name);
  // Before it is moved: a run that is moved stands in the book, or nowhere else.
  if (book.base !== null) await compared({ base: book.base, name, folder, run });
  moveFolder(run, place);
  if (report.history !== undefined) await relink(report, run, place);
  const open = Object.fromEntries(moved.map(({ words, since }) => [words, since ?? name]));
  // What could not be looked at may still be so.
  book.moved = night.enough ? open : { ...book.moved, ...open };
  if (night.state === 'base' || night.state === 'same') takeAsBase(book, name, report);
  book.nights = [...book.nights, night];
  const removable = prune(book, options);
  writeBook(folder, book);
  for (const old of removable) rmSync(old, { recursive: true, force: true });
  if (history !== null) await retold(history, report, place);
  return { night, folder: place, exitCode: exitCodeOf(night, report), moved };
}

/** The new first, and of these what weighs most. */
function openIn(moved: readonly Movement[], book: Book): readonly OpenMovement[] {
  const open = moved.map((one) => ({ ...one, since: book.moved[one.words] ?? null }));
  return open.toSorted((a, b) => Number(a.since !== null) - Number(b.since !== null) || a.rank - b.rank);
}

/** Every check that a night told is held against it from now on. */
export function takeAsBase(book: Book, night: string, report: Report): void {
  book.base = night;
  book.told = { ...book.told, ...Object.fromEntries([...toldBy(report)].map((id) => [id, night])) };
}

const emptyBook = ({ target }: Report): Book => ({
  schemaVersion: 1,
  target: target.name,
  base: null,
  told: {},
  moved: {},
  nights: [],
  accepted: [],
});

function assertNew({ run, target }: Report, { nights, target: known }: Book, folder: string): void {
  const where = shownPath(folder);
  if (target.name !== known) {
    throw new ConfigurationError(
      `${where}: the nights of ${known}, and this is a run of ${target.name}; give each target a folder of its own`,
    );
  }
  const before = nights.find(({ runId }) => runId === run.id);
  if (before) throw new ConfigurationError(`${where}: this run was filed before, as ${before.night}`);
}

/** The day on which it began, and a number where that day has several: whatever lies there, in a book or not, stays. */
function nameOf({ run }: Report, { nights, base, told }: Book, folder: string): string {
  const day = run.startedAt.slice(0, 'YYYY-MM-DD'.length);
  const names = new Set([...nights.map(({ night }) => night), ...Object.values(told), base]);
  for (let number = 1; ; number++) {
    const name = number === 1 ? day : `${day}-${number}`;
    if (!names.has(name) && lstatSync(folderOf(folder, name), { throwIfNoEntry: false }) === undefined) return name;
  }
}

interface Parts {
  readonly report: Report;
  readonly book: Book;
  readonly moved: readonly OpenMovement[];
  readonly name: string;
  readonly leastPercent: number;
}

function judged({ report, book, moved, name, leastPercent }: Parts): Night {
  const now = toldBy(report);
  const before = Object.keys(book.told);
  const isFirst = book.base === null;
  const of = isFirst ? report.checks.length : before.length;
  const told = isFirst ? now.size : before.filter((id) => now.has(id)).length;
  const verdicts = report.checks.some(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  const isEnough = report.run.outcome !== 'suite-fault' && verdicts && (isFirst || told * 100 >= of * leastPercent);
  const state = moved.length > 0 ? 'moved' : !isEnough ? 'untold' : isFirst ? 'base' : 'same';
  const line = lineOf({
    state,
    told,
    of,
    leastPercent,
    base: book.base,
    outcome: report.run.outcome,
    reason: reasonOfMost(report, isFirst ? report.checks.map(({ id }) => id) : before),
    moved,
    isEnough,
  });
  const { id, startedAt, outcome } = report.run;
  const { version } = report.suite;
  return {
    night: name,
    runId: id,
    startedAt,
    suiteVersion: version,
    edition: report.target.edition,
    outcome,
    told,
    of,
    state,
    enough: isEnough,
    line,
    kept: true,
  };
}

/** Why most of what is waited for is not told: a run may have left out other checks, of which nobody asks. */
function reasonOfMost(report: Report, awaited: readonly string[]): string | null {
  const now = toldBy(report);
  const checks = new Map(report.checks.map((check) => [check.id, check]));
  const reasons = awaited
    .filter((id) => !now.has(id))
    .map((id) => {
      const check = checks.get(id);
      return check ? reasonOf(check) : `not among the checks of this run, by suite ${report.suite.version}`;
    });
  const [most] = [...groupBy(reasons, kindOfMessage).values()].toSorted((a, b) => b.length - a.length);
  return most?.[0] ?? null;
}

function exitCodeOf({ state }: Night, { run }: Report): number {
  if (run.outcome === 'suite-fault') return exitCodes['suite-fault'];
  if (state === 'moved' || run.outcome === 'nonconformant') return foundExitCode;
  return state === 'untold' ? exitCodes.incomplete : exitCodes.conformant;
}

/** From one file system to another, a folder is copied. */
function moveFolder(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    if (code !== 'EXDEV') {
      throw new ConfigurationError(`${shownPath(from)}: cannot be moved to ${shownPath(to)} (${code})`, { cause });
    }
    cpSync(from, to, { recursive: true });
    rmSync(from, { recursive: true });
  }
}

/** The comparison with the base lies beside the reports of the night. */
async function compared({ base, name, folder, run }: Pick<NightOptions, 'folder' | 'run'> & Compared): Promise<void> {
  const runs = [
    // Where it lies by the time that somebody reads it: beside the folder of the base.
    { file: base, report: readReport(folderOf(folder, base)), page: `../${base}/index.html` },
    { file: name, report: readReport(run), page: 'index.html' },
  ];
  try {
    await writeComparison(compareReports(runs, packageVersion()), run);
  } catch (error) {
    // A night that carried nothing out has nothing to be compared.
    if (!(error instanceof ConfigurationError)) throw error;
  }
}

interface Compared {
  readonly base: string;
  /** What the night is to be called. */
  readonly name: string;
}

/**
 * Notes which nights are no longer kept: old ones, but none that another night is held against.
 * @returns their folders, which may go once that is written
 */
function prune(book: Book, { folder, keep }: NightOptions): readonly string[] {
  const inUse = new Set([...Object.values(book.told), ...(book.base === null ? [] : [book.base])]);
  const first = book.nights.length - keep;
  const removable: string[] = [];
  book.nights = book.nights.map((night, at) => {
    if (at >= first || !night.kept || inUse.has(night.night)) return night;
    const place = folderOf(folder, night.night);
    if (!existsSync(place)) return { ...night, kept: false };
    // What is another run, or none, is not the suite's to remove.
    if (lstatSync(place).isSymbolicLink() || !isRunOf(night, place)) return night;
    removable.push(place);
    return { ...night, kept: false };
  });
  return removable;
}

function isRunOf({ runId }: Night, place: string): boolean {
  try {
    reportFiled(place, runId);
    return true;
  } catch {
    return false;
  }
}

/** What is printed of a night. */
export function nightInWords({ night, folder, moved }: FiledNight): readonly string[] {
  const shown = moved.slice(0, 20);
  return [
    night.line,
    ...shown.map(({ words, since }) => `  ${since === null ? 'new' : `since ${dayInWords(since)}`}: ${words}`),
    ...(moved.length > shown.length ? [`  and ${counted(moved.length - shown.length, 'more thing')} that moved`] : []),
    `  Reports   ${shownPath(folder)}`,
  ];
}
