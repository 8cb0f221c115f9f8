import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../package.js';
import type { ContractData } from './types.js';

/** Contracts by edition that the build has loaded and cross-checked, with the hash of the files they were made from. */
export interface CheckedContracts {
  readonly sources: string;
  readonly contracts: Readonly<Record<string, ContractData>>;
}

/** Where the build leaves them; checking YAML against schemas on every start of every process costs a third of a second. */
export const checkedContractsFile = path.join(packageRoot, 'dist', 'contracts.json');

/** SHA-256 over everything that a contract is made of. */
export function hashOfSources(): string {
  const hash = createHash('sha256');
  const files = ['specs', 'specs/editions', 'schemas/suite'].flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(folder, entry.name)),
  );
  for (const file of [...files.sort(), 'package.json']) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(packageRoot, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** What the build left, read once: it is of no use to a process when a source had changed by then. */
let known: CheckedContracts['contracts'] | undefined;

function readAll(): CheckedContracts['contracts'] {
  if (!existsSync(checkedContractsFile)) return {};
  const { sources, contracts } = JSON.parse(readFileSync(checkedContractsFile, 'utf8')) as CheckedContracts;
  return sources === hashOfSources() ? contracts : {};
}

/** The contract as the build checked it; null when it did not, or when a source has changed since. */
export function readCheckedContract(editionId: string): ContractData | null {
  known ??= readAll();
  return Object.hasOwn(known, editionId) ? (known[editionId] ?? null) : null;
}
