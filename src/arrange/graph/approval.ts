import { ConfigurationError } from '../../engine/errors.js';
import type { Plan } from '../../engine/plan/plan.js';
import { isLoopback } from '../../engine/loopback.js';
import type { Target } from '../../target/target.js';

/** Why a live tenant is refused where the command is gone round. */
export const onlyByCommand =
  'a live tenant is tested by cancel-conformance run, which asks for approval, locks the tenant and keeps the journal';

/**
 * Refuses to change anything in a live tenant that nobody has agreed to.
 * @param approved the hash that was approved; undefined for none
 * @throws ConfigurationError when a hash is missing or is not that of the plan
 */
export function assertApproved(target: Target, plan: Pick<Plan, 'hash'>, approved: string | undefined): void {
  if (approved !== undefined && !(approved.length >= 12 && plan.hash.startsWith(approved.toLowerCase()))) {
    throw new ConfigurationError(
      `--approve ${approved}: the plan has the hash ${plan.hash}: tenant, counts, objects or cases differ from what was approved; look at it with plan, and approve that`,
    );
  }
  if (approved !== undefined || target.requests.provider !== 'graph' || isLoopback(target.baseUrl ?? '')) return;
  throw new ConfigurationError(
    `${target.name}: a run would change things in the tenant ${target.requests.tenant}: look at it with plan, then add --approve ${plan.hash}`,
  );
}
