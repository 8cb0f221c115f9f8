import { rulesOf } from '../../engine/judge/judge-case.js';
import type { Contract } from '../../engine/contract/types.js';
import { contractUnder } from '../../engine/contract/under.js';
import type { Waiver } from '../../engine/contract/waivers.js';
import type { CaseRecord, Exchange } from '../../engine/evidence/records.js';
import { onlyCases, planRun, type Plan, type PlannedFor } from '../../engine/plan/plan.js';
import type { CarriedReport } from '../../report/carried.js';
import type { CaseReport, WaiverReport } from '../../report/model.js';
import type { RunEvidence } from '../../engine/verdict/judge-run.js';
import type { Bundle } from './bundle.js';

/** What verdicts of a finished run are computed from, wherever it was read. */
export type Judgeable = Pick<Bundle, 'basis' | 'exchanges' | 'contract' | 'proof'> & { readonly report: CarriedReport };

/**
 * What the run judged, put together again: frames from the report, exchanges from the evidence, plan and rules from the
 * suite itself. Pure.
 * @param readings the reading of every contested clause
 */
export function rebuildEvidence(bundle: Judgeable, readings: Readonly<Record<string, string>>): RunEvidence {
  const { report, basis } = bundle;
  const contract = contractUnder(bundle.contract, readings);
  const plan = planAgain(report, contract, {
    readings,
    expensive: basis.sharedRequests,
    fewestCases: basis.fewestCases === true,
  });
  return {
    plan,
    records: recordsOf(bundle, plan),
    contract,
    rules: rulesOf(contract, basis),
    provider: basis.provider,
    suiteFaults: basis.noticedFaults,
    ending: basis.ending ?? (basis.interrupted ? 'SIGINT' : 'complete'),
    unfinished: basis.unfinished,
    waiving: { waivers: report.waivers.map(asGiven), startedAt: report.run.startedAt },
  };
}

function planAgain(
  { target, run }: CarriedReport,
  contract: Contract,
  under: Pick<PlannedFor, 'readings' | 'expensive' | 'fewestCases'>,
): Plan {
  const whole = planRun(contract, { edition: target.edition, baseUrl: target.baseUrl, ...under }, run.areas);
  return run.only === undefined ? whole : onlyCases(whole, run.only);
}

/** The waiver as it was given, without what became of it. */
function asGiven({ requirement, check, edition, fingerprint, reason, owner, expires, at = '' }: WaiverReport): Waiver {
  return { requirement, check, edition, fingerprint, reason, owner, expires, at };
}

/** A record for each case that the run carried out; those that it did not have no moment at which they started. */
function recordsOf({ report, exchanges, contract }: Judgeable, plan: Plan): readonly CaseRecord[] {
  const wholeRunId = contract.endpoint.wholeRun.case.id;
  const frames = new Map(report.cases.map((frame) => [frame.id, frame]));
  const ownOf = exchangesByCase(exchanges);
  return [...frames.values()].flatMap((frame) => {
    if (frame.id === wholeRunId || frame.startedAt === '') return [];
    const carrier = frames.get(plan.carriedBy.get(frame.id) ?? '');
    const own = ownOf(frame.id);
    const told = own.length === 0 && isOfOneRecord(frame, carrier) ? ownOf(carrier.id) : own;
    const { blocked, absent, excluded, beside, looks, startedAt, durationMs } = frame;
    const known = { ...(absent && { absent }), ...(excluded && { excluded }), ...(beside ? { beside } : {}) };
    return [{ caseId: frame.id, blocked, ...known, exchanges: told, looks, startedAt, durationMs }];
  });
}

/** Where requests are spared, cases are told from one record; each says so by the moment at which it started. */
const isOfOneRecord = (frame: CaseReport, carrier: CaseReport | undefined): carrier is CaseReport =>
  carrier?.startedAt === frame.startedAt;

/** The exchanges of a case in the order of their serial numbers, each once, whatever order they stand in. */
function exchangesByCase(exchanges: readonly Exchange[]): (caseId: string) => readonly Exchange[] {
  const byCase = new Map<string, Map<number, Exchange>>();
  for (const exchange of exchanges) {
    const { caseId, serial } = partsOf(exchange.id);
    const known = byCase.get(caseId) ?? new Map<number, Exchange>();
    byCase.set(caseId, known.has(serial) ? known : known.set(serial, exchange));
  }
  return (caseId) => [...(byCase.get(caseId) ?? [])].sort(([a], [b]) => a - b).map(([, exchange]) => exchange);
}

/** An exchange is named after the case that sent it. */
export function partsOf(exchangeId: string): { readonly caseId: string; readonly serial: number } {
  const dot = exchangeId.lastIndexOf('.');
  return { caseId: exchangeId.slice(0, dot), serial: Number(exchangeId.slice(dot + 1)) };
}
