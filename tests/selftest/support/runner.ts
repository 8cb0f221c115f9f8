import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test as runnersTest, type TestInfo } from '@playwright/test';
import type { Suite } from '@playwright/test/reporter';
import { packageRoot } from '../../../src/engine/package.js';
import { defaultEdition, knownEditions } from '../../../src/engine/contract/load.js';
import type { Area } from '../../../src/engine/contract/types.js';
import { onlyCases, planRun } from '../../../src/engine/plan/plan.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { reportOfGathered } from '../../../src/hosts/playwright/gathered.js';
import { conformance, type ConformanceOptions, type ConformanceTest } from '../../../src/hosts/playwright/index.js';
import { caseAnnotation, type Told } from '../../../src/hosts/playwright/told.js';
import { WorkerSession } from '../../../src/hosts/playwright/worker-session.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { environmentOf, expect, verdictsOf, writeTarget, type CliOptions } from './cli.js';
import { madeOnce } from './made-once.js';

/** How a command of the test runner's own ended. */
export interface RunnerExit {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');

/** The suite's own reporter, as a Playwright project names it. */
export const ownReporter = 'cancel-conformance/reporter';

/** Runs a command of the test runner's own, as `npx playwright` does. */
export async function runRunner(
  args: readonly string[],
  { cwd, environment = {} }: Pick<CliOptions, 'cwd' | 'environment'>,
): Promise<RunnerExit> {
  const child = spawn(process.execPath, [runner, ...args], {
    cwd,
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, stdout, stderr };
}

/** What the package holds that its code needs, and `src` by absence: it is how the code knows that it is no checkout. */
const packed = ['package.json', 'dist', 'specs', 'schemas', 'proof', 'targets'];

/**
 * What `npm install` leaves for a project with the package and the runner: the package itself as a copy, since what lies below
 * a folder of that name is never compiled by the runner, and all else by links.
 */
async function installOnce(folder: string): Promise<string> {
  const [modules, installed] = [path.join(folder, 'node_modules'), path.join(packageRoot, 'node_modules')];
  const own = path.join(modules, 'cancel-conformance');
  for (const name of packed) await cp(path.join(packageRoot, name), path.join(own, name), { recursive: true });
  for (const name of await readdir(installed)) {
    if (!name.startsWith('.') || name === '.bin')
      await symlink(path.join(installed, name), path.join(modules, name), 'dir');
  }
  return modules;
}

/** The project of the documents' example, in a folder of its own, with the package and the runner installed. */
export async function copyExample(folder: string): Promise<void> {
  await cp(path.join(packageRoot, 'docs', 'examples', 'playwright'), folder, { recursive: true });
  await symlink(await madeOnce('installed modules', installOnce), path.join(folder, 'node_modules'), 'dir');
}

/** A checkout, in a folder of its own: its folders are those of this one, so that the runner has compiled them already. */
export async function copyCheckout(folder: string): Promise<void> {
  for (const file of ['package.json', 'playwright.config.ts']) {
    await cp(path.join(packageRoot, file), path.join(folder, file));
  }
  for (const name of ['node_modules', 'src', 'tests'])
    await symlink(path.join(packageRoot, name), path.join(folder, name));
}

/** The plan carried out by the other host. */
export async function inProcess(
  file: string,
  areas: readonly Area[] | null = null,
  isChosen?: (caseId: string) => boolean,
): Promise<Report> {
  const { target, contract } = resolveTarget({ target: file });
  const whole = planRun(contract, target, areas);
  const plan = isChosen ? onlyCases(whole, [...whole.cases.keys()].filter(isChosen)) : whole;
  return runInProcess({ target, contract, plan });
}

/** The case of a test; empty for the one of the whole run. */
const caseOf = ({ annotation = [] }: ConformanceTest['details']): string =>
  [annotation].flat().find(({ type }) => type === caseAnnotation)?.description ?? '';

/**
 * Carries the tests of the suite out one after the other without the runner, as one worker of it would, and makes the report that
 * the reporter makes, of the cases chosen. What the runner adds, processes and its own reporters, is seen where it is started.
 */
async function withoutRunner(
  options: ConformanceOptions,
  folder: string,
  isChosen: (caseId: string) => boolean = () => true,
): Promise<Report> {
  const all = conformance(runnersTest, options).cases;
  const cases = all.filter(({ details }) => isChosen(caseOf(details)));
  const { target, contract } = resolveTarget(options);
  const parts = { target, contract, plan: planRun(contract, target, options.areas ?? null) };
  const worker = await WorkerSession.open(parts, { folder, workers: 1 });
  const told: Told[] = [];
  for (const { body } of cases) {
    const testInfo = {
      config: { shard: null },
      annotations: [],
      setTimeout: () => undefined,
      skip: () => undefined,
      attach: (_: string, attached: { readonly body: string }) => {
        told.push(JSON.parse(attached.body) as Told);
        return Promise.resolve();
      },
    };
    // Red is what the report tells, too.
    await body({ conformanceSession: worker }, testInfo as unknown as TestInfo).catch(() => undefined);
  }
  await worker.close();
  const [first, ...rest] = told;
  if (first === undefined) throw new Error('no test told anything');
  const suite = {
    allTests: () => cases.map(({ details }) => ({ annotations: details.annotation })),
  } as unknown as Suite;
  const ended = { suiteFaults: [], unfinished: 'it was not carried out', status: 'passed', durationMs: 0 } as const;
  return reportOfGathered({ told: [first, ...rest], suite, ...ended }).report;
}

/** What the hosts are compared by, where it differs from the default. */
type Compared = Pick<ConformanceOptions, 'edition' | 'areas'> & { readonly cases?: RegExp; readonly embedded: object };

/** Each other edition: rows of the areas PERM and BODY alone are not of all editions. */
export const byEdition: readonly Compared[] = knownEditions()
  .filter((edition) => edition !== defaultEdition)
  .map((edition) => ({ edition, cases: /^(?:perm|body)-(?!cell|serves)/, embedded: {} }));

/** Carries the same cases out by both hosts, and holds their verdicts against each other. */
export async function expectSameVerdicts(
  folder: string,
  { edition = defaultEdition, areas, cases, embedded }: Compared,
): Promise<void> {
  const file = writeTarget(folder, { edition, embedded });
  const isChosen = cases && ((caseId: string): boolean => cases.test(caseId));
  const told = await withoutRunner({ target: file, ...(areas && { areas }) }, folder, isChosen);
  const alone = await inProcess(file, areas, isChosen);
  expect(verdictsOf(told)).toEqual(verdictsOf(alone));
  expect(told.run.outcome).toBe(alone.run.outcome);
}
