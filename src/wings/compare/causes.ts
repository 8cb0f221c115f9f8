import { cut } from '../../report/excerpt.js';
import type { CheckReport } from '../../report/model.js';
import type { IndexedRun } from './indexed.js';
import type { Cause } from './model.js';
import { sightingsOf } from './sightings.js';
import { driftTitle, valueWords } from './words.js';

/** Two runs of which one differs. */
export interface Pair {
  readonly before: IndexedRun;
  readonly after: IndexedRun;
  /** How each is called. */
  readonly letters: readonly [before: string, after: string];
}

type Reason = Pick<Cause, 'kind' | 'detail'>;

const longestDetail = 600;
const mostDetails = 4;

/** Why a check that both or one of two runs hold differs between them. Pure. */
export function causeOfCheck(id: string, pair: Pair): Reason {
  const checks = [pair.before.checks.get(id), pair.after.checks.get(id)] as const;
  const reason =
    waiverReason(checks) ?? fixtureReason(checks, pair) ?? ruleReason(checks, pair) ?? judgedByReason(checks, pair);
  const found = reason ?? { kind: 'target-behaved-differently' as const, detail: evidenceInWords(checks, pair) };
  return { ...found, detail: cut(found.detail, longestDetail) };
}

/** Why a row differs whose checks are all the same, or of which there are none. */
export function causeOfRow(id: string, pair: Pair): Reason {
  const rows = [pair.before.requirements.get(id), pair.after.requirements.get(id)] as const;
  const [before, after] = rows;
  const judged = judgedBy(pair);
  if (before && before.verdict === after?.verdict && before.waived !== after.waived) {
    return { kind: 'waiver-changed', detail: `${before.waived === true ? 'waived' : 'not waived'} before` };
  }
  const rules = [...ruleDifferences([id], pair), ...suiteDifference(pair)];
  if (rules.length > 0) return { kind: 'rule-changed', detail: rules.join('; ') };
  if (judged.length > 0) return { kind: 'edition-or-reading-changed', detail: judged.join('; ') };
  if (!before || !after) {
    const [first, second] = pair.letters;
    return { kind: 'rule-changed', detail: `only run ${before ? first : second} knows the requirement` };
  }
  const detail = [before.reason, after.reason].map((reason) => `“${reason ?? 'no reason'}”`).join(' → ');
  return { kind: 'target-behaved-differently', detail };
}

/** What the two runs were judged by, where it differs. */
function judgedBy({ before, after }: Pair): readonly string[] {
  const [one, other] = [before.report.target, after.report.target];
  // A clause that one of the suites did not know was read in no other way by it.
  const clauses = Object.keys(one.readings).filter((clause) => clause in other.readings);
  const edition = one.edition === other.edition ? [] : [`edition ${one.edition} → ${other.edition}`];
  const readings = clauses
    .filter((clause) => one.readings[clause] !== other.readings[clause])
    .map((clause) => `reading ${clause} ${one.readings[clause] ?? ''} → ${other.readings[clause] ?? ''}`);
  return [...edition, ...readings];
}

/** What the two suites say differently about some rows. */
function ruleDifferences(rowIds: readonly string[], { before, after }: Pair): readonly string[] {
  return rowIds.flatMap((id) => {
    const [one, other] = [before.requirements.get(id), after.requirements.get(id)];
    if (!one || !other) return [];
    return [
      ...(one.level === other.level ? [] : [`level of ${id} ${one.level} → ${other.level}`]),
      ...(one.statement === other.statement ? [] : [`the statement of ${id} changed`]),
    ];
  });
}

/** Another version may judge the same evidence otherwise: accepted answers are no part of a report. */
function suiteDifference({ before, after }: Pair): readonly string[] {
  const [one, other] = [before.report.suite.version, after.report.suite.version];
  return one === other ? [] : [`suite version ${one} → ${other}`];
}

type Checks = readonly [before: CheckReport | undefined, after: CheckReport | undefined];

function waiverReason([before, after]: Checks): Reason | null {
  if (!after || before?.verdict !== after.verdict || before.fingerprint !== after.fingerprint) return null;
  const [one, other] = [before, after].map((check) => (check.waivedFor ?? []).join(', '));
  if (one === other) return null;
  return {
    kind: 'waiver-changed',
    detail: `waived for ${one === '' ? 'nothing' : one} → ${other === '' ? 'nothing' : other}`,
  };
}

/** One side could not carry it out; the other side did, or failed to for another reason. */
function fixtureReason(checks: Checks, pair: Pair): Reason | null {
  const details = [pair.before, pair.after].flatMap((run, side) => {
    const check = checks[side];
    if (!check || !lacks(check, run)) return [];
    const missing = missingFor(check, run);
    return missing === null ? [] : [`run ${pair.letters[side] ?? ''} could not carry it out: “${missing}”`];
  });
  return details.length === 0 ? null : { kind: 'fixture-missing', detail: details.join('; ') };
}

/** Whether a check lacked something: where the target is known not to have it, other cases tell its rows. */
const lacks = ({ verdict, caseId }: CheckReport, run: IndexedRun): boolean =>
  verdict === 'inconclusive' || (verdict === 'not-applicable' && run.cases.get(caseId)?.absent === true);

/** What a check lacked: its case was blocked, or a case that it rests on. */
function missingFor(check: CheckReport, run: IndexedRun): string | null {
  const blocked = chainOf(check.caseId, run).flatMap((id) => run.cases.get(id)?.blocked ?? []);
  if (blocked[0] !== undefined) return blocked[0];
  // The check on the run as a whole rests on every case.
  const isWhole = run.cases.get(check.caseId)?.status === null;
  const any = run.report.cases.find((item) => item.blocked !== null)?.blocked ?? null;
  return isWhole ? any && (check.reason ?? any) : null;
}

/** A case and the cases that it rests on, one by one. */
export function chainOf(caseId: string, run: IndexedRun): readonly string[] {
  const chain: string[] = [];
  for (let id: string | null = caseId; id !== null && !chain.includes(id); id = run.cases.get(id)?.control ?? null) {
    chain.push(id);
  }
  return chain;
}

function ruleReason([before, after]: Checks, pair: Pair): Reason | null {
  const judged = judgedBy(pair);
  if (!before || !after) {
    // Another edition has other rows and other cases.
    if (judged.length > 0 && suiteDifference(pair).length === 0) return null;
    const detail = before ? 'the check is gone' : 'the check is new';
    return { kind: 'rule-changed', detail: [detail, ...suiteDifference(pair)].join('; ') };
  }
  const ids = [...new Set([...before.requirementIds, ...after.requirementIds])];
  const rules = [...ruleDifferences(ids, pair), ...caseDifferences(before.caseId, pair), ...suiteDifference(pair)];
  if (rules.length === 0) return null;
  return { kind: 'rule-changed', detail: [...rules, ...alsoSeen([before, after], pair)].join('; ') };
}

/** What the two suites do differently in a case. */
function caseDifferences(caseId: string, { before, after }: Pair): readonly string[] {
  const [one, other] = [before.cases.get(caseId), after.cases.get(caseId)].map(
    (item) => item && JSON.stringify([item.status, item.control, item.mutates]),
  );
  return one !== undefined && other !== undefined && one !== other ? ['the case is another one'] : [];
}

function judgedByReason(checks: Checks, pair: Pair): Reason | null {
  const judged = judgedBy(pair);
  if (judged.length === 0) return null;
  return { kind: 'edition-or-reading-changed', detail: [...judged, ...alsoSeen(checks, pair)].join('; ') };
}

/** Where the rules differ, what was seen may differ too. */
function alsoSeen(checks: Checks, pair: Pair): readonly string[] {
  const seen = evidence(checks, pair);
  return seen.length === 0 ? [] : [`what was seen differs too: ${seen.join('; ')}`];
}

function evidence([before, after]: Checks, pair: Pair): readonly string[] {
  const caseId = (before ?? after)?.caseId ?? '';
  const isWhole = pair.before.cases.get(caseId)?.status === null;
  const cases = isWhole ? [...pair.before.facts.keys()] : chainOf(caseId, pair.before);
  const seen = cases.flatMap((id) => sightingsOf(id, [pair.before, pair.after]));
  const lines = seen.map((sighting) => {
    const where = sighting.caseId === caseId ? '' : ` in ${sighting.place}`;
    return `${driftTitle(sighting)} ${sighting.values.map(valueWords).join(' → ')}${where}`;
  });
  const more = lines.length - mostDetails;
  return more > 0 ? [...lines.slice(0, mostDetails), `and ${more} more`] : lines;
}

/** A verdict is a function of evidence and rules: where the rules are the same, the evidence differs, in parts not compared if nowhere else. */
function evidenceInWords(checks: Checks, pair: Pair): string {
  const seen = evidence(checks, pair);
  if (seen.length > 0) return seen.join('; ');
  const words = checks.map((check) => check?.findings[0]?.message ?? check?.reason ?? 'nothing to object to');
  return words.map((word) => `“${word}”`).join(' → ');
}
