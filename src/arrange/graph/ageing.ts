import { approvalDays } from './bodies.js';
import type { JournalledObject } from './journal.js';

/** A prepared request, and how it reads. */
export interface PreparedState {
  readonly request: JournalledObject;
  /** As the tenant shows it, or `not found`. */
  readonly status: string;
  /** False: no run can use it any more. */
  readonly isUsable: boolean;
}

const awaited = new Set(['accepted', 'pendingapproval', 'pendingapprovalescalated']);

/** Whether a prepared request may still be used: it waits, or is escalated. @param status null for one that is not there */
export const isStillAwaited = (status: string | null): boolean => status !== null && awaited.has(status.toLowerCase());

/** Whether a prepared request has waited as long as any may, so that it can be told without asking that it is over. */
export const isOverdue = ({ createdAt }: JournalledObject, nowMs: number): boolean =>
  nowMs > Date.parse(createdAt) + approvalDays * 24 * 3_600_000;
