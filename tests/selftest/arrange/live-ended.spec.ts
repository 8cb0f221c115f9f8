import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { cliMain, environmentOf, readReport, runCli, startCli, type CliExit } from '../support/cli.js';
import { openGate, type Gate, type Mutation } from '../support/live-gate.js';
import { approved, expect, journalsIn, test, type LiveTenant } from '../support/live-tenant.js';

/** Few cases, so that the run has soon come where it is ended. */
const small = ['--area', 'EFFECT'];
const tenantOptions = ['--others', '20', '--delays', '100'];

const isCancel = ({ path: at }: Mutation): boolean => at.endsWith('/cancel');

/** What somebody does who types what a message says, in a shell. */
async function typed(
  line: string,
  cwd: string,
  tokens: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number | null; readonly printed: string }> {
  const bin = path.join(cwd, 'bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nexec "${process.execPath}" "${cliMain}" "$@"\n`;
  writeFileSync(path.join(bin, 'cancel-conformance'), program, { mode: 0o755 });
  const shell = spawn('/bin/sh', ['-c', line], {
    cwd,
    env: environmentOf({ ...tokens, PATH: `${bin}:${process.env['PATH'] ?? ''}` }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'close')]);
  return { exitCode: shell.exitCode, printed: printed.slice(0, 2).join('') };
}

/** Runs on a tenant in a process of its own, which may be ended at each call that changes something. */
async function runEndedAt(
  { tenant, folder }: { readonly tenant: LiveTenant; readonly folder: string },
  at: (mutation: Mutation, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<{ readonly ended: CliExit; readonly gate: Gate; readonly file: string }> {
  const gate = await openGate(tenant.served.origin, (mutation) => {
    at(mutation, (signal) => child.kill(signal));
    return 'pass';
  });
  const file = tenant.target(folder, {}, gate.origin);
  const args = ['run', ...approved, '--out', path.join(folder, 'report'), '--target', file, ...small];
  const { child, exit } = startCli(args, { cwd: folder, environment: tenant.tokens });
  return { ended: await exit, gate, file };
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`a run on a tenant that ${signal} ends at a cancel leaves nothing there, and a partial report`, async ({
    serveTenant,
    folder,
  }) => {
    const tenant = await serveTenant(tenantOptions);
    let isOver = false;
    const { ended, gate } = await runEndedAt({ tenant, folder }, (mutation, kill) => {
      if (isOver || !isCancel(mutation)) return;
      isOver = true;
      kill(signal);
    });
    expect(ended.exitCode, ended.stderr).toBe(exitCode);
    expect(ended.stderr).not.toContain('are left in the tenant');
    expect(readReport(path.join(folder, 'report')).run).toMatchObject({ partial: true, exitCode });
    expect(await tenant.own()).toEqual([]);
    await gate.close();
  });
}

test('a run on a tenant that reaches its bound at a cancel ends with 3, and leaves nothing there but what it names', async ({
  serveTenant,
  folder,
}) => {
  const tenant = await serveTenant(tenantOptions);
  const never = new Promise<'lost'>(() => undefined);
  let isOver = false;
  const gate = await openGate(tenant.served.origin, (mutation) => {
    if (isOver || !isCancel(mutation)) return 'pass';
    isOver = true;
    return never;
  });
  const file = tenant.targetWith(folder, {}, { baseUrl: `${gate.origin}/beta`, totalMs: 1000 });
  const out = path.join(folder, 'report');
  const { exitCode, stderr } = await runCli(['run', ...approved, '--out', out, '--target', file, ...small], {
    cwd: folder,
    environment: tenant.tokens,
  });
  expect(exitCode, stderr).toBe(3);
  expect(readReport(out)).toMatchObject({ run: { partial: true }, basis: { ending: 'bound' } });
  // On a busy machine the tenant may take longer than the run is patient; what is left then is named, and removed as typed.
  const [line = 'true'] = /cancel-conformance recover .*/.exec(stderr) ?? [];
  expect((await typed(line, folder, tenant.tokens)).exitCode).toBe(0);
  expect(await tenant.own()).toEqual([]);
  await gate.close();
});

test('what a second signal leaves in a tenant is removed by the line that the run prints, as typed', async ({
  serveTenant,
  folder,
}) => {
  const tenant = await serveTenant(tenantOptions);
  const sent = { cancel: false, clean: false };
  const { ended, gate, file } = await runEndedAt({ tenant, folder }, (mutation, kill) => {
    if (!sent.cancel && isCancel(mutation)) {
      sent.cancel = true;
      kill('SIGTERM');
    } else if (sent.cancel && !sent.clean) {
      sent.clean = true;
      kill('SIGTERM');
    }
  });
  expect(ended.exitCode, ended.stderr).toBe(143);
  expect(await tenant.own()).not.toEqual([]);
  const [line = ''] = /node \S+main\.js recover .*/.exec(ended.stderr) ?? [];
  expect(line).toContain(path.basename(journalsIn(folder).at(-1) ?? 'no journal'));
  expect(line).toContain(path.basename(file));
  // Somebody with less patience for what was not answered any more.
  expect(tenant.target(folder, { patienceMs: 2000 }, gate.origin)).toBe(file);
  const recovered = await typed(line, folder, tenant.tokens);
  expect(recovered.exitCode, `${line}\n${recovered.printed}`).toBe(0);
  expect(await tenant.own()).toEqual([]);
  await gate.close();
});
