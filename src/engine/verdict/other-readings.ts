import { applies, rowOf } from '../contract/rows.js';
import type { ContestedClause, Contract, Level, Reading } from '../contract/types.js';
import { contractUnder } from '../contract/under.js';
import type { VerdictWord } from '../evidence/verdicts.js';
import { isLeftToTarget, rulesUnder } from '../judge/judge-case.js';
import { judgeAnew, type RunEvidence, type RunVerdict, type Touched } from './judge-run.js';
import type { Outcome } from './outcome.js';

/** A requirement that reads otherwise under another reading. */
interface OtherVerdict {
  readonly id: string;
  /** The level under the other reading. */
  readonly level: Level;
  readonly verdict: VerdictWord;
}

/** What another reading of a clause would have made of a run. */
export interface OtherReading {
  readonly reading: string;
  readonly outcome: Outcome;
  /** Requirements with another verdict, and those that did not pass and weigh otherwise. */
  readonly requirements: readonly OtherVerdict[];
}

/** The readings of a clause that could have been chosen for a run: those that its evidence can be judged by as well. */
function alternatives(clause: ContestedClause, contract: Contract): readonly Reading[] {
  const { endpoint, readings } = contract;
  if (!clause.selectable || clause.id === endpoint.collectionClause) return [];
  return clause.readings.filter(
    (reading) =>
      reading.name !== readings[clause.id] &&
      reading.byEdition !== true &&
      (reading.rows === undefined || Object.keys(reading.rows).some((id) => isOfEdition(id, contract))),
  );
}

function isOfEdition(id: string, contract: Contract): boolean {
  const row = rowOf(contract, id);
  return row !== undefined && applies(row, contract);
}

/**
 * What each other reading of each clause would have made of a run, by clause: from its evidence, without a call. Pure.
 * @param verdict the verdict on the run under its own readings
 */
export function otherReadings(
  evidence: RunEvidence,
  verdict: RunVerdict,
): ReadonlyMap<string, readonly OtherReading[]> {
  const { contract } = evidence;
  return new Map(
    contract.contested.map((clause) => [
      clause.id,
      alternatives(clause, contract).map((reading) => underOther(evidence, verdict, { clause, reading })),
    ]),
  );
}

interface Chosen {
  readonly clause: ContestedClause;
  readonly reading: Reading;
}

function underOther(evidence: RunEvidence, verdict: RunVerdict, chosen: Chosen): OtherReading {
  const contract = contractUnder(evidence.contract, { [chosen.clause.id]: chosen.reading.name });
  const other: RunEvidence = { ...evidence, contract, rules: rulesUnder(contract, evidence.rules) };
  const anew = judgeAnew(other, verdict, touchedBy(evidence, other, chosen));
  const before = new Map(verdict.requirements.map((row) => [row.requirement.id, row]));
  const requirements = anew.requirements.flatMap(({ requirement: { id }, level, verdict: under }) => {
    const was = before.get(id);
    const isSame = was?.verdict === under && (was.level === level || under === 'passed' || under === 'not-applicable');
    return isSame ? [] : [{ id, level, verdict: under }];
  });
  return { reading: chosen.reading.name, outcome: anew.outcome, requirements };
}

/** What two readings of a clause can make a difference to. */
function touchedBy(
  { plan, records, contract, rules }: RunEvidence,
  other: RunEvidence,
  { clause, reading }: Chosen,
): Touched {
  const standing = clause.readings.find(({ name }) => name === contract.readings[clause.id]);
  const ways = standing ? [standing, reading] : [reading];
  // A reading of the success statuses names no rows; they name its clause.
  const named = ways.some(({ successStatuses }) => successStatuses)
    ? contract.requirements.filter((row) => row.contested?.includes(clause.id)).map(({ id }) => id)
    : [];
  const rows = new Set([...named, ...ways.flatMap((way) => Object.keys(way.rows ?? {}))]);
  if (!ways.some(({ unserved }) => unserved)) return { rows, cases: new Set() };
  const byCase = new Map(records.map((record) => [record.caseId, record]));
  const isTouched = ({
    id,
    control,
  }: {
    readonly id: string;
    readonly control?: { readonly caseId: string };
  }): boolean =>
    [byCase.get(id), control && byCase.get(control.caseId)].some(
      (record) => isLeftToTarget(record, rules) || isLeftToTarget(record, other.rules),
    );
  return { rows, cases: new Set([...plan.cases.values()].filter(isTouched).map(({ id }) => id)) };
}
