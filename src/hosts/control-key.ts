import { ConfigurationError } from '../engine/errors.js';
import { tooCommon } from '../engine/evidence/common.js';
import { shownOf } from '../target/shown.js';
import type { Target } from '../target/target.js';

/**
 * The key of the control protocol.
 * @throws ConfigurationError when the key is too common to be hidden, or when the target file names a variable that is not set
 */
export function readControlKey(target: Target): string | null {
  const key = target.requests.provider === 'control' ? target.requests.key : null;
  const value = key === null ? '' : (process.env[key.env] ?? '');
  const problem = value === '' ? null : tooCommon(value.trim(), shownOf(target));
  if (problem !== null) {
    throw new ConfigurationError(
      `the environment variable ${key?.env ?? ''}, which is to hold the key of the control protocol, ${problem}`,
    );
  }
  if (value !== '') return value;
  if (key?.required !== true) return null;
  throw new ConfigurationError(
    `${target.name}: requests.key names the environment variable ${key.env}, which is not set`,
  );
}
