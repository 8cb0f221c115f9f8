import { ConfigurationError } from '../../engine/errors.js';
import type { Plan } from '../../engine/plan/plan.js';
import { isLoopback } from '../../engine/loopback.js';
import type { Target } from '../../target/target.js';

/** Why a live tenant is refused where the command is gone round. */
export const onlyByCommand =
  'a live tenant is tested by cancel-conformance run, which asks for approval, locks the tenant and keeps the journal';

/** In the place of a hash: the tenant is an emulated one on this machine, which nobody has to answer for. */
const emulated = 'emulated';

/** Where a tenant is called on this machine, and its tokens are of a platform elsewhere: there may be a live one behind it. */
export function isGatewayInDoubt({ baseUrl, requests, tokens }: Target): boolean {
  if (requests.provider !== 'graph' || !isLoopback(baseUrl ?? '')) return false;
  return Object.values(tokens).some((source) => 'platform' in source && !isLoopback(source.platform.authority));
}

/**
 * Refuses to change anything in a live tenant that nobody has agreed to.
 * @param approved the hash that was approved, or `emulated`; undefined for none
 * @throws ConfigurationError when a hash is missing or is not that of the plan
 */
export function assertApproved(target: Target, plan: Pick<Plan, 'hash'>, approved: string | undefined): void {
  if (approved === emulated) {
    const why = !isLoopback(target.baseUrl ?? '')
      ? `${target.name} is not on this machine`
      : isGatewayInDoubt(target)
        ? `${target.name} is called on this machine, but its tokens are those of a platform elsewhere, so a live tenant may be behind it`
        : null;
    if (why === null) return;
    throw new ConfigurationError(
      `--approve ${emulated}: ${why}: look at it with plan, then add --approve ${plan.hash}`,
    );
  }
  if (approved !== undefined && !(approved.length >= 12 && plan.hash.startsWith(approved.toLowerCase()))) {
    throw new ConfigurationError(
      `--approve ${approved}: the plan has the hash ${plan.hash}: tenant, counts, objects or cases differ from what was approved; look at it with plan, and approve that`,
    );
  }
  if (approved !== undefined || target.requests.provider !== 'graph') return;
  const rehearsal = isLoopback(target.baseUrl ?? '') ? `, or --approve ${emulated} where it is an emulated one` : '';
  throw new ConfigurationError(
    `${target.name}: a run would change things in the tenant ${target.requests.tenant}: look at it with plan, then add --approve ${plan.hash}${rehearsal}`,
  );
}
