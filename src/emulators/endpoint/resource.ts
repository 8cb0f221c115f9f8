import type { Edition } from '../../engine/contract/types.js';
import type { StoredRequest } from './store.js';

/** The pair of values that the service shows for each status: contract, section 2. Without a row: the status twice. */
const shown: Readonly<Record<string, readonly [state: string, status: string]>> = {
  accepted: ['Submitted', 'Accepted'],
  pendingApproval: ['PendingApproval', 'PendingApproval'],
  pendingNotBefore: ['Scheduled', 'PendingNotBefore'],
  pendingApprovalEscalated: ['PendingApproval', 'PendingApprovalEscalated'],
  cancelled: ['Canceled', 'Canceled'],
  waitingForCallback: ['Delivering', 'WaitingForCallback'],
  expired: ['Denied', 'Expired'],
};

/** `pendingApproval` becomes `PendingApproval`. */
export const pascalCase = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
/** `PendingApproval` becomes `pendingApproval`. */
export const camelCase = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function requestorOf({ requestor }: StoredRequest): object | null {
  if (requestor === null) return null;
  return {
    id: requestor.userId,
    objectId: requestor.userId,
    displayName: requestor.displayName,
    type: 'User',
    principalName: null,
    email: null,
    onPremisesSecurityIdentifier: null,
  };
}

const schedule = {
  startDateTime: null,
  recurrence: null,
  expiration: { endDateTime: null, duration: null, type: 'notSpecified' },
} as const;

/** Both made up and the same for every request. */
const accessPackage = { id: 'e31f5b9c-62a7-4d08-9b14-8c7d02e6f5a3', displayName: 'Spring project' } as const;
const assignment = { id: 'f42a6cad-73b8-4e19-8c25-9d8e13f706b4' } as const;

type Members = Readonly<Record<string, unknown>>;

function betaMembers({ requestType, createdAt, completedAt }: StoredRequest): Members {
  return {
    requestType,
    isValidationOnly: false,
    createdDateTime: createdAt,
    completedDate: completedAt,
    expirationDateTime: null,
    history: [],
    customExtensionHandlerInstances: [],
    verifiedCredentialsData: [],
    accessPackageAssignment: assignment,
  };
}

function v1Members({ requestType, createdAt, completedAt }: StoredRequest): Members {
  return {
    requestType: camelCase(requestType),
    createdDateTime: createdAt,
    completedDateTime: completedAt,
    assignment,
  };
}

/** A request as a resource of the edition's API, with the members that public metadata gives it. */
export function represent(request: StoredRequest, edition: Edition): Members {
  const { id, status, justification } = request;
  const { stateMember, statusMember } = edition.resource;
  const [state, shownStatus] = shown[status] ?? [pascalCase(status), pascalCase(status)];
  return {
    id,
    // In v1.0 the state is an enumeration, whose names are in camelCase; the status is a string in both.
    [stateMember]: edition.api === 'v1.0' ? camelCase(state) : state,
    [statusMember]: shownStatus,
    ...(edition.api === 'v1.0' ? v1Members(request) : betaMembers(request)),
    justification,
    answers: [],
    schedule,
    customExtensionCalloutInstances: [],
    accessPackage,
    requestor: requestorOf(request),
  };
}
