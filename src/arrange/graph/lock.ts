import { closeSync, lstatSync, openSync, readdirSync, readFileSync, rmSync, writeSync, type Stats } from 'node:fs';
import { uptime } from 'node:os';
import path from 'node:path';
import { bounds } from '../../engine/bounds.js';
import { ConfigurationError } from '../../engine/errors.js';
import { readJson } from '../../engine/data-file.js';
import { isFolder, keepPrivate, lacksDescriptors, makeFolder, otherThan, privateModes } from '../../engine/files.js';
import { shellText } from '../../engine/shell.js';
import { isJournalName } from './prepared.js';
import { typedCommand } from '../../engine/typed.js';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  /** What tells the process from a later one with the same number; null where the system does not say. */
  readonly started: string | null;
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
    makeFolder(folder, privateModes.folder);
    descriptor = openSync(file, 'wx', privateModes.file);
  } catch (cause) {
    const isTaken = (cause as NodeJS.ErrnoException).code === 'EEXIST' && isFolder(folder);
    throw isTaken ? new ConfigurationError(inWords(file, tenant), { cause }) : unkept(folder, cause);
  }
  const { pid } = process;
  const holder: Holder = { pid, started: startOf(pid), since: new Date().toISOString(), journal };
  try {
    writeSync(descriptor, JSON.stringify(holder));
  } catch (cause) {
    remove(file);
    throw unkept(folder, cause);
  } finally {
    closeSync(descriptor);
  }
  return () => {
    remove(file);
  };
}

/** Why nothing can be kept in a state folder. */
function unkept(folder: string, cause: unknown): unknown {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  if (lacksDescriptors(cause)) return cause;
  return new ConfigurationError(
    `${folder}: the state of a run cannot be kept there (${code}); name another folder under requests.state`,
    { cause },
  );
}

/** Takes a lock away. @throws ConfigurationError where the system does not let it */
function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `${file}: the lock of the tenant cannot be removed (${code}); remove it, or no other run begins there`,
      { cause },
    );
  }
}

/** What stands in the place of a lock and is no file, such as a folder, in words; null for a file, and where nothing is. */
function inTheWay(file: string): string | null {
  let facts: Stats | undefined;
  try {
    facts = lstatSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    // The folder itself is none, which whoever looks for journals there tells.
    return code === 'ENOTDIR' ? null : `cannot be looked at (${code}); see to who may use its folder`;
  }
  const what = facts === undefined ? null : otherThan(facts);
  return what === null
    ? null
    : `${what}, where the lock of the tenant has to be: it is no lock of this suite; move it away, and try again`;
}

/**
 * The journal of the run that was killed holding the lock; null when nobody holds it.
 * @throws ConfigurationError when that run is still at work, or what stands in the place of the lock is no file
 */
export function journalOfKilled(folder: string, tenant: string): string | null {
  const file = lockOf(folder, tenant);
  const problem = inTheWay(file);
  if (problem !== null) throw new ConfigurationError(`${file}: ${problem}`);
  const holder = holderOf(file);
  if (holder && isAlive(holder)) throw new ConfigurationError(inWords(file, tenant));
  return holder?.journal ?? null;
}

/**
 * Takes the lock of a run that was killed away.
 * @throws ConfigurationError as `journalOfKilled`, and when it cannot be removed
 */
export function breakLock(folder: string, tenant: string): void {
  journalOfKilled(folder, tenant);
  remove(lockOf(folder, tenant));
}

function inWords(file: string, tenant: string): string {
  const problem = inTheWay(file);
  if (problem !== null) return `${file}: ${problem}`;
  const holder = holderOf(file);
  if (!holder)
    return `${file}: another run begins or ended just now in the tenant ${tenant}, or it is no lock of this suite; try again, or delete the file`;
  return isAlive(holder)
    ? `another run is at work in the tenant ${tenant} (process ${holder.pid}, since ${holder.since}): wait for its end`
    : `a run in the tenant ${tenant} was killed (begun ${holder.since}) and may have left something there: clean up with: ${typedCommand()} recover ${shellText(holder.journal)} --target FILE, the target file of that run`;
}

/**
 * Keeps others out of a state folder and of what lies in it, where it is there already.
 * @returns what was narrowed, in words
 * @throws ConfigurationError where something there is somebody else's, or is a link
 */
export function keepStatePrivate(folder: string): readonly string[] {
  if (!isFolder(folder)) return [];
  const own = namesIn(folder).filter((name) => /^(?:run|prepared|lock)-.*\.jsonl?$/.test(name));
  return [folder, ...own.map((name) => path.join(folder, name))].flatMap((place) => keepPrivate(place) ?? []);
}

/** @throws ConfigurationError for a folder that cannot be read */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw unkept(folder, cause);
  }
}

/** Who holds a lock, by a file that somebody may have written; null for one that no run writes. */
function holderOf(file: string): Holder | null {
  try {
    const {
      pid,
      started = null,
      since,
      journal,
    } = { ...(readJson(file, { json: bounds.lock }).value as object) } as Partial<Holder>;
    const isOne =
      Number.isInteger(pid) &&
      Number(pid) > 0 &&
      (started === null || typeof started === 'string') &&
      typeof since === 'string' &&
      new Date(since).getTime() > 0 &&
      typeof journal === 'string' &&
      // A run keeps its journal beside its lock: another one is nothing that it would want to be cleaned up.
      journal === path.join(path.dirname(file), path.basename(journal)) &&
      isJournalName(path.basename(journal));
    return isOne ? { pid: Number(pid), started, since: new Date(since).toISOString(), journal } : null;
  } catch {
    return null;
  }
}

/** A margin for clocks that were set, in milliseconds. */
const bootMarginMs = 60_000;

/**
 * Whether the process that took a lock is still there. A number alone does not tell: another process may have it by now. Where the
 * system says when a process was started, that is compared; elsewhere a lock from before the machine was started is nobody's.
 */
function isAlive({ pid, started, since }: Holder): boolean {
  if (!isThere(pid)) return false;
  const now = startOf(pid);
  if (now !== null && started !== null) return now === started;
  return Date.parse(since) > Date.now() - uptime() * 1000 - bootMarginMs;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of what follows the name of a program in /proc/PID/stat, the place of the moment at which it was started (proc(5), field 22). */
const placeOfStart = 19;

/** When a process was started, by the start of the machine and the ticks since; `ended` for one that is only remembered; null where nobody says. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in parentheses and may hold any character.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return ['Z', 'X'].includes(fields[0] ?? '') ? 'ended' : `${boot} ${fields[placeOfStart] ?? ''}`;
  } catch {
    return null;
  }
}
