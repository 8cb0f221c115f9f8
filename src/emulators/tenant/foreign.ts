import type { Chance } from './chance.js';
import { dayMs, isoTime } from './clock.js';
import type { SetUpKind, SetUpObject, TenantRequest } from './model.js';
import { approvalStageOf } from './calls/policy-terms.js';
import type { Tenant } from './tenant.js';

type Parts = Pick<Tenant, 'directory' | 'requests' | 'clock' | 'users'>;

/** How many of them share a thing. */
const [requestsPerUser, requestsPerPackage, packagesPerCatalog] = [5, 50, 10];

/** Statuses in which a tenant of long standing holds requests. None of them changes within a day. */
const statuses = [
  'delivered',
  'delivered',
  'delivered',
  'pendingApproval',
  'pendingNotBefore',
  'pendingApprovalEscalated',
  'denied',
  'cancelled',
  'deliveryFailed',
  'partiallyDelivered',
  'expired',
] as const;

/** Fills the tenant with what belongs to others: users, catalogs, packages, policies and requests. */
export function addForeignContent(parts: Parts, requests: number, chance: Chance): void {
  if (requests === 0) return;
  const users = Array.from({ length: Math.ceil(requests / requestsPerUser) }, () => chance.guid('user'));
  users.forEach((user, index) => parts.users.set(user, `Employee ${index + 1}`));
  const policies = foreignPolicies(parts, users, { chance, count: Math.ceil(requests / requestsPerPackage) });
  for (let number = 0; number < requests; number += 1) {
    const policy = policies[number % policies.length];
    const user = users[number % users.length];
    if (policy === undefined || user === undefined) continue;
    parts.requests.put(foreignRequest(parts, { policy, user, number }, chance));
  }
}

interface Packages {
  readonly chance: Chance;
  readonly count: number;
}

function foreignPolicies(parts: Parts, users: readonly string[], { chance, count }: Packages): readonly SetUpObject[] {
  const add = (kind: SetUpKind, displayName: string, rest: Pick<SetUpObject, 'parentId' | 'members'>): SetUpObject =>
    parts.directory.add({
      ...{ kind, displayName, foreign: true, createdBy: users[0] ?? '' },
      id: chance.guid(kind),
      createdMs: parts.clock.now() - 300 * dayMs,
      parentId: rest.parentId,
      members: { displayName, description: null, ...rest.members },
    });
  const policies: SetUpObject[] = [];
  let catalogId = '';
  for (let number = 0; number < count; number += 1) {
    if (number % packagesPerCatalog === 0) {
      const members = { catalogType: 'UserManaged', catalogStatus: 'Published', isExternallyVisible: false };
      catalogId = add('accessPackageCatalogs', `Department ${number + 1}`, { parentId: null, members }).id;
    }
    const name = `Project ${number + 1}`;
    const { id } = add('accessPackages', name, { parentId: catalogId, members: { catalogId, isHidden: false } });
    const members = { accessPackageId: id, ...usualTerms(users) };
    policies.push(add('accessPackageAssignmentPolicies', `${name}, everybody`, { parentId: id, members }));
  }
  return policies;
}

/** Everybody may ask, and the first two of the users decide within three months. */
function usualTerms([first = '', second = '']: readonly string[]) {
  const user = (id: string) => ({ '@odata.type': '#microsoft.graph.singleUser', isBackup: false, id });
  return {
    requestorSettings: { scopeType: 'AllExistingDirectorySubjects', acceptRequests: true, allowedRequestors: [] },
    requestApprovalSettings: {
      isApprovalRequired: true,
      approvalMode: 'SingleStage',
      approvalStages: [
        {
          approvalStageTimeOutInDays: 90,
          isEscalationEnabled: true,
          escalationTimeInMinutes: 60 * 1440,
          primaryApprovers: [user(first)],
          escalationApprovers: [user(second)],
        },
      ],
    },
  };
}

interface Origin {
  readonly policy: SetUpObject;
  readonly user: string;
  readonly number: number;
}

function foreignRequest(parts: Parts, { policy, user, number }: Origin, chance: Chance): TenantRequest {
  const status = chance.pick('status', statuses);
  const createdMs = parts.clock.now() - dayMs - (number % 10) * dayMs;
  const startMs = status === 'pendingNotBefore' ? createdMs + 365 * dayMs : null;
  const waits = status.startsWith('pending');
  return {
    ...{ status, startMs, createdMs, sinceMs: createdMs, foreign: true, createdBy: user, targetId: user },
    id: chance.guid('request'),
    sequence: parts.directory.nextSequence(),
    requestor: { userId: user, displayName: parts.users.get(user) ?? '' },
    requestType: 'UserAdd',
    justification: `Work on ${policy.displayName}`,
    createdAt: isoTime(createdMs),
    completedAt: waits ? null : isoTime(createdMs),
    packageId: policy.parentId ?? '',
    policyId: policy.id,
    assignmentId: chance.guid('assignment'),
    stepId: chance.guid('step'),
    schedule: startMs === null ? null : { startDateTime: isoTime(startMs) },
    stage: approvalStageOf(policy),
    ...{ decision: null, cancel: null, removes: false, removed: false, hangs: false },
  };
}
