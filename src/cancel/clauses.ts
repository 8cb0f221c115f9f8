import type { ClauseRule } from '../engine/endpoint.js';
import type { Look } from '../engine/evidence/records.js';
import { answerInWords, answersOf, isSuccess, lookAt } from '../engine/judge/facts.js';
import { readsCancelled } from './statuses.js';
import { successStatuses } from './verbs/run.js';

type Observer = ClauseRule['sightings'];
type Phrase = NonNullable<ClauseRule['phrase']>;

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

const listed: Phrase = (sightings) => [...new Set(sightings.map(({ seen }) => seen))].join(' and ');

/** Where the sources disagree, and how a run shows what a target does about it; readings and sources are data (`specs/contested.yaml`). */
export const clauses = {
  'C-1': {
    sightings: ({ cases, records }) =>
      [...successStatuses(cases, records)]
        .sort(([a], [b]) => a - b)
        .flatMap(([status, ids]) => ids.map((id) => ({ seen: String(status), caseId: caseOf(id) }))),
    phrase: (sightings) => {
      const statuses = [...new Set(sightings.map(({ seen }) => seen))];
      const words = statuses.map((status) => `${status} in ${sightings.filter(({ seen }) => seen === status).length}`);
      return `${words.join(', ')} of ${sightings.length} successes`;
    },
  },
  'C-2': {
    sightings: answerTo('body-absent-body-from-administrator'),
  },
  'C-3': {
    sightings: ({ records }) => {
      for (const { caseId, looks } of records) {
        const resource = looks.find((look) => look.resource)?.resource;
        const members = ['requestState', 'requestStatus', 'state', 'status'].filter(
          (name) => resource && name in resource,
        );
        if (resource) return members.map((seen) => ({ seen, caseId }));
      }
      return [];
    },
    phrase: (sightings) => `the resource has ${listed(sightings)}`,
  },
  'C-4': {
    sightings: ({ records }) =>
      records.flatMap(({ caseId, looks }) =>
        looks.flatMap((look) => {
          const status = wireStatus(look);
          return status === null ? [] : [{ seen: /^[A-Z]/.test(status) ? 'PascalCase' : 'camelCase', caseId }];
        }),
      ),
    phrase: (sightings) => `statuses read in ${listed(sightings)}`,
  },
  'C-5': {
    sightings: ({ records }) =>
      records.flatMap((record) => {
        const status = wireStatus(lookAt(record, 'subject', 'after'));
        const cancelled = readsCancelled(status) && answersOf(record).some(({ response }) => isSuccess(response));
        return cancelled && status !== null ? [{ seen: status, caseId: record.caseId }] : [];
      }),
    phrase: (sightings) => `a cancelled request reads ${listed(sightings)}`,
  },
  'C-6': {
    sightings: answerTo('state-second-cancel-administrator'),
  },
  'C-7': {
    sightings: ({ records }) => {
      const [first] = records.flatMap(({ caseId, exchanges }) =>
        exchanges.map(({ request }) => ({ caseId, target: request.requestTarget })),
      );
      const name = /\/(accessPackageAssignmentRequests|assignmentRequests)\//.exec(first?.target ?? '')?.[1];
      return first && name !== undefined ? [{ seen: name, caseId: first.caseId }] : [];
    },
    phrase: listed,
  },
  'C-8': {
    sightings: answerTo('addr-refuses-an-unknown-id', 'perm-refuses-otherUser'),
  },
  'C-9': {
    sightings: answerTo('perm-subject-user-cancels-own'),
  },
  'C-10': {
    sightings: ({ records }) => {
      const times = records.flatMap((record) => {
        const [before, after] = [lookAt(record, 'subject', 'before'), lookAt(record, 'subject', 'after')];
        // What read so before was no effect of the call.
        const isEffect = before !== undefined && !readsCancelled(before.status);
        return isEffect && after && readsCancelled(after.status) ? [{ ms: after.afterMs, caseId: record.caseId }] : [];
      });
      const slowest = times.toSorted((a, b) => b.ms - a.ms)[0];
      return slowest ? [{ seen: String(slowest.ms), caseId: slowest.caseId }] : [];
    },
    phrase: (sightings) => `visible within ${listed(sightings)} ms`,
  },
  'C-11': {
    sightings: answerTo('state-refuses-deliveryFailed-administrator', 'state-refuses-deliveryFailed-requestor'),
  },
  'C-12': {
    sightings: answerTo('body-no-content-type', 'body-content-type-text'),
  },
  'C-13': {
    sightings: answerTo('addr-action-in-capitals'),
  },
  'C-14': {
    sightings: answerTo('perm-refuses-application'),
  },
  'C-15': {
    sightings: answerTo('perm-refuses-otherUser'),
  },
  'C-16': {
    sightings: answerTo('perm-requestor-cancels-own'),
  },
} as const satisfies Readonly<Record<string, ClauseRule>>;

export type ClauseId = keyof typeof clauses;
