import { defaultSeams } from '../endpoint/defaults.js';
import { actionGates } from '../endpoint/gates.js';
import type { Call, Caller } from '../endpoint/seams.js';
import { refusalFor } from './replies.js';

const readAll = 'EntitlementManagement.Read.All';
const writeAll = 'EntitlementManagement.ReadWrite.All';
const subjectAccess = 'EntitlementMgmt-SubjectAccess.ReadWrite';

interface AccessRule {
  /** Each of these suffices, as a scope of a user's token or a role of an application's. */
  readonly permissions: readonly string[];
  /** Whether an application by itself may call. */
  readonly applications: boolean;
  /** Whether a user needs a directory role. */
  readonly administratorsOnly: boolean;
}

/** Who may make which kind of call, by the published table of permissions. */
const accessRules = {
  /** Create and delete what is set up; delete requests. */
  manage: { permissions: [writeAll], applications: true, administratorsOnly: true },
  /** Read what is set up, and assignments. */
  read: { permissions: [readAll, writeAll], applications: true, administratorsOnly: true },
  /** Create a request; for whom is asked later. */
  ask: { permissions: [subjectAccess, writeAll], applications: true, administratorsOnly: false },
  /** List requests: administrators and applications all of them, everybody else their own. */
  list: { permissions: [readAll, writeAll], applications: true, administratorsOnly: false },
  /** List requests that concern oneself. */
  mine: { permissions: [subjectAccess, readAll, writeAll], applications: false, administratorsOnly: false },
  /** Look at an approval. */
  review: { permissions: [readAll, writeAll], applications: false, administratorsOnly: false },
  /** Decide in an approval; in which one is asked later. */
  decide: { permissions: [writeAll], applications: false, administratorsOnly: false },
} as const satisfies Readonly<Record<string, AccessRule>>;

export type AccessKind = keyof typeof accessRules;

/** @throws RefusedCall 401 unless the credentials are a valid bearer token */
export async function authenticated(call: Call): Promise<Caller> {
  const cause = await actionGates.authentication(call, defaultSeams);
  if (cause !== null || call.caller === null) throw refusalFor(cause ?? 'missingCredentials', call);
  return call.caller;
}

/** @throws RefusedCall 403 when the caller may not make calls of this kind */
export function refuseUnlessPermitted(call: Call, caller: Caller, kind: AccessKind): void {
  const rule: AccessRule = accessRules[kind];
  if (defaultSeams.isPersonalAccount(caller.claims)) throw refusalFor('personalAccount', call);
  if (isApplication(caller) && !rule.applications) throw refusalFor('applicationToken', call);
  if (!defaultSeams.permits(caller.permissions, rule.permissions)) throw refusalFor('missingPermission', call);
  if (rule.administratorsOnly && !actsForAll(caller)) throw refusalFor('notOwner', call);
}

export const isApplication = ({ claims }: Caller): boolean => !defaultSeams.isDelegated(claims);

/** Whether the caller may deal with what belongs to others. */
export const actsForAll = (caller: Caller): boolean => caller.administrator || isApplication(caller);

/** Whether the caller may change what belongs to others. */
export const managesAll = (caller: Caller): boolean =>
  actsForAll(caller) && defaultSeams.permits(caller.permissions, [writeAll]);
