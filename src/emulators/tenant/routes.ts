import type { Handler } from './call.js';
import { decideStep, listSteps, readApproval, readStep } from './calls/approvals.js';
import { listAssignments, readAssignment } from './calls/assignments.js';
import { createRequest } from './calls/create-request.js';
import { countRequests, deleteRequest, listOwnRequests, listRequests } from './calls/requests.js';
import { createObject, deleteObject, listObjects, readObject } from './calls/set-up.js';
import type { Edition } from '../../engine/contract/types.js';
import type { Seams } from '../endpoint/seams.js';
import type { Kind, SetUpKind } from './model.js';
import type { AccessKind } from './permissions.js';

/** A call that the tenant answers by itself; reading and cancelling a request are the embedded target's. */
interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Segments below the service's root; a group of the expression is a variable. */
  readonly path: RegExp;
  readonly access: AccessKind;
  readonly handle: Handler;
}

const at = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const id = '([^/]+)';

function setUpRoutes(kind: SetUpKind): readonly Route[] {
  const [all, one] = [at(kind), at(`${kind}/${id}`)];
  return [
    { method: 'GET', path: all, access: 'read', handle: listObjects(kind) },
    { method: 'POST', path: all, access: 'manage', handle: createObject(kind) },
    { method: 'GET', path: one, access: 'read', handle: readObject(kind) },
    { method: 'DELETE', path: one, access: 'manage', handle: deleteObject(kind) },
  ];
}

const approval = `accessPackageAssignmentApprovals/${id}`;

const setUpAndReview: readonly Route[] = [
  ...setUpRoutes('accessPackageCatalogs'),
  ...setUpRoutes('accessPackages'),
  ...setUpRoutes('accessPackageAssignmentPolicies'),
  { method: 'GET', path: at('accessPackageAssignments'), access: 'read', handle: listAssignments },
  { method: 'GET', path: at(`accessPackageAssignments/${id}`), access: 'read', handle: readAssignment },
  { method: 'GET', path: at(approval), access: 'review', handle: readApproval },
  { method: 'GET', path: at(`${approval}/steps`), access: 'review', handle: listSteps },
  { method: 'GET', path: at(`${approval}/steps/${id}`), access: 'review', handle: readStep },
  { method: 'PATCH', path: at(`${approval}/steps/${id}`), access: 'decide', handle: decideStep },
];

function requestRoutes(collection: string): readonly Route[] {
  const own = `(?:microsoft\\.graph\\.)?filterByCurrentUser\\(on=(?:'|%27)(\\w+)(?:'|%27)\\)`;
  return [
    { method: 'GET', path: at(collection), access: 'list', handle: listRequests },
    { method: 'POST', path: at(collection), access: 'ask', handle: createRequest },
    { method: 'GET', path: at(`${collection}/(?:\\$|%24)count`), access: 'list', handle: countRequests },
    { method: 'GET', path: at(`${collection}/${own}`), access: 'mine', handle: listOwnRequests },
    { method: 'DELETE', path: at(`${collection}/${id}`), access: 'manage', handle: deleteRequest },
  ];
}

/** The kind of object that each collection holds. */
export const collectionKinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['accessPackageCatalogs', 'accessPackageCatalogs'],
  ['accessPackages', 'accessPackages'],
  ['accessPackageAssignmentPolicies', 'accessPackageAssignmentPolicies'],
  ['accessPackageAssignmentRequests', 'accessPackageAssignmentRequests'],
  ['assignmentRequests', 'accessPackageAssignmentRequests'],
  ['accessPackageAssignments', 'accessPackageAssignments'],
  ['accessPackageAssignmentApprovals', 'accessPackageAssignmentApprovals'],
]);

const requestCollections: readonly string[] = ['accessPackageAssignmentRequests', 'assignmentRequests'];
const routesByCollections = new Map<string, readonly Route[]>();

/** The calls that the tenant answers by itself. Requests stand where the embedded target has them, altered or not. */
export function routesOf(edition: Edition, { locate }: Seams): readonly Route[] {
  const root = `/${edition.api}${edition.servicePath}`;
  const collections = requestCollections.filter((name) => locate(`${root}/${name}/id`, edition).kind === 'request');
  const key = [edition.api, ...collections].join(' ');
  const routes = routesByCollections.get(key) ?? [
    ...collections.flatMap(requestRoutes),
    // A tenant is set up through beta, whichever API is judged.
    ...(edition.api === 'beta' ? setUpAndReview : []),
  ];
  routesByCollections.set(key, routes);
  return routes;
}

/** What a path leads to; without a route the path is known and the method is not. */
export interface Match {
  readonly route: Route | null;
  /** The variables of the path, in lower case where they are ids. */
  readonly ids: readonly string[];
  /** The methods that the path allows. */
  readonly allowed: readonly string[];
}

/** @returns null when no route has this path, or when reading and cancelling are meant, which are not answered here */
export function matching(routes: readonly Route[], below: string, method: string): Match | null {
  const there = routes.filter(({ path }) => path.test(below));
  const route = there.find((candidate) => candidate.method === method) ?? null;
  if (there.length === 0 || (route === null && there.every(({ handle }) => handle === deleteRequest))) return null;
  const ids = (there[0]?.path.exec(below) ?? [])
    .slice(1)
    .map((text) => (route?.access === 'mine' ? text : text.toLowerCase()));
  return { route, ids, allowed: there.map((candidate) => candidate.method) };
}
