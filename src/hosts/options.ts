import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Area } from '../engine/contract/types.js';
import { readWaivers } from '../engine/contract/waivers.js';
import { loadContract } from '../engine/contract/load.js';
import { resolveTarget, type Target, type TargetChoice } from '../target/target.js';
import { planRun } from '../engine/plan/plan.js';
import type { Account, SessionParts, SessionState } from '../engine/perform/session.js';

/** What one run was asked to do; plain data without secrets, handed from the command line to the test runner. */
export interface RunOptions extends TargetChoice {
  readonly areas?: readonly Area[];
  /** Folder of the reports. */
  readonly out: string;
  /** True: tokens may go over a network in the clear. */
  readonly insecure?: boolean;
  /** Absolute path of the waiver file. */
  readonly waivers?: string;
  /** Absolute path of the journal of a run on a live tenant. */
  readonly journal?: string;
  /** Absolute path of the folder of Playwright's blob report, in which a shard is left instead. */
  readonly blob?: string;
  /** Pages of the documentation that the verdicts are shown on, and ownership files of their sentences. Absolute paths. */
  readonly view?: { readonly files: readonly string[]; readonly ownership: readonly string[] };
}

/** The variables through which the processes of one run hand each other what they need. */
const optionsVariable = 'CANCEL_CONFORMANCE_RUN';
const stateVariable = 'CANCEL_CONFORMANCE_SESSION';
const targetVariable = 'CANCEL_CONFORMANCE_RESOLVED_TARGET';
const accountVariable = 'CANCEL_CONFORMANCE_ACCOUNT';
const misconfigurationVariable = 'CANCEL_CONFORMANCE_MISCONFIGURED';

/** Longest value of one environment variable on Linux, in bytes, less a reserve for its name. */
const longestVariableBytes = 127 * 1024;

export const optionsEnvironment = (options: RunOptions): Readonly<Record<string, string>> => ({
  [optionsVariable]: JSON.stringify(options),
});

const runVariable = 'CANCEL_RUN_NAME';

/** Variables by which common CI systems name a run; its shards have them in common. */
const runVariables = [runVariable, 'GITHUB_RUN_ID', 'BUILD_BUILDID', 'CI_PIPELINE_ID'] as const;

/** What the shards of one run have in common besides the plan; null where nothing says so. */
export const runName = (): string | null =>
  runVariables.map((name) => process.env[name] ?? '').find((value) => value !== '') ?? null;

const folderVariable = 'CANCEL_CONFORMANCE_RUNNER_FOLDER';

/**
 * The folder that the test runner empties when it starts and leaves a note in; nothing of value is ever in it. Each run has
 * its own, known to all its processes: two runs on one machine would empty it below each other and end for that.
 */
export function runnerFolder(): string {
  return (process.env[folderVariable] ??= path.join(tmpdir(), `cancel-conformance-runner-${randomUUID()}`));
}

/** The options of this run; without any, the embedded target and `reports/`. */
export function readOptions(): RunOptions {
  const text = process.env[optionsVariable];
  return text === undefined ? { out: 'reports' } : (JSON.parse(text) as RunOptions);
}

let known: SessionParts | undefined;

/** What this run rests on: the same in every process, because all of it is pure. Computed once per process. */
export function readParts(): SessionParts {
  if (known) return known;
  const options = readOptions();
  const { target, contract } = publishedTarget() ?? resolveTarget(options);
  const plan = planRun(contract, target, options.areas ?? null);
  const waivers = options.waivers === undefined ? [] : readWaivers(options.waivers);
  known = { target, contract, plan, waivers };
  return known;
}

/** The target that the runner's main process resolved, so that its workers need not read it from its file again. */
function publishedTarget(): Pick<SessionParts, 'target' | 'contract'> | null {
  const text = process.env[targetVariable];
  if (text === undefined) return null;
  const target = JSON.parse(text) as Target;
  return { target, contract: loadContract(target.edition) };
}

/**
 * Hands the prepared state to the processes that are started from now on. It holds tokens, so it travels in the
 * environment and never through a file. Evidence that does not fit is left out: the controls then count as not carried out.
 */
export function publishState(state: SessionState): void {
  const target = JSON.stringify(readParts().target);
  if (Buffer.byteLength(target) < longestVariableBytes) process.env[targetVariable] = target;
  const full = JSON.stringify(state);
  const fits = Buffer.byteLength(full) < longestVariableBytes;
  process.env[stateVariable] = fits ? full : JSON.stringify({ ...state, controls: [] });
}

/** The state that was published, or null when the preparation did not get that far. */
export function readState(): SessionState | null {
  const text = process.env[stateVariable];
  return text === undefined ? null : (JSON.parse(text) as SessionState);
}

/** Hands on that the preparation found something wrong with what the user said, in the same process. */
export function publishMisconfiguration(message: string): void {
  process.env[misconfigurationVariable] = message;
}

/** What is wrong with what the user said; null when nothing is. */
export const readMisconfiguration = (): string | null => process.env[misconfigurationVariable] ?? null;

/** Hands what the arranging side says of its part from the end of the run to its conclusion, in the same process. */
export function publishAccount(account: Account | null): void {
  if (account !== null) process.env[accountVariable] = JSON.stringify(account);
}

/** What the arranging side says of its part; null when it says nothing. */
export function readAccount(): Account | null {
  const text = process.env[accountVariable];
  return text === undefined ? null : (JSON.parse(text) as Account);
}

/** Removes the state and the tokens in it from this process's environment. */
export function withdrawState(): void {
  for (const variable of [stateVariable, targetVariable]) Reflect.deleteProperty(process.env, variable);
}
