import { wordInWords } from '../../engine/address.js';
import { ConfigurationError, suggestion } from '../../engine/errors.js';
import type { Fault, Variant } from './alterations.js';
import { faults } from './faults/index.js';
import { overlookedOf, overlooking } from './faults/overlooked.js';
import { variants } from './variants/index.js';

/** How the embedded target is altered, by id. */
export interface AlterationNames {
  /** One fault, or several that are laid over each other in this order. */
  readonly fault?: string | readonly string[];
  readonly variant?: string;
}

/**
 * Looks up faults and a variant of the embedded target.
 * @throws ConfigurationError with the likely typo when there is no such id
 */
export function alterationOf(names: AlterationNames): {
  readonly faults: readonly Fault[];
  readonly variant?: Variant;
} {
  return {
    faults: [names.fault ?? []].flat().map(faultOf),
    ...(names.variant === undefined ? {} : { variant: find(variants, names.variant, 'variant') }),
  };
}

function faultOf(id: string): Fault {
  const overlooked = overlookedOf(id);
  return overlooked === null ? find(faults, id, 'fault') : overlooking(overlooked);
}

function find<T extends { readonly id: string }>(all: readonly T[], id: string, kind: string): T {
  const found = all.find((candidate) => candidate.id === id);
  if (found) return found;
  throw new ConfigurationError(
    `no ${kind} ${wordInWords(id)}${suggestion(
      id,
      all.map((candidate) => candidate.id),
    )}`,
  );
}
