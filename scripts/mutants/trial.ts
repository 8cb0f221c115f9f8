import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import type { KillMatrix } from '../../src/engine/contract/kill-matrix.js';
import { recordVariable } from './reach.js';

/** Tests to be carried out, in the named projects; the suite's own proof. */
export type Trial = Tests | 'prove';

export interface Tests {
  /** Files below the root, or single tests of them: `tests/selftest/room/name.spec.ts:12`; none: all. */
  readonly tests: readonly string[];
  readonly projects: readonly string[];
  /** Whether to go on after the first failure, and tell all that fails. */
  readonly all?: boolean;
}

/** Where trials are carried out. */
export interface Bench {
  readonly root: string;
  /** Folder for what tests leave behind when they are ended. */
  readonly temporary: string;
  readonly workers: number;
}

/** One test that was carried out. */
interface Tested {
  /** Path of its file, below the root. */
  readonly spec: string;
  /** The line on which it is declared. */
  readonly line: number;
  readonly seconds: number;
  /** Where it stands, and what it said; null when it passed. */
  readonly failure: string | null;
}

/** What a trial came to. */
export interface Ended {
  /** The first thing that went wrong; null when nothing did. */
  readonly wrong: string | null;
  readonly isLate: boolean;
  /** How it was ended before its time, be it for being late; null when it was not. */
  readonly endedBy: string | null;
  readonly seconds: number;
  /** What the suite's proof came to, without what differs by nature; null for a trial without one. */
  readonly matrix: string | null;
  readonly tests: readonly Tested[];
}

const now: { running: number | null; isOver: boolean } = { running: null, isOver: false };

/** Ends what runs just now, with all that it has started, and whatever is begun after it. */
export function endTrials(): void {
  now.isOver = true;
  endRunning();
}

function endRunning(): void {
  if (now.running === null) return;
  try {
    process.kill(-now.running, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** @param boundMs longest that it may take; a mutant may turn in circles, where no time-out of a test reaches it */
export async function carryOut({ root, temporary, workers }: Bench, trial: Trial, boundMs: number): Promise<Ended> {
  const begin = performance.now();
  const reports = path.join(root, 'test-results', 'mutants');
  rmSync(reports, { recursive: true, force: true });
  const summary = path.join(reports, trial === 'prove' ? 'kill-matrix.json' : 'tests.json');
  const count = ['--workers', String(workers)];
  const args =
    trial === 'prove'
      ? [path.join(root, 'dist', 'src', 'cli', 'main.js'), 'prove', '--out', reports, ...count]
      : [...testsOf(root, trial), '--reporter', 'json', ...count];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: {
      ...process.env,
      TMPDIR: temporary,
      PLAYWRIGHT_JSON_OUTPUT_FILE: summary,
      [recordVariable]: reachFile(temporary),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that whatever it has started ends with it.
    detached: true,
  });
  now.running = child.pid ?? null;
  if (now.isOver) endRunning();
  let isLate = false;
  const bound = setTimeout(() => {
    isLate = true;
    endRunning();
  }, boundMs);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(bound);
  now.running = null;
  const said = [err, out]
    .map((stream) => stream.trim())
    .find((stream) => stream !== '')
    ?.slice(-2000);
  const left = existsSync(summary) ? readFileSync(summary, 'utf8') : null;
  const tests = left === null || trial === 'prove' ? [] : testsIn(JSON.parse(left) as JSONReport);
  const failed = tests.find(({ failure }) => failure !== null)?.failure;
  return {
    wrong: child.exitCode === 0 ? null : (failed ?? said ?? `exit code ${child.exitCode ?? 'none'}`),
    isLate,
    endedBy: interruptionOf(child),
    seconds: (performance.now() - begin) / 1000,
    matrix: trial === 'prove' && left !== null ? comparable(left) : null,
    tests,
  };
}

/** Whoever cleans up before a signal ends it says so by a code of its own. */
function interruptionOf({ signalCode, exitCode }: ChildProcess): string | null {
  if (signalCode !== null) return signalCode;
  return exitCode !== null && exitCode > 128 ? `a signal (exit code ${exitCode})` : null;
}

/** Where marks that were reached are noted. */
export const reachFile = (temporary: string): string => path.join(temporary, 'reached.jsonl');

/** The arguments that start the self-tests of a trial, by default to stop at the first failure. */
function testsOf(root: string, { tests, projects, all = false }: Tests): readonly string[] {
  const cli = createRequire(path.join(root, 'package.json')).resolve('@playwright/test/cli');
  // Playwright takes what it is given for regular expressions, but for the number of a line.
  const chosen = tests.map((test) => test.replace(/^(.*?)(:\d+)?$/, asPattern));
  // A test that fails once and passes then was disturbed by something else on the machine: no mutant is killed by that.
  return [
    ...[cli, 'test', '--config', 'tests/selftest/playwright.config.ts', '--retries', '1', ...(all ? [] : ['-x'])],
    ...projects.map((project) => `--project=${project}`),
    ...chosen,
  ];
}

const asPattern = (_: string, file: string, line = ''): string => `/${file.replaceAll('.', String.raw`\.`)}$${line}`;

/** Every test that was carried out, and what could not even be loaded. */
function testsIn({ suites, errors }: JSONReport): readonly Tested[] {
  const of = (suite: JSONReportSuite): readonly Tested[] => [
    ...suite.specs.flatMap(({ file, line, title, tests }) =>
      tests.flatMap(({ status, results }) =>
        results.map(({ duration, error }) => ({
          spec: `tests/selftest/${file}`,
          line,
          seconds: duration / 1000,
          failure: error && status === 'unexpected' ? `${file}:${line} ${title}: ${inOneLine(error.message)}` : null,
        })),
      ),
    ),
    ...(suite.suites ?? []).flatMap(of),
  ];
  const unloaded = errors.map(({ message }) => ({ spec: '', line: 0, seconds: 0, failure: inOneLine(message) }));
  // That it stopped early is an error, too, and says less than the test that it stopped at.
  return [...suites.flatMap(of), ...unloaded];
}

const inOneLine = (message = ''): string =>
  stripVTControlCharacters(message).replaceAll(/\s+/g, ' ').trim().slice(0, 200);

/** Two proofs of one suite differ in this by nature. */
function comparable(json: string): string {
  const matrix: Partial<KillMatrix> = JSON.parse(json) as KillMatrix;
  return JSON.stringify({ ...matrix, made: null, stamp: null });
}
