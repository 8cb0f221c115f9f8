import type { Fault } from '../alterations.js';
import type { RefusalCause } from '../refusals.js';
import type { AdmittedCall, Call, Seams } from '../seams.js';

/** How long after its answer a careless service carries out what it refused, in milliseconds. */
const momentMs = 20;

/** Cancels the request that a call's path names, whoever calls and whatever its status is. */
function cancelNamed(call: Call, seams: Seams): void {
  const id = call.address.kind === 'action' ? seams.parseId(call.address.idSegment) : null;
  const request = id === null ? null : call.store.get(id);
  // What looks at the caller when it cancels is another fault's; by itself this one knows the request and nobody else.
  if (request !== null) call.store.put(seams.cancelledRecord(request, call as AdmittedCall));
}

/** A service that refuses for some causes, and has cancelled by then. */
export function carriedOutAllTheSame(causes: readonly RefusalCause[]): Fault['override'] {
  return (seams) => ({
    describeRefusal: (cause, call) => {
      if (causes.includes(cause)) cancelNamed(call, seams);
      return seams.describeRefusal(cause, call);
    },
  });
}

/** A service that refuses for some causes, and cancels a moment after it said so. */
export function carriedOutLater(causes: readonly RefusalCause[]): Fault['override'] {
  return (seams) => ({
    lateEffect: (answer, call) => {
      if (causes.some((cause) => cause === answer.outcome))
        aMomentLater(() => {
          cancelNamed(call, seams);
        });
    },
  });
}

/** Does something a moment later, unless the process ends before. */
export function aMomentLater(effect: () => void): void {
  setTimeout(effect, momentMs).unref();
}
