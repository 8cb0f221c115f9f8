import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { assertApproved } from '../../arrange/graph/approval.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import { knownToCatch } from '../../engine/contract/kill-matrix.js';
import { packageVersion } from '../../engine/package.js';
import { rowOf } from '../../engine/contract/rows.js';
import { readWaivers } from '../../engine/contract/waivers.js';
import { ConfigurationError } from '../../engine/errors.js';
import type { Remarks } from '../../engine/perform/provider.js';
import type { RunParts } from '../../engine/perform/session.js';
import { planRun } from '../../engine/plan/plan.js';
import { selected } from '../../engine/plan/select.js';
import { isSignal, worstOf } from '../../engine/verdict/outcome.js';
import { readControlKey } from '../../hosts/control-key.js';
import { deliver } from '../../hosts/deliver.js';
import { assertKeepable, keepInHistory, openHistory, withHistory, type History } from '../../hosts/history.js';
import type { Io, Printer } from '../../hosts/io.js';
import { shownPath } from '../../engine/files.js';
import { foldersFor } from '../../hosts/folders.js';
import { RunEnding } from '../../hosts/ending.js';
import { carryOut } from '../../hosts/in-process.js';
import { openWay, unverifiedTls, type OpenedWay } from '../../hosts/reaching.js';
import { Progress } from '../../hosts/progress.js';
import { resolveTarget } from '../../hosts/target.js';
import type { Report } from '../../report/model.js';
import { readReport } from '../../report/read.js';
import { readyFolder } from '../../report/write.js';
import { shellText } from '../../engine/shell.js';
import { typedCommand } from '../../engine/typed.js';
import { visible } from '../../report/visible.js';
import { settingVariables } from '../../target/environment.js';
import { assertEncrypted, type Target } from '../../target/target.js';
import type * as Compare from '../../wings/compare/index.js';
import { listed, readFlags, readWhole, type ContractFlags } from '../flags.js';
import { reportFolders } from '../options.js';
import { readPlace } from '../place.js';
import { endOnSignals } from '../signals.js';
import { readWait, waitedFor } from '../waiting.js';

/** The options of `run`. */
export interface RunFlags extends Omit<ContractFlags, 'target'> {
  readonly target?: readonly string[];
  readonly out?: string;
  readonly only?: string;
  readonly workers?: string;
  readonly insecure?: boolean;
  readonly wait?: string;
  readonly waivers?: string;
  readonly approve?: string;
  readonly watch?: boolean;
  readonly verbose?: boolean;
  readonly sarifAt?: string;
  readonly history?: string;
}

const mostLanes = 64;

/** A run as it was asked for, known to be right. */
interface Asked {
  /** The target as it was named; null where nothing was. */
  readonly named: string | null;
  readonly parts: RunParts<Target>;
  readonly lanes?: number;
  /** The options that say what is judged, and how, as words. */
  readonly words: readonly string[];
  /** True: the summary shows each failure in full. */
  readonly verbose: boolean;
  /** The value of `--wait`. */
  readonly wait: string | undefined;
  /** Absolute path of the folder of the reports. */
  readonly out: string;
  /** Where the runs of the target are kept, when that was asked for. */
  readonly history: History | null;
}

/** `run`: carries the suite out against one target or several, writes the reports, sets the exit code. */
export async function run(io: Io, { target: named = [], ...flags }: RunFlags): Promise<number> {
  if (named.length > 1) await assertComparable(named.length);
  const [only = null] = named;
  if (flags.watch === true) return watchRun(io, named, flags);
  const all = named.length > 1 ? placed(named.map((one) => askedFor(one, flags))) : [askedFor(only, flags)];
  if (all.length > 1) assertNoneIsLive(all);
  const ways: OpenedWay[] = [];
  for (const { parts } of all) ways.push(await openWay(parts.target));
  // Last of all, since a use that is wrong leaves everything as it is; and before the first call.
  for (const { out, history } of all) if (history) await assertKeepable(history, out);
  for (const { out } of all) readyFolder(out);
  if (all.length > 1) readyFolder(reportFolder(flags));
  const exits: number[] = [];
  for (const [at, way] of ways.entries()) {
    const asked = all[at];
    if (asked === undefined) continue;
    if (all.length > 1) {
      const gap = at === 0 ? '' : '\n';
      io.stdout.write(`${gap}Target ${at + 1} of ${all.length}: ${visible(asked.named ?? '')}\n`);
    }
    const { exitCode, interrupted } = await runOne(io, asked, { way });
    exits.push(exitCode);
    if (interrupted) break;
  }
  if (all.length > 1) await compareAll(io, all, reportFolder(flags));
  return worstOf(exits);
}

/** One target again and again, until somebody ends it: the exit code is that of the last time. */
async function watchRun(io: Io, named: readonly string[], flags: Omit<RunFlags, 'target'>): Promise<number> {
  const [only = null, ...others] = named;
  if (others.length > 0) throw new ConfigurationError('--watch takes one target; leave the others out');
  let asked = askedFor(only, flags);
  const { again, assertRepeatable, placesOf } = await import('../watching.js');
  assertRepeatable(asked.parts.target);
  const files = [only ?? process.env[settingVariables.target], flags.waivers].filter(
    (file): file is string => file !== undefined && existsSync(file),
  );
  return again(
    io,
    () => placesOf(asked.parts.target, files),
    async (told) => {
      asked = askedFor(only, flags);
      assertRepeatable(asked.parts.target);
      const way = await openWay(asked.parts.target);
      readyFolder(asked.out);
      return runOne(io, { ...asked, history: null }, { way, told });
    },
  );
}

/** Everything that a user can get wrong about a target is looked at here, before anything is sent. */
function askedFor(named: string | null, flags: Omit<RunFlags, 'target'>): Asked {
  const choice = readFlags({ ...flags, ...(named === null ? {} : { target: named }) });
  const { target, contract } = resolveTarget(choice);
  const whole = planRun(contract, target, choice.areas ?? null);
  if (flags.insecure !== true) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (whole.cases.size === 0) {
    throw new ConfigurationError(`--area ${flags.area ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  const plan = flags.only === undefined ? whole : selected(whole, listed(flags.only), '--only');
  assertApproved(target, plan, flags.approve);
  const waivers = flags.waivers === undefined ? [] : readWaivers(path.resolve(flags.waivers));
  readWait(flags.wait);
  // What is carried out again, alone or by the minute, is no run that anybody looks back at.
  const kept = flags.history === undefined ? null : openHistory(flags.history);
  const shown = flags.sarifAt === undefined ? {} : { at: readPlace('--sarif-at', flags.sarifAt) };
  const lanes = flags.workers === undefined ? {} : { lanes: readWhole('--workers', flags.workers, [1, mostLanes]) };
  return {
    named,
    words: wordsOf(named, flags),
    parts: { target: { ...target, ...shown }, contract, plan, waivers },
    ...lanes,
    verbose: flags.verbose === true,
    wait: flags.wait,
    out: reportFolder(flags),
    history: flags.only === undefined ? kept : null,
  };
}

/** What is carried out again leaves the report of the whole alone. */
const reportFolder = ({ out, only }: Pick<RunFlags, 'out' | 'only'>): string =>
  path.resolve(out ?? reportFolders[only === undefined ? 'whole' : 'again']);

/** The options that a part of the run needs to be judged as the whole was. */
const wordsOf = (
  named: string | null,
  { edition, reading = [], insecure, waivers, wait }: Omit<RunFlags, 'target'>,
): readonly string[] =>
  [
    named === null ? [] : ['--target', named],
    edition === undefined ? [] : ['--edition', edition],
    reading.flatMap((one) => ['--reading', one]),
    insecure === true ? ['--insecure'] : [],
    waivers === undefined ? [] : ['--waivers', waivers],
    wait === undefined ? [] : ['--wait', wait],
  ].flat();

async function assertComparable(count: number): Promise<void> {
  const { mostRuns } = await loadCompare();
  if (count > mostRuns) throw new ConfigurationError(`${count} targets are named; run at most ${mostRuns} at once`);
}

/** Most runs are of one target, and load nothing that compares. */
const loadCompare = (): Promise<typeof Compare> => import('../../wings/compare/index.js');

function assertNoneIsLive(all: readonly Asked[]): void {
  const live = all.find(({ parts }) => parts.target.provider === 'graph');
  if (!live) return;
  throw new ConfigurationError(
    `--target ${live.named ?? ''}: a live tenant is run by itself; leave the other targets out`,
  );
}

async function runOne(
  io: Io,
  { named, parts, lanes, words, wait, verbose, out, history }: Asked,
  { way, told }: { readonly way: OpenedWay; readonly told?: (report: Report) => void },
): Promise<{ readonly exitCode: number; readonly interrupted: boolean }> {
  const { target, contract, plan } = parts;
  const known = knownToCatch(contract.edition.id);
  const unanswered = await waitedFor({ target, contract, way }, { stderr: io.stderr, wait });
  if (unanswered !== null) return { exitCode: unanswered, interrupted: false };
  const journal = await lockTenant(target, io.stderr);
  const ending = new RunEnding(target.totalMs);
  const release = endOnSignals(ending);
  const progress = new Progress(io.stderr);
  progress.begin(plan.cases.size);
  try {
    const {
      report: judged,
      remarks,
      secrets,
    } = await carryOut(parts, {
      ending,
      known,
      way,
      onCase: ({ title }, failures) => {
        // Nobody has to judge twice for a log.
        if (io.stderr.isTTY)
          for (const { requirementIds, findings } of failures())
            for (const id of requirementIds.filter((row) => rowOf(contract, row)?.level !== 'MAY'))
              progress.fail(id, findings[0]?.message ?? title);
        progress.advance(title);
      },
      ...(lanes === undefined ? {} : { lanes }),
      ...(journal && { journal: journal.file }),
    });
    progress.end();
    const report = history === null ? judged : withHistory(judged, history, out);
    told?.(report);
    // A run that was judged is kept, though a pipeline's summary cannot be written.
    const exitCode = await deliver(report, { directory: out, secrets, io, runOptions: words, verbose }).finally(() =>
      history === null ? undefined : keepInHistory(report, history, out),
    );
    const forgotten = forgottenFile(named, target);
    if (forgotten !== null) io.stderr.write(`${forgotten}\n`);
    const unverified = unverifiedTls(target);
    if (unverified !== null) io.stderr.write(`${unverified}\n`);
    if (known.note !== null) io.stderr.write(`${known.note}\n`);
    if (journal) {
      const target = named ?? process.env[settingVariables.target] ?? 'FILE';
      tellLeftovers(io.stderr, remarks, { journal: journal.file, target });
    }
    return { exitCode, interrupted: isSignal(ending.ending) };
  } finally {
    release();
    journal?.release();
  }
}

/** The file that `init` writes lies here, and nobody named it: a verdict on the embedded target may be taken for one on that. */
const forgottenFile = (named: string | null, { embedded }: Target): string | null =>
  named === null && embedded !== null && existsSync('target.yaml')
    ? 'This was a run of the embedded target. target.yaml, which lies here, is looked at with: --target target.yaml'
    : null;

interface HeldJournal {
  readonly file: string;
  readonly release: () => void;
}

/** Locks a live tenant for this run, and names the file in which the run writes down what it does there. */
async function lockTenant({ requests }: Target, stderr: Printer): Promise<HeldJournal | null> {
  if (requests.provider !== 'graph') return null;
  const [{ acquireLock, keepStatePrivate }, { journalName }] = await Promise.all([
    import('../../arrange/graph/lock.js'),
    import('../../arrange/graph/open.js'),
  ]);
  for (const note of keepStatePrivate(requests.state)) stderr.write(`${visible(note)}\n`);
  const file = path.join(requests.state, journalName(new Date(), randomUUID()));
  return { file, release: acquireLock(requests.state, requests.tenant, file) };
}

/** Whoever looks at the terminal learns what to do about it; the report says it, too. */
function tellLeftovers(
  stderr: Printer,
  remarks: Remarks | null,
  { journal, target }: { readonly journal: string; readonly target: string },
): void {
  const left = remarks?.['left in the tenant'] ?? 'nothing';
  if (left === 'nothing') return;
  stderr.write(
    `${left.split('; ').length} objects are left in the tenant; delete them with: ${typedCommand()} recover ${shellText(journal)} --target ${shellText(target)}\n`,
  );
}

/** Each with a folder of its own below the one that was asked for. */
function placed(all: readonly Asked[]): readonly Asked[] {
  const folders = foldersFor(all.map(({ parts }) => parts.target.name));
  return all.map((asked, at) => ({ ...asked, out: path.join(asked.out, folders[at] ?? '') }));
}

/** Nothing is compared where fewer than two runs left a report: their own words say why. */
async function compareAll({ stdout }: Io, all: readonly Asked[], out: string): Promise<void> {
  const places = all.filter((asked) => existsSync(path.join(asked.out, 'report.json')));
  if (places.length < 2) return;
  const { compareReports, renderComparisonTerminal, withPageOf, writeComparison } = await loadCompare();
  const given = places.map((asked) => withPageOf(asked.out, readReport(asked.out), out));
  const comparison = compareReports(given, packageVersion());
  const { files } = await writeComparison(comparison, out);
  stdout.write(
    `\n${renderComparisonTerminal(comparison, { colour: stdout.colour, pagePath: shownPath(files[0] ?? out) })}`,
  );
}
