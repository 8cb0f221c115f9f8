import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { startServing, type ServeFlags } from '../../../src/cli/commands/serve.js';
import type { Serving } from '../../../src/cli/commands/serve-tenant.js';
import { declaredCommand, isCommandName } from '../../../src/cli/declarations.js';
import { main } from '../../../src/cli/program.js';
import type { Io, Printer } from '../../../src/hosts/io.js';
import { exitCodeMeanings, exitCodesByCommand } from '../../../src/cli/exit-codes.js';
import { packageRoot } from '../../../src/engine/package.js';
import type { Report, VerdictWord } from '../../../src/report/model.js';
import { madeOnce } from './made-once.js';
import { test as base } from './temporary-folder.js';

export { expect } from '@playwright/test';

/** The built command, as its users run it. */
export const cliMain = path.join(packageRoot, 'dist', 'src', 'cli', 'main.js');

/** Longest that one command may take; only a command that hangs ever comes near. */
const commandBoundMs = 180_000;

type Environment = Readonly<Record<string, string>>;

/** How a command ended. */
export interface CliExit {
  /** Null when a signal ended it, as it does when its time bound is over. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** A command that is running. */
interface CliProcess {
  readonly child: ChildProcess;
  readonly exit: Promise<CliExit>;
}

/** A finished `run` and what it wrote. */
export interface FinishedRun extends CliExit {
  /** Folder of the reports. */
  readonly out: string;
  readonly report: Report;
}

/**
 * All that a command gets of the environment of the tests. Left out on purpose: variables of the suite (CANCEL_*), of a CI
 * (GITHUB_*), and those that the outer test runner gives its workers (TEST_WORKER_INDEX, FORCE_COLOR, …), which would
 * make the command's own runner take itself for a worker and colour what it prints.
 */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'SystemRoot'];

/** The environment of a command: what it needs of this one, and the additions. */
export function environmentOf(additions: Environment): Environment {
  const inherited = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), ...additions };
}

export interface CliOptions {
  readonly cwd: string;
  readonly environment?: Environment;
  /** True: a process group of its own, as a terminal gives it. */
  readonly ownGroup?: boolean;
  /** Longest that it may take, in milliseconds. */
  readonly boundMs?: number;
  /** The command; default: that of this checkout. */
  readonly main?: string;
}

/** Each command of every test ends with a code that its help and the docs list, or it was killed. */
function assertListed([name = '']: readonly string[], exitCode: number | null): void {
  const codes = isCommandName(name) ? exitCodesByCommand[name] : exitCodeMeanings;
  if (exitCode === null || codes.some(({ code }) => code === exitCode)) return;
  throw new Error(`${name} ended with the exit code ${exitCode}, which src/cli/exit-codes.ts does not list`);
}

/** Starts the command; its standard streams are no terminal. */
export function startCli(args: readonly string[], options: CliOptions): CliProcess {
  const begin = performance.now();
  const child = spawn(process.execPath, [options.main ?? cliMain, ...args], {
    cwd: options.cwd,
    env: environmentOf(options.environment ?? {}),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.ownGroup ?? false,
    timeout: options.boundMs ?? commandBoundMs,
    killSignal: 'SIGKILL',
  });
  const ended = async (): Promise<CliExit> => {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    const { exitCode } = child;
    assertListed(args, exitCode);
    return { exitCode, stdout, stderr, durationMs: performance.now() - begin };
  };
  return { child, exit: ended() };
}

/** Runs the command to its end, as a process: for exit codes, signals, streams and all else that only a process has. */
export const spawnCli = (args: readonly string[], options: CliOptions): Promise<CliExit> =>
  startCli(args, options).exit;

/** Where a command is carried out in this process. */
type Place = Pick<CliOptions, 'cwd' | 'environment'> & {
  /** Who reads on a terminal; gets all that a stream has printed so far. Default: nobody, and there is no terminal. */
  readonly reader?: ((written: string) => void) | undefined;
};

/** Working directory and environment belong to the whole process, so one at a time has them. */
let before: Promise<unknown> = Promise.resolve();

/** Does something in a working directory and an environment of its own, after whatever is done so already. */
export async function inPlace<Value>({ cwd, environment = {} }: Place, work: () => Promise<Value>): Promise<Value> {
  const others = before;
  let done = (): void => undefined;
  before = new Promise<void>((resolve) => {
    done = resolve;
  });
  await others;
  const [folder, variables] = [process.cwd(), { ...process.env }];
  replaceEnvironment(environmentOf(environment));
  process.chdir(cwd);
  try {
    return await work();
  } finally {
    process.chdir(folder);
    replaceEnvironment(variables);
    done();
  }
}

/** What somebody prints, gathered. @param reader who reads on a terminal, as of a place */
export function gathering(reader?: Place['reader']): {
  readonly io: Io;
  readonly printed: Pick<CliExit, 'stdout' | 'stderr'>;
} {
  const printed = { stdout: '', stderr: '' };
  const printer = (stream: 'stdout' | 'stderr'): Printer => ({
    write: (written) => {
      printed[stream] += written;
      reader?.(printed[stream]);
    },
    isTTY: reader !== undefined,
    columns: undefined,
    colour: false,
  });
  return { printed, io: { stdout: printer('stdout'), stderr: printer('stderr') } };
}

/**
 * Runs the command to its end, in this process: what it prints, writes and ends with. One after the other: what is to run side
 * by side needs processes.
 * @throws what it throws, which would be exit code 4 of the process
 */
export function runCli(args: readonly string[], place: Place): Promise<CliExit> {
  const { io, printed } = gathering(place.reader);
  return inPlace(place, async () => {
    const begin = performance.now();
    const exitCode = await main(args, io);
    assertListed(args, exitCode);
    return { exitCode, ...printed, durationMs: performance.now() - begin };
  });
}

/** In place: others hold the object. */
function replaceEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in variables)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
}

/**
 * Runs the suite into the folder `report` below the working directory.
 * @param carry how: default in this process
 */
export async function runSuite(
  args: readonly string[],
  options: CliOptions,
  carry: typeof spawnCli = runCli,
): Promise<FinishedRun> {
  const out = path.join(options.cwd, 'report');
  const exit = await carry(['run', '--out', out, ...args], options);
  return {
    ...exit,
    out,
    get report() {
      if (!existsSync(path.join(out, 'report.json'))) {
        throw new Error(`no report; exit code ${exit.exitCode ?? 'none'}: ${exit.stdout}${exit.stderr}`);
      }
      return readReport(out);
    },
  };
}

/** The model of a finished run. */
export function readReport(out: string): Report {
  return JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')) as Report;
}

/** Writes a target file: JSON, which YAML includes. */
export function writeTarget(folder: string, target: object): string {
  const file = path.join(folder, 'target.yaml');
  writeFileSync(file, JSON.stringify({ name: 'target-under-test', ...target }));
  return file;
}

/** Verdict by id of every requirement and check: what two runs must have in common. */
export function verdictsOf({ requirements, checks }: Report): Readonly<Record<string, VerdictWord>> {
  return Object.fromEntries([...requirements, ...checks].map(({ id, verdict }) => [id, verdict]));
}

/** Ids of the requirements that failed. */
export const failedRows = ({ requirements }: Report): readonly string[] =>
  requirements.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);

/** The text of the part of `index.html` that a reader sees first. */
export function firstScreenOf(out: string): string {
  const page = readFileSync(path.join(out, 'index.html'), 'utf8');
  const header = /<header>.*?<\/header>/s.exec(page)?.[0] ?? '';
  const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return header.replace(/<[^>]*>/g, '').replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

/** A `serve` that is running. */
export interface ServedTarget {
  readonly baseUrl: string;
  readonly origin: string;
  readonly controlUrl: string;
}

function addressesIn(printed: string): ServedTarget {
  const baseUrl = /^base URL +(\S+)$/m.exec(printed)?.[1] ?? '';
  const { origin } = new URL(baseUrl);
  return { baseUrl, origin, controlUrl: `${origin}/conformance/v1` };
}

/**
 * Starts what `serve` would serve, in this process.
 * @throws what is wrong with the arguments
 */
export async function startServed(
  args: readonly string[],
  place: Place,
): Promise<ServedTarget & Pick<Serving, 'close'>> {
  const command = declaredCommand('serve')
    .configureOutput({ writeErr: () => undefined })
    .parse(args, { from: 'user' });
  const { lines, close } = await inPlace(place, () => startServing(command.opts<ServeFlags>()));
  return { ...addressesIn(lines.join('\n')), close };
}

/** Starts `serve` as a process. */
export async function startServe(args: readonly string[], options: CliOptions): Promise<ServedTarget & CliProcess> {
  const { child, exit } = startCli(['serve', ...args], options);
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (/^base URL +\S+\n/m.test(printed)) resolve();
    });
    exit.then(({ stderr }) => {
      reject(new Error(`serve ended before it printed its base URL: ${stderr}`));
    }, reject);
  });
  return { child, exit, ...addressesIn(printed) };
}

type Run = (args?: readonly string[], environment?: Environment) => Promise<FinishedRun>;
type Serve = (args?: readonly string[], environment?: Environment) => Promise<ServedTarget>;

/**
 * One run on the embedded target for all tests that only look at its results.
 * @param fault of that target; default: none
 */
export const runOnEmbedded = (fault = ''): Promise<FinishedRun> =>
  madeOnce(`run on the embedded target ${fault}`.trim(), (cwd) =>
    runSuite(fault === '' ? [] : ['--target', writeTarget(cwd, { embedded: { fault } })], { cwd }),
  );

/** The same where requests are dear, so that a whole run has the fewest cases: for whatever is to be done with a finished run. */
export const runOnDearEmbedded = (fault?: string): Promise<FinishedRun> =>
  madeOnce(`run on the embedded target where requests are dear ${fault ?? ''}`.trim(), (cwd) => {
    const target = { embedded: fault === undefined ? {} : { fault }, expensive: true };
    return runSuite(['--target', writeTarget(cwd, target)], { cwd });
  });

/** Tests of the command; each has an empty working directory of its own. */
export const test = base.extend<{ run: Run; serve: Serve; embeddedRun: FinishedRun }>({
  /** Runs the suite to its end in the test's folder. */
  run: async ({ folder }, use) => {
    await use((args = [], environment = {}) => runSuite(args, { cwd: folder, environment }));
  },

  /** What `serve` starts, in this process, ended with the test. */
  serve: async ({ folder }, use) => {
    const started: Pick<Serving, 'close'>[] = [];
    await use(async (args = [], environment = {}) => {
      const served = await startServed(args, { cwd: folder, environment });
      started.push(served);
      return served;
    });
    for (const { close } of started) await close();
  },

  /** Of the embedded target without a fault. */
  embeddedRun: async ({}, use) => {
    await use(await runOnEmbedded());
  },
});
