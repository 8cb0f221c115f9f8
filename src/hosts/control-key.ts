import { ConfigurationError } from '../engine/errors.js';
import type { Target } from '../target/target.js';

/** A key that ordinary text may hold by chance: it could neither be hidden nor be searched for. */
const plainWord = /^[a-z]{1,15}$/i;

/**
 * The key of the control protocol.
 * @throws ConfigurationError when the key is a plain word, or when the target file names a variable that is not set
 */
export function readControlKey(target: Target): string | null {
  const key = target.requests.provider === 'control' ? target.requests.key : null;
  const value = key === null ? '' : (process.env[key.env] ?? '');
  if (plainWord.test(value)) {
    throw new ConfigurationError(
      `the key in the environment variable ${key?.env ?? ''} is a plain word, so reports could not be kept free of it; use one with digits, or of 16 characters and more`,
    );
  }
  if (value !== '') return value;
  if (key?.required !== true) return null;
  throw new ConfigurationError(
    `${target.name}: requests.key names the environment variable ${key.env}, which is not set`,
  );
}
