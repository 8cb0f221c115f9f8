import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Page } from '@playwright/test';
import { packageRoot } from '../../../src/engine/package.js';
import { cliMain, environmentOf, runCli, type CliExit } from '../support/cli.js';
import {
  confidentialClient,
  expect,
  test,
  writeIdentities,
  type RunningPlatform,
} from '../support/identity-platform.js';

const program = path.join(packageRoot, 'tests', 'selftest', 'support', 'terminal.py');
const asRequestor = { requestor: { token: { deviceCode: {} } } };

/** Runs the command on a terminal; its standard output is none. */
async function onTerminal(
  args: readonly string[],
  { cwd, read }: { readonly cwd: string; readonly read: (line: string) => Promise<void> },
): Promise<Pick<CliExit, 'exitCode' | 'stdout' | 'stderr'>> {
  const child = spawn('python3', ['-B', program, process.execPath, cliMain, ...args], {
    cwd,
    env: environmentOf({ NO_COLOR: '1' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close');
  const stdout = text(child.stdout);
  for await (const line of createInterface(child.stderr)) {
    lines.push(line);
    await read(line);
  }
  await ended;
  return { exitCode: child.exitCode, stdout: await stdout, stderr: lines.join('\n') };
}

/** What the person on the other device does with every code: signs in as whom the line names, or as somebody else. */
const entering =
  (platform: RunningPlatform, as: (persona: string) => string | null) =>
  async (line: string): Promise<void> => {
    const [, persona = '', uri = '', userCode = ''] = /^(\w+): open (\S+) .* code (\w+)\r?$/.exec(line) ?? [];
    if (userCode === '') return;
    const address = uri.replace(/^https:/, 'http:');
    const body = JSON.stringify({ userCode, persona: as(persona) });
    expect((await fetch(address, { method: 'POST', body })).status).toBe(204);
    expect(address).toContain(platform.origin);
  };

test('a person signs in once on a terminal, and nobody is asked again', async ({
  startIdentities,
  doctor,
  embedded,
  folder,
}) => {
  const platform = await startIdentities();
  const named = { identities: { ...asRequestor, otherUser: { token: { deviceCode: {} } } } };
  const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named });
  const read = entering(platform, (persona) => persona);
  const { stdout, stderr } = await onTerminal(['doctor', '--sign-in', '--target', file], { cwd: folder, read });
  expect(stderr).toMatch(/^requestor: open http:\S+ as this person and enter the code [A-Z]{9}\r?\notherUser: open /);
  expect(stdout).not.toContain('enter the code');
  expect(stdout).toMatch(/✓ requestor from a device code .*: delegated, .*user 1b7e3a62/);
  expect(stdout).toMatch(/✓ otherUser from a device code .*: delegated, .*user 2c8f4b73/);

  const before = platform.asked.length;
  const again = await onTerminal(['doctor', '--sign-in', '--target', file], { cwd: folder, read });
  expect(again.stderr).toBe('');
  const unattended = await doctor(platform, named);
  expect(unattended.stdout).toMatch(/✓ requestor from a device code/);
  expect(platform.asked).toHaveLength(before);
});

/** What the person does who opens the address that is shown: chooses themselves on the platform's page, and sends it off. */
const clicking =
  (page: Page) =>
  async (line: string): Promise<void> => {
    const [, address = ''] = /^requestor: open this address as this person, .*: (http\S+)\r?$/.exec(line) ?? [];
    if (address === '') return;
    await page.goto(address);
    await page.getByLabel('Who you are').selectOption('requestor');
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByText('You may close this window and go on in the terminal')).toBeVisible();
    expect(new URL(page.url()).hostname).toBe('localhost');
  };

test('a person signs in in a browser on this machine, and from then on nobody is asked', async ({
  startIdentities,
  doctor,
  embedded,
  folder,
  page,
}) => {
  const platform = await startIdentities();
  const named = { identities: { requestor: { token: { authorizationCode: {} } } } };
  const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named });
  const read = clicking(page);
  const { stdout, stderr } = await onTerminal(['doctor', '--sign-in', '--target', file], { cwd: folder, read });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toMatch(/✓ requestor from an authorization code .*: delegated, .*user 1b7e3a62/);
  expect(platform.asked.map(({ grant }) => grant)).toEqual(['authorization_code']);
  const again = await doctor(platform, named);
  expect(again.stdout).toMatch(/✓ requestor from an authorization code/);
  expect(platform.asked).toHaveLength(1);
});

/** Nobody is at the other device. */
const nobody = (): Promise<void> => Promise.resolve();

for (const { what, changes = {}, slowDowns = 0, person, says, signedIn } of [
  {
    what: 'that is declined says so',
    person: (platform: RunningPlatform) => entering(platform, () => null),
    says: /requestor: .*the sign-in was declined by the person who was asked \(AADSTS65004\)/,
    signedIn: false,
  },
  {
    what: 'goes on when it is told to slow down',
    slowDowns: 1,
    person: (platform: RunningPlatform) => entering(platform, (persona) => persona),
    says: /^requestor: open \S+ as this person and enter the code \w+$/,
    signedIn: true,
  },
  {
    what: 'that nobody comes to is given up',
    changes: { deviceCodeLifetimeS: 1 },
    person: () => nobody,
    says: /requestor: .*nobody entered the code in time; try again \(/,
    signedIn: false,
  },
]) {
  test(`a sign-in ${what}`, async ({ startIdentities, embedded, folder }) => {
    const platform = await startIdentities(changes);
    platform.policy.slowDowns = slowDowns;
    const named = { identities: asRequestor };
    const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named });
    const args = ['doctor', '--sign-in', '--target', file];
    const { stdout, stderr } = await onTerminal(args, { cwd: folder, read: person(platform) });
    expect(stderr.replaceAll('\r', '')).toMatch(says);
    expect(stdout.includes('✓ requestor from a device code')).toBe(signedIn);
  });
}

test('without a terminal nobody is asked, and the doctor says what to do', async ({ startIdentities, doctor }) => {
  const platform = await startIdentities();
  const { exitCode, stdout, stderr } = await doctor(platform, { identities: asRequestor });
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  expect(stdout).toMatch(
    /✗ no token for the persona requestor: target\.yaml:1: identities\.requestor\.token\.deviceCode: nobody has signed in yet; sign in with doctor --sign-in and this target file, once, on a terminal\n/,
  );
  expect(platform.asked).toEqual([]);
});

test('--sign-in without a terminal is a mistake in usage', async ({ startIdentities, embedded, folder }) => {
  const platform = await startIdentities();
  const named = { identities: asRequestor };
  const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named });
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--sign-in', '--target', file], { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^--sign-in: needs a terminal/);
});

for (const [what, identities, says] of [
  [
    'nobody signs in by device code',
    { requestor: { token: { env: 'X' } } },
    /^--sign-in: no identity of \S+ signs in with a device code or an authorization code/,
  ],
  [
    'the application is none that people sign in to',
    { requestor: { token: { deviceCode: { clientId: confidentialClient } } } },
    /^target\.yaml:1: \S+: the application \S+ takes no sign-in without a secret; .* \(AADSTS7000218\)/,
  ],
] as const) {
  test(`--sign-in says that ${what}`, async ({ startIdentities, embedded, folder }) => {
    const platform = await startIdentities();
    const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named: { identities } });
    const args = ['doctor', '--sign-in', '--target', file];
    const ended = await onTerminal(args, { cwd: folder, read: nobody });
    expect(ended.stderr).toMatch(says);
    expect(ended.exitCode).toBe(2);
  });
}
