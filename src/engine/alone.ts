import { closeSync, openSync, rmSync } from 'node:fs';
import { ConfigurationError } from './errors.js';
import { lacksDescriptors, shownPath } from './files.js';
import { systemClock } from './patience.js';

/** What is locked, and for whom. */
export interface Lock {
  /** The file that stands there meanwhile. */
  readonly file: string;
  /** How the user named what is locked, as `--nights nights`. */
  readonly named: string;
  /** How long somebody else is waited for, in milliseconds; default: not at all. */
  readonly patienceMs?: number;
}

/** How long a lock is left alone before it is tried again, in milliseconds. */
const retryMs = 50;

/**
 * Carries out what nobody else may do in the same place meanwhile.
 * @throws ConfigurationError when somebody does, or the lock cannot be written
 */
export async function alone<Result>(lock: Lock, work: () => Promise<Result> | Result): Promise<Result> {
  await acquire(lock);
  try {
    return await work();
  } finally {
    rmSync(lock.file, { force: true });
  }
}

async function acquire({ file, named, patienceMs = 0 }: Lock): Promise<void> {
  for (const endMs = systemClock.nowMs() + patienceMs; ;) {
    try {
      closeSync(openSync(file, 'wx'));
      return;
    } catch (cause) {
      const { code = 'unknown' } = cause as NodeJS.ErrnoException;
      if (lacksDescriptors(cause)) throw cause;
      if (code !== 'EEXIST') throw new ConfigurationError(`${named}: cannot be written (${code})`, { cause });
      if (systemClock.nowMs() >= endMs) {
        throw new ConfigurationError(
          `${named}: somebody else is at work in it: ${shownPath(file)} is there; remove it when that is not so`,
          { cause },
        );
      }
    }
    await systemClock.pause(retryMs);
  }
}
