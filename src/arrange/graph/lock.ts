import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../engine/errors.js';
import { readJson } from '../../engine/data-file.js';
import { isFolder, makeFolder } from '../../engine/files.js';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly since: string;
  readonly journal: string;
}

const lockOf = (folder: string, tenant: string): string => path.join(folder, `lock-${tenant}.json`);

/**
 * Lets one run at a time work in a tenant, among those that share the state folder.
 * @param journal the journal of this run, for whoever finds the lock
 * @returns a function that gives it up
 * @throws ConfigurationError when another run holds it, or was killed holding it, or nothing can be kept in the folder
 */
export function acquireLock(folder: string, tenant: string, journal: string): () => void {
  const file = lockOf(folder, tenant);
  let descriptor: number;
  try {
    makeFolder(folder);
    descriptor = openSync(file, 'wx', 0o600);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && isFolder(folder)) throw new ConfigurationError(inWords(file, tenant), { cause });
    if (code === 'EMFILE' || code === 'ENFILE') throw cause;
    throw new ConfigurationError(
      `${folder}: the state of a run cannot be kept there (${code}); name another folder under requests.state`,
      { cause },
    );
  }
  const holder: Holder = { pid: process.pid, since: new Date().toISOString(), journal };
  writeSync(descriptor, JSON.stringify(holder));
  closeSync(descriptor);
  return () => {
    rmSync(file, { force: true });
  };
}

/**
 * The journal of the run that was killed holding the lock; null when nobody holds it.
 * @throws ConfigurationError when that run is still at work
 */
export function journalOfKilled(folder: string, tenant: string): string | null {
  const file = lockOf(folder, tenant);
  const holder = holderOf(file);
  if (holder && isAlive(holder.pid)) throw new ConfigurationError(inWords(file, tenant));
  return holder?.journal ?? null;
}

/**
 * Takes the lock of a run that was killed away.
 * @throws ConfigurationError when that run is still at work
 */
export function breakLock(folder: string, tenant: string): void {
  journalOfKilled(folder, tenant);
  rmSync(lockOf(folder, tenant), { force: true });
}

function inWords(file: string, tenant: string): string {
  const holder = holderOf(file);
  if (!holder)
    return `${file}: another run begins or ended just now in the tenant ${tenant}; try again, or delete the file`;
  return isAlive(holder.pid)
    ? `another run is at work in the tenant ${tenant} (process ${holder.pid}, since ${holder.since}): wait for its end`
    : `a run in the tenant ${tenant} was killed (begun ${holder.since}) and may have left something there: clean up with recover ${holder.journal}`;
}

function holderOf(file: string): Holder | null {
  try {
    const holder = readJson(file).value as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.journal === 'string' ? (holder as Holder) : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
