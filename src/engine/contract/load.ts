import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { readCheckedContract } from './checked.js';
import { assertConsistent, type ContractFiles, type RequirementCatalogue } from './cross-check.js';
import { wordInWords } from '../address.js';
import { ConfigurationError, suggestion } from '../errors.js';
import { readDataFile } from '../data-file.js';
import { packageRoot, packageVersion } from '../package.js';
import { assertMatches } from './schemas.js';
import type { Endpoint } from '../endpoint.js';
import type { ContestedClause, Contract, ContractData, Edition } from './types.js';
import { contractOf } from './under.js';

/** The edition that is judged when nobody names one: the seed. */
export const defaultEdition = 'beta-2021-05';

const ownSpecs = path.join(packageRoot, 'specs');

/**
 * Loads and cross-checks the contract of an endpoint, under the readings that stand for the edition.
 * @param editionId id of a file in `specs/editions/`
 * @param specs the folder that holds the contract's files; default: the package's own `specs/`
 * @throws ConfigurationError that names file, line, key and the likely typo
 */
export function loadContract(endpoint: Endpoint, editionId = defaultEdition, specs = ownSpecs): Contract {
  const checked = specs === ownSpecs ? readCheckedContract(editionId) : null;
  return contractOf(checked ?? checkContract(editionId, specs), endpoint);
}

/** Loads and cross-checks the contract from its files, whatever was checked before. */
export function checkContract(editionId: string, specs = ownSpecs): ContractData {
  const files: ContractFiles = {
    openapi: readDataFile(path.join(specs, 'openapi.yaml')),
    requirements: readDataFile(path.join(specs, 'requirements.yaml')),
    contested: readDataFile(path.join(specs, 'contested.yaml')),
    edition: readDataFile(editionFile(editionId, specs)),
  };
  assertMatches(files.requirements, 'suite/requirements');
  assertMatches(files.contested, 'suite/contested');
  assertMatches(files.edition, 'suite/edition');
  const catalogue = files.requirements.value as RequirementCatalogue;
  const contract: ContractData = {
    version: packageVersion(),
    openapi: files.openapi.value as OpenAPIV3_1.Document,
    documents: catalogue.documents,
    links: catalogue.links,
    requirements: catalogue.requirements.map((row, index) => ({
      ...row,
      line: files.requirements.lineOf(['requirements', index]) ?? 1,
    })),
    contested: (files.contested.value as { contested: readonly ContestedClause[] }).contested,
    edition: files.edition.value as Edition,
  };
  assertConsistent(contract, files, catalogue);
  return contract;
}

/** Ids of the editions that have a file. */
export function knownEditions(specs = ownSpecs): readonly string[] {
  return readdirSync(path.join(specs, 'editions'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

function editionFile(editionId: string, specs: string): string {
  const known = knownEditions(specs);
  if (!known.includes(editionId))
    throw new ConfigurationError(`no edition ${wordInWords(editionId)}${suggestion(editionId, known)}`);
  return path.join(specs, 'editions', `${editionId}.yaml`);
}
