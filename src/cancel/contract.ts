import { loadContract as load } from '../engine/contract/load.js';
import type { Contract } from '../engine/contract/types.js';
import { endpoint } from './endpoint.js';

/**
 * The contract of this endpoint: loaded and cross-checked.
 * @param editionId id of a file in `specs/editions/`; default: the seed
 * @param specs the folder that holds the contract's files; default: the package's own `specs/`
 * @throws ConfigurationError that names file, line, key and the likely typo
 */
export const loadContract = (editionId?: string, specs?: string): Contract => load(endpoint, editionId, specs);
