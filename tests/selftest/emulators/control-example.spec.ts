import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../src/engine/package.js';
import { environmentOf, expect, failedRows, test as base } from '../support/cli.js';

const file = path.join(packageRoot, 'docs', 'examples', 'control-server.mjs');
const code = readFileSync(file, 'utf8');

/** Tests with the example server of the docs running on a free port; ended with the test. */
const test = base.extend<{ origin: string }>({
  origin: async ({ folder }, use) => {
    const server = spawn(process.execPath, [file, '0'], { cwd: folder, env: environmentOf({}) });
    const ended = once(server, 'close');
    const [origin] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    await use(origin);
    server.kill('SIGTERM');
    await ended;
  },
});

test('the page on the control protocol shows the example server as it is, in 40 lines at most', () => {
  const page = readFileSync(path.join(packageRoot, 'docs', 'control-protocol.md'), 'utf8');
  expect(page).toContain('```js\n' + code + '```\n');
  expect(code.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
});

test('a run on the example server fails no MUST, and tells most of them', async ({ origin, run }) => {
  const { exitCode, report } = await run(['--target', origin]);
  const must = new Set(report.requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  expect(failedRows(report).filter((id) => must.has(id))).toEqual([]);
  expect(report.suiteFaults).toEqual([]);
  expect([exitCode, report.run.outcome]).toEqual([3, 'incomplete']);
  expect(report.provable.percent).toBeGreaterThan(70);
});
