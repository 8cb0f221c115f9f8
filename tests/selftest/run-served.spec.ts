import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { casesById } from '../../src/checks/catalogue.js';
import { anonymousForms } from '../../src/checks/forms/credentials.js';
import { personas, type Persona } from '../../src/contract/personas.js';
import type { VerdictWord } from '../../src/report/model.js';
import { expect, firstScreenOf, test, verdictsOf, writeTarget, type ServedTarget } from './cli.js';

const control = { token: { control: true } };
const allIdentities = Object.fromEntries(personas.map((persona) => [persona, control]));

const reachedAt = ({ baseUrl, controlUrl }: ServedTarget): object => ({
  baseUrl,
  requests: { provider: 'control', url: controlUrl },
});

test('judges a target in another process like the embedded one', async ({ run, serve, embeddedRun }) => {
  const { origin, baseUrl } = await serve();
  const { exitCode, report } = await run(['--target', origin]);
  expect(exitCode).toBe(0);
  expect(report.target.baseUrl).toBe(baseUrl);
  expect(verdictsOf(report)).toEqual(verdictsOf(embeddedRun.report));
});

test('presents the key of the control protocol and keeps it out of every file', async ({ run, serve }) => {
  const key = { CANCEL_CONTROL_KEY: 'a-key-that-only-two-processes-know' };
  const { origin } = await serve([], key);
  const { exitCode, out, stdout } = await run(['--target', origin], key);
  expect(exitCode).toBe(0);
  const files = readdirSync(out).map((name) => readFileSync(path.join(out, name), 'utf8'));
  for (const content of [stdout, ...files]) expect(content).not.toContain(key.CANCEL_CONTROL_KEY);
});

for (const [what, key] of [
  ['a wrong key', { CANCEL_CONTROL_KEY: 'not-the-right-one' }],
  ['no key', {}],
] as const) {
  test(`is incomplete with ${what} of the control protocol, and names the key`, async ({ run, serve }) => {
    const { origin } = await serve([], { CANCEL_CONTROL_KEY: 'known-to-the-target-alone' });
    const { exitCode, report, out, stdout } = await run(['--target', origin], key);
    expect(exitCode).toBe(3);
    expect(report.totals.must).toMatchObject({ passed: 0, failed: 0 });
    for (const text of [report.run.explanation, firstScreenOf(out), stdout]) {
      expect(text).toMatch(/answered 401\s+where 200 is due; check the key/);
    }
  });
}

test('takes the key from the variable that the target file names', async ({ run, serve, folder }) => {
  const served = await serve([], { CANCEL_CONTROL_KEY: 'key-under-another-name' });
  const requests = { provider: 'control', url: served.controlUrl, key: { env: 'KEY_OF_THE_TARGET' } };
  const file = writeTarget(folder, { baseUrl: served.baseUrl, requests });
  const { exitCode } = await run(['--target', file], { KEY_OF_THE_TARGET: 'key-under-another-name' });
  expect(exitCode).toBe(0);
});

test('leaves out what the target file declares it cannot arrange, with its reason', async ({ run, serve, folder }) => {
  const reason = 'escalating takes a day';
  const file = writeTarget(folder, {
    ...reachedAt(await serve()),
    cannotArrange: { pendingApprovalEscalated: reason },
  });
  const { exitCode, report, out } = await run(['--target', file]);
  expect(exitCode).toBe(3);
  expect(report.run.outcome).toBe('incomplete');
  expect(report.totals.must).toMatchObject({ failed: 0 });
  expect(verdictsOf(report)['CANCEL-STATE-004']).toBe('inconclusive');
  const concerned = report.checks.filter(({ caseId }) => isGiven(caseId, 'pendingApprovalEscalated'));
  expect(concerned).not.toEqual([]);
  for (const check of concerned) {
    expect(check).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining(reason) });
  }
  expect(report.run.explanation).toContain(reason);
  expect(firstScreenOf(out)).toContain(reason);
});

const isGiven = (caseId: string, status: string): boolean => casesById.get(caseId)?.given.status === status;

/** The first of the personas `missing` whose token a case needs for its own calls. */
function lackedBy(caseId: string | undefined, missing: readonly Persona[]): Persona | undefined {
  const calls = casesById.get(caseId ?? '')?.when ?? [];
  const used = calls.filter(({ credential }) => !anonymousForms.includes(credential ?? 'bearer'));
  return used.map(({ persona }) => persona).find((persona) => missing.includes(persona));
}

interface Expected {
  readonly verdict: VerdictWord | undefined;
  /** The persona that the reason has to name. */
  readonly named: string;
}

/** What becomes of a check that had the verdict `whole` with all identities. */
function expectedOf(caseId: string, whole: VerdictWord | undefined, missing: readonly Persona[]): Expected {
  const own = lackedBy(caseId, missing);
  if (own !== undefined) return { verdict: 'inconclusive', named: own };
  const controls = lackedBy(casesById.get(caseId)?.control?.caseId, missing);
  // What does not apply to a case needs no control to say so.
  if (controls === undefined || whole === 'not-applicable') return { verdict: whole, named: '' };
  return { verdict: 'inconclusive', named: controls };
}

test('cannot tell exactly what needs an identity that is left out', async ({ run, serve, folder, embeddedRun }) => {
  const missing: readonly Persona[] = ['otherUser', 'expired', 'application', 'readOnlyAdministrator'];
  const identities = Object.fromEntries(
    personas.filter((persona) => !missing.includes(persona)).map((persona) => [persona, control]),
  );
  const file = writeTarget(folder, { ...reachedAt(await serve()), identities });
  const { exitCode, report } = await run(['--target', file]);
  expect(exitCode).toBe(3);
  expect(report.totals.must.failed).toBe(0);
  const whole = verdictsOf(embeddedRun.report);
  for (const { id, caseId, verdict, reason } of report.checks) {
    const expected = expectedOf(caseId, whole[id], missing);
    expect(verdict, id).toBe(expected.verdict);
    expect(reason ?? '', id).toContain(expected.named);
  }
});

test('uses a ready-made token from the environment and keeps it out of every file', async ({ run, serve, folder }) => {
  const served = await serve();
  const issued = await fetch(`${served.controlUrl}/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ persona: 'requestor' }),
  });
  const { token } = (await issued.json()) as { readonly token: string };
  const requestor = { token: { env: 'TOKEN_OF_THE_REQUESTOR' } };
  const file = writeTarget(folder, { ...reachedAt(served), identities: { ...allIdentities, requestor } });
  const { exitCode, out } = await run(['--target', file], { TOKEN_OF_THE_REQUESTOR: token });
  expect(exitCode).toBe(0);
  const [, payload = '', signature = ''] = token.split('.');
  const forms = [payload, signature, Buffer.from(token).toString('base64').slice(0, -4)];
  for (const name of readdirSync(out)) {
    const content = readFileSync(path.join(out, name), 'utf8');
    for (const form of forms) expect(content.includes(form), name).toBe(false);
  }
});

test('says which environment variable lacks a token', async ({ run, serve, folder }) => {
  const administrator = { token: { env: 'TOKEN_NOBODY_SET' } };
  const file = writeTarget(folder, {
    ...reachedAt(await serve()),
    identities: { ...allIdentities, administrator },
  });
  const { exitCode, report, out } = await run(['--target', file]);
  expect(exitCode).toBe(3);
  expect(report.totals.must.failed).toBe(0);
  expect(report.run.explanation).toContain('TOKEN_NOBODY_SET');
  expect(firstScreenOf(out)).toContain('TOKEN_NOBODY_SET');
});
