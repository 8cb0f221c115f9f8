import type { Endpoint } from '../endpoint.js';
import type { ContractData, Contract, Reading, Readings, Requirement, RowReading } from './types.js';

/** The readings in force where nobody chose others: those of the edition, before those of the clauses. */
export const standingReadings = ({ contested, edition }: ContractData): Readings => ({
  ...Object.fromEntries(contested.map(({ id, defaultReading }) => [id, defaultReading])),
  ...edition.readings,
});

/** The readings in force themselves, each with the clause that it takes. */
export const readingsInForce = ({
  contested,
  readings,
}: Pick<Contract, 'contested' | 'readings'>): readonly { readonly clause: string; readonly reading: Reading }[] =>
  contested.flatMap(({ id, readings: ways }) => {
    const reading = ways.find(({ name }) => name === readings[id]);
    return reading ? [{ clause: id, reading }] : [];
  });

/** The contract as its files state it, under the readings that stand for its edition. */
export function contractOf(data: ContractData, endpoint: Endpoint): Contract {
  const readings = standingReadings(data);
  return contractUnder({ ...data, endpoint, readings, stated: data.requirements }, readings);
}

/**
 * The contract under other readings: the one way in which a reading comes to bear on rows. Whatever it was under before makes no
 * difference. Pure.
 * @param chosen by clause; what is left out stays as it is
 */
export function contractUnder(contract: Contract, chosen: Readings): Contract {
  const readings = { ...contract.readings, ...chosen };
  const under = readingsInForce({ contested: contract.contested, readings });
  const requirements = contract.stated.map((row) =>
    under.reduce((read, { clause, reading }) => {
      const change = reading.rows?.[row.id];
      return change ? rowUnder(read, change, { clause, reading: reading.name }) : read;
    }, row),
  );
  return { ...contract, readings, requirements };
}

function rowUnder(
  row: Requirement,
  { accepted, level, open }: RowReading,
  by: { readonly clause: string; readonly reading: string },
): Requirement {
  // A level that a reading gives is for targets of every provider.
  const { levelByProvider, ...rest } = row;
  const levels = level === undefined ? { ...(levelByProvider && { levelByProvider }) } : { level };
  return {
    ...rest,
    ...levels,
    ...(accepted && { accepted }),
    ...(open && { open: { ...by, ...(open !== true && { callers: open }) } }),
  };
}
