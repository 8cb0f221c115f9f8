import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../files.js';

/** Checks of one requirement that failed for a fault. */
export interface FailedRow {
  readonly requirement: string;
  /** Ids of the checks. */
  readonly checks: readonly string[];
}

/**
 * What became of a fault. `killed`: every requirement that it names failed. `survived`: at least one of them did not.
 * `changes-nothing`: the target answered as without it. `cannot-start`: there was no run to judge.
 */
type FaultState = 'killed' | 'survived' | 'changes-nothing' | 'cannot-start';

/** One fault against the suite. */
export interface FaultResult {
  readonly id: string;
  readonly sentence: string;
  /** Ids of the requirements that it breaks. */
  readonly breaks: readonly string[];
  readonly state: FaultState;
  /** The requirements that it names and that failed. */
  readonly killedBy: readonly FailedRow[];
  /** Ids of the requirements that it names and that did not fail. */
  readonly missed: readonly string[];
  /** Other requirements that failed. */
  readonly collateral: readonly FailedRow[];
  /** Why it is not killed, where that is not said by `missed`. */
  readonly reason?: string;
}

/** One way to be different and right against the suite; `accused` when the suite was not content with it. */
export interface VariantResult {
  readonly id: string;
  readonly sentence: string;
  /** The contested clauses and requirements whose freedom it uses. */
  readonly touches: readonly string[];
  readonly state: 'conformant' | 'accused' | 'cannot-start';
  /** Ids of the requirements that failed. */
  readonly failed: readonly string[];
  /** Ids of the requirements that could not be told. */
  readonly untold: readonly string[];
  readonly reason?: string;
}

/** Two faults in one target, judged by the rows of an area that both break something of. */
export interface PairResult {
  /** Ids of the two. */
  readonly faults: readonly string[];
  readonly area: string;
  /** `killed`: a requirement of the area failed that one of the two names. */
  readonly state: 'killed' | 'survived' | 'cannot-start';
  /** Ids of those requirements. */
  readonly killedBy: readonly string[];
  readonly reason?: string;
}

/** Faults against requirements: what the suite catches, and what it does not accuse. */
export interface KillMatrix {
  readonly schemaVersion: 1;
  readonly suite: { readonly name: string; readonly version: string };
  readonly edition: string;
  /** SHA-256 over what the contract, the checks and the faults mean that it was made with. */
  readonly stamp: string;
  /** The day on which it was made, such as 2026-11-29. */
  readonly made?: string;
  /** True when only some faults or variants were run. */
  readonly partial: boolean;
  readonly faults: readonly FaultResult[];
  readonly variants: readonly VariantResult[];
  /** All pairs of faults within an area; left out when they were not asked for. */
  readonly pairs?: readonly PairResult[];
}

/** The matrix that comes with the package. */
export const shippedMatrixFile = path.join(packageRoot, 'proof', 'kill-matrix.json');

/** Where the build leaves the stamp of what it built: SHA-256 over what the contract, the checks and the faults mean. */
const stampFileOf = (root: string): string => path.join(root, 'dist', 'stamp.json');
export const stampFile = stampFileOf(packageRoot);

/** The stamp of the suite as it was built; null when the build left none. */
function readStamp(root: string): string | null {
  const file = stampFileOf(root);
  if (!existsSync(file)) return null;
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly stamp: string }).stamp;
}

/**
 * The stamp of the suite that runs.
 * @throws Error when the suite was not built
 */
export function suiteStamp(): string {
  const stamp = readStamp(packageRoot);
  if (stamp === null) throw new Error('dist/stamp.json is missing: build the suite first');
  return stamp;
}

/** The faults that each check is known to catch, or why that is not known. */
export interface KnownToCatch {
  /** Ids of faults by id of the check. */
  readonly byCheck: ReadonlyMap<string, readonly string[]>;
  /** A fault of the suite: an installed package without a matrix, or with that of another suite. */
  readonly problem: string | null;
  /** What a reader should know: a checkout that changed since it was proved, which happens with every edit. */
  readonly note: string | null;
}

const matrixName = 'proof/kill-matrix.json';

/**
 * Reads the matrix that comes with the package; it says nothing about checks in another edition than its own.
 * @param root the package
 */
export function knownToCatch(editionId: string, root = packageRoot): KnownToCatch {
  const matrix = readMatrix(root);
  if (matrix?.stamp === readStamp(root))
    return { byCheck: killedByCheck(matrix, editionId), problem: null, note: null };
  return { byCheck: new Map(), ...whyUnknown(root, matrix) };
}

function killedByCheck({ edition, faults }: KillMatrix, editionId: string): KnownToCatch['byCheck'] {
  const byCheck = new Map<string, string[]>();
  for (const { id, killedBy } of edition === editionId ? faults : []) {
    for (const check of new Set(killedBy.flatMap(({ checks }) => checks))) {
      byCheck.set(check, [...(byCheck.get(check) ?? []), id]);
    }
  }
  return byCheck;
}

function readMatrix(root: string): KillMatrix | null {
  const file = path.join(root, matrixName);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KillMatrix) : null;
}

/** Whoever edits a checkout proves it when it is done; a package that was handed on has to be proved. */
function whyUnknown(root: string, matrix: KillMatrix | null): Pick<KnownToCatch, 'problem' | 'note'> {
  if (existsSync(path.join(root, 'src'))) {
    const since = matrix === null ? '' : ` since ${matrix.made ?? 'it was changed'}`;
    const note = `not proved${since}, so what the checks catch is not known; make it known with: npm run prove`;
    return { problem: null, note };
  }
  const why =
    matrix === null
      ? 'is missing, so what the checks catch is not known'
      : 'was made with another contract, other checks or other faults than this suite has';
  return { problem: `${matrixName} ${why}; install the package anew`, note: null };
}
