import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../alterations.js';
import type { AdmittedCall, Seams } from '../seams.js';
import type { StoredRequest } from '../store.js';
import { aMomentLater } from './refused-but-done.js';
import { raceWindowMs } from './state.js';

/** How long a job waits before it is done, in milliseconds: longer than a case takes. */
const jobMs = 60;

/** A cancel that also cancels every other cancellable request of a kind. */
function spreading(concerns: (other: StoredRequest, record: StoredRequest) => boolean): Fault['override'] {
  return (seams) => ({
    applyCancel: (record, call) => {
      call.store
        .all()
        .filter((other) => other.id !== record.id && concerns(other, record) && seams.isCancellable(other, call))
        .forEach((other) => {
          call.store.put(seams.cancelledRecord(other, call));
        });
      return seams.applyCancel(record, call);
    },
  });
}

/** A cancel that also changes members of the record. */
function overwriting(change: (call: AdmittedCall) => Partial<StoredRequest>): Fault['override'] {
  return (seams: Seams) => ({
    cancelledRecord: (request, call) => ({ ...seams.cancelledRecord(request, call), ...change(call) }),
  });
}

/** Faults about what a cancel changes. */
export const effectFaults: readonly Fault[] = [
  {
    id: 'all-written-back',
    breaks: ['CANCEL-STATE-005'],
    sentence: 'Reads all requests, cancels one and writes all back: of two cancels at one moment one is lost.',
    override: (seams) => ({
      applyCancel: async (record, call) => {
        const read = call.store.all();
        await pause(raceWindowMs);
        const cause = await seams.applyCancel(record, call);
        const others = read.filter(({ id }) => id !== record.id && call.store.get(id) !== null);
        if (cause === null) for (const one of others) call.store.put(one);
        return cause;
      },
    }),
  },
  {
    id: 'all-requests-of-requestor-cancelled',
    breaks: ['CANCEL-EFFECT-001'],
    sentence: 'Cancels every pending request of the same requestor.',
    override: spreading((other, record) => other.requestor?.userId === record.requestor?.userId),
  },
  {
    id: 'requests-of-others-cancelled',
    breaks: ['CANCEL-EFFECT-002'],
    sentence: 'Cancels the pending requests of everybody else for the same access package.',
    override: spreading((other, record) => other.requestor?.userId !== record.requestor?.userId),
  },
  {
    id: 'whole-queue-cancelled',
    breaks: ['CANCEL-EFFECT-001', 'CANCEL-EFFECT-002'],
    sentence: 'Cancels every request that is pending.',
    override: spreading(() => true),
  },
  {
    id: 'justification-of-others-lost',
    breaks: ['CANCEL-EFFECT-001', 'CANCEL-EFFECT-002'],
    sentence: 'Empties the justification of every other request, by an update without a condition.',
    override: (seams) => ({
      applyCancel: (record, call) => {
        call.store
          .all()
          .filter(({ id }) => id !== record.id)
          .forEach((other) => {
            call.store.put({ ...other, justification: null });
          });
        return seams.applyCancel(record, call);
      },
    }),
  },
  {
    id: 'refusal-noted-in-request',
    breaks: ['CANCEL-STATE-013'],
    sentence: 'Writes into the justification of a request that a cancel of it was refused.',
    override: (seams) => ({
      describeRefusal: (cause, call) => {
        const refused = call.request && call.store.get(call.request.id);
        if (refused) call.store.put({ ...refused, justification: 'A cancel was refused.' });
        return seams.describeRefusal(cause, call);
      },
    }),
  },
  {
    id: 'oldest-request-cancelled-instead',
    breaks: ['CANCEL-STATE-005', 'CANCEL-EFFECT-001'],
    sentence: "Cancels the requestor's oldest pending request, whichever the path names.",
    override: (seams) => ({
      applyCancel: (record, call) => {
        const oldest = call.store
          .all()
          .find((other) => other.requestor?.userId === record.requestor?.userId && seams.isCancellable(other, call));
        call.store.put(seams.cancelledRecord(oldest ?? record, call));
        return null;
      },
    }),
  },
  {
    id: 'other-requests-removed-as-superseded',
    breaks: ['CANCEL-EFFECT-001'],
    sentence: "Removes the requestor's other pending requests, which it takes for duplicates.",
    override: (seams) => ({
      applyCancel: (record, call) => {
        for (const { id, requestor, status } of call.store.all()) {
          const isDuplicate = requestor?.userId === record.requestor?.userId && status === call.request.status;
          if (isDuplicate && id !== record.id) call.store.delete(id);
        }
        return seams.applyCancel(record, call);
      },
    }),
  },
  {
    id: 'others-cancelled-a-moment-later',
    breaks: ['CANCEL-EFFECT-001', 'CANCEL-EFFECT-002'],
    sentence: 'Starts a job after a cancel which a moment later cancels whatever else waits for approval.',
    override: (seams) => ({
      lateEffect: (answer, call) => {
        if (answer.outcome !== 'cancelled') return;
        aMomentLater(() => {
          const waiting = call.store.all().filter(({ status }) => status === 'pendingApproval');
          for (const request of waiting) call.store.put(seams.cancelledRecord(request, call as AdmittedCall));
        });
      },
    }),
  },
  {
    id: 'other-requests-cancelled-by-a-job',
    breaks: ['CANCEL-EFFECT-001'],
    sentence: 'Has a job that cancels all requests of somebody who had one cancelled, some time after the answer.',
    override: (seams) => ({
      lateEffect: (answer, call) => {
        if (answer.outcome !== 'cancelled' || !call.request) return;
        const { userId } = call.request.requestor ?? {};
        const waiting = call.store
          .all()
          .filter(({ status, requestor }) => status === 'pendingApproval' && requestor?.userId === userId);
        setTimeout(() => {
          for (const { id } of waiting) {
            const request = call.store.get(id);
            if (request) call.store.put(seams.cancelledRecord(request, call as AdmittedCall));
          }
        }, jobMs).unref();
      },
    }),
  },
  {
    id: 'cancelled-request-deleted',
    breaks: ['CANCEL-STATE-005', 'CANCEL-EFFECT-003'],
    sentence: 'Deletes a request in order to cancel it.',
    override: () => ({ applyCancel: (record, call) => (call.store.delete(record.id) ? null : 'alreadyCancelled') }),
  },
  {
    id: 'request-type-overwritten',
    breaks: ['CANCEL-EFFECT-004'],
    sentence: 'Turns the type of a cancelled request into one of removal.',
    override: overwriting(() => ({ requestType: 'UserRemove' })),
  },
  {
    id: 'justification-erased',
    breaks: ['CANCEL-EFFECT-005'],
    sentence: 'Erases the justification of a cancelled request.',
    override: overwriting(() => ({ justification: null })),
  },
  {
    id: 'requestor-erased',
    breaks: ['CANCEL-EFFECT-006'],
    sentence: 'Erases the requestor of a cancelled request.',
    override: overwriting(() => ({ requestor: null })),
  },
  {
    id: 'creation-time-overwritten',
    breaks: ['CANCEL-EFFECT-007'],
    sentence: 'Sets the time of creation to the time of the cancel.',
    // A second later than the cancel, for one that follows the creation within the same millisecond.
    override: overwriting(() => ({ createdAt: new Date(Date.now() + 1000).toISOString() })),
  },
];
