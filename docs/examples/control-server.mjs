import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const all = 'EntitlementManagement.ReadWrite.All';
const scopes = { administrator: all, requestor: all, otherUser: all, unscopedUser: '', similarScopeUser: `${all}s` };
const personas = Object.keys(scopes);
const tokens = Object.fromEntries(personas.map((persona) => [persona, randomUUID()]));
const requests = new Map();
const cancellable = ['accepted', 'pendingApproval', 'pendingNotBefore', 'pendingApprovalEscalated'];
const statuses = [...cancellable, 'delivering', 'delivered', 'deliveryFailed', 'denied', 'cancelled'];
const refuse = (status, code, headers) => [status, { error: { code, message: 'Refused.', innererror: {} } }, headers];
const calls = {
  'GET /': () => [200, { protocol: 'cancel-conformance-control/1', statuses, personas }],
  'POST /tokens': (_, { persona }) => [200, { token: tokens[persona], userId: persona }],
  'POST /requests': (id, { status, requestor }) => [201, requests.set(id, { id, status, requestor }).get(id)],
  'GET /requests/*': (id) => (requests.has(id) ? [200, requests.get(id)] : refuse(404, 'itemNotFound')),
  'DELETE /requests/*': (id) => (requests.delete(id) ? [204] : refuse(404, 'itemNotFound')),
  'POST /accessPackageAssignmentRequests/*/cancel': (id, body, authorization) => {
    const [found, caller] = [requests.get(id), personas.find((name) => authorization === `Bearer ${tokens[name]}`)];
    if (!caller) return refuse(401, 'InvalidAuthenticationToken', { 'WWW-Authenticate': 'Bearer' });
    if (scopes[caller] !== all) return refuse(403, 'accessDenied');
    if (!found || ![found.requestor, 'administrator'].includes(caller)) return refuse(404, 'itemNotFound');
    if (body?.id !== id || !/^cancell?ed$/i.test(body.requestStatus)) return refuse(400, 'InvalidModel');
    if (!cancellable.includes(found.status)) return refuse(400, 'notCancellable');
    found.status = 'cancelled';
    return [204];
  },
};
const server = createServer(async (request, response) => {
  const place = request.url.replace(/[?].*/, '').replace(/^\/(conformance\/v1|beta\/identityGovernance\/\w+)\b/, '');
  const [, id = randomUUID()] = /^\/\w+\/([^/]+)/.exec(place) ?? [];
  const call = calls[`${request.method} ${place.replace(id, '*')}`] ?? (() => refuse(404, 'pathNotFound'));
  const [status, content, more] = call(id, await json(request).catch(() => ({})), request.headers.authorization);
  response.writeHead(status, { 'request-id': randomUUID(), 'Content-Type': 'application/json', ...more });
  response.end(content && JSON.stringify(content));
});
server.listen(process.argv[2] ?? 4010, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
