import { isGatewayInDoubt } from '../arrange/graph/approval.js';
import type { LiveLook } from '../arrange/graph/look.js';
import type { Session } from '../engine/perform/session.js';
import type { Target } from '../target/target.js';
import type { Symptom } from './examine.js';
import { shellText } from '../engine/shell.js';
import { typedCommand } from '../engine/typed.js';

/** What a live tenant shows of those who arrange there; null of any other target, and where it cannot be worked in at all. */
export async function lookBehind(session: Session, target: Target): Promise<LiveLook | null> {
  const { requests } = target;
  if (requests.provider !== 'graph' || session.obstacle !== null) return null;
  const { lookAtTenant } = await import('../arrange/graph/look.js');
  return lookAtTenant({ ...session, target }, requests);
}

const escalated = 'pendingApprovalEscalated';

const isEscalated = (status: string): boolean => status.toLowerCase() === escalated.toLowerCase();

/** A session that offers of what was prepared what reads so, and not what is to read so by now. */
export function withPrepared(session: Session, { prepared }: LiveLook): Session {
  const { arranging } = session;
  if (arranging.offer === null) return session;
  const others = arranging.offer.statuses.filter((status) => !isEscalated(status));
  const isReady = prepared.some(
    ({ status, request }) => isEscalated(status) && request.edition === session.contract.edition.id,
  );
  return {
    ...session,
    arranging: { ...arranging, offer: { ...arranging.offer, statuses: isReady ? [...others, escalated] : others } },
  };
}

/** What looks as if another tenant were meant than the one that is called. */
export const gatewaySymptoms = (target: Target): readonly Symptom[] =>
  isGatewayInDoubt(target)
    ? [
        {
          health: 'doubtful',
          words:
            'baseUrl is on this machine, but the tokens are those of a platform elsewhere: is a live tenant behind it? Then this is no rehearsal; else set authority to the emulated platform',
        },
      ]
    : [];

/** What was prepared, in words. */
export function preparedSymptoms(look: LiveLook | null, { requests }: Target): readonly Symptom[] {
  if (look === null || requests.provider !== 'graph') return [];
  const usable = look.prepared.filter(({ isUsable }) => isUsable);
  const over = look.prepared.filter(({ isUsable }) => !isUsable);
  return [
    ...usable.map(({ status, request: { id, readyAt = '' } }): Symptom => {
      const when = isEscalated(status) ? 'and can be used' : `and is to be escalated by ${readyAt}`;
      return { health: 'good', words: `prepared request ${id} reads ${status} ${when}` };
    }),
    ...over.map(({ status, request: { id } }): Symptom => {
      const words = `prepared request ${id} reads ${status} and can no longer be used; delete it with: ${typedCommand()} recover ${shellText(requests.state)} --target FILE`;
      return { health: 'doubtful', words };
    }),
  ];
}
