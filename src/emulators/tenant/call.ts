import type { Edition } from '../../engine/contract/types.js';
import type { Call, Caller } from '../endpoint/seams.js';
import type { Kind, Members } from './model.js';
import type { Reply } from './replies.js';
import { bodyOf } from './bodies.js';
import { whose, type Tenant } from './tenant.js';

/** A call that passed authentication and the permission of its kind. */
export interface TenantCall {
  readonly tenant: Tenant;
  readonly call: Call;
  readonly caller: Caller;
  readonly url: URL;
  /** The API and edition by which the call is answered. */
  readonly edition: Edition;
  /** What stands in the path where the route has a variable, in lower case. */
  readonly ids: readonly string[];
  /** Its number in the record of accesses. */
  readonly number: number;
}

export type Handler = (call: TenantCall) => Reply | Promise<Reply>;

/** Object id of the caller. */
export const callerId = ({ caller }: TenantCall): string => caller.userId ?? '';

/** The body of a call as a JSON object. */
export const membersOf = ({ call }: TenantCall): Promise<Members> => bodyOf(call);

/** Notes that a call's body names an object. */
export function touch({ tenant, number }: TenantCall, kind: Kind, id: string): void {
  tenant.accesses.touch(number, { kind, id, foreign: whose(tenant, kind, id) === 'foreign' });
}

/** The text of a member, when it is one. */
export function textIn(members: Members, name: string): string | null {
  const value = members[name];
  return typeof value === 'string' ? value : null;
}

/** An id in a body, in the spelling of the store; empty when there is none. */
export const idIn = (members: Members, name: string): string => textIn(members, name)?.toLowerCase() ?? '';
