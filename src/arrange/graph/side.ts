import type { LiveTenant } from '../../target/live-tenant.js';
import { PrerequisiteError } from '../../engine/errors.js';
import { namedInFile, type ArrangingParts, type ArrangingSide } from '../arranging.js';
import { PooledProvider } from '../pool.js';
import { isOutOfReach } from './provider.js';
import { offerOfLive, openLive, remarksOf } from './open.js';
import { installedCommand } from '../../engine/typed.js';

/**
 * A live tenant as the arranging side: its requests are shared, and every call is written down before it is sent. Without a
 * journal nothing is done there.
 * @throws PrerequisiteError when the tenant cannot be worked in, with the reason
 */
export async function liveSide(from: ArrangingParts, live: LiveTenant): Promise<ArrangingSide> {
  const traits = {
    name: 'a live tenant',
    supplyOf: (persona: string) => `; ${namedInFile(persona)}, with a permission to make requests`,
    absenceOf,
    isOutOfReach,
    lackOf: () => null,
    movesOn: true,
    forgets: false,
    makesForTokens: false,
  };
  if (from.journal === null) {
    const offer = offerOfLive(live, from);
    return { ...traits, provider: untouched, offer, remarks: () => null };
  }
  const provider = await openLive(from, live, from.journal);
  const offer = await provider.describe();
  return {
    ...traits,
    provider: new PooledProvider(provider, from.clock, (wanted) => provider.affordable(wanted)),
    offer,
    remarks: () => remarksOf(provider),
  };
}

/** A live tenant is in some statuses never, or not on demand. */
const absenceOf = (status: string): string =>
  status === 'pendingApprovalEscalated'
    ? `no request stands ready that is ${status}: it takes a day to come about; say ${installedCommand} prepare --target FILE a day before`
    : `a live tenant cannot be brought into ${status} on demand`;

const refusal = (): Promise<never> =>
  Promise.reject(new PrerequisiteError('nothing is done in a live tenant without a journal'));

/** Stands for a tenant that is looked at only. */
const untouched: ArrangingSide['provider'] = {
  describe: refusal,
  create: refusal,
  read: refusal,
  intend: refusal,
  remove: refusal,
  release: refusal,
  close: () => Promise.resolve(),
};
