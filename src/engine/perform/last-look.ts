import { PrerequisiteError } from '../errors.js';
import type { Session } from './session.js';

/**
 * Reads what nothing was to happen to any more once more, when all else is done: a cancel that comes late shows, and so does
 * one that is taken back. It is told of the case that touched the request last. Nothing else is looked for: a target may move
 * its requests on by itself.
 */
export async function lookOnceMore(session: Session): Promise<void> {
  const { kept, arranging, contract, clock, breaker, held } = session;
  const { readsDone } = contract.endpoint;
  const all = kept.splice(0);
  await Promise.all(
    all.map(async ({ role, id, isDone, answeredAt, replace }) => {
      if (clock.signal.aborted || breaker.reason !== null) return;
      try {
        const reading = await arranging.provider.read(id);
        const afterMs = Math.round(clock.nowMs() - answeredAt);
        if (readsDone(reading.status) !== isDone) replace({ role, when: 'after', requestId: id, ...reading, afterMs });
        await arranging.provider.remove(id);
        held.delete(id);
      } catch (error) {
        // What can no longer be read tells nothing new.
        if (!(error instanceof PrerequisiteError)) throw error;
      }
    }),
  );
}
