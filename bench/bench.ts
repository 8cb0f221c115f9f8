import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir, type } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../src/contract/files.js';
import { planRun } from '../src/plan/plan.js';
import { subjectsOf } from '../src/prove/subject.js';
import { resolveTarget } from '../src/target/target.js';
import { measurePage } from './page.js';
import { median, rounded, take } from './processes.js';

// Everything that the suite claims about its speed, each as a ratio of two things measured in turn, so that both see the same
// machine. A ratio can be compared between machines; seconds cannot.
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } },
});
const rounds = Number(values.rounds);
const built = (...names: readonly string[]): string => path.join(packageRoot, 'dist', ...names);
const main = built('src', 'cli', 'main.js');
const out = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-bench-'));
const { target, contract } = resolveTarget({});
const { counts } = planRun(contract, target);

const server = createServer((incoming, response) => {
  incoming.resume().on('end', () => response.writeHead(204).end());
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const yardstick = {
  BENCH_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  BENCH_TESTS: String(counts.cases),
};

const suite = (workers: number) => () => take([main, 'run', '--out', out, '--workers', String(workers)]);
const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');
const trivialConfig = path.join(packageRoot, 'bench', 'trivial', 'playwright.config.ts');
const trivial = (workers: number) => () =>
  take([runner, 'test', '--config', trivialConfig, '--workers', String(workers)], yardstick);
const floor = () => take([built('bench', 'floor.js')]);

interface Ratio {
  readonly ratio: number;
  readonly from: number;
  readonly to: number;
  /** Medians, in ms. */
  readonly oursMs: number;
  readonly theirsMs: number;
}

/** Measures two things in turn; one round that is not counted fills the caches of both. */
async function compare(ours: () => ReturnType<typeof take>, theirs: () => ReturnType<typeof take>): Promise<Ratio> {
  const pairs: { ours: number; theirs: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    pairs.push({ ours: (await ours()).wallMs, theirs: (await theirs()).wallMs });
  }
  const counted = pairs.slice(1);
  const ratios = counted.map((pair) => pair.ours / pair.theirs);
  return {
    ratio: rounded(median(ratios)),
    from: rounded(Math.min(...ratios)),
    to: rounded(Math.max(...ratios)),
    oursMs: Math.round(median(counted.map((pair) => pair.ours))),
    theirsMs: Math.round(median(counted.map((pair) => pair.theirs))),
  };
}

interface Grown {
  readonly checks: number;
  readonly ranMs: number;
  readonly wroteMs: number;
  readonly peakMiB: number;
}

const grown: Grown[] = [];
for (const checks of [100, 1000, 10_000]) {
  grown.push(JSON.parse((await take([built('bench', 'scale.js'), String(checks)])).stdout) as Grown);
}
const oneWorker = await compare(suite(1), trivial(1));
const twoWorkers = await compare(suite(2), trivial(2));
const overFloor = await compare(suite(1), floor);
const proof = (await take([main, 'prove', '--out', out])).wallMs;
const proved = subjectsOf();
const targets = proved.faults.length + proved.variants.length + 1;
const perTargetMs = Math.round(proof / targets);
const page = await measurePage();
rmSync(out, { recursive: true, force: true });
server.close();

const [, thousand, tenThousand] = grown;
const perCheck = (run: Grown | undefined): number => (run ? (run.ranMs + run.wroteMs) / run.checks : 0);
const figures = {
  machine: { cores: availableParallelism(), node: process.version, system: type() },
  rounds,
  cases: counts.cases,
  checks: counts.checks,
  oneWorker,
  twoWorkers,
  overFloor,
  prove: { targets, perTargetMs, ratio: rounded(perTargetMs / oneWorker.oursMs) },
  grown,
  /** Cost of a check among 10,000 to that of one among 1,000. */
  growth: rounded(perCheck(tenThousand) / perCheck(thousand)),
  page,
};

const told = ({ ratio, from, to, oursMs, theirsMs }: Ratio): string =>
  `${ratio.toFixed(2)} (${from.toFixed(2)} to ${to.toFixed(2)})  ${oursMs} ms to ${theirsMs} ms`;
const rows: readonly (readonly [what: string, figure: string])[] = [
  [`default run to ${counts.cases} trivial tests, 1 worker (wanted: 0.75)`, told(oneWorker)],
  [`default run to ${counts.cases} trivial tests, 2 workers (wanted: 0.75)`, told(twoWorkers)],
  ['default run to its calls in a bare loop', told(overFloor)],
  [`a target in prove to a default run (${targets} targets)`, `${figures.prove.ratio.toFixed(2)}  ${perTargetMs} ms`],
  ['a check among 10,000 to one among 1,000 (wanted: 1)', figures.growth.toFixed(2)],
  ...grown.map(
    ({ checks, ranMs, wroteMs, peakMiB }) =>
      [`${checks} checks: run, reports, peak memory`, `${ranMs} ms, ${wroteMs} ms, ${peakMiB} MiB`] as const,
  ),
  ['report of a default run, all files; its page alone', `${page.writeMs} ms (wanted: 300); ${page.renderMs} ms`],
  ['page of a default run, until it can be used', `${page.openMs} ms (wanted: 500)`],
  [
    'page of 5,000 checks: open, filter, search',
    `${page.largeOpenMs} ms, ${page.largeFilterMs} ms, ${page.largeSearchMs} ms (wanted: 1000 together)`,
  ],
];
const { cores, node, system } = figures.machine;
const widest = Math.max(...rows.map(([what]) => what.length));
const lines = [
  `${cores} cores, Node.js ${node}, ${system}; medians of ${rounds} pairs`,
  ...rows.map(([what, figure]) => `${what.padEnd(widest)}  ${figure}`),
];
process.stdout.write(`${lines.join('\n')}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
