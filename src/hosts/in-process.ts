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
import { performGroup } from '../engine/perform/perform.js';
import type { Remarks } from '../engine/perform/provider.js';
import type { RunParts, Session } from '../engine/perform/session.js';
import { reportOf, type EndedRun } from '../report/assemble/report-of.js';
import type { Report } from '../report/model.js';
import type { Target } from '../target/target.js';
import { RunEnding } from './ending.js';
import { lanesFor, portionsOf } from './lanes.js';
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
    isDone = await performAll(session, options, records);
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
async function performAll(session: Session, options: InProcessOptions, records: CaseRecord[]): Promise<boolean> {
  const { plan, target } = session;
  const context = {
    known: records,
    onCase: (entry: Case, record: CaseRecord): void =>
      options.onCase?.(entry, () => judgedSoFar(session, entry, { record, records }).filter(hasFailed)),
  };
  // One after the other, so that what a target does to other requests changes no control.
  for (const entry of plan.controls.filter(isFirst))
    records.push(...(await performGroup(session, { cases: [entry] }, context)));
  // Requests that are shared are passed from case to case, so nothing runs beside anything there.
  const lanes = target.expensive ? 1 : (options.lanes ?? lanesFor(records));
  // Controls that rest on these are many, and a target need not serve what they ask for.
  const served = await inLanes(
    plan.controls.filter((entry) => !isFirst(entry)),
    lanes,
    (entry) => performGroup(session, { cases: [entry] }, context),
  );
  records.push(...served.flat());
  const controls = [...records];
  const [closing, groups] = [plan.groups.filter(isClosing), plan.groups.filter((group) => !isClosing(group))];
  const performed = await inLanes(portionsOf(groups, lanes), lanes, (group) =>
    performGroup(session, group, { ...context, known: controls }),
  );
  records.push(...performed.flat());
  const isDone = lanes === 1 || (await performAlone(session, records));
  for (const group of closing) records.push(...(await performGroup(session, group, { ...context, known: [] })));
  if (options.lastLook !== false) records.push(...(await lookOnceMore(session, plan.cases, lanes)));
  return isDone;
}

const isFirst = ({ control }: Case): boolean => control === undefined;

const isClosing = ({ closing }: CaseGroup): boolean => closing === true;

/**
 * Carries out again alone what failed, or could not be told, beside other cases: what a target does to a request that another
 * case watches must not be blamed on this one. Both are told; the second time is judged.
 * @returns false when the run ended before that was done: then the first time stands
 */
async function performAlone(session: Session, records: CaseRecord[]): Promise<boolean> {
  const { plan } = session;
  const doubtful = plan.groups.flatMap((group) =>
    group.cases.flatMap((entry) => {
      const beside = troubleIn(session, entry, records);
      return beside.length > 0 ? [{ entry, beside }] : [];
    }),
  );
  const controls = new Set(plan.controls.filter(isFirst).map(({ id }) => id));
  for (const { entry, beside } of doubtful) {
    if (controls.has(entry.id) || session.breaker.reason !== null) continue;
    // What was done before may still have an effect on its way, on whatever request there is.
    await session.clock.pause(longestEffectMs(session)).catch(unlessStopped);
    const [again] = await performGroup(session, { cases: [entry] }, { known: [] });
    // What was cut off by the end of the run tells nothing.
    if (session.clock.signal.aborted) return false;
    if (again) records.push({ ...again, beside });
  }
  return true;
}

/** How long effects are waited for at most, in milliseconds: as long as the target says, or as any case watches. */
const longestEffectMs = ({ plan, target }: Session): number =>
  Math.max(target.settleMs, ...[...plan.cases.values()].map(({ watchedMs = 0 }) => watchedMs));

/** What failed in a case or could not be told of it, in words; nothing of what was known before it was tried. */
function troubleIn(session: Session, entry: Case, records: readonly CaseRecord[]): readonly string[] {
  const record = recordOf(entry.id, records);
  const control = recordOf(entry.control?.caseId, records);
  if (!record || record.exchanges.length === 0) return [];
  // Behind a control in doubt nothing can be told, and the second time would tell no more; what failed all the same did fail.
  const isDoubted = controlDoubt(entry, control, session.rules) !== null;
  const trouble = judgedSoFar(session, entry, { record, records }).flatMap(({ verdict, findings, reason }) => {
    if (verdict === 'failed') return findings.map(({ message }) => message);
    return verdict === 'inconclusive' && !isDoubted ? [reason ?? verdict] : [];
  });
  return [...new Set(trouble)];
}

const recordOf = (id: string | undefined, records: readonly CaseRecord[]): CaseRecord | undefined =>
  records.find(({ caseId }) => caseId === id);

const hasFailed = ({ verdict }: JudgedCheck): boolean => verdict === 'failed';

/** The checks of a case by what was seen until now: what comes late may change them. */
const judgedSoFar = (
  { rules }: Session,
  entry: Case,
  { record, records }: { readonly record: CaseRecord; readonly records: readonly CaseRecord[] },
): readonly JudgedCheck[] => judgeCase({ case: entry, record, rules }, recordOf(entry.control?.caseId, records));
