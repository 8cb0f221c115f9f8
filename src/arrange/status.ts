/** Names under which the service shows what has been delivered (contract, section 2); one follows the other by itself. */
const namesOfDelivered = /^(?:delivered|fulfilled|fulfillednotificationtriggered)$/i;

/**
 * The status that a resource shows.
 * @param members members that hold it, the first one preferred (C-3)
 * @returns the status as it stands there, but `Delivered` for all names of that; null when there is none
 */
export function statusIn(resource: Readonly<Record<string, unknown>>, members: readonly string[]): string | null {
  const value = members.map((member) => resource[member]).find((member) => typeof member === 'string');
  if (typeof value !== 'string') return null;
  return namesOfDelivered.test(value) ? 'Delivered' : value;
}

/** A resource in which all names of what has been delivered are one. */
export const withOneNameOfDelivered = (resource: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(resource).map(([member, value]) => [
      member,
      typeof value === 'string' && namesOfDelivered.test(value) ? 'Delivered' : value,
    ]),
  );
