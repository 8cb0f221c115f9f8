import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../src/contract/files.js';
import { planRun } from '../src/plan/plan.js';
import { subjectsOf } from '../src/prove/subject.js';
import { resolveTarget } from '../src/target/target.js';
import { measurePage } from './page.js';

// Compares the default run, reports included, with as many trivial Playwright API tests (`request` fixture, TypeScript),
// in turn, so that both see the same machine; what a target costs in `prove`, and what the report costs
// its writer and its reader. A ratio can be compared between machines; seconds cannot.
const rounds = Number(process.argv[2] ?? '5');

const server = createServer((incoming, response) => {
  incoming.resume().on('end', () => response.writeHead(204).end());
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

const { target, contract } = resolveTarget({});
const { counts } = planRun(contract, target);
const out = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-bench-'));
const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');

const suite = [path.join(packageRoot, 'dist', 'src', 'cli', 'main.js'), 'run', '--out', out];
const trivial = [runner, 'test', '--config', path.join(packageRoot, 'bench', 'trivial', 'playwright.config.ts')];
const environment = { ...process.env, BENCH_URL: url, BENCH_TESTS: String(counts.cases) };

/** Wall time of one process in ms. Throws when it fails: a failed run measures nothing. */
async function wallTime(args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { env: environment, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with exit code ${code ?? 'none'}`);
  return performance.now() - begin;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

// One round that is not counted fills the caches of both.
await wallTime(suite);
await wallTime(trivial);
const measured: { suite: number; trivial: number }[] = [];
for (let round = 0; round < rounds; round++) {
  measured.push({ suite: await wallTime(suite), trivial: await wallTime(trivial) });
}
const proof = await wallTime([path.join(packageRoot, 'dist', 'src', 'cli', 'main.js'), 'prove', '--out', out]);
const proved = subjectsOf();
const targets = proved.faults.length + proved.variants.length + 1;
const page = await measurePage();
const ratios = measured.map((pair) => pair.suite / pair.trivial);
process.stdout.write(
  [
    `default run (${counts.cases} cases, ${counts.checks} checks, reports included)  ${seconds(median(measured.map((pair) => pair.suite)))}`,
    `${counts.cases} trivial Playwright API tests                             ${seconds(median(measured.map((pair) => pair.trivial)))}`,
    `ratio, median of ${rounds} pairs                                    ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
    `prove, ${targets} targets                                               ${seconds(proof)}, ${Math.round(proof / targets)} ms per target`,
    `ratio of a target in prove to a default run                      ${(proof / targets / median(measured.map((pair) => pair.suite))).toFixed(2)}`,
    `report of a default run, all files; its page alone                ${page.writeMs} ms (wanted below 300); ${page.renderMs} ms`,
    `page of a default run, open until it can be used                 ${page.openMs} ms (wanted below 500)`,
    `page of 5,000 checks: open, filter, search                       ${page.largeOpenMs} ms, ${page.largeFilterMs} ms, ${page.largeSearchMs} ms (wanted below 1000 together)`,
    '',
  ].join('\n'),
);
rmSync(out, { recursive: true, force: true });
server.close();
