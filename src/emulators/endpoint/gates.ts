import type { RefusalCause } from './refusals.js';
import type { AdmittedCall, Call, Caller, GateName, Seams } from './seams.js';
import type { StoredRequest } from './store.js';
import type { Claims } from './tokens.js';

/** A question that a call must pass: null when it does, else why not. May fill in what it learnt about the call. */
export type Gate = (call: Call, seams: Seams) => RefusalCause | null | Promise<RefusalCause | null>;

/** 401 unless the credentials are a valid bearer token. Fills in the caller. */
async function authentication(call: Call, seams: Seams): Promise<RefusalCause | null> {
  const credentials = seams.readCredentials(call);
  if (credentials === null) return 'missingCredentials';
  if (credentials.token === '') return 'emptyCredentials';
  if (!seams.acceptsScheme(credentials.scheme)) return 'foreignScheme';
  const claims = await seams.readClaims(credentials.token, call);
  if (claims === null || !seams.isForThisService(claims)) return 'invalidToken';
  if (!seams.isWithinLifetime(claims, Date.now() / 1000)) return 'expiredToken';
  call.caller = callerOf(claims, seams);
  return null;
}

function callerOf(claims: Claims, seams: Seams): Caller {
  return {
    claims,
    userId: claims.oid ?? null,
    permissions: seams.grantedPermissions(claims),
    administrator: seams.isAdministrator(claims),
  };
}

/** The page supports work and school accounts only: no application by itself, no personal account. */
function accountKind(call: Call, seams: Seams): RefusalCause | null {
  const { claims } = callerIn(call);
  if (!seams.isDelegated(claims)) return 'applicationToken';
  return seams.isPersonalAccount(claims) ? 'personalAccount' : null;
}

/** Whether the token suffices for any cancel at all; whose request it suffices for is asked later. */
function permission(call: Call, seams: Seams): RefusalCause | null {
  const { administrator, own } = call.edition.permissions;
  return seams.permits(callerIn(call).permissions, [...administrator, ...own]) ? null : 'missingPermission';
}

/** Fills in the id. */
function id(call: Call, seams: Seams): RefusalCause | null {
  call.id = call.address.kind === 'unknown' ? null : seams.parseId(call.address.idSegment);
  return call.id === null ? 'malformedId' : null;
}

/** Fills in the request. */
function existence(call: Call, seams: Seams): RefusalCause | null {
  call.request = call.id === null ? null : seams.findRequest(call.id, call);
  return call.request === null ? 'unknownId' : null;
}

/** An administrator may cancel anybody's request, everybody else their own. */
function ownership(call: Call, seams: Seams): RefusalCause | null {
  const { caller, request, edition } = admitted(call);
  if (caller.administrator && seams.permits(caller.permissions, edition.permissions.administrator)) return null;
  return seams.owns(caller, request) && seams.permits(caller.permissions, edition.permissions.own) ? null : 'notOwner';
}

/** Reads the body, also that of an administrator, of whom only well-formed JSON is asked. Fills in the body. */
async function body(call: Call, seams: Seams): Promise<RefusalCause | null> {
  const bytes = await seams.readBody(call);
  if (typeof bytes === 'string') return bytes;
  const isRead = bytes.length > 0 && call.edition.body.rule !== 'none';
  if (isRead && !seams.acceptsMediaType(call.headers['content-type'])) return 'unsupportedMediaType';
  const parsed = await seams.parseBody(bytes, admitted(call));
  if (typeof parsed === 'string') return parsed;
  call.body = parsed;
  return seams.checkBody(parsed, admitted(call));
}

/** Looks at the request anew: another call may have changed it while the body was on its way. */
function status(call: Call, seams: Seams): RefusalCause | null {
  const admittedCall = admitted(call);
  const current = call.store.get(admittedCall.request.id);
  if (current === null) return 'unknownId';
  call.request = current;
  if (seams.isCancellable(current, admittedCall)) return null;
  return current.status === 'cancelled' ? 'alreadyCancelled' : 'notCancellable';
}

/** The gates of the action by name. */
export const actionGates: Readonly<Record<GateName, Gate>> = {
  authentication,
  accountKind,
  permission,
  id,
  existence,
  ownership,
  body,
  status,
};

const readPermissions = ['EntitlementManagement.Read.All', 'EntitlementManagement.ReadWrite.All'];

function readAccountKind(call: Call, seams: Seams): RefusalCause | null {
  return seams.isPersonalAccount(callerIn(call).claims) ? 'personalAccount' : null;
}

function readPermission(call: Call, seams: Seams): RefusalCause | null {
  return seams.permits(callerIn(call).permissions, readPermissions) ? null : 'missingPermission';
}

/** Administrators and applications read every request, everybody else their own. */
function readOwnership(call: Call, seams: Seams): RefusalCause | null {
  const { caller, request } = admitted(call);
  const readsAll = caller.administrator || !seams.isDelegated(caller.claims);
  return readsAll || seams.owns(caller, request) ? null : 'notOwner';
}

/** The gates in front of reading a request, in their order. */
export const readGates: readonly Gate[] = [
  authentication,
  readAccountKind,
  readPermission,
  id,
  existence,
  readOwnership,
];

function callerIn(call: Call): Caller {
  if (call.caller === null) throw new Error('a gate asks about the caller before authentication');
  return call.caller;
}

/**
 * The call as one whose caller and request are known: the same object.
 * @throws Error when an altered order of gates asks for them too early
 */
export function admitted(call: Call): AdmittedCall {
  if (!isAdmitted(call)) throw new Error('a gate asks about the caller or the request before they are known');
  return call;
}

function isAdmitted(call: Call): call is AdmittedCall {
  const known: readonly (Caller | string | StoredRequest | null)[] = [call.caller, call.id, call.request];
  return !known.includes(null);
}
