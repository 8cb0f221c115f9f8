import type { Seams } from '../seams.js';

type EffectSeams = Pick<Seams, 'isCancellable' | 'cancelledRecord' | 'applyCancel' | 'lateEffect'>;

/** What a cancel does: exactly one request changes, and of two cancels at the same moment one is too late. */
export const effectSeams: EffectSeams = {
  isCancellable: (request, { edition }) => edition.cancellable.includes(request.status),
  cancelledRecord: (request) => ({ ...request, status: 'cancelled', completedAt: new Date().toISOString() }),
  applyCancel: (record, call) => (call.store.replace(call.request, record) ? null : 'alreadyCancelled'),
  lateEffect: () => undefined,
};
