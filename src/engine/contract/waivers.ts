import { ConfigurationError, suggestion } from '../errors.js';
import { readDataFile, type DataFile } from '../files.js';
import { knownEditions } from './load.js';
import { assertMatches } from './schemas.js';
import { toBeReplaced } from './waiver-defaults.js';

/** One failure that somebody answers for until a day: an entry of a waiver file, without its place. */
export interface WaiverEntry {
  readonly requirement: string;
  readonly check: string;
  readonly edition: string;
  /** What failed, as `fingerprintOf` tells it. */
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, in UTC: `YYYY-MM-DD`. */
  readonly expires: string;
}

/** A waiver as read. */
export interface Waiver extends WaiverEntry {
  /** Where it stands: `file:line`. */
  readonly at: string;
}

/**
 * Reads a waiver file.
 * @param file path, absolute or relative to the working directory
 * @throws ConfigurationError that names file, line and key: malformed, given twice, an edition that does not exist, or
 *   still as drafted
 */
export function readWaivers(file: string): readonly Waiver[] {
  const data = readDataFile(file, { what: 'a waiver file', piped: true });
  assertMatches(data, 'suite/waivers');
  const { waivers } = data.value as { readonly waivers: readonly WaiverEntry[] };
  const seen = new Map<string, string>();
  return waivers.map((entry, index) => {
    const at = placeOf(data, index);
    assertWritten(entry, (key) => data.locate(['waivers', index, key]));
    const name = [entry.requirement, entry.check, entry.edition].join(' ');
    const first = seen.get(name);
    if (first !== undefined) {
      throw new ConfigurationError(
        `${data.locate(['waivers', index])}: ${entry.requirement} on ${entry.check} is waived already at ${first}; keep one of them`,
      );
    }
    seen.set(name, at);
    return { ...entry, at };
  });
}

function assertWritten(entry: WaiverEntry, locate: (key: string) => string): void {
  for (const key of ['reason', 'owner'] as const) {
    if (entry[key].includes(toBeReplaced)) {
      throw new ConfigurationError(`${locate(key)}: still says ${toBeReplaced}; write the ${key} in its place`);
    }
  }
  const editions = knownEditions();
  if (!editions.includes(entry.edition)) {
    throw new ConfigurationError(
      `${locate('edition')}: no edition ${entry.edition}${suggestion(entry.edition, editions)}`,
    );
  }
}

/** `file:line` of a waiver. */
function placeOf(data: DataFile, index: number): string {
  const place = data.locate(['waivers', index]);
  return place.slice(0, place.lastIndexOf(': '));
}
