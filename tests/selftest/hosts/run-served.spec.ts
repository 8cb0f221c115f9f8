import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { casesById } from '../../../src/cancel/cases/index.js';
import { anonymousForms } from '../../../src/cancel/forms/credentials.js';
import { personaNames as personas, type Persona } from '../../../src/cancel/personas.js';
import type { VerdictWord } from '../../../src/report/model.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { expect, firstScreenOf, runCli, test, verdictsOf, writeTarget, type ServedTarget } from '../support/cli.js';
import { runOn } from '../support/engine-runs.js';
import { withoutRedaction } from '../support/without-redaction.js';

const control = { token: { control: true } };
const allIdentities = Object.fromEntries(personas.map((persona) => [persona, control]));

const reachedAt = ({ baseUrl, controlUrl }: ServedTarget): object => ({
  baseUrl,
  requests: { provider: 'control', url: controlUrl },
});

test('judges a target that is served like the embedded one', async ({ serve, embeddedRun }) => {
  const { origin, baseUrl } = await serve();
  const report = await runOn(resolveTarget({ target: origin }, {}), { fewCells: true });
  expect(report.run.outcome).toBe('conformant');
  expect(report.target.baseUrl).toBe(baseUrl);
  expect(verdictsOf(embeddedRun.report)).toMatchObject(verdictsOf(report));
});

test('presents the key of the control protocol and keeps it out of every file', async ({ run, serve }) => {
  const key = { CANCEL_CONTROL_KEY: 'a-key-that-only-two-processes-know' };
  const { origin } = await serve([], key);
  const { report, out, stdout } = await run(['--target', origin, '--area', 'RESP'], key);
  expect(report.checks.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
  const files = readdirSync(out).map((name) => readFileSync(path.join(out, name), 'utf8'));
  for (const content of [stdout, ...files]) expect(content).not.toContain(key.CANCEL_CONTROL_KEY);
});

test('a target file that names no key has it from the usual variable, when that is set', async ({
  run,
  serve,
  folder,
}) => {
  const environment = { CANCEL_CONTROL_KEY: 'a-key-that-only-two-processes-know' };
  const file = writeTarget(folder, reachedAt(await serve([], environment)));
  const { report } = await run(['--target', file, '--area', 'RESP'], environment);
  expect(report.checks.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
  expect(report.target.configuration['requests.key']).toBe(
    'from the environment variable CANCEL_CONTROL_KEY, when it is set',
  );
});

test('is incomplete with a wrong key of the control protocol, and names the key', async ({ run, serve }) => {
  const { origin } = await serve([], { CANCEL_CONTROL_KEY: 'known-to-the-target-alone' });
  const { exitCode, report, out, stdout } = await run(['--target', origin, '--area', 'RESP'], {
    CANCEL_CONTROL_KEY: 'not-the-right-one',
  });
  expect(exitCode).toBe(3);
  expect(report.totals.must).toMatchObject({ passed: 0, failed: 0 });
  for (const text of [report.run.explanation, firstScreenOf(out), stdout]) {
    expect(text).toMatch(/answered 401\s+where 200 is due; check the key/);
  }
});

test('refuses a key that ordinary text may hold by chance', async ({ folder }) => {
  const { exitCode, stderr } = await runCli(['run', '--target', 'http://127.0.0.1:1'], {
    cwd: folder,
    environment: { CANCEL_CONTROL_KEY: 'conformant' },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^the environment variable CANCEL_CONTROL_KEY, .* holds a plain word/);
});

test('ends with exit code 4 and says nothing else when a report holds a secret', async ({ serve, folder }) => {
  const { origin } = await serve();
  const [out, stepSummary] = [path.join(folder, 'out'), path.join(folder, 'step.md')];
  const { exitCode, stdout, stderr } = await withoutRedaction(() =>
    runCli(['run', '--target', origin, '--area', 'RESP', '--out', out], {
      cwd: folder,
      environment: { GITHUB_STEP_SUMMARY: stepSummary },
    }),
  );
  expect(exitCode).toBe(4);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/report\.json held the secret ‹token:\w+› and was removed/);
  expect(existsSync(stepSummary)).toBe(false);
  expect(readdirSync(out)).not.toContain('report.json');
});

test('leaves out what the target file declares it cannot arrange, with its reason', async ({ run, serve, folder }) => {
  const reason = 'escalating takes a day';
  const file = writeTarget(folder, {
    ...reachedAt(await serve()),
    cannotArrange: { pendingApprovalEscalated: reason },
  });
  const { exitCode, report, out } = await run(['--target', file, '--area', 'STATE']);
  expect(exitCode).toBe(3);
  expect(report.run.outcome).toBe('incomplete');
  expect(report.totals.must).toMatchObject({ failed: 0 });
  // The row that no other case tells stays open; rows that others tell as well are told by them.
  const open = report.requirements.filter(({ verdict, area }) => verdict === 'inconclusive' && area === 'STATE');
  expect(open.map(({ id }) => id)).toEqual(['CANCEL-STATE-004']);
  const concerned = report.checks.filter(({ caseId }) => isGiven(caseId, 'pendingApprovalEscalated'));
  expect(concerned).not.toEqual([]);
  for (const check of concerned) {
    expect(check).toMatchObject({ verdict: 'not-applicable', reason: expect.stringContaining(reason) });
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

test('cannot tell exactly what needs an identity that is left out', async ({ serve, folder, embeddedRun }) => {
  const missing: readonly Persona[] = ['otherUser', 'expired', 'application', 'readOnlyAdministrator'];
  const identities = Object.fromEntries(
    personas.filter((persona) => !missing.includes(persona)).map((persona) => [persona, control]),
  );
  const target = writeTarget(folder, { ...reachedAt(await serve()), identities });
  const report = await runOn(resolveTarget({ target }, {}), { fewCells: true });
  expect(report.run.exitCode).toBe(3);
  expect(report.totals.must.failed).toBe(0);
  const whole = verdictsOf(embeddedRun.report);
  expect(Object.keys(whole).length).toBeGreaterThan(report.checks.length);
  // What a cell is about is told by others.
  const cells = new Set(report.cases.flatMap(({ id, cell }) => (cell === undefined ? [] : [id])));
  const told = report.checks.filter(({ caseId }) => !cells.has(caseId));
  const otherwise = told.filter(({ id, caseId, verdict, reason }) => {
    const expected = expectedOf(caseId, whole[id], missing);
    return verdict !== expected.verdict || !(reason ?? '').includes(expected.named);
  });
  expect(otherwise).toEqual([]);
});

/** Texts that give a secret away: a token's telling segments, and what base64 makes of the whole. */
const formsOf = (secret: string): readonly string[] => [
  ...secret.split('.').slice(-2),
  Buffer.from(secret).toString('base64').slice(0, -4),
];

test('takes key and token from the variables that the target file names, and keeps both to itself', async ({
  run,
  serve,
  folder,
}) => {
  const key = 'a-key-under-another-name';
  const served = await serve([], { CANCEL_CONTROL_KEY: key });
  const issued = await fetch(`${served.controlUrl}/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ persona: 'requestor' }),
  });
  const { token } = (await issued.json()) as { readonly token: string };
  const file = writeTarget(folder, {
    baseUrl: served.baseUrl,
    requests: { provider: 'control', url: served.controlUrl, key: { env: 'KEY_OF_THE_TARGET' } },
    identities: { ...allIdentities, requestor: { token: { env: 'TOKEN_OF_THE_REQUESTOR' } } },
  });
  const { report, out } = await run(['--target', file, '--area', 'RESP'], {
    KEY_OF_THE_TARGET: key,
    TOKEN_OF_THE_REQUESTOR: token,
  });
  expect(report.checks.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
  const forms = [...formsOf(token), ...formsOf(key)];
  const giving = readdirSync(out).filter((name) => {
    const content = readFileSync(path.join(out, name), 'utf8');
    return forms.some((form) => content.includes(form));
  });
  expect(giving).toEqual([]);
});
