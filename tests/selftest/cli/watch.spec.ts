import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { cliMain, environmentOf, expect, runCli, startServed, test, writeTarget } from '../support/cli.js';

const only = 'perm-malformed-administrator-then-other-user';

/** A watching run and what it prints. */
function startWatching(args: readonly string[], cwd: string, environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [cliMain, 'run', '--watch', '--only', only, ...args], {
    cwd,
    env: environmentOf(environment),
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exit = once(child, 'close');
  /** Waits for text that was not there before; returns what was printed until it came. */
  const until = async (text: string): Promise<string> => {
    while (!printed.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${printed}`);
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), exit]);
    }
    const end = printed.indexOf(text) + text.length;
    const before = printed.slice(0, end);
    printed = printed.slice(end);
    return before;
  };
  return { child, until, exit };
}

const waiting = 'Watching; Enter carries it out again, Ctrl-C ends.\n';

test('--watch carries out again on Enter, when the target file changes and when the target is started again', async ({
  folder,
}) => {
  const first = await startServed([], { cwd: folder });
  const members = { baseUrl: first.baseUrl, requests: { provider: 'control' } };
  const file = writeTarget(folder, members);
  const { child, until, exit } = startWatching([], folder, { CANCEL_TARGET: file });
  expect(await until(waiting)).toContain('Nothing that was chosen failed');

  child.stdin.write('\n');
  await until('Enter.\n');
  expect(await until(waiting)).toContain('Nothing changed since the last round.');

  writeFileSync(file, 'requests: nonsense\n');
  await until('A file changed.\n');
  expect(await until(waiting)).toContain('target.yaml');
  writeTarget(folder, { ...members, settleMs: 20 });
  await until('A file changed.\n');
  expect(await until(waiting)).toContain('Nothing changed since the last round.');

  const { port } = new URL(first.baseUrl);
  await first.close();
  expect(await until('The target is down; the next round begins when it is up again.\n')).not.toContain(
    'The target was',
  );
  const second = await startServed(['--port', port, '--fault', 'role-cached-by-request'], { cwd: folder });
  await until('The target was started again.\n');
  expect(await until(waiting)).toContain('  CANCEL-PERM-003  passed, now failed\n');

  child.kill('SIGINT');
  expect(await exit).toEqual([1, null]);
  await second.close();
});

test('--watch of the embedded target ends when nothing can happen any more', async ({ folder }) => {
  const { child, until, exit } = startWatching([], folder);
  await until(waiting);
  child.stdin.end();
  expect(await exit).toEqual([3, null]);
});

test('--watch is for one target that gives requests freely', async ({ folder }) => {
  const two = await runCli(['run', '--watch', '--target', 'a.yaml', '--target', 'b.yaml'], { cwd: folder });
  expect([two.exitCode, two.stderr]).toEqual([2, '--watch takes one target; leave the others out\n']);
  writeFileSync(path.join(folder, 'inventory.yaml'), 'requests: []\n');
  const dear = writeTarget(folder, { embedded: {}, expensive: true });
  const { exitCode, stderr } = await runCli(['run', '--watch', '--target', dear], { cwd: folder });
  expect(stderr).toContain('has requests that are hard to come by');
  expect(exitCode).toBe(2);
});
