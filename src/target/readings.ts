import { wordInWords } from '../engine/address.js';
import { ConfigurationError, suggestion } from '../engine/errors.js';
import type { DataFile } from '../engine/data-file.js';
import { applies, rowOf } from '../engine/contract/rows.js';
import type { ContestedClause, Contract, Reading, Readings } from '../engine/contract/types.js';
import { standingReadings } from '../engine/contract/under.js';

/** Readings as chosen in one place. */
export interface ChosenReadings {
  readonly readings: Readings;
  /** Where the reading of a clause was chosen, for messages. */
  readonly where: (id: string, name: string) => string;
}

/**
 * The reading in force of every contested clause.
 * @param chosen by precedence, the weakest first
 * @throws ConfigurationError for an unknown clause or reading, or one that cannot be chosen in the contract's edition
 */
export function resolveReadings(contract: Contract, chosen: readonly ChosenReadings[]): Readings {
  for (const { readings, where } of chosen) {
    for (const [id, name] of Object.entries(readings)) assertReading(contract, { id, name }, where(id, name));
  }
  return Object.assign({}, standingReadings(contract), ...chosen.map(({ readings }) => readings)) as Readings;
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
  const match = /^([^=]+)=(.+)$/.exec(text.trim());
  if (!match?.[1] || !match[2])
    throw new ConfigurationError(`${where} ${wordInWords(text)}: write clause=name, such as C-1=200`);
  return [match[1].toUpperCase(), match[2]];
}

function assertReading(contract: Contract, { id, name }: { id: string; name: string }, where: string): void {
  const clause = contract.contested.find((candidate) => candidate.id === id);
  const selectable = contract.contested.filter((candidate) => candidate.selectable).map((candidate) => candidate.id);
  if (!clause)
    throw new ConfigurationError(`${where}: no contested clause ${wordInWords(id)}${suggestion(id, selectable)}`);
  if (!clause.selectable) {
    throw new ConfigurationError(
      `${where}: ${id} (${clause.title}) is settled by the suite${clause.settled === undefined ? '' : `: ${clause.settled}`}; can be chosen: ${selectable.join(', ')}`,
    );
  }
  const reading = clause.readings.find((candidate) => candidate.name === name);
  if (!reading) {
    const names = clause.readings.map((candidate) => candidate.name);
    throw new ConfigurationError(`${where}: ${id} has no reading ${wordInWords(name)}${suggestion(name, names)}`);
  }
  if (standingReadings(contract)[id] !== name) assertOfEdition(contract, { clause, reading }, where);
}

/** A gate that asks for nothing would look like one that holds. */
function assertOfEdition(
  contract: Contract,
  { clause, reading }: { readonly clause: ContestedClause; readonly reading: Reading },
  where: string,
): void {
  const { id: edition } = contract.edition;
  if (reading.byEdition) {
    throw new ConfigurationError(
      `${where}: ${reading.name} of ${clause.id} says what is sent, which the edition ${edition} decides; choose an edition that has it, by --edition`,
    );
  }
  const rows = Object.keys(reading.rows ?? {});
  const isOfEdition = rows.some((id) => {
    const row = rowOf(contract, id);
    return row !== undefined && applies(row, contract);
  });
  if (rows.length > 0 && !isOfEdition) {
    throw new ConfigurationError(
      `${where}: ${reading.name} of ${clause.id} speaks of ${rows.join(', ')}, which the edition ${edition} does not have; leave it out, or choose an edition that has them`,
    );
  }
}
