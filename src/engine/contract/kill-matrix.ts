import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../package.js';
import type { KillMatrix } from '../models/kill-matrix.js';
import type { KnownMistake } from '../verdict/likely-causes.js';

export type {
  KillMatrix,
  Crossing as CrossingResult,
  Fault as FaultResult,
  Pair as PairResult,
  Row as FailedRow,
  Variant as VariantResult,
} from '../models/kill-matrix.js';

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

/** As `suiteStamp`; null where the suite was not built. */
export const readStampOfSuite = (): string | null => readStamp(packageRoot);

/**
 * The stamp of the suite that runs.
 * @throws Error when the suite was not built
 */
export function suiteStamp(): string {
  const stamp = readStampOfSuite();
  if (stamp === null) throw new Error('dist/stamp.json is missing: build the suite first');
  return stamp;
}

/** The faults that each check is known to catch, or why that is not known. */
export interface KnownToCatch {
  /** Ids of faults by id of the check. */
  readonly byCheck: ReadonlyMap<string, readonly string[]>;
  /** What each known mistake leaves behind; null where that is not known. */
  readonly proof: Proof | null;
  /** A fault of the suite: an installed package without a matrix, or with that of another suite. */
  readonly problem: string | null;
  /** What a reader should know: a checkout that changed since it was proved, which happens with every edit. */
  readonly note: string | null;
}

/** The known mistakes of an edition, and the stamp of the suite that they were tried on. */
export interface Proof {
  readonly stamp: string;
  readonly mistakes: readonly KnownMistake[];
}

const matrixName = 'proof/kill-matrix.json';

/**
 * Reads the matrix that comes with the package; it says nothing about checks in another edition than its own.
 * @param root the package
 */
export function knownToCatch(editionId: string, root = packageRoot): KnownToCatch {
  const matrix = readMatrix(root);
  if (matrix?.stamp === readStamp(root))
    return { byCheck: killedByCheck(matrix, editionId), proof: proofOf(matrix, editionId), problem: null, note: null };
  return { byCheck: new Map(), proof: null, ...whyUnknown(root, matrix) };
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

function proofOf({ stamp, edition, faults }: KillMatrix, editionId: string): Proof | null {
  if (edition !== editionId) return null;
  const mistakes = faults.map(({ id, sentence, killedBy, collateral }): KnownMistake => {
    const failed = [...killedBy, ...collateral];
    const rows = failed.map(({ requirement }) => requirement);
    return { id, sentence, rows, checks: [...new Set(failed.flatMap(({ checks }) => checks))] };
  });
  return { stamp, mistakes };
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
