import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { acquireLock } from '../../arrange/graph/lock.js';
import { ConfigurationError } from '../../engine/errors.js';
import { packageRoot } from '../../engine/files.js';
import { readWaivers } from '../../engine/contract/waivers.js';
import { planRun } from '../../engine/plan/plan.js';
import { assertApproved } from '../../arrange/graph/approval.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import { journalName } from '../../arrange/graph/open.js';
import { readControlKey } from '../../hosts/prepare.js';
import { optionsEnvironment, readParts, type RunOptions } from '../../hosts/options.js';
import type { SessionParts } from '../../engine/perform/session.js';
import { assertEncrypted, resolveTarget, type Target } from '../../target/target.js';
import { readFlags, readWhole, type ContractFlags } from '../flags.js';

interface RunFlags extends Omit<ContractFlags, 'target'> {
  readonly target?: readonly string[];
  readonly out: string;
  readonly workers?: string;
  readonly insecure?: boolean;
  readonly waivers?: string;
  readonly approve?: string;
}

const mostWorkers = 64;

/** `run`: the suite against a target; reports, summary, exit code. */
export async function run({ target: named = [], ...flags }: RunFlags): Promise<number> {
  if (named.length > 1) return runEach(named, flags);
  const [only] = named;
  const options: RunOptions = {
    ...readFlags({ ...flags, ...(only === undefined ? {} : { target: only }) }),
    out: path.resolve(flags.out),
    ...(flags.waivers === undefined ? {} : { waivers: path.resolve(flags.waivers) }),
    ...(flags.insecure === true ? { insecure: true } : {}),
  };
  const workers = readWorkers(flags);
  Object.assign(process.env, optionsEnvironment(options));
  const { target, plan } = readParts();
  assertRunnable({ target, plan }, flags);
  Object.assign(process.env, optionsEnvironment({ ...options, ...lockedTenant(target) }));
  // Requests that are shared are passed from case to case, so nothing runs beside anything there.
  return startRunner(target.expensive ? ['--workers', '1'] : workers);
}

/** Several targets: each in a process of its own, once all of them are known to be right. */
async function runEach(named: readonly string[], flags: Omit<RunFlags, 'target'>): Promise<number> {
  readWorkers(flags);
  if (flags.waivers !== undefined) readWaivers(flags.waivers);
  const targets = named.map((one) => {
    const choice = readFlags({ ...flags, target: one });
    const { target, contract } = resolveTarget(choice);
    assertRunnable({ target, plan: planRun(contract, target, choice.areas ?? null) }, flags);
    if (target.requests.provider === 'graph') {
      throw new ConfigurationError(`--target ${one}: a live tenant is run by itself; leave the other targets out`);
    }
    return { named: one, name: target.name };
  });
  const given = (['edition', 'area', 'workers', 'waivers'] as const).flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const readings = flags.reading === undefined ? [] : ['--reading', ...flags.reading];
  const args = [...given, ...readings, ...(flags.insecure === true ? ['--insecure'] : [])];
  const { runSeveral } = await import('../several-targets.js');
  return runSeveral(targets, args, path.resolve(flags.out));
}

const readWorkers = ({ workers }: Pick<RunFlags, 'workers'>): readonly string[] =>
  workers === undefined ? [] : ['--workers', String(readWhole('--workers', workers, [1, mostWorkers]))];

/** Everything that a user can get wrong about a target is looked at here, before a test runner is started for it. */
function assertRunnable({ target, plan }: Pick<SessionParts, 'plan' | 'target'>, flags: RunFlags): void {
  if (flags.insecure !== true) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (plan.cases.size === 0) {
    throw new ConfigurationError(`--area ${flags.area ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  assertApproved(target, plan, flags.approve);
}

/** Locks a live tenant for this run as long as this process lives. */
function lockedTenant({ requests }: Target): Pick<RunOptions, 'journal'> {
  if (requests.provider !== 'graph') return {};
  const journal = path.join(requests.state, journalName(new Date(), randomUUID()));
  const release = acquireLock(requests.state, requests.tenant, journal);
  process.once('exit', release);
  return { journal };
}

/**
 * Runs the suite on Playwright's runner, in this process: what the runner's own command does, with our exit code. The
 * runner ends the process by itself when it is done, so this never returns.
 */
function startRunner(extra: readonly string[]): Promise<never> {
  const config = path.join(packageRoot, 'dist', 'playwright.config.js');
  // The built suite is JavaScript: without its TypeScript loader the runner starts faster.
  process.env['PW_DISABLE_TS_ESM'] = '1';
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'test', '--config', config, ...extra);
  createRequire(import.meta.url)('@playwright/test/cli');
  return new Promise(() => undefined);
}
