import { lstatSync, rmSync, writeFileSync, type Stats } from 'node:fs';
import { ConfigurationError, PrerequisiteError } from '../../engine/errors.js';
import type { Clock } from '../../engine/patience.js';
import { otherThan } from '../../engine/files.js';

/** A lock that is older than this is left over from a process that was ended, in milliseconds; holding it takes far less. */
const staleMs = 10_000;
const pollMs = 20;

/** How long others are waited for, however many of them hold the lock one after the other, in milliseconds. */
const patienceMs = 30_000;

/**
 * Does something while no other process does so with the same file.
 * @param clock measures how long others are waited for
 * @throws ConfigurationError when what stands in the place of the lock is none, or cannot be made or removed;
 * PrerequisiteError when others hold it too long
 */
export async function underLock(file: string, work: () => void, clock: Clock): Promise<void> {
  const lock = `${file}.lock`;
  await take(lock, file, clock);
  try {
    work();
  } finally {
    remove(lock, 'is the lock of a token cache, no longer needed,');
  }
}

/** Why tokens cannot be kept in a file, in words. */
export function unusable(file: string, cause: unknown): ConfigurationError {
  const code = codeOf(cause);
  const why = code === 'ENOENT' ? 'its folder does not exist' : `it cannot be used (${code})`;
  return new ConfigurationError(`${file}: tokens cannot be kept there: ${why}`, { cause });
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown';

async function take(lock: string, file: string, clock: Clock): Promise<void> {
  const beginMs = clock.nowMs();
  let seen: { readonly facts: Stats; readonly sinceMs: number } | null = null;
  while (!isMade(lock, file)) {
    const nowMs = clock.nowMs();
    const facts = factsOf(lock);
    if (facts !== null) {
      if (seen === null || !isSame(seen.facts, facts)) seen = { facts, sinceMs: nowMs };
      // Its date may lie in the future; how long it was looked at does not depend on what clock it was dated by.
      const ageMs = Math.max(Date.now() - facts.mtimeMs, nowMs - seen.sinceMs);
      if (ageMs > staleMs) remove(lock, 'was left by a process that was ended,');
    }
    if (nowMs - beginMs > patienceMs) {
      throw new PrerequisiteError(
        `${lock}: other processes have held this lock for ${patienceMs / 1000} s, so that no token could be kept; try again when no other run uses the token cache, or name another one`,
      );
    }
    await clock.pause(pollMs);
  }
}

/** Whether the lock is ours now. */
function isMade(lock: string, file: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw unusable(file, cause);
    return false;
  }
}

/**
 * What is known of somebody's lock; null when it is gone.
 * @throws ConfigurationError when no process of the suite can have made it: nobody will ever give it up
 */
function factsOf(lock: string): Stats | null {
  let facts: Stats | undefined;
  try {
    facts = lstatSync(lock, { throwIfNoEntry: false });
  } catch (cause) {
    throw unusable(lock, cause);
  }
  if (facts === undefined) return null;
  const what = otherThan(facts);
  if (what === null) return facts;
  throw new ConfigurationError(
    `${lock}: ${what}, where the lock of the token cache has to be; remove it, or name another token cache`,
  );
}

const isSame = (one: Stats, other: Stats): boolean =>
  one.ino === other.ino && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs;

function remove(lock: string, what: string): void {
  try {
    rmSync(lock, { force: true });
  } catch (cause) {
    throw new ConfigurationError(`${lock}: ${what} and cannot be removed (${codeOf(cause)}); remove it`, { cause });
  }
}
