import type { Case, CaseGroup } from '../engine/case.js';
import type { KnownToCatch } from '../engine/contract/kill-matrix.js';
import type { CaseRecord } from '../engine/evidence/records.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import { provenanceHere } from './provenance.js';
import { registryFor } from '../target/shown.js';
import { inLanes } from '../engine/in-lanes.js';
import type { JudgedCheck } from '../engine/judge/facts.js';
import { controlDoubt, judgeCase } from '../engine/judge/judge-case.js';
import { RunClock, unlessStopped } from '../engine/patience.js';
import { lookOnceMore } from '../engine/perform/last-look.js';
import { performGroup } from '../engine/perform/group.js';
import { goesTogether } from '../engine/perform/together.js';
import { obstacleTo } from '../engine/perform/obstacles.js';
import type { Remarks, Wanted } from '../engine/perform/provider.js';
import { countNeeded, isPassing } from '../engine/plan/arranged.js';
import type { RunParts, Session } from '../engine/perform/session.js';
import { reportOf, type EndedRun } from '../report/assemble/report-of.js';
import type { Report } from '../report/model.js';
import type { Target } from '../target/target.js';
import { RunEnding } from './ending.js';
import { callsAtOnce, lanesFor, portionsOf } from './lanes.js';
import { openSession } from './open-session.js';
import type { OpenedWay } from './reaching.js';

/** How a plan is carried out in this process. */
export interface InProcessOptions {
  /** Groups of cases that are carried out side by side; left out: by how fast the target answers. */
  readonly lanes?: number;
  /** Ends the run from outside; left out: nothing but the bound on its time does. */
  readonly ending?: RunEnding;
  /** Called after each case; `failures` judges what was seen so far, in words, and costs what judging costs. */
  readonly onCase?: (entry: Case, failures: () => readonly JudgedCheck[]) => void;
  /** File in which a run on a live tenant writes down what it does there. */
  readonly journal?: string;
  /** The way to the target, when it was found out before; left out: as the target file says. */
  readonly way?: OpenedWay;
  /** False: what nothing was to happen to any more is not read once more at the end. */
  readonly lastLook?: boolean;
  /** The faults that the checks are known to catch; left out: none, as where the faults themselves are judged. */
  readonly known?: KnownToCatch;
}

/** A finished run, and what may stand in none of its files. */
export interface FinishedRun {
  readonly report: Report;
  /** What the arranging side remarks on its part; null when that is nothing. */
  readonly remarks: Remarks | null;
  readonly secrets: SecretRegistry;
}

type Performing = InProcessOptions & Pick<RunParts<Target>, 'target'>;

/** A run that was carried out and is not judged yet. */
interface PerformedRun {
  readonly ended: EndedRun;
  readonly secrets: SecretRegistry;
}

const nothingKnown: KnownToCatch = { byCheck: new Map(), proof: null, problem: null, note: null };

/**
 * Carries out a plan in this process and judges what was seen. Whatever the target does is told in the report, and so are an end
 * before the time and a fault of the suite; nothing is written.
 * @throws ConfigurationError for an unknown fault or variant of the embedded target, or a key that is missing
 */
export async function carryOut(parts: RunParts<Target>, options: InProcessOptions = {}): Promise<FinishedRun> {
  const { ended, secrets } = await performRun(parts, options);
  return { report: reportOf(ended, parts, options.known ?? nothingKnown), remarks: ended.remarks, secrets };
}

/** As `carryOut`, for whoever judges what was seen and needs no report. */
export async function performRun(parts: RunParts<Target>, options: InProcessOptions = {}): Promise<PerformedRun> {
  const { ending = new RunEnding(parts.target.totalMs), journal, way } = options;
  const begin = performance.now();
  const { secrets, reach } = way ?? { secrets: registryFor(parts.target) };
  const clock = new RunClock(ending.calling);
  const { session, close } = await openSession({
    ...parts,
    clock,
    secrets,
    ...(journal === undefined ? {} : { journal }),
    ...(reach && { reach }),
  }).catch((error: unknown) => {
    ending.dismiss();
    throw error;
  });
  const records: CaseRecord[] = [];
  const suiteFaults: string[] = [];
  let isDone = false;
  try {
    isDone = await performAll(session, { ...options, target: parts.target }, records);
  } catch (error) {
    suiteFaults.push(secrets.redact(error instanceof Error ? error.message : String(error)));
  }
  clock.cleanUpWithin(ending.beginCleanUp(parts.target.provider === 'graph'));
  const remarks = await close();
  const { runId, startedAt, baseUrl, claimHints } = session;
  const isWhole = isDone && [...parts.plan.cases.keys()].every((id) => records.some(({ caseId }) => caseId === id));
  const ended = {
    runId,
    startedAt,
    durationMs: Math.round(performance.now() - begin),
    baseUrl,
    claimHints,
    records,
    suiteFaults,
    // An end that came when all was done took nothing away.
    ending: isWhole && ending.ending === 'bound' ? ('complete' as const) : ending.ending,
    unfinished: ending.unfinished,
    remarks,
    provenance: provenanceHere(),
  };
  return { ended, secrets };
}

/** As `carryOut`, for whoever wants the report alone and writes no file. */
export const runInProcess = async (parts: RunParts<Target>, options: InProcessOptions = {}): Promise<Report> =>
  (await carryOut(parts, options)).report;

/**
 * Controls first and one by one, then in lanes those that rest on them, and the groups, then alone what failed beside others.
 * @returns false when the run ended before all was carried out again alone that should have been
 */
async function performAll(session: Session, options: Performing, records: CaseRecord[]): Promise<boolean> {
  const { plan } = session;
  const { target } = options;
  const context = {
    known: records,
    onCase: (entry: Case, record: CaseRecord): void =>
      options.onCase?.(entry, () => judgedSoFar(session, entry, { record, records }).filter(hasFailed)),
  };
  // One after the other, so that what a target does to other requests changes no control.
  const first = plan.controls.filter(isFirst);
  const isBrief = ({ given }: Case): boolean => isPassing(given.status, session.contract.endpoint);
  const performOne = async (entry: Case): Promise<void> => {
    records.push(...(await performGroup(session, { cases: [entry] }, context)));
  };
  // A race for a status that passes leaves requests of another one where it is lost: those are counted in what is foreseen.
  for (const entry of first.filter(isBrief)) await performOne(entry);
  session.arranging.provider.foresee?.(neededIn(session));
  for (const entry of first.filter((one) => !isBrief(one))) await performOne(entry);
  // Requests that are shared are passed from case to case, so no group runs beside another one there.
  const lanes = target.expensive ? 1 : (options.lanes ?? lanesFor(records));
  const atOnce = callsAtOnce(target, options.lanes, records);
  let isDone = true;
  const perform = async (group: Pick<CaseGroup, 'cases'>, known: readonly CaseRecord[]): Promise<CaseRecord[]> => {
    const seen = [...(await performGroup(session, group, { ...context, known, atOnce }))];
    const beside = group.cases.filter(({ id }) => session.besideOthers.has(id));
    // While there are requests left: those that come later would have used them up.
    if (beside.length > 0) isDone = (await performAlone(session, beside, { records: seen, controls: known })) && isDone;
    return seen;
  };
  // Controls that rest on these are many, and a target need not serve what they ask for.
  const resting = plan.controls.filter((entry) => !isFirst(entry));
  const apart = target.expensive ? [{ cases: resting }] : resting.map((entry) => ({ cases: [entry] }));
  const served = await inLanes(apart, lanes, (group) => perform(group, [...records]));
  records.push(...served.flat());
  const controls = [...records];
  const [closing, groups] = [plan.groups.filter(isClosing), plan.groups.filter((group) => !isClosing(group))];
  // What goes together is done before the rest, whatever group it is of: it uses nothing up.
  const goes = (entry: Case): boolean => atOnce > 1 && goesTogether(session, entry);
  const together = { cases: casesOf(groups).filter(goes) };
  records.push(...(await perform(together, controls)));
  const others = groups.map((group) => ({ ...group, cases: group.cases.filter((entry) => !goes(entry)) }));
  const performed = await inLanes(portionsOf(others, lanes), lanes, (group) => perform(group, controls));
  records.push(...performed.flat());
  if (lanes > 1) isDone = (await performAlone(session, casesOf(plan.groups), { records, controls })) && isDone;
  for (const group of closing) records.push(...(await performGroup(session, group, { ...context, known: [] })));
  if (options.lastLook !== false) records.push(...(await lookOnceMore(session, plan.cases, lanes)));
  return isDone;
}

/** What requests the run takes in any case, where they are shared. */
function neededIn(session: Session): readonly Wanted[] {
  const { plan, contract } = session;
  const { controls, groups, carriedBy } = plan;
  const isMet = (entry: Case): boolean => obstacleTo(session, entry) === null;
  const met = groups.map((group) => ({ ...group, cases: group.cases.filter(isMet) }));
  const needed = countNeeded({ controls: controls.filter(isMet), groups: met, carriedBy }, contract);
  return Object.entries(needed).flatMap(([status, owners]) =>
    Object.entries(owners).map(([requestor, count]) => ({ status, requestor, count })),
  );
}

const isFirst = ({ control }: Case): boolean => control === undefined;

const isClosing = ({ closing }: CaseGroup): boolean => closing === true;

const casesOf = (groups: readonly CaseGroup[]): readonly Case[] => groups.flatMap(({ cases }) => cases);

/** What was seen so far. */
interface Seen {
  /** Of cases; what is carried out again is added. */
  readonly records: CaseRecord[];
  readonly controls: readonly CaseRecord[];
}

/**
 * Carries out again alone what failed, or could not be told, beside other cases: what a target does to a request that another
 * case watches must not be blamed on this one. Both are told; the second time is judged.
 * @returns false when the run ended before that was done: then the first time stands
 */
async function performAlone(session: Session, cases: readonly Case[], seen: Seen): Promise<boolean> {
  const { records } = seen;
  const doubtful = cases.flatMap((entry) => {
    const trouble = troubleIn(session, entry, seen);
    return trouble.beside.length > 0 ? [{ entry, ...trouble }] : [];
  });
  const controls = new Set(session.plan.controls.filter(isFirst).map(({ id }) => id));
  /** When the calls were sent of which one is known to have done it. */
  const explained = new Set<string>();
  for (const { entry, first, beside, failed } of doubtful) {
    if (controls.has(entry.id)) continue;
    // What was seen is not untold because it cannot be seen again, unless another call of that moment is known to have done it.
    const stands = (why: string): boolean => {
      if (!first || !failed || explained.has(first.startedAt) || !session.besideOthers.has(entry.id)) return false;
      records.push({ ...first, beside: [...beside, `it could not be carried out again alone: ${why}`] });
      return true;
    };
    if (session.breaker.reason !== null) {
      stands(session.breaker.reason);
      continue;
    }
    // What was done before may still have an effect on its way, on whatever request there is.
    await session.clock.pause(longestEffectMs(session)).catch(unlessStopped);
    const [again] = await performGroup(session, { cases: [entry] }, { known: [] });
    // What was cut off by the end of the run tells nothing.
    if (session.clock.signal.aborted) return false;
    if (!again || (again.blocked !== null && stands(again.blocked))) continue;
    records.push({ ...again, beside });
    if (first && troubleIn(session, entry, seen).failed) explained.add(first.startedAt);
  }
  return true;
}

/** How long effects are waited for at most, in milliseconds: as long as the target says, or as any case watches. */
const longestEffectMs = ({ plan, target }: Session): number =>
  Math.max(target.settleMs, ...[...plan.cases.values()].map(({ watchedMs = 0 }) => watchedMs));

/** What failed in a case or could not be told of it. */
interface Trouble {
  /** Its latest record. */
  readonly first: CaseRecord | null;
  /** In words. */
  readonly beside: readonly string[];
  readonly failed: boolean;
}

const noTrouble: Trouble = { first: null, beside: [], failed: false };

/** What there is of it in a case; nothing of what was known before it was tried. */
function troubleIn(session: Session, entry: Case, { records, controls }: Seen): Trouble {
  const record = records.findLast(({ caseId }) => caseId === entry.id);
  if (!record || record.exchanges.length === 0) return noTrouble;
  const all = [...controls, ...records];
  // Behind a control in doubt nothing can be told, and the second time would tell no more; what failed all the same did fail.
  const isDoubted = controlDoubt(entry, recordOf(entry.control?.caseId, all), session.rules) !== null;
  const judged = judgedSoFar(session, entry, { record, records: all });
  const beside = judged.flatMap(({ verdict, findings, reason }) => {
    if (verdict === 'failed') return findings.map(({ message }) => message);
    return verdict === 'inconclusive' && !isDoubted ? [reason ?? verdict] : [];
  });
  return { first: record, beside: [...new Set(beside)], failed: judged.some(hasFailed) };
}

const recordOf = (id: string | undefined, records: readonly CaseRecord[]): CaseRecord | undefined =>
  records.findLast(({ caseId }) => caseId === id);

const hasFailed = ({ verdict }: JudgedCheck): boolean => verdict === 'failed';

/** The checks of a case by what was seen until now: what comes late may change them. */
const judgedSoFar = (
  { rules }: Session,
  entry: Case,
  { record, records }: { readonly record: CaseRecord; readonly records: readonly CaseRecord[] },
): readonly JudgedCheck[] => judgeCase({ case: entry, record, rules }, recordOf(entry.control?.caseId, records));
