import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { personaNames } from '../../../src/cancel/personas.js';
import { fetchCredential } from '../../../src/arrange/credentials.js';
import type { ControlSide } from '../../../src/arrange/arranging.js';
import { tooCommon } from '../../../src/engine/evidence/common.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { withoutScripts } from '../../../src/report/html/script.js';
import { registryFor } from '../../../src/target/shown.js';
import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { json, random } from '../support/secret-forms.js';

/** What nobody can tell from what stands in reports anyway. */
const odd = [
  ...personaNames,
  ...['127.0.0.1', '127.0.0.1:4010', 'localhost', '2026-11-29', '2026-11-29T22:30:17Z', '20210501', '1234567890'],
  ...['beta-2021-05', 'v1.0-2023', 'CANCEL-PERM-008', 'C-1=200', 'cancel-conformance', 'embedded', 'report.json'],
  ...['application/json', 'text/html;', 'charset=utf-8', 'keep-alive', 'timeout=5', 'Microsoft-IIS/10.0', 'no-cache'],
  ...[
    'accessPackageAssignmentRequests',
    'identityGovernance',
    '@odata.context',
    'perm-refuses-similarScopeUser/subject-unchanged',
  ],
  ...['token:requestor', '‹token:requestor›', '--data-binary', 'Content-Type:', 'Bearer', 'POST', 'aaaaa', 'xY3', ' '],
] as const;

const fine = [
  random(43, 9),
  random(24, 8),
  'k3y-9x',
  'a-key-that-only-two-processes-know',
  `${json({ alg: 'ES256' })}.${json({ a: 1 })}.${random(86, 7)}`,
];

test('a text that stands in reports anyway is told apart from a secret, and no word of it is quoted', () => {
  for (const text of odd) {
    const problem = tooCommon(text);
    expect(problem, text).not.toBeNull();
    if (text.length > 9) expect(problem).not.toContain(text);
  }
  for (const text of fine) expect(tooCommon(text), text).toBeNull();
  expect(tooCommon('gateway.corp.example')).toBeNull();
  expect(tooCommon('gateway.corp.example', ['https://Gateway.corp.example/beta'])).toMatch(/^holds words/);
});

test('no word of an innocent report makes its reports be taken for a leak', async ({ folder }) => {
  const out = path.join(folder, 'out');
  expect((await runCli(['run', '--area', 'RESP', '--out', out], { cwd: folder })).exitCode).toBe(3);
  // As the run itself looks: the scripts of a page are the same in every page.
  const texts = readdirSync(out).map((name) => withoutScripts(readFileSync(path.join(out, name), 'utf8')));
  const words = [...new Set(texts.flatMap((text) => text.split(/[\s"'<>\\,]+/)))];
  const { target } = resolveTarget({});
  // What a run makes up and what a target answers is unknown before: ids, times, ports, hashes.
  const written = words.filter(
    (word) => word.length >= 6 && word.length < 80 && !/\d{3}|&|sha256-|[\da-f]{8}-/.test(word),
  );
  const registry = registryFor(target);
  for (const word of written) registry.register(word, 'token:requestor');
  expect(written.length).toBeGreaterThan(1000);
  for (const text of texts) expect(registry.find(text).map(({ at }) => text.slice(at, at + 40))).toEqual([]);
});

test('a token in a variable that is too common ends a run before it begins, and so does a key', async ({
  folder,
  serve,
}) => {
  const served = await serve();
  const { origin } = served;
  const file = writeTarget(folder, {
    name: 'odd',
    baseUrl: served.baseUrl,
    requests: { provider: 'control', url: served.controlUrl },
    identities: { requestor: { token: { env: 'ODD' } } },
  });
  for (const text of [
    'administrator',
    '127.0.0.1',
    'application/json',
    'beta-2021-05',
    origin,
    'perm-refuses-otherUser',
    'xY3',
  ]) {
    const out = path.join(folder, 'out');
    const { exitCode, stdout, stderr } = await runCli(['run', '--target', file, '--out', out], {
      cwd: folder,
      environment: { ODD: text },
    });
    expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^identities\.requestor: the environment variable ODD holds .*: use /);
    const key = await runCli(['run', '--target', origin, '--out', out], {
      cwd: folder,
      environment: { CANCEL_CONTROL_KEY: text },
    });
    expect({ exitCode: key.exitCode, stdout: key.stdout }, key.stderr).toEqual({ exitCode: 2, stdout: '' });
    expect(key.stderr).toMatch(/^the environment variable CANCEL_CONTROL_KEY, .* holds .*: use /);
  }
});

test('a token of the control side that is too common is missing, with the reason', async () => {
  const { target, contract } = resolveTarget({ target: 'http://127.0.0.1:4010' });
  const tokens = { ...target, tokens: { requestor: { control: true } } } as unknown as typeof target;
  for (const token of odd) {
    const provider = { credential: () => Promise.resolve({ token, userId: null }) };
    const control = { provider, offer: { personas: ['requestor'] } } as unknown as ControlSide;
    const fetching = {
      target: tokens,
      contract,
      control,
      secrets: registryFor(target),
      signal: new AbortController().signal,
    };
    expect(await fetchCredential('requestor', fetching), token).toEqual({
      missing: expect.stringMatching(
        /^no token for the persona requestor: the token of the control protocol (?:holds|is empty)/,
      ),
    });
  }
});

test('what is made of a token, and what it is made of, is hidden only where nobody else writes it', () => {
  const { target } = resolveTarget({});
  const registry = registryFor(target);
  const text = 'administrator beta-2021-05 application/json accessPackageAssignmentRequests';
  for (const token of [
    `${json({ alg: 'none' })}.application/json.beta-2021-05`,
    `eyJ.accessPackageAssignmentRequests.administrator`,
    `accessPackageAssignmentRequests/${random(60, 3)}`,
    `https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/${random(40, 4)}`,
    `Bearer administrator ${random(40, 5)}`,
  ]) {
    registry.register(token, 'token:requestor');
    expect(registry.redact(`"${token}"`)).toBe('"‹token:requestor›"');
    expect(registry.redact(text)).toBe(text);
  }
  expect(registry.redact('https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/x')).toContain(
    'graph',
  );
});
