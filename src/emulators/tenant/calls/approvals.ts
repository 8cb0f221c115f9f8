import { checkedMembers } from '../bodies.js';
import { callerId, membersOf, textIn, type Handler, type TenantCall } from '../call.js';
import { isoTime } from '../clock.js';
import { afterApproval, enter } from '../life.js';
import type { Members, TenantRequest } from '../model.js';
import { projected, refuseUnknownOptions } from '../odata.js';
import { conflict, notFound, unauthorized } from '../replies.js';

const awaiting: readonly string[] = ['pendingApproval', 'pendingApprovalEscalated'];

/** Reads an approval; its id is that of the request. */
export const readApproval: Handler = (call) => {
  const askable = { navigation: ['steps'] };
  refuseUnknownOptions(call.url, askable);
  const request = approvalOf(call);
  return { status: 200, body: projected({ id: request.id, steps: [shownStep(request, call)] }, call.url, askable) };
};

/** Lists the one step of an approval. */
export const listSteps: Handler = (call) => ({ status: 200, body: { value: [shownStep(approvalOf(call), call)] } });

/** Reads a step. */
export const readStep: Handler = (call) => ({ status: 200, body: shownStep(stepOf(call), call) });

/** Decides: an approver who is not the requestor approves or denies, once. */
export const decideStep: Handler = async (call) => {
  const request = stepOf(call);
  const review = checkedMembers(await membersOf(call), 'review');
  if (!isApprover(request, callerId(call))) throw unauthorized('The caller is no approver of this request.');
  if (!awaiting.includes(request.status)) throw conflict('The step is decided, or the request is over.');
  const { tenant } = call;
  const nowMs = tenant.clock.now();
  const result = review['reviewResult'] === 'Approve' ? 'Approve' : 'Deny';
  const decision = { result, justification: textIn(review, 'justification'), by: callerId(call), atMs: nowMs } as const;
  const status = result === 'Approve' ? afterApproval(request, nowMs) : 'denied';
  const decided: TenantRequest = { ...enter(request, status, nowMs), decision };
  // Somebody else may have been faster while the body was on its way.
  const isCurrent = tenant.requests.replace(request, decided);
  if (!isCurrent) throw conflict('The request has changed in the meantime.');
  return { status: 204 };
};

/** An approval comes into being when the request starts to wait for it. */
function approvalOf(call: TenantCall): TenantRequest {
  const request = call.tenant.requests.get(call.ids[0] ?? '');
  if (request?.stage == null || request.status === 'accepted') throw notFound('approval');
  if (!call.caller.administrator && !isInvolved(request, callerId(call))) {
    throw unauthorized('The caller is no approver of this request.');
  }
  return request;
}

function stepOf(call: TenantCall): TenantRequest {
  const request = approvalOf(call);
  if (request.stepId !== call.ids[1]) throw notFound('step');
  return request;
}

const isInvolved = ({ stage }: TenantRequest, userId: string): boolean =>
  stage !== null && [...stage.primaryApprovers, ...stage.escalationApprovers].includes(userId);

/** Nobody approves their own request; the other approvers are asked once it is escalated. */
function isApprover({ stage, status, targetId }: TenantRequest, userId: string): boolean {
  if (stage === null || targetId === userId) return false;
  const escalated = status === 'pendingApprovalEscalated' ? stage.escalationApprovers : [];
  return [...stage.primaryApprovers, ...escalated].includes(userId);
}

function shownStep(request: TenantRequest, call: TenantCall): Members {
  const { decision } = request;
  const isOpen = awaiting.includes(request.status);
  return {
    id: request.stepId,
    displayName: null,
    status: isOpen ? 'InProgress' : 'Completed',
    assignedToMe: isOpen && isApprover(request, callerId(call)),
    reviewResult: decision?.result ?? 'NotReviewed',
    justification: decision?.justification ?? '',
    reviewedBy: decision === null ? null : { id: decision.by, displayName: call.tenant.users.get(decision.by) ?? null },
    reviewedDateTime: decision === null ? null : isoTime(decision.atMs),
  };
}
