import { schemaValidator } from '../contract/schemas.js';
import type { Contract } from '../contract/types.js';
import type { CaseRecord } from '../evidence/records.js';
import type { Finding, VerdictWord } from '../evidence/verdicts.js';
import type { Case, Expectation, Verb } from '../case.js';
import { checkId } from '../../cancel/cases/index.js';
import { answerJudges } from '../../cancel/verbs/answers.js';
import {
  answersOf,
  inconclusive,
  isSuccess,
  lookAt,
  moot,
  readsCancelled,
  sameStatus,
  type Facts,
  type Judge,
  type Judgement,
  type Rules,
  unanswered,
} from './facts.js';
import { frameJudges } from '../../cancel/verbs/frame.js';
import { undeclaredDifferences } from './mutation.js';
import { flawsOfOwnMessages } from '../../cancel/own-messages.js';
import { refusalJudges } from '../../cancel/verbs/refusal.js';
import { successJudges } from '../../cancel/verbs/success.js';

const judges: Readonly<Record<Verb, Judge>> = {
  ...answerJudges,
  ...frameJudges,
  ...successJudges,
  ...refusalJudges,
};

/** Verbs whose failure is a change that was seen: it stands whether or not the control succeeded. */
const provenByEffect: ReadonlySet<Verb> = new Set([
  'subject-unchanged',
  'subject-unchanged-unless-accepted',
  'sibling-unchanged',
  'stranger-unchanged',
]);

/** One check, judged. */
export interface JudgedCheck {
  readonly id: string;
  readonly caseId: string;
  readonly requirementIds: readonly string[];
  readonly verb: Verb | 'one-success-status';
  /** The member, for a verb that has one. */
  readonly member?: string;
  readonly verdict: VerdictWord;
  /** Why it is inconclusive or not applicable; null otherwise. */
  readonly reason: string | null;
  readonly findings: readonly Finding[];
  /** True when it is not applicable because what the row speaks of did not happen in this case. */
  readonly moot?: true;
  /** The verdict that it would have, where it came after the edition was frozen and therefore does not score. */
  readonly unscored?: VerdictWord;
}

/** A live service is behind gateways, and is at times out of order for a moment; of a target on a desk a 5xx is its own. */
const disturbancesBy: Readonly<Record<string, readonly number[]>> = { graph: [429, 502, 503, 504] };

/**
 * The contract prepared for judging under the readings in force.
 * @param provider the provider that arranged the requests
 */
export function rulesOf(contract: Contract, readings: Readonly<Record<string, string>>, provider = 'control'): Rules {
  const rows = new Map(contract.requirements.map((row) => [row.id, row]));
  const clause = contract.contested.find(({ id }) => id === 'C-1');
  const reading = clause?.readings.find(({ name }) => name === readings['C-1']);
  return {
    edition: contract.edition,
    successStatuses: reading?.successStatuses ?? [200, 204],
    requirement: (id) => rows.get(id),
    disturbances: disturbancesBy[provider] ?? [429],
    matchesErrorSchema: schemaValidator('wire/error'),
  };
}

/**
 * Judges one case on its evidence. Pure.
 * @param control the record of the case's control; undefined when it has none or the control left no record
 * @throws never for what a target did; the caller learns faults of the suite from `suiteFaultsOf`
 */
export function judgeCase(facts: Facts, control: CaseRecord | undefined): readonly JudgedCheck[] {
  const { case: entry } = facts;
  const obstacle = obstacleOf(facts);
  const doubt = controlDoubt(entry, control);
  return entry.then.map((expectation) => {
    const judgement = obstacle === null ? judges[expectation.verb](facts, expectation) : blockedBy(obstacle, facts);
    return toCheck(entry, expectation, weighed(judgement, expectation, doubt));
  });
}

/**
 * Probes that are not what they are meant to be: well-formed where nothing is declared, and no different from their
 * control elsewhere than declared. The suite's own fault, told apart from every verdict.
 */
export function suiteFaultsOf(facts: Facts, control: CaseRecord | undefined): readonly string[] {
  const { case: entry, record } = facts;
  if (record.blocked !== null) return [];
  return [...flawsOfOwnMessages(facts), ...(control ? undeclaredDifferences(entry, record, control) : [])];
}

/** True when a control did what it is there for: success, and the request reads cancelled afterwards. */
function controlSucceeded(control: CaseRecord): boolean {
  const answers = answersOf(control);
  const after = lookAt(control, 'subject', 'after');
  return (
    answers.length > 0 && answers.every(({ response }) => isSuccess(response)) && readsCancelled(after?.status ?? null)
  );
}

/** What kept the case from being carried out as declared; null when nothing did. */
function obstacleOf({ case: entry, record, rules }: Facts): string | null {
  if (record.blocked !== null) return record.blocked;
  const before = lookAt(record, 'subject', 'before');
  if (!sameStatus(before?.status ?? null, entry.given.status)) {
    return `a request with status ${entry.given.status} was asked for, but the one arranged reads ${before?.status ?? 'nothing'}`;
  }
  const disturbed = answersOf(record).find(({ response }) => rules.disturbances.includes(response.status));
  if (!disturbed) return null;
  const { exchange, response } = disturbed;
  return response.status === 429
    ? `the target throttled the call (429, ${exchange.id})`
    : `the service was not available just then (${response.status}, ${exchange.id})`;
}

/** Where the target is known not to have what the case is about, rows are told by other cases; one that none tells stays open. */
const blockedBy = (obstacle: string, { record }: Facts): Judgement =>
  record.absent ? moot(obstacle) : inconclusive(obstacle);

/** Why a refusal seen here proves nothing; null when the control stands behind it. */
function controlDoubt(entry: Case, control: CaseRecord | undefined): string | null {
  if (!entry.control) return null;
  const name = entry.control.caseId;
  if (!control) return `its control ${name} did not run, so this proves nothing`;
  if (control.blocked !== null) return `its control ${name} could not be carried out: ${control.blocked}`;
  if (controlSucceeded(control)) return null;
  const silent = unanswered(control);
  const why = silent?.noAnswer ? ` (no answer: ${silent.noAnswer.message})` : '';
  return `its control ${name} did not succeed, so this proves nothing${why}`;
}

function weighed(judgement: Judgement, expectation: Expectation, doubt: string | null): Judgement {
  if (doubt === null || judgement.verdict === 'not-applicable') return judgement;
  if (judgement.verdict === 'failed' && provenByEffect.has(expectation.verb)) return judgement;
  return judgement.verdict === 'inconclusive' ? judgement : inconclusive(doubt);
}

function toCheck(entry: Case, expectation: Expectation, judgement: Judgement): JudgedCheck {
  return {
    id: checkId(entry.id, expectation),
    caseId: entry.id,
    requirementIds: expectation.requirementIds,
    verb: expectation.verb,
    ...(expectation.member === undefined ? {} : { member: expectation.member }),
    verdict: judgement.verdict,
    reason: 'reason' in judgement ? judgement.reason : null,
    findings: 'findings' in judgement ? judgement.findings : [],
    ...('moot' in judgement ? { moot: true as const } : {}),
  };
}
