import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../alterations.js';

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

/** How long a cancel stays open to a race, in milliseconds: far above the distance of two calls sent together. */
const raceWindowMs = 25;

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
