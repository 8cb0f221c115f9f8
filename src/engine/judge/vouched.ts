import type { Plan } from '../plan/plan.js';
import type { CaseRecord } from '../evidence/records.js';
import { isSuccess, lookAt, probesOf } from './facts.js';

/** Until when each caller's calls succeeded, as far as their controls were tried once more at the end. */
export type Vouched = ReadonlyMap<string, Lapse>;

/** A caller who succeeded, and at the end of the run no more. */
interface Lapse {
  /** ISO 8601. */
  readonly lastSuccessAt: string;
  /** What the last try was answered with, in words. */
  readonly then: string;
}

/**
 * Callers whose token, role or way to the target ended while the run went on: their control succeeded once, and not at its
 * end. Pure.
 */
export function lapsesIn(plan: Pick<Plan, 'groups'>, records: readonly CaseRecord[]): Vouched {
  const closing = plan.groups.flatMap(({ closing: isClosing = false, cases }) => (isClosing ? cases : []));
  const lapses = closing.flatMap((entry): readonly (readonly [string, Lapse])[] => {
    const record = records.find(({ caseId }) => caseId === entry.id);
    const [probe] = record ? probesOf(record) : [];
    const persona = entry.when[0].persona;
    if (!probe || (probe.response && isSuccess(probe.response))) return [];
    const succeeded = records.flatMap((other) =>
      probesOf(other)
        .filter((one) => one.persona === persona && one.response !== null && isSuccess(one.response))
        .map(({ startedAt }) => startedAt),
    );
    const lastSuccessAt = succeeded.sort().at(-1);
    if (lastSuccessAt === undefined) return [];
    const answer = probe.response ? String(probe.response.status) : (probe.noAnswer?.reason ?? 'no answer');
    return [[persona, { lastSuccessAt, then: answer }]];
  });
  return new Map(lapses);
}

/** Why what a case shows from a moment on tells nothing; null when it may. */
export function lapseOf(record: CaseRecord, personas: readonly string[], vouched: Vouched): string | null {
  const [first] = probesOf(record);
  if (!first || lookAt(record, 'subject', 'before') === undefined) return null;
  const lapsed = personas.find((persona) => first.startedAt > (vouched.get(persona)?.lastSuccessAt ?? '9999'));
  const lapse = lapsed === undefined ? undefined : vouched.get(lapsed);
  if (!lapse) return null;
  return `nothing vouches for it any more: the last call of ${lapsed ?? ''} that succeeded was at ${lapse.lastSuccessAt}, and at the end of the run it was answered ${lapse.then}; its token, its role or the way to the target may have ended in between`;
}
