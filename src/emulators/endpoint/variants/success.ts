import { setTimeout as pause } from 'node:timers/promises';
import { alteringSuccess, refusingWith, type Variant } from '../alterations.js';
import { refusalTerms } from '../refusals.js';

/** How late the effect of a cancel shows in the variants that have one, in milliseconds. */
const delayMs = 30;

/** What the variants with a late effect are declared with: enough for a machine that is busy. */
const settleMs = 150;

/** Freedoms in the answer to a cancel that took place, and in when and how often it takes place. */
export const successVariants: readonly Variant[] = [
  {
    id: 'success-200',
    touches: ['C-1'],
    sentence: 'Answers a cancel with 200 and a Content-Length of 0.',
    override: alteringSuccess((answer) => ({ ...answer, status: 200 })),
  },
  {
    id: 'success-200-chunked-empty',
    touches: ['C-1', 'CANCEL-RESP-003'],
    sentence: 'Answers a cancel with 200 and a chunked body of no chunks.',
    override: alteringSuccess((answer) => ({ ...answer, status: 200, framing: 'chunked' })),
  },
  {
    id: 'success-200-ended-by-the-connection',
    touches: ['C-1', 'CANCEL-RESP-003'],
    sentence: 'Answers a cancel with 200, without a length, and ends the connection behind the head.',
    override: alteringSuccess((answer) => ({ ...answer, status: 200, framing: 'raw' })),
  },
  {
    id: 'success-200-with-content-type',
    touches: ['C-1', 'CANCEL-RESP-003'],
    sentence: 'Answers a cancel with 200, no content, and the media type that content would have.',
    override: alteringSuccess((answer) => ({
      ...answer,
      status: 200,
      headers: [...answer.headers, ['Content-Type', 'application/json']],
    })),
  },
  {
    id: 'second-cancel-idempotent',
    touches: ['C-6'],
    sentence: 'Answers a cancel of a cancelled request with success.',
    override: (seams) => ({
      isCancellable: (request, call) => request.status === 'cancelled' || seams.isCancellable(request, call),
      // Nothing is left to write, so the time of the first cancel stays; it may have been written while this one was judged.
      applyCancel: async (record, call) => {
        if (call.request.status === 'cancelled') return null;
        const cause = await seams.applyCancel(record, call);
        return cause === 'alreadyCancelled' ? null : cause;
      },
    }),
  },
  {
    id: 'second-cancel-409',
    touches: ['C-6'],
    sentence: 'Answers a cancel of a cancelled request with 409.',
    override: refusingWith({ status: 409, code: 'Conflict' }, ['alreadyCancelled']),
  },
  {
    id: 'second-cancel-404',
    touches: ['C-6'],
    sentence: 'Answers a cancel of a cancelled request as if there were none.',
    override: refusingWith(refusalTerms.unknownId, ['alreadyCancelled']),
  },
  {
    id: 'effect-within-settle-time',
    touches: ['C-10'],
    sentence: 'Answers at once and lets the status change a moment later.',
    needs: { settleMs },
    override: (seams) => ({
      applyCancel: (record, call) => {
        const before = call.request;
        setTimeout(() => call.store.replace(before, record), delayMs).unref();
        return null;
      },
      cancelledRecord: seams.cancelledRecord,
    }),
  },
  {
    id: 'effect-before-late-answer',
    touches: ['C-10'],
    sentence: 'Changes the status at once and answers a moment later.',
    override: (seams) => ({
      applyCancel: async (record, call) => {
        const cause = await seams.applyCancel(record, call);
        await pause(delayMs / 4);
        return cause;
      },
    }),
  },
  {
    id: 'delivery-failure-cancellable-for-administrators',
    touches: ['C-11', 'CANCEL-STATE-010'],
    sentence: 'Lets administrators cancel a request whose delivery failed, as the guide of the portal has it.',
    override: (seams) => ({
      isCancellable: (request, call) =>
        (request.status === 'deliveryFailed' && call.caller.administrator) || seams.isCancellable(request, call),
    }),
  },
];
