import type { Level } from '../contract/types.js';
import type { VerdictWord } from '../evidence/verdicts.js';
import type { JudgedRequirement } from './requirements.js';
import type { JudgedWaiver } from './waivers.js';

/** The gate's word on a whole run; each has one exit code. */
export type Outcome = 'conformant' | 'nonconformant' | 'incomplete' | 'suite-fault' | 'interrupted';

/** Exit code of each outcome; 2 is kept for usage and configuration, which never get as far as an outcome. */
export const exitCodes = {
  conformant: 0,
  nonconformant: 1,
  incomplete: 3,
  'suite-fault': 4,
  interrupted: 130,
} as const satisfies Readonly<Record<Outcome, number>>;

/** The signals that a run ends by in good order. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** How a run came to its end: whole, at the bound on its time, or by a signal. */
export type Ending = 'complete' | 'bound' | StopSignal;

/** Exit code of each interruption: 128 and the number of the signal, as shells have it. */
export const interruptions = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const satisfies Readonly<
  Record<StopSignal, number>
>;

/** Exit code of a run that has an outcome. */
type RunExitCode = (typeof exitCodes)[Outcome] | (typeof interruptions)[StopSignal];

export const isSignal = (ending: Ending): ending is StopSignal => ending !== 'complete' && ending !== 'bound';

/** Exit code of an outcome; an interruption has that of its signal. */
const exitCodeOf = (outcome: Outcome, ending: Ending): RunExitCode =>
  outcome === 'interrupted' && isSignal(ending) ? interruptions[ending] : exitCodes[outcome];

/** Usage or configuration: there is no run that could have an outcome. */
export const usageExitCode = 2;

/** Exit codes from the worst to the best. One that is not here is the suite's fault. */
export const worstFirst: readonly number[] = [
  exitCodes['suite-fault'],
  ...Object.values(interruptions),
  usageExitCode,
  exitCodes.nonconformant,
  exitCodes.incomplete,
  exitCodes.conformant,
];

/** The exit code of several runs together: the worst of theirs. */
export const worstOf = (exits: readonly number[]): number =>
  worstFirst.find((code) => exits.includes(code)) ?? exitCodes['suite-fault'];

/** Commands that look for something, such as a difference or a gap, end with it when they found that. */
export const foundExitCode = 1;

/** A share of the MUST rows. */
export interface Share {
  readonly count: number;
  readonly of: number;
  /** `count / of` in percent, rounded down to one decimal; null when `of` is 0. */
  readonly percent: number | null;
}

/** Counts per verdict word. */
export type VerdictCounts = Readonly<Record<VerdictWord, number>>;

/** What happened to the run besides the verdicts. */
export interface RunFate {
  readonly suiteFaults: readonly string[];
  readonly ending: Ending;
  /** True when a filter left cases out. */
  readonly filtered: boolean;
  /** Waivers that do not hold. */
  readonly failingWaivers: readonly Pick<JudgedWaiver, 'state'>[];
}

/** The outcome with what it rests on. */
export interface RunOutcome {
  readonly outcome: Outcome;
  readonly exitCode: RunExitCode;
  /** One to three sentences for somebody who never saw the suite. */
  readonly explanation: string;
  readonly provable: Share;
  readonly proven: Share;
}

/**
 * The outcome of a run. A MUST that failed is evidence and stands, whatever else could not be told; only a fault of the
 * suite or an interruption outranks it. A waiver that does not hold weighs as much. A run in which some MUST could not be
 * told is incomplete, never conformant.
 */
export function decideOutcome(rows: readonly JudgedRequirement[], fate: RunFate): RunOutcome {
  const must = rows.filter((row) => row.level === 'MUST' && row.verdict !== 'not-applicable');
  const count = (...words: readonly VerdictWord[]): number => must.filter((row) => words.includes(row.verdict)).length;
  const provable = share(count('passed', 'failed'), must.length);
  const proven = share(count('passed'), must.length);
  const outcome = outcomeOf(must, fate);
  const explanation = explain(outcome, { rows, must, fate });
  return { outcome, exitCode: exitCodeOf(outcome, fate.ending), explanation, provable, proven };
}

function outcomeOf(must: readonly JudgedRequirement[], fate: RunFate): Outcome {
  if (fate.suiteFaults.length > 0) return 'suite-fault';
  if (isSignal(fate.ending)) return 'interrupted';
  if (fate.failingWaivers.length > 0 || must.some(failedUnwaived)) return 'nonconformant';
  if (fate.filtered || must.length === 0) return 'incomplete';
  return must.every((row) => row.verdict === 'passed' || row.waived) ? 'conformant' : 'incomplete';
}

const failedUnwaived = ({ verdict, waived }: JudgedRequirement): boolean => verdict === 'failed' && waived !== true;

/** A share, with its percentage. */
export function share(count: number, of: number): Share {
  return { count, of, percent: of === 0 ? null : Math.floor((count / of) * 1000) / 10 };
}

/** Rows per verdict word, of one level or of all. */
export function countVerdicts(rows: readonly { verdict: VerdictWord; level?: Level }[], level?: Level): VerdictCounts {
  const counts = { passed: 0, failed: 0, inconclusive: 0, 'not-applicable': 0 };
  for (const row of rows) if (level === undefined || row.level === level) counts[row.verdict] += 1;
  return counts;
}

interface Basis {
  readonly rows: readonly JudgedRequirement[];
  readonly must: readonly JudgedRequirement[];
  readonly fate: RunFate;
}

function explain(outcome: Outcome, { rows, must, fate }: Basis): string {
  const waived = waivedIn(must);
  const unclear = must.filter((row) => row.verdict === 'inconclusive');
  const filter = fate.filtered ? ' The run was filtered, so it makes no claim of conformance.' : '';
  const untold =
    unclear.length > 0 ? ` ${counted(unclear.length, 'MUST requirement')} could not be told${withReason(unclear)}` : '';
  switch (outcome) {
    case 'conformant':
      return inSentences(waived, conformantIn(rows), excludedIn(rows));
    case 'nonconformant':
      return inSentences(failedIn(must), failingWaiversIn(fate), waived, untold, filter);
    case 'incomplete':
      return inSentences(waived, untold, filter) || 'No MUST requirement applies to this target.';
    case 'suite-fault':
      return `The suite itself is at fault, so its verdicts do not count: ${fate.suiteFaults[0] ?? 'unknown'}`;
    case 'interrupted':
      return `The run was interrupted.${untold} Nothing is claimed.`;
  }
}

function conformantIn(rows: readonly JudgedRequirement[]): string {
  const should = rows.filter(({ level }) => level === 'SHOULD');
  const { failed, inconclusive } = countVerdicts(should);
  const waived = should.filter((row) => row.waived).length;
  const warned = inSentences(
    failed > 0
      ? `${counted(failed, 'SHOULD requirement')} failed${waived > 0 ? ` (${waived} waived)` : ''}, which warns and does not fail the gate.`
      : '',
    inconclusive > 0 ? `${counted(inconclusive, 'SHOULD requirement')} could not be told.` : '',
  );
  const others = rows.some((row) => row.waived) ? 'Every other' : 'Every';
  return warned || `${others} MUST and SHOULD requirement that applies was checked and met.`;
}

/** What a green run leaves open for good: whoever relies on it has to know. */
function excludedIn(rows: readonly JudgedRequirement[]): string {
  const out = rows.filter(
    ({ level, verdict, checks }) =>
      level === 'MUST' && verdict === 'not-applicable' && checks.length > 0 && checks.every(({ excluded }) => excluded),
  );
  if (out.length === 0) return '';
  const reasons = [...new Set(out.map(({ reason }) => reason ?? ''))];
  return `${counted(out.length, 'MUST requirement')} ${out.length === 1 ? 'was' : 'were'} left out, because this kind of target cannot have what they are about: ${reasons.join('; ')}.`;
}

function failedIn(must: readonly JudgedRequirement[]): string {
  const failed = must.filter(failedUnwaived);
  return failed.length > 0 ? `Failed MUST requirements by area: ${byArea(failed)}.` : '';
}

function waivedIn(must: readonly JudgedRequirement[]): string {
  const count = must.filter((row) => row.waived).length;
  if (count === 0) return '';
  return `${counted(count, 'MUST requirement')} ${count === 1 ? 'fails and is' : 'fail and are'} waived, which is not the same as met.`;
}

function failingWaiversIn({ failingWaivers }: RunFate): string {
  const count = failingWaivers.length;
  if (count === 0) return '';
  const states = [...new Set(failingWaivers.map(({ state }) => state))].map(
    (state) => `${state.replace('-', ' ')} ${failingWaivers.filter((waiver) => waiver.state === state).length}`,
  );
  return `${counted(count, 'waiver')} ${count === 1 ? 'does' : 'do'} not hold, which fails the run: ${states.join(', ')}.`;
}

const inSentences = (...sentences: readonly string[]): string =>
  sentences
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
    .join(' ');

function byArea(rows: readonly JudgedRequirement[]): string {
  const counts = new Map<string, number>();
  for (const { requirement } of rows) counts.set(requirement.area, (counts.get(requirement.area) ?? 0) + 1);
  return [...counts].map(([area, count]) => `${area} ${count}`).join(', ');
}

const asSentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The reason that most of the rows share, and for how many of them it is one, where that is not all. */
function withReason(rows: readonly JudgedRequirement[]): string {
  const { reason, count } = mainReason(rows);
  return count === rows.length ? `: ${asSentence(reason)}` : `, ${count} of them because: ${asSentence(reason)}`;
}

function mainReason(rows: readonly JudgedRequirement[]): { readonly reason: string; readonly count: number } {
  const counts = new Map<string, { readonly reason: string; count: number }>();
  for (const [kind, reason] of rows.flatMap((row) => [...reasonsOf(row)])) {
    const counted = counts.get(kind) ?? { reason, count: 0 };
    counts.set(kind, { ...counted, count: counted.count + 1 });
  }
  const ranked = [...counts.values()].sort((a, b) => b.count - a.count);
  // What was left out on purpose is said anyway.
  const [first] = ranked.some(isTrouble) ? ranked.filter(isTrouble) : ranked;
  return first ?? { reason: 'no reason given', count: rows.length };
}

/** Ids and numbers tell what was seen where, not what is wrong; a status code does. Nor does how much is told besides. */
const incidental = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b\d{4,}\b| \(and \d+ other reasons?\)$/g;

/** What two reasons or findings have in common when they say the same of different requests. Pure. */
export const kindOfMessage = (message: string): string => message.replace(incidental, '');

/** Whether a reason says that something was left out on purpose, which is no trouble and no lack. */
export const isLeftOut = (reason: string): boolean => reason.startsWith('left out by ');

const isTrouble = ({ reason }: { readonly reason: string }): boolean => !isLeftOut(reason);

/** Why a row could not be told, each reason once, by its kind. */
function reasonsOf({ checks, reason }: JudgedRequirement): ReadonlyMap<string, string> {
  const own = checks.flatMap((check) =>
    check.verdict === 'inconclusive' && check.reason !== null ? [check.reason] : [],
  );
  const reasons = own.length > 0 ? own : [reason ?? 'no reason given'];
  return new Map(reasons.toReversed().map((one) => [kindOfMessage(one), one]));
}
