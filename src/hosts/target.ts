import { endpoint } from '../cancel/endpoint.js';
import type { Contract } from '../engine/contract/types.js';
import { resolveTarget as resolve, type Target, type TargetChoice } from '../target/target.js';

/**
 * Resolves who is tested on this endpoint: flag before environment before file before default.
 * @returns the target and the contract of its edition, loaded and cross-checked
 * @throws ConfigurationError for a missing or malformed file, an unknown edition, clause or reading, a bad URL
 */
export const resolveTarget = (
  choice: TargetChoice,
  variables: NodeJS.ProcessEnv = process.env,
): { readonly target: Target; readonly contract: Contract } => resolve(endpoint, choice, variables);
