import { ConfigurationError } from '../engine/errors.js';
import { readDataFile } from '../engine/data-file.js';
import { assertMatches } from '../engine/contract/schemas.js';

/** A request that stands ready. */
export interface InventoryItem {
  readonly id: string;
  /** The status that it is listed under. */
  readonly status: string;
  /** The persona who owns it. */
  readonly owner: string;
}

/**
 * Reads an inventory file.
 * @throws ConfigurationError that names file, line and key; an id that is listed twice is one
 */
export function readInventory(path: string): readonly InventoryItem[] {
  const file = readDataFile(path, { what: 'an inventory' });
  assertMatches(file, 'suite/inventory');
  const { requests } = file.value as {
    requests: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
  const items = Object.entries(requests).flatMap(([status, owners]) =>
    Object.entries(owners).flatMap(([owner, ids]) => ids.map((id, index) => ({ id, status, owner, index }))),
  );
  const seen = new Set<string>();
  for (const { id, status, owner, index } of items) {
    if (seen.has(id)) {
      throw new ConfigurationError(
        `${file.locate(['requests', status, owner, index])}: ${id} is listed before; a request has one status and one owner`,
      );
    }
    seen.add(id);
  }
  return items.map(({ id, status, owner }) => ({ id, status, owner }));
}
