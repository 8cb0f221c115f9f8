import { callerId, type Handler, type TenantCall } from '../call.js';
import { isAssigned, isFinal, type TenantRequest } from '../model.js';
import { countOf, pageOf, type Listed } from '../odata.js';
import { actsForAll } from '../permissions.js';
import { invalidModel, notFound, type Reply } from '../replies.js';
import { requestAskable } from '../show.js';

type Concern = (request: TenantRequest) => boolean;

function listed({ tenant, edition }: TenantCall, concerns: Concern): readonly Listed[] {
  const visible = tenant.requests
    .all()
    .filter((request) => tenant.nuisances.isVisible(request.createdMs) && concerns(request));
  return visible.map((request) => ({
    sequence: request.sequence,
    shown: tenant.seams.represent(request, edition),
  }));
}

const page = (call: TenantCall, concerns: Concern): Reply => ({
  status: 200,
  body: pageOf(listed(call, concerns), call.url, requestAskable(call.edition)),
});

/** Administrators and applications see all requests, everybody else their own. */
const seenBy =
  (call: TenantCall): Concern =>
  ({ targetId }) =>
    actsForAll(call.caller) || targetId === callerId(call);

/** Lists requests. */
export const listRequests: Handler = (call) => page(call, seenBy(call));

/** Counts what would be listed. */
export const countRequests: Handler = (call) => ({
  status: 200,
  body: countOf(listed(call, seenBy(call)), call.url, requestAskable(call.edition)),
});

const concerns: Readonly<Record<string, (request: TenantRequest, userId: string) => boolean>> = {
  target: ({ targetId }, userId) => targetId === userId,
  createdBy: ({ createdBy }, userId) => createdBy === userId,
  approver: ({ stage }, userId) =>
    stage !== null && [...stage.primaryApprovers, ...stage.escalationApprovers].includes(userId),
};

/** Lists the requests that concern the caller in the way that the function's parameter names. */
export const listOwnRequests: Handler = (call) => {
  const on = call.ids[0] ?? '';
  const concern = concerns[on];
  if (concern === undefined) throw invalidModel(`on: only ${Object.keys(concerns).join(', ')} are supported.`);
  return page(call, (request) => concern(request, callerId(call)));
};

/** Deletes a request that is over and has no assignment. */
export const deleteRequest: Handler = ({ tenant, ids }) => {
  const request = tenant.requests.get(ids[0] ?? '');
  if (request === null) throw notFound('request');
  if (!isFinal(request)) throw invalidModel('Only a request that was denied, cancelled or completed can be deleted.');
  if (isAssigned(request)) throw invalidModel('The request has an assignment: remove it first.');
  tenant.requests.delete(request.id);
  return { status: 204 };
};
