import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { availableParallelism, tmpdir, type } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../src/engine/package.js';
import { planRun } from '../src/engine/plan/plan.js';
import { resolveTarget } from '../src/hosts/target.js';
import { subjectsOf } from '../src/wings/prove/index.js';
import { measureFirstReport } from './first-report.js';
import { readOptions } from './options.js';
import { measurePage } from './page.js';
import { median, rounded, take } from './processes.js';
import { measureSlow } from './slow.js';

// Everything that the suite claims about its speed, each as a ratio of two things measured in turn, so that both see the same
// machine. A ratio can be compared between machines; seconds cannot.
const { rounds, json } = readOptions(process.argv.slice(2));
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
};

const suite =
  (...more: readonly string[]) =>
  () =>
    take([main, 'run', '--out', out, ...more]);
const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');
const trivialConfig = path.join(packageRoot, 'bench', 'trivial', 'playwright.config.ts');
const trivial = (workers: number, tests: number) => () =>
  take([runner, 'test', '--config', trivialConfig, '--workers', String(workers)], {
    ...yardstick,
    BENCH_TESTS: String(tests),
  });
const floor = () => take([built('bench', 'floor.js')]);

interface Ratio {
  /** Medians of ours: processor time in ms, peak of memory in MiB. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly ratio: number;
  readonly from: number;
  readonly to: number;
  /** Medians, in ms. */
  readonly oursMs: number;
  readonly theirsMs: number;
}

/** Measures two things in turn; one round that is not counted fills the caches of both. */
async function compare(ours: () => ReturnType<typeof take>, theirs: () => ReturnType<typeof take>): Promise<Ratio> {
  const pairs: { ours: number; theirs: number; cpuMs: number; peakMiB: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { wallMs, cpuMs, peakMiB } = await ours();
    pairs.push({ ours: wallMs, theirs: (await theirs()).wallMs, cpuMs, peakMiB });
  }
  const counted = pairs.slice(1);
  const ratios = counted.map((pair) => pair.ours / pair.theirs);
  return {
    ratio: rounded(median(ratios)),
    from: rounded(Math.min(...ratios)),
    to: rounded(Math.max(...ratios)),
    oursMs: Math.round(median(counted.map((pair) => pair.ours))),
    theirsMs: Math.round(median(counted.map((pair) => pair.theirs))),
    cpuMs: Math.round(median(counted.map((pair) => pair.cpuMs))),
    peakMiB: Math.round(median(counted.map((pair) => pair.peakMiB))),
  };
}

interface Grown {
  readonly checks: number;
  readonly ranMs: number;
  readonly wroteMs: number;
  readonly peakMiB: number;
}

const told = ({ ratio, from, to, oursMs, theirsMs }: Ratio): string =>
  `${ratio.toFixed(2)} (${from.toFixed(2)} to ${to.toFixed(2)})  ${oursMs} ms to ${theirsMs} ms`;

/** Says each figure as soon as it is known: the whole takes minutes. */
function say(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(66)}  ${figure}\n`);
}

const machine = { cores: availableParallelism(), node: process.version, system: type() };
process.stdout.write(
  `${machine.cores} cores, Node.js ${machine.node}, ${machine.system}; medians of ${rounds} pairs\n`,
);

const grown: Grown[] = [];
for (const wanted of [100, 1000, 10_000]) {
  const run = JSON.parse((await take([built('bench', 'scale.js'), String(wanted)])).stdout) as Grown;
  grown.push(run);
  say(`${run.checks} checks: run, reports, peak memory`, `${run.ranMs} ms, ${run.wroteMs} ms, ${run.peakMiB} MiB`);
}
const [, thousand, tenThousand] = grown;
const perCheck = (run: Grown | undefined): number => (run ? (run.ranMs + run.wroteMs) / run.checks : 0);
const growth = rounded(perCheck(tenThousand) / perCheck(thousand));
say('a check among 10,000 to one among 1,000 (wanted: 1)', growth.toFixed(2));

const oneWorker = await compare(suite(), trivial(1, counts.cases));
say(`default run to ${counts.cases} trivial tests, 1 worker (wanted: 0.40)`, told(oneWorker));
say(
  'its processor time and peak of memory (wanted: 1000 ms, 130 MiB)',
  `${oneWorker.cpuMs} ms, ${oneWorker.peakMiB} MiB`,
);
const twoWorkers = await compare(suite('--workers', '2'), trivial(2, counts.cases));
say(`default run to ${counts.cases} trivial tests, 2 workers (wanted: 0.40)`, told(twoWorkers));
const asChecks = await compare(suite(), trivial(1, counts.checks));
say(`default run to ${counts.checks} trivial tests, as many as it has checks`, told(asChecks));
const overFloor = await compare(suite(), floor);
say('default run to its calls in a bare loop', told(overFloor));

const slow = await measureSlow(main, out);
say(`default run on a target that answers after ${slow.afterMs} ms (wanted: 6000)`, `${slow.wallMs} ms`);

const firstReport = await measureFirstReport();
say(
  'from an empty folder to the first report: install, run',
  firstReport ? `${firstReport.installMs} ms, ${firstReport.runMs} ms (wanted: 60000 together)` : 'no registry here',
);

const page = await measurePage();
say('report of a default run, all files; its page alone', `${page.writeMs} ms (wanted: 300); ${page.renderMs} ms`);
say('page of a default run, until it can be used', `${page.openMs} ms (wanted: 500)`);
say(
  'page of 5,000 checks: open, filter, search',
  `${page.largeOpenMs} ms, ${page.largeFilterMs} ms, ${page.largeSearchMs} ms (wanted: 1000 together)`,
);

const { wallMs: proofMs } = await take([main, 'prove', '--out', out]);
const proved = subjectsOf();
const targets = proved.faults.length + proved.variants.length + 1;
const perTargetMs = Math.round(proofMs / targets);
const prove = { targets, perTargetMs, ratio: rounded(perTargetMs / oneWorker.oursMs) };
say(`a target in prove to a default run (${targets} targets)`, `${prove.ratio.toFixed(2)}  ${perTargetMs} ms`);

rmSync(out, { recursive: true, force: true });
server.close();
const { cases, checks } = counts;
const figures = {
  machine,
  rounds,
  cases,
  checks,
  oneWorker,
  twoWorkers,
  asChecks,
  overFloor,
  slow,
  firstReport,
  prove,
  grown,
  growth,
  page,
};
if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
