import type { Case } from '../case.js';
import { answerInWords, answersOf, isSuccess, lookAt, readsCancelled } from '../judge/facts.js';
import { successStatuses } from '../../cancel/verbs/run.js';
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
  /** Ids of the cases in which each thing observed was seen first. */
  readonly seenIn: readonly string[];
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
  return contract.contested.map(({ id, title }) => {
    const sightings = observers[id]?.(observed) ?? [];
    const first = new Map(sightings.toReversed().map((sighting) => [sighting.seen, sighting.caseId]));
    return {
      id,
      title,
      reading: readings[id] ?? '',
      observed: sightings.length === 0 ? null : (phrases[id] ?? answered)(sightings),
      seenIn: [...new Set([...first.values()].reverse())],
    };
  });
}

/** One thing that was seen, and the case in which it was. */
interface Sighting {
  readonly seen: string;
  readonly caseId: string;
}

type Observer = (observed: Observed) => readonly Sighting[];

const answerTo =
  (...caseIds: readonly string[]): Observer =>
  ({ records }) =>
    caseIds.flatMap((caseId) => {
      const record = records.find((candidate) => candidate.caseId === caseId);
      const last = record ? answersOf(record).at(-1) : undefined;
      return last ? [{ seen: answerInWords(last.response), caseId }] : [];
    });

/** The status as the resource itself has it; as the arranging side tells it where it gives no resource. */
function wireStatus(look: Look | undefined): string | null {
  const status = look?.resource?.['requestStatus'] ?? look?.resource?.['status'];
  return typeof status === 'string' ? status : (look?.status ?? null);
}

const caseOf = (exchangeId: string): string => exchangeId.slice(0, exchangeId.lastIndexOf('.'));

const observers: Readonly<Record<string, Observer>> = {
  'C-1': ({ cases, records }) =>
    [...successStatuses(cases, records)]
      .sort(([a], [b]) => a - b)
      .flatMap(([status, ids]) => ids.map((id) => ({ seen: String(status), caseId: caseOf(id) }))),
  'C-2': answerTo('body-absent-body-from-administrator'),
  'C-3': ({ records }) => {
    for (const { caseId, looks } of records) {
      const resource = looks.find((look) => look.resource)?.resource;
      const members = ['requestState', 'requestStatus', 'state', 'status'].filter(
        (name) => resource && name in resource,
      );
      if (resource) return members.map((seen) => ({ seen, caseId }));
    }
    return [];
  },
  'C-4': ({ records }) =>
    records.flatMap(({ caseId, looks }) =>
      looks.flatMap((look) => {
        const status = wireStatus(look);
        return status === null ? [] : [{ seen: /^[A-Z]/.test(status) ? 'PascalCase' : 'camelCase', caseId }];
      }),
    ),
  'C-5': ({ records }) =>
    records.flatMap((record) => {
      const status = wireStatus(lookAt(record, 'subject', 'after'));
      const cancelled = readsCancelled(status) && answersOf(record).some(({ response }) => isSuccess(response));
      return cancelled && status !== null ? [{ seen: status, caseId: record.caseId }] : [];
    }),
  'C-6': answerTo('state-second-cancel-administrator'),
  'C-7': ({ records }) => {
    const [first] = records.flatMap(({ caseId, exchanges }) =>
      exchanges.map(({ request }) => ({ caseId, target: request.requestTarget })),
    );
    const name = /\/(accessPackageAssignmentRequests|assignmentRequests)\//.exec(first?.target ?? '')?.[1];
    return first && name !== undefined ? [{ seen: name, caseId: first.caseId }] : [];
  },
  'C-8': answerTo('addr-refuses-an-unknown-id', 'perm-refuses-otherUser'),
  'C-9': answerTo('perm-subject-user-cancels-own'),
  'C-10': ({ records }) => {
    const times = records.flatMap((record) => {
      const after = lookAt(record, 'subject', 'after');
      return after && readsCancelled(after.status) ? [{ ms: after.afterMs, caseId: record.caseId }] : [];
    });
    const slowest = times.toSorted((a, b) => b.ms - a.ms)[0];
    return slowest ? [{ seen: String(slowest.ms), caseId: slowest.caseId }] : [];
  },
  'C-11': answerTo('state-refuses-deliveryFailed-administrator', 'state-refuses-deliveryFailed-requestor'),
  'C-12': answerTo('body-no-content-type', 'body-content-type-text'),
  'C-13': answerTo('addr-action-in-capitals'),
};

type Phrase = (sightings: readonly Sighting[]) => string;

const listed: Phrase = (sightings) => [...new Set(sightings.map(({ seen }) => seen))].join(' and ');
const answered: Phrase = (sightings) => `answered ${listed(sightings)}`;

/** How the sightings of a clause read together, where it is not "answered …". */
const phrases: Readonly<Record<string, Phrase>> = {
  'C-1': (sightings) => {
    const statuses = [...new Set(sightings.map(({ seen }) => seen))];
    const words = statuses.map((status) => `${status} in ${sightings.filter(({ seen }) => seen === status).length}`);
    return `${words.join(', ')} of ${sightings.length} successes`;
  },
  'C-3': (sightings) => `the resource has ${listed(sightings)}`,
  'C-4': (sightings) => `statuses read in ${listed(sightings)}`,
  'C-5': (sightings) => `a cancelled request reads ${listed(sightings)}`,
  'C-7': listed,
  'C-10': (sightings) => `visible within ${listed(sightings)} ms`,
};
