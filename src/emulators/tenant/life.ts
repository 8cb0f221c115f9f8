import { isoTime } from './clock.js';
import { isFinal, type TenantRequest } from './model.js';
import type { Delays } from './choices.js';

/** Told of each request that enters a status. */
export type Entered = (request: TenantRequest) => void;

/**
 * What has become of a request by now. Nothing runs in the background: every step that was due is taken when somebody looks.
 * @returns the same object when no step was due
 */
export function advance(
  request: TenantRequest,
  { nowMs, delays, entered }: { readonly nowMs: number; readonly delays: Delays; readonly entered: Entered },
): TenantRequest {
  let current = request;
  for (;;) {
    const next = nextStep(current, delays);
    if (next === null || next.sinceMs > nowMs) return current;
    if (next.status !== current.status) entered(next);
    current = next;
  }
}

/** The next step of a request, with the moment at which it is due in `sinceMs`. */
function nextStep(request: TenantRequest, delays: Delays): TenantRequest | null {
  const { status, sinceMs, stage, cancel, startMs } = request;
  // What waits for its cancel goes no other way.
  if (cancel !== null) return { ...request, ...cancel.record, cancel: null, sinceMs: cancel.atMs };
  switch (status) {
    case 'accepted':
      return enter(request, afterAcceptance(request, sinceMs + delays.accepting), sinceMs + delays.accepting);
    case 'pendingApproval':
      return stage === null ? null : awaitApprover(request, stage);
    case 'pendingApprovalEscalated':
      return stage === null ? null : enter(request, 'expired', sinceMs + stage.timeOutMs - (stage.escalationMs ?? 0));
    case 'pendingNotBefore':
      return startMs === null ? null : enter(request, 'delivering', startMs);
    case 'delivering':
      return request.hangs
        ? enter(request, 'deliveryFailed', sinceMs + delays.hanging)
        : enter(request, 'delivered', sinceMs + delays.delivering);
    default:
      return null;
  }
}

function afterAcceptance(request: TenantRequest, atMs: number): string {
  return request.stage === null ? afterApproval(request, atMs) : 'pendingApproval';
}

/** Where a request goes that nobody has to approve any more. */
export function afterApproval({ startMs }: TenantRequest, atMs: number): string {
  return startMs !== null && startMs > atMs ? 'pendingNotBefore' : 'delivering';
}

function awaitApprover(request: TenantRequest, stage: NonNullable<TenantRequest['stage']>): TenantRequest {
  return stage.escalationMs === null
    ? enter(request, 'expired', request.sinceMs + stage.timeOutMs)
    : enter(request, 'pendingApprovalEscalated', request.sinceMs + stage.escalationMs);
}

/** A request that enters a status at a moment. */
export function enter(request: TenantRequest, status: string, atMs: number): TenantRequest {
  const next = { ...request, status, sinceMs: atMs };
  return isFinal(next) ? { ...next, completedAt: isoTime(atMs) } : next;
}
