import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from '@playwright/test';
import { create } from 'xmlbuilder2';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import type { Area } from '../../../src/engine/contract/types.js';
import type { CheckReport, Report } from '../../../src/report/model.js';
import { expect, runSuite, spawnCli, test as base, verdictsOf, writeTarget, type FinishedRun } from './cli.js';
import { runFewCases, runFewCells } from './few-cases.js';
import { end, listen, startMiddleman, type Fate, type Passing } from './middleman.js';
import { active, firstFlaw } from './well-formed.js';

/** Decides the fate of every call; knows the other origin, where nothing may ever arrive. */
export type Hostility = (passing: Passing) => Fate;

/** A peer, what the run must come to, and why that is right. */
export interface HostilePeer {
  readonly what: string;
  /** Why this ending is the right verdict. */
  readonly because: string;
  readonly hostility: (otherOrigin: string) => Hostility;
  /** What the run ends with; a run of a few cases makes no claim of conformance, but tells the same of each. */
  readonly exitCode: 0 | 1 | 3;
  /** Ids of the rows that fail, all of them; none unless the exit code is 1. */
  readonly failed?: readonly string[];
  /** What the reader is told, for a run that is incomplete. */
  readonly told?: RegExp;
  /** Where answers are waited for until their time is over: how many of its own the peer gives before the run gives up. */
  readonly givenUpAfter?: number;
  /** True for what a terminal or a browser might not bear. */
  readonly isShown?: true;
  /** For what might take memory, the areas that are carried out by a process of its own, which is measured; null for all, as daily. */
  readonly measured?: readonly Area[] | null;
  /** True where all is carried out but most cells; left out: one case of each group. */
  readonly isWhole?: true;
}

/** What a run against a hostile peer came to, and what it took. */
interface HostileRun extends FinishedRun {
  /** What its process took; null when it had none of its own. */
  readonly took: Took | null;
  /** Everything that a secret of the run must not stand in. */
  readonly tokens: readonly string[];
  /** Connections that the other origin saw. */
  readonly strayConnections: number;
  /** Answers that were not passed on as they were. */
  readonly tampered: number;
}

/** A run against a good target takes some 2 s of processor time. */
const mostCpuMs = 30_000;

/**
 * A run against a good target peaks at about 200 MiB. Evidence is capped at 64 KiB of body and 32 KiB of head for each of some
 * hundred calls, held a few times over while the reports are written; of an area, for some thirty.
 */
const mostMiBOf = ({ run }: Report): number => (run.areas === null ? 300 : 250);

/**
 * Writes what its process took. Linux tells the peak of memory of the program alone; elsewhere a child is charged with
 * what its parent had when it was started.
 */
const recorder = `
const fs = require('node:fs');
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  let peakKiB = maxRSS;
  try { peakKiB = Number(/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]); } catch {}
  const took = { peakMiB: peakKiB / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 };
  fs.writeFileSync(__filename + '.' + process.pid + '.took', JSON.stringify(took));
});
`;

/** What the processes of a run took. */
interface Took {
  /** Largest resident set of any of them. */
  readonly peakMiB: number;
  /** Processor time of all of them. */
  readonly cpuMs: number;
}

/** Runs the suite in a process of its own and takes its measure. */
async function takeMeasure(args: readonly string[], folder: string): Promise<FinishedRun & { readonly took: Took }> {
  const file = path.join(folder, 'recorder.cjs');
  writeFileSync(file, recorder);
  const options = { cwd: folder, environment: { NODE_OPTIONS: `--require=${file}` } };
  const finished = await runSuite(args, options, spawnCli);
  const names = readdirSync(folder).filter((name) => name.endsWith('.took'));
  const took = names.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Took);
  const peakMiB = Math.round(Math.max(...took.map((one) => one.peakMiB)));
  const cpuMs = Math.round(took.reduce((sum, one) => sum + one.cpuMs, 0));
  return { ...finished, report: finished.report, took: { peakMiB, cpuMs } };
}

/** Runs the suite against a peer that sits between it and the embedded target. */
async function runAgainst(peer: HostilePeer, folder: string): Promise<HostileRun> {
  const tokens: string[] = [];
  let strayConnections = 0;
  let tampered = 0;
  const other = createServer().on('connection', () => {
    strayConnections += 1;
  });
  const decide = peer.hostility(`http://127.0.0.1:${await listen(other)}`);
  const middleman = await startMiddleman((passing) => {
    const fate = decide(passing);
    if (fate !== 'pass') tampered += 1;
    if (fate !== 'pass' || !passing.target.endsWith('/v1/tokens')) return fate;
    return (answer) => {
      tokens.push((JSON.parse(answer.body) as { token: string }).token);
      return answer;
    };
  });
  // Short only where it is waited for: a busy machine must not look like a target that hangs.
  const target = { ...middleman.target, ...(peer.givenUpAfter === undefined ? { timeoutMs: 10_000 } : {}) };
  const finished = await carryOut(peer, writeTarget(folder, target), folder);
  await middleman.close();
  await end(other);
  return { ...finished, tokens, strayConnections, tampered };
}

async function carryOut(
  { measured, isWhole }: HostilePeer,
  file: string,
  folder: string,
): Promise<FinishedRun & Pick<HostileRun, 'took'>> {
  if (measured !== undefined)
    return takeMeasure([...(measured ? ['--area', measured.join(',')] : []), '--target', file], folder);
  const finished = await (isWhole ? runFewCells : runFewCases)(file, folder);
  return { ...finished, took: null };
}

/** What every run owes, whatever the peer did: bounded memory, sound files, silence elsewhere. */
function expectSound(run: HostileRun): void {
  expect(run.report.suiteFaults).toEqual([]);
  if (run.took !== null) {
    expect(run.took.cpuMs).toBeLessThan(mostCpuMs);
    expect(run.took.peakMiB).toBeGreaterThan(0);
    expect(run.took.peakMiB).toBeLessThan(mostMiBOf(run.report));
  }
  expect(run.strayConnections).toBe(0);
  for (const [stream, text] of Object.entries({ stdout: run.stdout, stderr: run.stderr })) {
    expect(active.exec(text)?.[0].codePointAt(0), stream).toBeUndefined();
  }
  const validate = schemaValidator('suite/report');
  expect(validate(run.report) ? [] : validate.errors).toEqual([]);
  for (const [name, text] of filesOf(run.out)) expectSoundFile(name, text, run.tokens);
}

const filesOf = (out: string): readonly (readonly [name: string, text: string])[] =>
  readdirSync(out).map((name) => [name, readFileSync(path.join(out, name), 'utf8')] as const);

/** No file of a run against any peer is larger: what it sends is capped, call by call. */
const mostFileBytes = 50 * 1024 * 1024;

function expectSoundFile(name: string, text: string, tokens: readonly string[]): void {
  expect(active.exec(text)?.[0].codePointAt(0), name).toBeUndefined();
  expect(text.length, name).toBeLessThan(mostFileBytes);
  for (const token of tokens) {
    // Whatever holds the token holds its signature.
    expect(text.includes(token.split('.')[2] ?? token), name).toBe(false);
  }
  if (/\.(?:json|sarif)$/.test(name)) JSON.parse(text);
  if (!name.endsWith('.xml')) return;
  expect(firstFlaw(text)).toBeNull();
  create(text);
}

/** What a browser made of a page. */
interface Shown {
  readonly said: readonly string[];
  readonly requested: readonly string[];
  readonly isPwned: boolean;
}

/** Opens the page of a run; nothing in it may run, speak or ask for anything. */
type Open = (address: string) => Promise<Shown>;

/** One tab for the pages of all runs, each of which leaves it to the next: a tab costs more than a page. */
const openings = new WeakMap<Browser, Promise<Open>>();

async function openingIn(browser: Browser): Promise<Open> {
  const page = await browser.newPage();
  let said: string[] = [];
  let requested: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => {
    said.push(dialog.message());
    // Nobody else answers it, and the page waits for that.
    void dialog.dismiss();
  });
  page.on('request', (request) => requested.push(request.url()));
  return async (address) => {
    await page.goto('about:blank');
    [said, requested] = [[], []];
    await page.goto(address);
    const isPwned = await page.evaluate<boolean>('window.pwned !== undefined');
    return { said, requested, isPwned };
  };
}

interface Givens {
  readonly open: Open;
  readonly against: (peer: HostilePeer) => Promise<HostileRun>;
}

const test = base.extend<Givens>({
  open: async ({ browser }, use) => {
    const opening = openings.get(browser) ?? openingIn(browser);
    openings.set(browser, opening);
    await use(await opening);
  },

  against: async ({ folder }, use) => {
    await use((peer) => runAgainst(peer, folder));
  },
});

/** That a run came to what it must, waited for no more than it must, and owes nothing. */
function expectBorne(peer: HostilePeer, run: HostileRun, embedded: Report): void {
  const { because, failed = [], told: explanation = /./, givenUpAfter } = peer;
  const { report, took } = run;
  if (took) test.info().annotations.push({ type: 'measured', description: `${took.cpuMs} ms, ${took.peakMiB} MiB` });
  // Of a few cases only the rows that they tell.
  const told = report.requirements.filter(({ checks }) => checks.length > 0);
  expect(told.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)).toEqual(
    failed.filter((row) => told.some(({ id }) => id === row)),
  );
  const isPartial = report.run.only !== undefined || report.run.areas !== null;
  expect(run.exitCode, because).toBe(isPartial && peer.exitCode === 0 ? 3 : peer.exitCode);
  if (peer.exitCode === 0) {
    const verdicts = verdictsOf(embedded);
    // Who hangs up behind each answer may, and what needs a second call over a connection does not apply then.
    const isHungUp = ({ reason }: CheckReport): boolean =>
      reason === 'the connection was closed behind the answer before';
    expect(report.checks.filter((check) => check.verdict !== verdicts[check.id] && !isHungUp(check))).toEqual([]);
  }
  // The explanation of an area's run says more of what was left out.
  const reasons = report.run.areas === null ? [] : report.requirements.map(({ reason = '' }) => reason);
  expect([report.run.explanation, ...reasons]).toContainEqual(expect.stringMatching(explanation));
  if (givenUpAfter !== undefined) expect(run.tampered).toBe(givenUpAfter);
  expectSound(run);
}

/** Tests one peer after the other: every row of the table in the same way. */
export function testPeers(peers: readonly HostilePeer[]): void {
  for (const peer of peers.filter(({ isShown }) => isShown)) {
    test(`bears ${peer.what}, and so does a browser`, async ({ against, open, embeddedRun }) => {
      const run = await against(peer);
      expectBorne(peer, run, embeddedRun.report);
      const address = pathToFileURL(path.join(run.out, 'index.html')).href;
      expect(await open(address)).toEqual({ said: [], requested: [address], isPwned: false });
    });
  }
  for (const peer of peers.filter(({ isShown }) => !isShown)) {
    test(`bears ${peer.what}`, async ({ against, embeddedRun }) => {
      const run = await against(peer);
      expectBorne(peer, run, embeddedRun.report);
      expect(run.took !== null).toBe(peer.measured !== undefined);
    });
  }
}
