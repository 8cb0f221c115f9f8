import { ConfigurationError, suggestion } from '../engine/errors.js';
import type { DataFile } from '../engine/files.js';
import type { Contract } from '../engine/contract/types.js';

/** Readings as chosen in one place. */
export interface ChosenReadings {
  readonly readings: Readonly<Record<string, string>>;
  /** Where the reading of a clause was chosen, for messages. */
  readonly where: (id: string, name: string) => string;
}

/**
 * The reading in force of every contested clause.
 * @param chosen by precedence, the weakest first
 * @throws ConfigurationError for an unknown clause or reading, or a clause that the suite settles
 */
export function resolveReadings(
  contract: Contract,
  chosen: readonly ChosenReadings[],
): Readonly<Record<string, string>> {
  for (const { readings, where } of chosen) {
    for (const [id, name] of Object.entries(readings)) assertReading(contract, { id, name }, where(id, name));
  }
  const standing = contract.contested.map(({ id, defaultReading }) => [id, defaultReading] as const);
  return Object.assign(
    Object.fromEntries(standing),
    contract.edition.readings,
    ...chosen.map(({ readings }) => readings),
  ) as Record<string, string>;
}

/** Where a reading in a target file stands. */
export const inFile =
  (file: DataFile | null): ChosenReadings['where'] =>
  (id) =>
    file?.locate(['readings', id]) ?? 'readings';

/**
 * Takes `C-1=200` apart.
 * @throws ConfigurationError when it is not written clause=name
 */
export function parseReading(text: string, where: string): readonly [id: string, name: string] {
  const match = /^\s*([^=]+)=(.+?)\s*$/.exec(text);
  if (!match?.[1] || !match[2]) throw new ConfigurationError(`${where} ${text}: write clause=name, such as C-1=200`);
  return [match[1].toUpperCase(), match[2]];
}

function assertReading(contract: Contract, { id, name }: { id: string; name: string }, where: string): void {
  const clause = contract.contested.find((candidate) => candidate.id === id);
  const selectable = contract.contested.filter((candidate) => candidate.selectable).map((candidate) => candidate.id);
  if (!clause) throw new ConfigurationError(`${where}: no contested clause ${id}${suggestion(id, selectable)}`);
  if (!clause.selectable) {
    throw new ConfigurationError(
      `${where}: ${id} (${clause.title}) is settled by the suite; can be chosen: ${selectable.join(', ')}`,
    );
  }
  const names = clause.readings.map((reading) => reading.name);
  if (!names.includes(name))
    throw new ConfigurationError(`${where}: ${id} has no reading ${name}${suggestion(name, names)}`);
}
