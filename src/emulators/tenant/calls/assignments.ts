import type { Handler } from '../call.js';
import { entityOf, pageOf, refuseUnknownOptions } from '../odata.js';
import { notFound } from '../replies.js';
import { assignmentAskable, shownAssignment } from '../show.js';

/** Lists assignments. */
export const listAssignments: Handler = ({ tenant, url }) => {
  const listed = tenant.requests
    .assigned()
    .map((request) => ({ sequence: request.sequence, shown: shownAssignment(request, tenant) }));
  return { status: 200, body: pageOf(listed, url, assignmentAskable) };
};

/** Reads an assignment. */
export const readAssignment: Handler = ({ tenant, url, ids }) => {
  refuseUnknownOptions(url, assignmentAskable);
  const holder = tenant.requests.assigned().find(({ assignmentId }) => assignmentId === ids[0]);
  if (holder === undefined) throw notFound('assignment');
  return { status: 200, body: entityOf(shownAssignment(holder, tenant), url, assignmentAskable) };
};
