import type { Edition } from '../../engine/contract/types.js';
import { defaultSeams } from '../endpoint/defaults.js';
import type { StoredRequest } from '../endpoint/store.js';
import { isoTime } from './clock.js';
import { type Members, type SetUpKind, type SetUpObject, type TenantRequest } from './model.js';
import type { Askable } from './odata.js';
import type { Tenant } from './tenant.js';

type Holdings = Pick<Tenant, 'directory' | 'clock' | 'settings' | 'users'>;

/** What can be asked of the collections of set-up objects. */
export const setUpAskable: Readonly<Record<SetUpKind, Askable>> = {
  accessPackageCatalogs: { filters: ['id', 'displayName', 'catalogType', 'catalogStatus'], navigation: [] },
  accessPackages: {
    filters: ['id', 'displayName', 'catalogId', 'accessPackageCatalog/id'],
    navigation: ['accessPackageCatalog'],
  },
  accessPackageAssignmentPolicies: {
    filters: ['id', 'displayName', 'accessPackageId', 'accessPackage/id'],
    navigation: ['accessPackage'],
  },
};

/** A catalog, package or policy with all that could be shown of it. */
export function shownObject(object: SetUpObject, { directory }: Pick<Tenant, 'directory'>): Members {
  const { id, kind, parentId, createdMs, createdBy, members } = object;
  const at = isoTime(createdMs);
  const common = { id, ...members, createdBy, createdDateTime: at, modifiedBy: createdBy, modifiedDateTime: at };
  if (kind === 'accessPackageCatalogs' || parentId === null) return common;
  const [parentKind, name] =
    kind === 'accessPackages'
      ? (['accessPackageCatalogs', 'accessPackageCatalog'] as const)
      : (['accessPackages', 'accessPackage'] as const);
  const parent = directory.find(parentKind, parentId);
  return { ...common, [name]: parent === null ? null : { id: parent.id, ...parent.members } };
}

/** The name under which an API shows the assignment of a request. */
const assignmentMember = ({ api }: Edition): string => (api === 'v1.0' ? 'assignment' : 'accessPackageAssignment');

/** What can be asked of the collection of requests. */
export function requestAskable(edition: Edition): Askable {
  const { stateMember, statusMember } = edition.resource;
  const assignment = assignmentMember(edition);
  return {
    filters: [
      'id',
      stateMember,
      statusMember,
      'requestType',
      'justification',
      'requestor/id',
      'requestor/objectId',
      'accessPackage/id',
      `${assignment}/id`,
    ],
    navigation: ['accessPackage', 'requestor', assignment],
  };
}

/** A request with all that could be shown of it: what the embedded target shows, and what only a tenant knows. */
export function shownRequest(request: StoredRequest, edition: Edition, holdings: Holdings): Members {
  const shown = defaultSeams.represent(request, edition);
  if (!('policyId' in request)) return shown;
  const known = request as TenantRequest;
  const accessPackage = holdings.directory.find('accessPackages', known.packageId);
  return {
    ...shown,
    ...(request.status === 'delivered' ? { [edition.resource.statusMember]: fulfilment(known, holdings) } : {}),
    schedule: shownSchedule(known),
    accessPackage:
      accessPackage === null ? { id: known.packageId } : { id: accessPackage.id, ...accessPackage.members },
    [assignmentMember(edition)]: {
      id: known.assignmentId,
      accessPackageId: known.packageId,
      assignmentPolicyId: known.policyId,
      targetId: known.targetId,
    },
  };
}

/** The users are told a while after the delivery. */
function fulfilment({ sinceMs }: TenantRequest, { clock, settings }: Holdings): string {
  return clock.now() < sinceMs + settings.delays.notifying ? 'Fulfilled' : 'FulfilledNotificationTriggered';
}

function shownSchedule({ schedule }: TenantRequest): Members {
  const expiration = { endDateTime: null, duration: null, type: 'notSpecified' };
  return { startDateTime: null, recurrence: null, expiration, ...schedule };
}

/** What can be asked of the collection of assignments. */
export const assignmentAskable: Askable = {
  filters: [
    'id',
    'accessPackageId',
    'assignmentPolicyId',
    'targetId',
    'assignmentState',
    'accessPackage/id',
    'accessPackageAssignmentPolicy/id',
    'target/objectId',
  ],
  navigation: ['accessPackage', 'accessPackageAssignmentPolicy', 'target'],
};

/** The assignment that a delivered request led to. */
export function shownAssignment(request: TenantRequest, holdings: Holdings): Members {
  const { packageId, policyId, targetId } = request;
  const accessPackage = holdings.directory.find('accessPackages', packageId);
  return {
    id: request.assignmentId,
    catalogId: accessPackage?.parentId ?? null,
    accessPackageId: packageId,
    assignmentPolicyId: policyId,
    targetId,
    assignmentStatus: 'Delivered',
    assignmentState: 'Delivered',
    isExtended: false,
    expiredDateTime: null,
    schedule: shownSchedule(request),
    accessPackage: { id: packageId, ...accessPackage?.members },
    accessPackageAssignmentPolicy: { id: policyId },
    target: { id: targetId, objectId: targetId, displayName: holdings.users.get(targetId) ?? null, type: 'User' },
  };
}
