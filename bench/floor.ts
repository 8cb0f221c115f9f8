import { HttpClient } from '../src/arrange/http.js';
import { SecretRegistry } from '../src/engine/evidence/secrets.js';
import { planRun } from '../src/engine/plan/plan.js';
import { startEmbedded } from '../src/emulators/endpoint/server.js';
import { resolveTarget } from '../src/hosts/target.js';

// The floor: the calls of a default run, fired at the embedded target by a bare loop in one process. Nothing
// is judged, kept or written.
const { target, contract } = resolveTarget({});
const { counts } = planRun(contract, target);
const { servicePath } = contract.edition;
const client = new HttpClient({ secrets: new SecretRegistry() });
const bounds = { timeoutMs: 10_000, capBytes: 1024 * 1024 };
const embedded = await startEmbedded({ edition: contract.edition, faults: [] });

/** One call; its answer as text. */
async function call(
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  { body, token = '' }: { readonly body?: object; readonly token?: string } = {},
): Promise<string> {
  const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
  const call = { method, url, headers, body: body ? JSON.stringify(body) : null };
  return (await client.send(call, bounds)).text;
}

const { token } = JSON.parse(
  await call('POST', `${embedded.controlUrl}/tokens`, { body: { persona: 'administrator' } }),
) as {
  token: string;
};
let calls = 1;
for (let index = 0; index < counts.probes; index++) {
  const { body } = await embedded.control('POST', '/requests', { status: 'pendingApproval', requestor: 'requestor' });
  const { id } = body as { readonly id: string };
  const reading = `/requests/${id}`;
  await embedded.control('GET', reading);
  await call('POST', `${embedded.baseUrl}${servicePath}/${target.collection}/${id}/cancel`, { body: { id }, token });
  // The request itself and two bystanders.
  await Promise.all([1, 2, 3].map(() => embedded.control('GET', reading)));
  await embedded.control('DELETE', reading);
  calls += 1;
}
await embedded.close();
process.stdout.write(JSON.stringify({ calls }));
process.exit();
