import { ConfigurationError, suggestion } from '../../engine/errors.js';
import { nuisanceNames, type Delays, type Nuisance } from './choices.js';

/** What can be changed while the tenant runs. */
export interface TenantSettings {
  nuisances: ReadonlySet<Nuisance>;
  delays: Delays;
  /** False: the tenant lacks the licence, and every call is refused. */
  licensed: boolean;
  /** What Retry-After asks for, in seconds. */
  retryAfterS: number;
  /** How many of a hundred calls are turned away, for each nuisance that does so; of a run some are met by a few already. */
  turnedAwayPercent: number;
}

/**
 * Nuisances by name.
 * @param names `all`, `none`, or names
 * @throws ConfigurationError with the likely typo for a name that there is not
 */
export function readNuisances(names: 'all' | 'none' | readonly string[]): ReadonlySet<Nuisance> {
  if (names === 'all') return new Set(nuisanceNames);
  return new Set(names === 'none' ? [] : names.map(readNuisance));
}

function readNuisance(name: string): Nuisance {
  const known = nuisanceNames.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new ConfigurationError(`no nuisance ${name}${suggestion(name, nuisanceNames)}`);
}

/**
 * Delays laid over others.
 * @throws ConfigurationError for a name that there is not, or what is no number of milliseconds
 */
export function readDelays(changes: Readonly<Record<string, unknown>>, below: Delays): Delays {
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in below)) throw new ConfigurationError(`no delay ${name}${suggestion(name, Object.keys(below))}`);
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new ConfigurationError(`the delay ${name} is no number of milliseconds: ${JSON.stringify(value)}`);
    }
  }
  return { ...below, ...changes };
}
