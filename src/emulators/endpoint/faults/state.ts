import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../alterations.js';
import type { AdmittedCall } from '../seams.js';
import { aMomentLater, carriedOutAllTheSame, carriedOutLater } from './refused-but-done.js';

/** `pendingApproval` becomes `pending-approval`. */
const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function refusedStatus(status: string, requirement: string): Fault {
  return {
    id: `${kebabCase(status)}-not-cancellable`,
    breaks: [requirement],
    sentence: `Refuses to cancel a request whose status is ${status}.`,
    override: (seams) => ({
      isCancellable: (request, call) => request.status !== status && seams.isCancellable(request, call),
    }),
  };
}

function allowedStatus(status: string, requirement: string): Fault {
  return {
    id: `${kebabCase(status)}-cancellable`,
    breaks: [requirement],
    sentence: `Cancels a request whose status is ${status}.`,
    override: (seams) => ({
      isCancellable: (request, call) => request.status === status || seams.isCancellable(request, call),
    }),
  };
}

/** A service in which some cancels succeed and change nothing. */
const withoutEffect =
  (concerns: (call: AdmittedCall) => boolean): Fault['override'] =>
  (seams) => ({
    isCancellable: (request, call) => concerns(call) || seams.isCancellable(request, call),
    applyCancel: (record, call) => (concerns(call) ? null : seams.applyCancel(record, call)),
  });

/** A status that is cancellable for some callers only. */
const decidedByCaller =
  (status: string, isCancellable: (administrator: boolean) => boolean): Fault['override'] =>
  (seams) => ({
    isCancellable: (request, call) =>
      request.status === status ? isCancellable(call.caller.administrator) : seams.isCancellable(request, call),
  });

/** How long a cancel stays open to a race, in milliseconds: far above the distance of two calls sent together. */
export const raceWindowMs = 25;

/** Faults about the statuses: from which one a request can be cancelled and in which one it ends. */
export const stateFaults: readonly Fault[] = [
  refusedStatus('accepted', 'CANCEL-STATE-001'),
  refusedStatus('pendingApproval', 'CANCEL-STATE-002'),
  refusedStatus('pendingNotBefore', 'CANCEL-STATE-003'),
  refusedStatus('pendingApprovalEscalated', 'CANCEL-STATE-004'),
  allowedStatus('delivering', 'CANCEL-STATE-006'),
  allowedStatus('delivered', 'CANCEL-STATE-007'),
  allowedStatus('partiallyDelivered', 'CANCEL-STATE-008'),
  allowedStatus('denied', 'CANCEL-STATE-009'),
  allowedStatus('deliveryFailed', 'CANCEL-STATE-010'),
  allowedStatus('waitingForCallback', 'CANCEL-STATE-011'),
  allowedStatus('expired', 'CANCEL-STATE-012'),
  {
    id: 'success-without-effect',
    breaks: ['CANCEL-STATE-005'],
    sentence: 'Answers with success and leaves the status as it was.',
    override: () => ({ applyCancel: () => null }),
  },
  {
    id: 'accepted-not-cancellable-for-requestor',
    breaks: ['CANCEL-STATE-001'],
    sentence: 'Lets nobody but administrators cancel a request whose status is accepted.',
    override: decidedByCaller('accepted', (administrator) => administrator),
  },
  {
    id: 'pending-approval-left-to-approver',
    breaks: ['CANCEL-STATE-002', 'CANCEL-STATE-005', 'CANCEL-PERM-001', 'CANCEL-PERM-002'],
    sentence: 'Leaves the cancel of a request that waits for approval to the approver, and reports success.',
    override: withoutEffect(({ request }) => request.status === 'pendingApproval'),
  },
  {
    id: 'pending-not-before-only-for-requestor',
    breaks: ['CANCEL-STATE-003'],
    sentence: 'Forgets administrators in the branch for requests that wait for their start.',
    override: decidedByCaller('pendingNotBefore', (administrator) => !administrator),
  },
  {
    id: 'escalation-alone-cancelled',
    breaks: ['CANCEL-STATE-004', 'CANCEL-STATE-005'],
    sentence: 'Takes back the escalation only: an escalated request goes back to pendingApproval.',
    override: (seams) => ({
      cancelledRecord: (request, call) => ({
        ...seams.cancelledRecord(request, call),
        ...(request.status === 'pendingApprovalEscalated' ? { status: 'pendingApproval' } : {}),
      }),
    }),
  },
  {
    id: 'only-first-cancel-works',
    breaks: ['CANCEL-STATE-001', 'CANCEL-STATE-003', 'CANCEL-STATE-004', 'CANCEL-STATE-005', 'CANCEL-PERM-001'],
    sentence: 'Carries out the first cancel of every caller, and takes all later ones for repetitions of it.',
    override: (seams) => {
      const known = new Set<string | null>();
      return {
        applyCancel: (record, call) => {
          if (known.has(call.caller.userId)) return null;
          known.add(call.caller.userId);
          return seams.applyCancel(record, call);
        },
      };
    },
  },
  {
    id: 'status-word-in-another-field',
    breaks: ['CANCEL-STATE-005'],
    sentence: 'Writes Canceled into the state of the resource and leaves the status as it was.',
    override: (seams) => {
      const cancelled = new Set<string>();
      return {
        applyCancel: (record) => {
          cancelled.add(record.id);
          return null;
        },
        represent: (request, edition) => ({
          ...seams.represent(request, edition),
          ...(cancelled.has(request.id) ? { [edition.resource.stateMember]: 'Canceled' } : {}),
        }),
      };
    },
  },
  {
    id: 'cancel-undone-a-moment-later',
    breaks: ['CANCEL-STATE-005'],
    sentence: 'Lets the process behind the request write its own status over the cancelled one a moment later.',
    override: () => ({
      lateEffect: (answer, { request, store }) => {
        if (answer.outcome !== 'cancelled' || request === null) return;
        aMomentLater(() => {
          if (store.get(request.id) !== null) store.put(request);
        });
      },
    }),
  },
  {
    id: 'delivering-crashes',
    breaks: ['CANCEL-STATE-006'],
    sentence: 'Fails with a server error while a request is being delivered, since its record is locked.',
    override: (seams) => ({
      isCancellable: (request, call) => {
        if (request.status === 'delivering') throw new Error('the record is locked by the delivery');
        return seams.isCancellable(request, call);
      },
    }),
  },
  {
    id: 'delivered-answered-with-success',
    breaks: ['CANCEL-STATE-007'],
    sentence: 'Reports success for a delivered request, since nothing is left to cancel.',
    override: withoutEffect(({ request }) => request.status === 'delivered'),
  },
  {
    id: 'partially-delivered-cancellable-for-administrators',
    breaks: ['CANCEL-STATE-008'],
    sentence: 'Lets administrators cancel what is left of a partial delivery.',
    override: decidedByCaller('partiallyDelivered', (administrator) => administrator),
  },
  {
    id: 'denied-withdrawn-by-requestor',
    breaks: ['CANCEL-STATE-009'],
    sentence: 'Lets the requestor withdraw a request that was denied.',
    override: decidedByCaller('denied', (administrator) => !administrator),
  },
  {
    id: 'cancelled-ends-denied',
    breaks: ['CANCEL-STATE-005'],
    sentence: 'Files a cancelled request under denied.',
    override: (seams) => ({
      cancelledRecord: (request, call) => ({ ...seams.cancelledRecord(request, call), status: 'denied' }),
    }),
  },
  {
    id: 'refusal-after-write',
    breaks: ['CANCEL-STATE-013'],
    sentence: 'Writes the new status first and then refuses, because the old one was not cancellable.',
    override: (seams) => ({
      isCancellable: (request, call) => {
        const cancellable = seams.isCancellable(request, call);
        if (!cancellable) call.store.put(seams.cancelledRecord(request, call));
        return cancellable;
      },
    }),
  },
  {
    id: 'body-checked-after-cancel',
    readsBody: true,
    breaks: ['CANCEL-STATE-013', 'CANCEL-ROBUST-006'],
    sentence: 'Looks at the body when the cancel is written already.',
    override: carriedOutAllTheSame(['malformedBody', 'unacceptableBody']),
  },
  {
    id: 'foreign-cancel-denies-the-request',
    breaks: ['CANCEL-STATE-013', 'CANCEL-PERM-003'],
    sentence: 'Takes the cancel of somebody who may not for a decision, and denies the request.',
    override: (seams) => ({
      describeRefusal: (cause, call) => {
        if (cause === 'notOwner' && call.request !== null) call.store.put({ ...call.request, status: 'denied' });
        return seams.describeRefusal(cause, call);
      },
    }),
  },
  {
    id: 'refused-status-carried-out-later',
    breaks: ['CANCEL-STATE-013'],
    sentence:
      'Refuses what cannot be cancelled and leaves the command in the queue, which carries it out a moment later.',
    override: carriedOutLater(['notCancellable']),
  },
  {
    id: 'refused-caller-carried-out-later',
    breaks: ['CANCEL-STATE-013'],
    sentence: 'Queues the command before it asks who calls, and cancels a moment after the refusal.',
    override: carriedOutLater(['missingCredentials', 'notOwner']),
  },
  {
    id: 'refused-body-carried-out-later',
    readsBody: true,
    breaks: ['CANCEL-STATE-013'],
    sentence: 'Does not await the check of the body: it refuses in time and cancels a moment later.',
    override: carriedOutLater(['unacceptableBody']),
  },
  {
    id: 'refused-method-carried-out-later',
    breaks: ['CANCEL-STATE-013'],
    sentence: 'Hands every method to the worker, which cancels a moment after the 405.',
    override: carriedOutLater(['methodNotAllowed']),
  },
  {
    id: 'lost-race-crashes',
    breaks: ['CANCEL-STATE-014'],
    sentence: 'Fails with a server error on a cancel that finds the request cancelled in the meantime.',
    override: (seams) => ({
      isCancellable: (request, call) => {
        if (request.status === 'cancelled') throw new Error('the version of the record has changed');
        return seams.isCancellable(request, call);
      },
      applyCancel: async (record, call) => {
        const cause = await seams.applyCancel(record, call);
        if (cause === 'alreadyCancelled') throw new Error('the version of the record has changed');
        return cause;
      },
    }),
  },
  {
    id: 'lost-race-rolled-back-too-far',
    breaks: ['CANCEL-STATE-015'],
    sentence: 'Lets the slower of two cancels roll the record back to what it was before either of them.',
    override: (seams) => ({
      applyCancel: async (record, call) => {
        const before = call.request;
        await pause(raceWindowMs);
        const cause = await seams.applyCancel(record, call);
        if (cause !== null) call.store.put(before);
        return cause;
      },
    }),
  },
  {
    id: 'simultaneous-cancel-crashes',
    breaks: ['CANCEL-STATE-014'],
    sentence: 'Fails with a server error when a second cancel arrives while the first one is being written.',
    override: (seams) => {
      const open = new Set<string>();
      return {
        applyCancel: async (record, call) => {
          if (open.has(record.id)) throw new Error('the record is locked');
          open.add(record.id);
          await pause(raceWindowMs);
          open.delete(record.id);
          return seams.applyCancel(record, call);
        },
      };
    },
  },
  {
    id: 'simultaneous-cancels-give-way',
    breaks: ['CANCEL-STATE-015'],
    sentence: 'Rolls both of two simultaneous cancels back, each in favour of the other, and refuses them.',
    override: (seams) => {
      const open = new Map<string, number>();
      return {
        applyCancel: async (record, call) => {
          open.set(record.id, (open.get(record.id) ?? 0) + 1);
          await pause(raceWindowMs);
          // Never counted down: the first to wake would clear the way for the second.
          const contended = (open.get(record.id) ?? 0) > 1;
          return contended ? 'notCancellable' : seams.applyCancel(record, call);
        },
      };
    },
  },
];
