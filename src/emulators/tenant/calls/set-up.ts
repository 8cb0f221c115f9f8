import { checkedMembers } from '../bodies.js';
import { callerId, idIn, membersOf, textIn, touch, type Handler, type TenantCall } from '../call.js';
import { isAssigned, isFinal, type Members, type SetUpKind, type SetUpObject, type TenantRequest } from '../model.js';
import { entityOf, pageOf, refuseUnknownOptions } from '../odata.js';
import { invalidModel, notFound, RefusedCall } from '../replies.js';
import { setUpAskable, shownObject } from '../show.js';

interface Recipe {
  readonly body: 'catalog' | 'package' | 'policy';
  /** Where the object belongs, and the member that says so. */
  readonly parent: { readonly kind: SetUpKind; readonly member: string } | null;
  /** What a creator may leave out. */
  readonly defaults: Members;
}

const recipes: Readonly<Record<SetUpKind, Recipe>> = {
  accessPackageCatalogs: {
    body: 'catalog',
    parent: null,
    defaults: { description: null, catalogType: 'UserManaged', catalogStatus: 'Published', isExternallyVisible: false },
  },
  accessPackages: {
    body: 'package',
    parent: { kind: 'accessPackageCatalogs', member: 'catalogId' },
    defaults: { description: null, isHidden: false, isRoleScopesVisible: false },
  },
  accessPackageAssignmentPolicies: {
    body: 'policy',
    parent: { kind: 'accessPackages', member: 'accessPackageId' },
    defaults: {
      description: null,
      canExtend: false,
      durationInDays: 0,
      expirationDateTime: null,
      accessReviewSettings: null,
      accessPackageNotificationSettings: { isAssignmentNotificationDisabled: false },
      questions: [],
    },
  },
};

const noun = (kind: SetUpKind): string => recipes[kind].body;

/** Creates a catalog, a package or a policy. */
export function createObject(kind: SetUpKind): Handler {
  return async (call) => {
    const { tenant } = call;
    const sent = checkedMembers(await membersOf(call), recipes[kind].body);
    const parentId = parentIn(sent, kind, call);
    refuseDuplicate(call, kind, sent);
    const object = tenant.directory.add({
      kind,
      parentId,
      displayName: textIn(sent, 'displayName') ?? '',
      members: { ...recipes[kind].defaults, ...sent },
      foreign: false,
      createdMs: tenant.clock.now(),
      createdBy: callerId(call),
    });
    tenant.nuisances.remember(fingerprint(call, kind, sent), object.id);
    const body = entityOf(shownObject(object, tenant), call.url, setUpAskable[kind]);
    return { status: tenant.nuisances.createStatus(), body };
  };
}

function parentIn(sent: Members, kind: SetUpKind, call: TenantCall): string | null {
  const { parent } = recipes[kind];
  if (parent === null) return null;
  const id = idIn(sent, parent.member);
  touch(call, parent.kind, id);
  if (call.tenant.directory.find(parent.kind, id) === null) {
    throw invalidModel(`${parent.member}: there is no ${noun(parent.kind)} with this id.`);
  }
  return id;
}

/** What makes two creates the same. */
export function fingerprint(call: TenantCall, kind: string, sent: Members): string {
  return JSON.stringify([kind, callerId(call), sent]);
}

function refuseDuplicate(call: TenantCall, kind: SetUpKind, sent: Members): void {
  const earlier = call.tenant.nuisances.earlier(fingerprint(call, kind, sent));
  if (earlier !== null && call.tenant.directory.find(kind, earlier) !== null) throw duplicateKey();
}

/** The service's words for a create that it has carried out before. */
export const duplicateKey = (): RefusedCall =>
  new RefusedCall(409, 'DuplicateKey', { message: 'There is already an entity like this one.' });

/** Lists catalogs, packages or policies. */
export function listObjects(kind: SetUpKind): Handler {
  return ({ tenant, url }) => {
    const visible = tenant.directory.all(kind).filter(({ createdMs }) => tenant.nuisances.isVisible(createdMs));
    const listed = visible.map((object) => ({ sequence: object.sequence, shown: shownObject(object, tenant) }));
    return { status: 200, body: pageOf(listed, url, setUpAskable[kind]) };
  };
}

/** Reads a catalog, a package or a policy. */
export function readObject(kind: SetUpKind): Handler {
  return (call) => {
    refuseUnknownOptions(call.url, setUpAskable[kind]);
    const object = found(call, kind);
    if (!call.tenant.nuisances.isVisible(object.createdMs)) throw notFound(noun(kind));
    return { status: 200, body: entityOf(shownObject(object, call.tenant), call.url, setUpAskable[kind]) };
  };
}

/** Deletes a catalog, a package or a policy that nothing hangs on. */
export function deleteObject(kind: SetUpKind): Handler {
  return (call) => {
    const { directory, requests, nuisances } = call.tenant;
    const object = found(call, kind);
    const using = requests.all().filter(({ packageId, policyId }) => [packageId, policyId].includes(object.id));
    const obstacle = directory.childrenOf(object.id).length > 0 ? 'what belongs to it' : obstacleAmong(using);
    if (obstacle !== null) throw invalidModel(`The ${noun(kind)} cannot be deleted: delete or end ${obstacle} first.`);
    const takenMs = requests.lastTakenMs(object.id);
    if (takenMs !== null && nuisances.isHeld(takenMs)) throw hasGrants();
    directory.delete(object.id);
    return { status: 204 };
  };
}

/** The service's words for a while after an assignment was removed. */
const hasGrants = (): RefusedCall =>
  new RefusedCall(400, 'InvalidDeleteEntitlementHasGrants', { message: 'There are still assignments of it.' });

function obstacleAmong(requests: readonly TenantRequest[]): string | null {
  if (requests.some((request) => !isFinal(request))) return 'its open requests';
  return requests.some(isAssigned) ? 'its assignments' : null;
}

function found({ tenant, ids }: TenantCall, kind: SetUpKind): SetUpObject {
  const object = tenant.directory.find(kind, ids[0] ?? '');
  if (object === null) throw notFound(noun(kind));
  return object;
}
