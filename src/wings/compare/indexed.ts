import type { Exchange } from '../../engine/evidence/records.js';
import { groupBy } from '../../report/digest.js';
import type { CaseReport, CheckReport, Report, RequirementReport } from '../../report/model.js';
import { factsOfAnswer, factsOfReadings, type Fact } from './facts.js';

/** What a case left to see. */
export interface CaseFacts {
  /** Of each call, in order. */
  readonly answers: readonly (readonly Fact[])[];
  readonly readings: readonly Fact[];
  /** True when calls were under way at the same time: their answers have no order. */
  readonly isRacing: boolean;
}

/** A report, with what belongs together found by its id. */
export interface IndexedRun {
  readonly report: Report;
  readonly requirements: ReadonlyMap<string, RequirementReport>;
  readonly checks: ReadonlyMap<string, CheckReport>;
  readonly cases: ReadonlyMap<string, CaseReport>;
  /** By id of the case; only of cases that called the target. */
  readonly facts: ReadonlyMap<string, CaseFacts>;
}

/** Finds and indexes everything once. */
export function indexRun(report: Report): IndexedRun {
  return {
    report,
    requirements: byId(report.requirements),
    checks: byId(report.checks),
    cases: byId(report.cases),
    facts: factsByCase(report),
  };
}

const byId = <Item extends { readonly id: string }>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [item.id, item]));

function factsByCase(report: Report): ReadonlyMap<string, CaseFacts> {
  const exchangeById = byId(report.exchanges);
  const own = groupBy(report.exchanges, ({ id }) => id.slice(0, id.lastIndexOf('.')));
  // Where requests are spared, a case rests on the calls of another one: only its checks name them.
  const named = new Map(report.checks.map(({ caseId, exchanges }) => [caseId, exchanges]));
  const facts = report.cases.flatMap((item): [string, CaseFacts][] => {
    const exchanges =
      own.get(item.id) ?? (named.get(item.id) ?? []).flatMap((exchangeId) => exchangeById.get(exchangeId) ?? []);
    const probes = exchanges.filter(({ role }) => role === 'probe');
    // The case of the run as a whole sends nothing: it stands for calls that are compared where they belong.
    if (probes.length === 0 || item.status === null) return [];
    const answers = probes.map(factsOfAnswer);
    return [[item.id, { answers, readings: factsOfReadings(item), isRacing: overlap(probes) }]];
  });
  return new Map(facts);
}

function overlap(probes: readonly Exchange[]): boolean {
  const spans = probes.map(({ startedAt, durationMs }) => ({ start: Date.parse(startedAt), durationMs }));
  return spans.some(({ start }, index) => {
    const previous = spans[index - 1];
    return previous !== undefined && start < previous.start + previous.durationMs;
  });
}
