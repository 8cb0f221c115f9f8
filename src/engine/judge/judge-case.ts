import { checkId, type Case, type Expectation } from '../case.js';
import { schemaValidator } from '../contract/schemas.js';
import { opennessOf, rowOf } from '../contract/rows.js';
import { readingsInForce } from '../contract/under.js';
import type { Contract } from '../contract/types.js';
import type { CaseRecord } from '../evidence/records.js';
import {
  answersOf,
  inconclusive,
  isInStatus,
  isRefusal,
  isSuccess,
  lookAt,
  moot,
  notApplicable,
  probesOf,
  sameStatus,
  unanswered,
  type Answered,
  type Facts,
  type JudgedCheck,
  type Judgement,
  type Rules,
} from './facts.js';
import { undeclaredDifferences } from './mutation.js';

/** A live service is behind gateways, and is at times out of order for a moment; of a target on a desk a 5xx is its own. */
const gatewayStatusesBy: Readonly<Record<string, readonly number[]>> = { graph: [502, 503, 504] };

/** How the answers of a target are to be taken. */
export interface TargetKind {
  /** The provider that arranged the requests. */
  readonly provider: string;
  /** Status codes that a gateway in front of the target answers when it could not reach it; left out: by the provider. */
  readonly gatewayStatuses?: readonly number[];
}

/** The contract, under its readings, prepared for judging. */
export function rulesOf(
  contract: Contract,
  { provider, gatewayStatuses }: TargetKind = { provider: 'control' },
): Rules {
  return {
    ...readRules(contract),
    disturbances: [429, ...(gatewayStatuses ?? gatewayStatusesBy[provider] ?? [])],
    matchesErrorSchema: schemaValidator('wire/error'),
  };
}

/** The same target judged by the contract under other readings. */
export const rulesUnder = (contract: Contract, rules: Rules): Rules => ({ ...rules, ...readRules(contract) });

function readRules(contract: Contract): Omit<Rules, 'disturbances' | 'matchesErrorSchema'> {
  const { edition, endpoint } = contract;
  const inForce = readingsInForce(contract);
  // The clause that the sources disagree on names success statuses by reading; without one, the edition's own count.
  const named = inForce.flatMap(({ reading }) => reading.successStatuses ?? []);
  return {
    endpoint,
    edition,
    successStatuses: named.length > 0 ? named : [edition.success.proseStatus, edition.success.exampleStatus],
    requirement: (id) => rowOf(contract, id),
    unserved: new Map(
      inForce.flatMap(({ clause, reading: { name, unserved = [] } }) =>
        unserved.map((persona) => [persona, `the reading ${name} of ${clause}`] as const),
      ),
    ),
  };
}

/** What is asked of a case besides its control: why what it shows tells nothing, null where that is not so. */
interface Asked {
  /** Nothing in the run reached what is judged. */
  readonly unreached?: string | null;
  /** Nobody vouches for it any more: the run went on for too long. */
  readonly lapse?: string | null;
  /** It is made of several things that a target need not serve, and one of these is not served. */
  readonly unserved?: string | null;
  /** Which of its expectations are judged; default: all. */
  readonly isAsked?: (expectation: Expectation) => boolean;
}

/** Of a case that is made of several things, why one of them is in doubt; null when none is. */
export function unservedBeside(
  { control }: Case,
  recordOf: (caseId: string) => CaseRecord | undefined,
  rules: Rules,
): string | null {
  const missing = control?.alsoServed?.find((id) => {
    const record = recordOf(id);
    return record?.blocked !== null || !controlSucceeded(record, rules);
  });
  return missing === undefined ? null : `${missing} did not succeed, so a refusal here has a second reason`;
}

/**
 * Judges one case on its evidence. Pure.
 * @param control the record of the case's control; undefined when it has none or the control left no record
 * @param asked what else speaks against what the case shows, and which of its expectations are judged; default: nothing, and all
 * @throws never for what a target did; the caller learns faults of the suite from `suiteFaultsOf`
 */
export function judgeCase(
  facts: Facts,
  control: CaseRecord | undefined,
  { unreached = null, lapse = null, unserved: beside = null, isAsked = () => true }: Asked = {},
): readonly JudgedCheck[] {
  const { case: entry, record, rules } = facts;
  const obstacle = record.blocked ?? unreached ?? obstacleOf(facts);
  const doubt = controlDoubt(entry, control, rules) ?? beside ?? lapse;
  // A column that a target need not serve takes nothing from the rows of its cells, whatever it was answered with.
  const isOpen = lapse === null && entry.control?.ifServed === true;
  const unserved = isOpen && isUnserved(entry, control);
  const [leftAlone, controlLeftAlone] = [leftToTarget(record, rules), leftToTarget(control, rules)];
  const isHungUp = entry.opening !== undefined && hasHungUp(record);
  const isVouchedFor = control !== undefined && controlLeftAlone === null && controlSucceeded(control, rules);
  return entry.then.filter(isAsked).map((expectation) => {
    const rule = rules.endpoint.verbs[expectation.verb];
    if (!rule) throw new Error(`${entry.id}: the endpoint has no verb ${expectation.verb}`);
    const openness = undemanded(entry, expectation, rules);
    // Whether it refuses or not is left to the target; that it fails is not.
    const isFailure = rule.place === 'status' && hasFailed(record, rules);
    if (openness !== null && !isFailure) return toCheck(entry, expectation, notApplicable(openness));
    const judgement = obstacle === null ? rule.judge(facts, expectation) : blockedBy(obstacle, facts);
    // What was not answered tells nothing, but a change that was seen all the same does.
    if (isHungUp && !(judgement.verdict === 'failed' && rule.seenByEffect === true))
      return toCheck(entry, expectation, notApplicable('the connection was closed behind the answer before'));
    // Whoever was served in the control is served here, or refused for another reason than who calls.
    if (judgement.verdict === 'failed' && rule.needsSuccess === true && leftAlone !== null && !isVouchedFor)
      return toCheck(entry, expectation, notApplicable(leftAlone));
    const stands = rule.seenByEffect === true || (entry.cell !== undefined && isDecisive(facts, unserved));
    return toCheck(entry, expectation, weighed(judgement, { stands, doubt, isOpen, leftAlone: controlLeftAlone }));
  });
}

/** Whether a connection over which a second call should have gone was closed. */
const hasHungUp = (record: CaseRecord): boolean =>
  probesOf(record).some(({ noAnswer }) => noAnswer?.reason === 'connection-closed');

/** Whether a call was answered with an error of the server's own. */
const hasFailed = (record: CaseRecord, { disturbances }: Rules): boolean =>
  answersOf(record).some(({ response: { status } }) => status >= 500 && !disturbances.includes(status));

/** Why an expectation demands nothing of a case: the readings in force open every row that it judges; null where one is demanded. */
function undemanded(entry: Case, { requirementIds }: Expectation, rules: Rules): string | null {
  const reasons = requirementIds.map((id) => {
    const row = rules.requirement(id);
    return row ? opennessOf(row, entry) : null;
  });
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

/** Why it tells nothing that calls were refused: a reading leaves their caller to the target; null where nothing of the kind is so. */
function leftToTarget(record: CaseRecord | undefined, { unserved }: Rules): string | null {
  if (!record || unserved.size === 0) return null;
  for (const [persona, reading] of unserved) {
    const answers = answersOf(record).filter(({ exchange }) => exchange.persona === persona);
    if (answers.some(({ response }) => isRefusal(response)) && !answers.some(({ response }) => isSuccess(response)))
      return `a call of ${persona} was refused, which ${reading} leaves to the target`;
  }
  return null;
}

/**
 * Probes that are not what they are meant to be: well-formed where nothing is declared, and no different from their
 * control elsewhere than declared. The suite's own fault, told apart from every verdict.
 */
export function suiteFaultsOf(facts: Facts, control: CaseRecord | undefined): readonly string[] {
  const { case: entry, record, rules } = facts;
  if (record.blocked !== null) return [];
  return [
    ...rules.endpoint.flawsOfOwnMessages(facts),
    ...(control ? undeclaredDifferences(entry, record, control) : []),
  ];
}

/** True when a control did what it is there for: success, and the request reads so afterwards. */
function controlSucceeded(control: CaseRecord, { endpoint }: Rules): boolean {
  const answers = answersOf(control);
  const after = lookAt(control, 'subject', 'after');
  return (
    answers.length > 0 &&
    answers.every(({ response }) => isSuccess(response)) &&
    endpoint.readsDone(after?.status ?? null)
  );
}

/** What kept the case from being carried out as declared; null when nothing did. */
function obstacleOf({ case: entry, record, rules }: Facts): string | null {
  if (record.blocked !== null) return record.blocked;
  const before = lookAt(record, 'subject', 'before');
  if (!isInStatus(before?.status ?? null, entry.given.status, rules.endpoint)) {
    return `a request with status ${entry.given.status} was asked for, but the one arranged reads ${before?.status ?? 'nothing'}`;
  }
  const unknown = record.exchanges.find(({ role, response }) => role === 'sign-of-life' && response?.status === 401);
  if (unknown) {
    return `the target does not take the token of ${unknown.persona}: it answered 401 to a read as well (${unknown.id}, ${unknown.startedAt})`;
  }
  const answers = answersOf(record);
  const isDisturbed = ({ response }: Answered): boolean => rules.disturbances.includes(response.status);
  const disturbed = answers.find(isDisturbed);
  // Of calls at one moment, one that is turned away says that the target served another.
  const isRace = entry.simultaneously === true && answers.some((answer) => !isDisturbed(answer));
  if (!disturbed || isRace) return null;
  const { exchange, response } = disturbed;
  return response.status === 429
    ? `the target throttled the call (429, ${exchange.id})`
    : `the service was not available just then (${response.status}, ${exchange.id})`;
}

/**
 * Where the target is known not to have what the case is about, rows are told by other cases; one that none tells stays
 * open, unless it is about somebody whom a target may leave out, or about what none of its kind can have.
 */
function blockedBy(obstacle: string, { case: { when }, record, rules }: Facts): Judgement {
  if (record.excluded) return { verdict: 'not-applicable', reason: obstacle, excluded: true };
  if (!record.absent) return inconclusive(obstacle);
  const isOptional = when.some(({ persona }) => rules.endpoint.personas[persona]?.optional);
  return isOptional ? notApplicable(obstacle) : moot(obstacle);
}

/** Whether the control is one that a target need not serve, and was refused or sent elsewhere. */
function isUnserved({ control: declared }: Case, control: CaseRecord | undefined): boolean {
  const answers = control ? answersOf(control) : [];
  return (
    declared?.ifServed === true &&
    answers.length > 0 &&
    answers.every(({ response }) => response.status >= 300 && response.status < 500)
  );
}

/**
 * Whatever else could have been a reason to refuse, a change of the request has none; and where the control is merely not
 * served, neither has a success or a crash.
 */
function isDecisive({ record }: Facts, unserved: boolean): boolean {
  const [before, after] = [lookAt(record, 'subject', 'before'), lookAt(record, 'subject', 'after')];
  const isTouched = before !== undefined && after !== undefined && !sameStatus(before.status, after.status);
  if (isTouched || !unserved) return isTouched;
  return answersOf(record).some(({ response }) => isSuccess(response) || response.status >= 500);
}

/** Why a refusal seen in a case proves nothing; null when its control stands behind it. */
export function controlDoubt(entry: Case, control: CaseRecord | undefined, rules: Rules): string | null {
  if (!entry.control) return null;
  const name = entry.control.caseId;
  if (!control) return `its control ${name} did not run, so this proves nothing`;
  if (control.blocked !== null) return `its control ${name} could not be carried out: ${control.blocked}`;
  if (controlSucceeded(control, rules)) return null;
  const silent = unanswered(control);
  const why = silent?.noAnswer ? ` (no answer: ${silent.noAnswer.message})` : '';
  if (isUnserved(entry, control)) return `the target does not serve ${name}, so a refusal here has a second reason`;
  return `its control ${name} did not succeed, so this proves nothing${why}`;
}

/** Whether calls of a case were refused whose callers a reading in force leaves to the target. */
export const isLeftToTarget = (record: CaseRecord | undefined, rules: Rules): boolean =>
  leftToTarget(record, rules) !== null;

/** What a doubt about the control leaves of a judgement; a change that was seen stands all the same. */
function weighed(
  judgement: Judgement,
  {
    stands,
    doubt,
    isOpen,
    leftAlone,
  }: {
    readonly stands: boolean;
    readonly doubt: string | null;
    readonly isOpen: boolean;
    readonly leftAlone: string | null;
  },
): Judgement {
  if (doubt === null || judgement.verdict === 'not-applicable') return judgement;
  if (judgement.verdict === 'failed' && stands) return judgement;
  if (leftAlone !== null) return notApplicable(leftAlone);
  if (judgement.verdict === 'inconclusive') return judgement;
  return isOpen ? moot(doubt) : inconclusive(doubt);
}

/** A case is about the rows of its first expectation. */
const isOwed = ({ then: [first] }: Case, { requirementIds }: Expectation): boolean =>
  first !== undefined && !requirementIds.some((id) => first.requirementIds.includes(id));

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
    ...(isOwed(entry, expectation) ? { owed: true as const } : {}),
    ...('moot' in judgement ? { moot: true as const } : {}),
    ...('excluded' in judgement ? { excluded: true as const } : {}),
    ...('seen' in judgement ? { seen: true as const } : {}),
  };
}
