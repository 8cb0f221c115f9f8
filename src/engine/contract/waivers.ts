import { ConfigurationError, suggestion } from '../errors.js';
import { readDataFile, type DataFile } from '../data-file.js';
import type { Waivers } from '../models/waivers.js';
import { knownEditions } from './load.js';
import { assertMatches } from './schemas.js';
import { toBeReplaced } from './waiver-defaults.js';

/** An entry of a waiver file, without its place. */
export type WaiverEntry = Waivers['waivers'][number];

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
  const { waivers } = data.value as Waivers;
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
