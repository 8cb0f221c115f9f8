import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { environmentOf, expect, startServed, test } from '../support/cli.js';

const [block = ''] =
  readFileSync(path.join(packageRoot, 'README.md'), 'utf8')
    .split('## Your own target')[1]
    ?.match(/(?<=```sh\n).*?(?=```)/s) ?? [];

test('the commands of the README for a target of one’s own work as they are written, from a checkout, with npm and npx', async ({
  folder,
}) => {
  test.setTimeout(240_000);
  symlinkSync(packageRoot, path.join(folder, 'cancel-conformance'));
  const cwd = path.join(folder, 'elsewhere');
  mkdirSync(cwd);
  const { baseUrl, close } = await startServed([], { cwd: folder });
  // Where the README asks for an edit, it is made. Where requests are dear, a whole run has the fewest cases.
  const edits = `-e 's#baseUrl: .*#baseUrl: ${baseUrl}#' -e 's/^# expensive: false$/expensive: true/'`;
  const edited = block.replace(/^# edit .*$/m, `sed -i ${edits} target.yaml; grep '^expensive: true' target.yaml`);
  expect(edited).not.toBe(block);
  const child = spawn('/bin/sh', ['-exc', edited], {
    cwd,
    env: environmentOf({ npm_config_offline: 'true', npm_config_update_notifier: 'false' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await close();
  expect(stderr).toContain('+ npx cancel-conformance run --target target.yaml');
  expect(stdout).toContain('expensive: true\n');
  expect(stdout).toContain('Nothing is missing. Next: run with the same options.');
  expect(stdout).toContain('CONFORMANT (exit code 0');
});
