import { actionGates, admitted, readGates, type Gate } from './gates.js';
import type { RefusalCause } from './refusals.js';
import type { Answer, Call, Seams } from './seams.js';

/**
 * Answers one call to the service: address, method, gates, effect, answer. Whatever a seam throws becomes a 500.
 * @throws what the seams of the answer itself throw
 */
export async function answerCall(call: Call, seams: Seams): Promise<Answer> {
  const answer = await serve(call, seams).catch(() => refuse('serverError', call, seams));
  return seams.decorate(answer, call);
}

async function serve(call: Call, seams: Seams): Promise<Answer> {
  call.address = seams.locate(seams.rawPath(call.target), call.edition);
  if (!isServed(call, seams)) return refuse('unknownRoute', call, seams);
  const intercepted = call.address.kind === 'action' ? await seams.intercept(call) : null;
  if (intercepted !== null) return typeof intercepted === 'string' ? refuse(intercepted, call, seams) : intercepted;
  const isAllowed = seams.allowedMethods(call.address).includes(call.method);
  if (!isAllowed && !(await seams.overlooks('methodNotAllowed', call))) return refuse('methodNotAllowed', call, seams);
  return call.address.kind === 'action' ? cancel(call, seams) : read(call, seams);
}

function isServed({ address }: Call, seams: Seams): boolean {
  return address.kind === 'request' || (address.kind === 'action' && seams.namesAction(address.actionSegment));
}

async function cancel(call: Call, seams: Seams): Promise<Answer> {
  const gates = seams.order.map((name) => actionGates[name]);
  const cause = (await firstRefusal(gates, call, seams)) ?? (await takeEffect(call, seams));
  return cause === null ? seams.success(admitted(call)) : refuse(cause, call, seams);
}

function takeEffect(call: Call, seams: Seams): RefusalCause | null | Promise<RefusalCause | null> {
  const admittedCall = admitted(call);
  return seams.applyCancel(seams.cancelledRecord(admittedCall.request, admittedCall), admittedCall);
}

async function read(call: Call, seams: Seams): Promise<Answer> {
  const cause = await firstRefusal(readGates, call, seams);
  if (cause !== null) return refuse(cause, call, seams);
  const content = JSON.stringify(seams.represent(admitted(call).request, call.edition));
  return { outcome: 'read', status: 200, headers: [['Content-Type', 'application/json']], content, framing: 'length' };
}

async function firstRefusal(gates: readonly Gate[], call: Call, seams: Seams): Promise<RefusalCause | null> {
  for (const gate of gates) {
    const cause = await gate(call, seams);
    if (cause !== null && !(await seams.overlooks(cause, call))) return cause;
  }
  return null;
}

function refuse(cause: RefusalCause, call: Call, seams: Seams): Answer {
  const refusal = seams.describeRefusal(cause, call);
  return {
    outcome: cause,
    status: refusal.status,
    headers: [
      ['Content-Type', 'application/json'],
      ...seams.refusalHeaders(refusal, seams.allowedMethods(call.address)),
    ],
    content: JSON.stringify(seams.errorBody(refusal, call)),
    framing: 'length',
  };
}
