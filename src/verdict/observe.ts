import type { Case } from '../checks/case.js';
import { answerInWords, answersOf, isSuccess, lookAt, readsCancelled } from '../checks/judge/facts.js';
import { successStatuses } from '../checks/judge/run.js';
import type { Contract } from '../contract/types.js';
import type { CaseRecord, Look } from '../evidence/records.js';

/** Something seen and recorded without judging it. */
export interface Observation {
  /** Stable name of what was looked at. */
  readonly key: string;
  readonly value: string;
  readonly exchangeId: string | null;
}

/** How a contested clause was read and what the target did. */
export interface ContestedObservation {
  readonly id: string;
  readonly title: string;
  readonly reading: string;
  readonly observed: string | null;
}

export interface Observed {
  readonly cases: ReadonlyMap<string, Case>;
  readonly records: readonly CaseRecord[];
}

/** How each case was answered, and how cancelled requests read: what a nightly run compares. */
export function observe({ cases, records }: Observed): readonly Observation[] {
  return records.flatMap((record) => {
    const answers = answersOf(record);
    const several = answers.length > 1;
    const seen = answers.map(({ exchange, response }, index) => ({
      key: `answer:${record.caseId}${several ? `.${index + 1}` : ''}`,
      value: answerInWords(response),
      exchangeId: exchange.id,
    }));
    const after = lookAt(record, 'subject', 'after');
    const cancelling = cases.get(record.caseId)?.then.some(({ verb }) => verb === 'cancels') === true;
    const status =
      cancelling && after?.status ? [{ key: `status:${record.caseId}`, value: after.status, exchangeId: null }] : [];
    return [...seen, ...status];
  });
}

/** What the target did about each contested clause; null where this run did not see it. */
export function observeContested(
  contract: Contract,
  readings: Readonly<Record<string, string>>,
  observed: Observed,
): readonly ContestedObservation[] {
  return contract.contested.map(({ id, title }) => ({
    id,
    title,
    reading: readings[id] ?? '',
    observed: observers[id]?.(observed) ?? null,
  }));
}

type Observer = (observed: Observed) => string | null;

const answerTo =
  (...caseIds: readonly string[]): Observer =>
  ({ records }) => {
    const words = caseIds.flatMap((caseId) => {
      const record = records.find((candidate) => candidate.caseId === caseId);
      const last = record ? answersOf(record).at(-1) : undefined;
      return last ? [answerInWords(last.response)] : [];
    });
    return words.length > 0 ? `answered ${[...new Set(words)].join(' and ')}` : null;
  };

/** The status as the resource itself has it; as the arranging side tells it where it gives no resource. */
function wireStatus(look: Look | undefined): string | null {
  const status = look?.resource?.['requestStatus'] ?? look?.resource?.['status'];
  return typeof status === 'string' ? status : (look?.status ?? null);
}

/** How the subject of every successful cancel reads afterwards. */
const cancelledAs = ({ records }: Observed): readonly string[] =>
  records.flatMap((record) => {
    const status = wireStatus(lookAt(record, 'subject', 'after'));
    const cancelled = readsCancelled(status) && answersOf(record).some(({ response }) => isSuccess(response));
    return cancelled && status !== null ? [status] : [];
  });

const observers: Readonly<Record<string, Observer>> = {
  'C-1': ({ cases, records }) => {
    const seen = [...successStatuses(cases, records)].sort(([a], [b]) => a - b);
    const words = seen.map(([status, ids]) => `${status} in ${ids.length}`);
    return words.length > 0
      ? `${words.join(', ')} of ${seen.reduce((sum, [, ids]) => sum + ids.length, 0)} successes`
      : null;
  },
  'C-2': answerTo('body-absent-body-from-administrator'),
  'C-3': ({ records }) => {
    const resources = records.flatMap((record) =>
      record.looks.flatMap((look) => (look.resource ? [look.resource] : [])),
    );
    const [first] = resources;
    return first
      ? `the resource has ${['requestState', 'requestStatus', 'state', 'status'].filter((name) => name in first).join(' and ')}`
      : null;
  },
  'C-4': ({ records }) => {
    const statuses = records.flatMap((record) => record.looks.flatMap((look) => wireStatus(look) ?? []));
    const casings = new Set(statuses.map((status) => (/^[A-Z]/.test(status) ? 'PascalCase' : 'camelCase')));
    return casings.size > 0 ? `statuses read in ${[...casings].join(' and ')}` : null;
  },
  'C-5': (observed) => {
    const spellings = new Set(cancelledAs(observed));
    return spellings.size > 0 ? `a cancelled request reads ${[...spellings].join(' and ')}` : null;
  },
  'C-6': answerTo('state-second-cancel-administrator'),
  'C-7': ({ records }) => {
    const target = records.flatMap((record) => record.exchanges)[0]?.request.requestTarget;
    return /\/(accessPackageAssignmentRequests|assignmentRequests)\//.exec(target ?? '')?.[1] ?? null;
  },
  'C-8': answerTo('addr-refuses-an-unknown-id', 'perm-refuses-otherUser'),
  'C-9': answerTo('perm-subject-user-cancels-own'),
  'C-10': ({ records }) => {
    const times = records.flatMap((record) => {
      const after = lookAt(record, 'subject', 'after');
      return after && readsCancelled(after.status) ? [after.afterMs] : [];
    });
    return times.length > 0 ? `visible within ${Math.max(...times)} ms` : null;
  },
  'C-11': answerTo('state-refuses-deliveryFailed-administrator', 'state-refuses-deliveryFailed-requestor'),
  'C-12': answerTo('body-no-content-type', 'body-content-type-text'),
};
