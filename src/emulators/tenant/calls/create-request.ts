import { randomUUID } from 'node:crypto';
import { checkedMembers } from '../bodies.js';
import { callerId, idIn, membersOf, textIn, touch, type TenantCall } from '../call.js';
import { isoTime } from '../clock.js';
import { isFinal, type Members, type SetUpObject, type TenantRequest } from '../model.js';
import { isApplication, managesAll } from '../permissions.js';
import { entityOf } from '../odata.js';
import { invalidModel, notResourceOwner, refusalFor, unauthorized, type Reply } from '../replies.js';
import { requestAskable } from '../show.js';
import { approvalStageOf, isJustificationRequired, maySelfRequest } from './policy-terms.js';
import { duplicateKey, fingerprint } from './set-up.js';

/** The types of request that this tenant knows. */
const requestTypes = ['UserAdd', 'AdminAdd', 'AdminRemove'] as const;
type RequestType = (typeof requestTypes)[number];

/** What a request of any type is about. */
type Subject = Pick<
  TenantRequest,
  'packageId' | 'policyId' | 'targetId' | 'assignmentId' | 'removes' | 'stage' | 'schedule' | 'startMs' | 'hangs'
>;

/** Creates a request: for oneself (UserAdd), for others (AdminAdd), or to take an assignment away (AdminRemove). */
export async function createRequest(call: TenantCall): Promise<Reply> {
  const sent = checkedMembers(await membersOf(call), 'request');
  const requestType = requestTypeIn(sent);
  const subject = subjectOf(requestType, sent, call);
  const key = fingerprint(call, 'accessPackageAssignmentRequests', sent);
  refuseDuplicate(key, call);
  const request = newRequest(call, { requestType, justification: textIn(sent, 'justification'), ...subject });
  call.tenant.requests.put(request);
  call.tenant.nuisances.remember(key, request.id);
  const shown = call.tenant.seams.represent(request, call.edition);
  const body = { ...entityOf(shown, call.url, requestAskable(call.edition)), createdDateTime: null };
  return { status: call.tenant.nuisances.createStatus(), body };
}

function requestTypeIn(sent: Members): RequestType {
  const name = textIn(sent, 'requestType')?.toLowerCase();
  const known = requestTypes.find((type) => type.toLowerCase() === name);
  if (known === undefined) throw invalidModel(`requestType: only ${requestTypes.join(', ')} are supported.`);
  return known;
}

function subjectOf(type: RequestType, sent: Members, call: TenantCall): Subject {
  const assignment = sent['accessPackageAssignment'] ?? sent['assignment'];
  if (type === 'UserAdd') return ownAddition(sent, checkedMembers(assignment, 'addition'), call);
  // The administrator's types act on others, whatever the permission for one's own requests says.
  if (!managesAll(call.caller)) throw refusalFor('notOwner', call.call);
  return type === 'AdminAdd'
    ? additionForOthers(sent, checkedMembers(assignment, 'addition'), call)
    : removal(checkedMembers(assignment, 'removal'), call);
}

function ownAddition(sent: Members, assignment: Members, call: TenantCall): Subject {
  const caller = callerId(call);
  if (isApplication(call.caller)) throw refusalFor('applicationToken', call.call);
  if ((textIn(assignment, 'targetId')?.toLowerCase() ?? caller) !== caller) {
    throw notResourceOwner('A user requests access for themselves only.');
  }
  const policy =
    textIn(assignment, 'assignmentPolicyId') === null ? onlyPolicy(assignment, call) : policyIn(assignment, call);
  if (!maySelfRequest(policy, caller)) throw unauthorized('The policy does not let the caller request access.');
  if (isJustificationRequired(policy) && (textIn(sent, 'justification') ?? '') === '') {
    throw invalidModel('justification: the policy demands one.');
  }
  if (startOf(sent) !== null) throw invalidModel('schedule: the policy does not let requestors choose a start.');
  return { ...addition(sent, { policy, targetId: caller }, call), stage: approvalStageOf(policy) };
}

/** Assigned by an administrator or an application: whoever has to approve does, unless the request says otherwise. */
function additionForOthers(sent: Members, assignment: Members, call: TenantCall): Subject {
  const targetId = idIn(assignment, 'targetId');
  if (!call.tenant.users.has(targetId)) throw invalidModel('accessPackageAssignment/targetId: no such user.');
  const policy = policyIn(assignment, call);
  const asked = (sent['parameters'] ?? {}) as Members;
  const isBypassed = asked['bypassApproval'] === true || call.tenant.nuisances.isOn('approval-bypassed');
  return { ...addition(sent, { policy, targetId }, call), stage: isBypassed ? null : approvalStageOf(policy) };
}

interface Grant {
  readonly policy: SetUpObject;
  readonly targetId: string;
}

function addition(sent: Members, { policy, targetId }: Grant, call: TenantCall): Subject {
  const schedule = (sent['schedule'] ?? null) as Members | null;
  const startMs = startOf(sent);
  const [packageId, policyId] = [policy.parentId ?? '', policy.id];
  const resembling = call.tenant.requests
    .all()
    .some((other) => other.targetId === targetId && other.policyId === policyId && other.startMs === startMs);
  const hangs = call.tenant.nuisances.hangs(resembling);
  return {
    ...{ packageId, policyId, targetId, schedule, startMs, hangs },
    assignmentId: randomUUID(),
    removes: false,
    stage: null,
  };
}

function removal(assignment: Members, call: TenantCall): Subject {
  const id = idIn(assignment, 'id');
  touch(call, 'accessPackageAssignments', id);
  const { requests } = call.tenant;
  const holder = requests.assigned().find(({ assignmentId }) => assignmentId === id);
  if (holder === undefined) throw invalidModel('accessPackageAssignment/id: there is no assignment with this id.');
  const isUnderWay = requests.all().some((other) => other.removes && other.assignmentId === id && !isFinal(other));
  if (isUnderWay) throw invalidModel('accessPackageAssignment/id: the assignment is being removed already.');
  const { packageId, policyId, targetId, assignmentId } = holder;
  const whole = { schedule: null, startMs: null, stage: null, hangs: false, removes: true };
  return { packageId, policyId, targetId, assignmentId, ...whole };
}

/** Whoever asks for themselves may name the package alone, where one policy of it lets them. */
function onlyPolicy(assignment: Members, call: TenantCall): SetUpObject {
  const packageId = idIn(assignment, 'accessPackageId');
  touch(call, 'accessPackages', packageId);
  const open = call.tenant.directory
    .all('accessPackageAssignmentPolicies')
    .filter((policy) => policy.parentId === packageId && maySelfRequest(policy, callerId(call)));
  const [policy] = open;
  if (policy === undefined) throw unauthorized('No policy of the access package lets the caller request access.');
  if (open.length > 1)
    throw invalidModel('accessPackageAssignment/assignmentPolicyId: several policies let the caller.');
  refuseUnlessAdmitted(policy, call);
  return policy;
}

/** The policy that a body names, when it belongs to the package that the body names. */
function policyIn(assignment: Members, call: TenantCall): SetUpObject {
  const [packageId, policyId] = [idIn(assignment, 'accessPackageId'), idIn(assignment, 'assignmentPolicyId')];
  touch(call, 'accessPackages', packageId);
  touch(call, 'accessPackageAssignmentPolicies', policyId);
  const policy = call.tenant.directory.find('accessPackageAssignmentPolicies', policyId);
  if (policy?.parentId !== packageId) {
    throw invalidModel('accessPackageAssignment: there is no such policy in such an access package.');
  }
  refuseUnlessAdmitted(policy, call);
  return policy;
}

function refuseUnlessAdmitted(policy: SetUpObject, { tenant }: TenantCall): void {
  if (tenant.nuisances.admits(policy.createdMs)) return;
  const message = 'The policy does not know the user.';
  throw tenant.nuisances.admissionRefusal() === 400 ? invalidModel(message) : unauthorized(message);
}

/** The start that a body asks for, in milliseconds since 1970. */
function startOf(sent: Members): number | null {
  const schedule = (sent['schedule'] ?? {}) as Members;
  const start = textIn(schedule, 'startDateTime');
  return start === null ? null : Date.parse(start);
}

function refuseDuplicate(key: string, { tenant }: TenantCall): void {
  const earlier = tenant.requests.get(tenant.nuisances.earlier(key) ?? '');
  if (earlier !== null && !isFinal(earlier)) throw duplicateKey();
}

function newRequest(
  call: TenantCall,
  about: Subject & Pick<TenantRequest, 'requestType' | 'justification'>,
): TenantRequest {
  const nowMs = call.tenant.clock.now();
  return {
    ...about,
    id: randomUUID(),
    requestor: { userId: about.targetId, displayName: call.tenant.users.get(about.targetId) ?? '' },
    status: 'accepted',
    createdAt: isoTime(nowMs),
    completedAt: null,
    sequence: call.tenant.directory.nextSequence(),
    foreign: false,
    createdMs: nowMs,
    createdBy: callerId(call),
    sinceMs: nowMs,
    stepId: randomUUID(),
    decision: null,
    cancel: null,
    removed: false,
  };
}
