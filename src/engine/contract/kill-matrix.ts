import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
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
  /** SHA-256 over the contract, the checks and the faults that it was made with. */
  readonly stamp: string;
  /** True when only some faults or variants were run. */
  readonly partial: boolean;
  readonly faults: readonly FaultResult[];
  readonly variants: readonly VariantResult[];
  /** All pairs of faults within an area; left out when they were not asked for. */
  readonly pairs?: readonly PairResult[];
}

/** The matrix that comes with the package. */
export const shippedMatrixFile = path.join(packageRoot, 'proof', 'kill-matrix.json');

/** What a matrix depends on: the contract, the checks, and the faults with the target that they are laid over. */
const stampedFolders = ['specs', 'src/cancel', 'src/engine/judge', 'src/emulators/endpoint'];

/** SHA-256 over the sources that a matrix depends on; line ends do not count. Only a checkout has them. */
export function stampOfSources(): string {
  const hash = createHash('sha256');
  const files = stampedFolders.flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(packageRoot, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')),
  );
  for (const file of files.sort()) {
    const text = readFileSync(path.join(packageRoot, file), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${file}\0${text}\0`);
  }
  return hash.digest('hex');
}

/** Where the build leaves the stamp of what it built: the package holds no sources. */
export const stampFile = path.join(packageRoot, 'dist', 'stamp.json');

/** The stamp of the suite that runs: as the build left it, else of the sources. */
export function suiteStamp(): string {
  if (!existsSync(stampFile)) return stampOfSources();
  return (JSON.parse(readFileSync(stampFile, 'utf8')) as { readonly stamp: string }).stamp;
}

/** The faults that each check is known to catch, or why that is not known. */
export interface KnownToCatch {
  /** Ids of faults by id of the check. */
  readonly byCheck: ReadonlyMap<string, readonly string[]>;
  /** A fault of the suite: the matrix is missing or was made with another suite. */
  readonly problem: string | null;
}

/** Reads the matrix that comes with the package; it says nothing about checks in another edition than its own. */
export function knownToCatch(editionId: string): KnownToCatch {
  const unknown = (problem: string): KnownToCatch => ({
    byCheck: new Map(),
    problem: `proof/kill-matrix.json ${problem}; make it anew with: npm run prove`,
  });
  if (!existsSync(shippedMatrixFile)) return unknown('is missing, so what the checks catch is not known');
  const matrix = JSON.parse(readFileSync(shippedMatrixFile, 'utf8')) as KillMatrix;
  if (matrix.stamp !== suiteStamp()) {
    return unknown('was made with another contract, other checks or other faults than this suite has');
  }
  const byCheck = new Map<string, string[]>();
  for (const { id, killedBy } of matrix.edition === editionId ? matrix.faults : []) {
    for (const check of new Set(killedBy.flatMap(({ checks }) => checks))) {
      byCheck.set(check, [...(byCheck.get(check) ?? []), id]);
    }
  }
  return { byCheck, problem: null };
}
