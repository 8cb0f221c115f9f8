import type { Case } from '../../engine/case.js';
import type { Contract } from '../../engine/contract/types.js';
import { ownerOf } from '../../engine/endpoint.js';
import type { CaseRecord, Exchange, FrameRole, Look } from '../../engine/evidence/records.js';
import type { Between } from '../../engine/exchange/reach.js';
import type { Finding, Reproducer } from '../model.js';
import { reproduce } from '../reproducer.js';

/** What reproducers are made from besides the records. */
export interface Reproducible {
  readonly cases: ReadonlyMap<string, Case>;
  readonly contract: Contract;
  readonly baseUrl: string;
  /** What stands between whoever calls and the target. */
  readonly between: readonly Between[];
}

/** A check with what it found. */
interface Judged {
  readonly caseId: string;
  readonly findings: readonly Finding[];
}

/**
 * A reproducer for every exchange that a finding rests on: the one that it names, or the calls of its case where it shows
 * in the status readings.
 */
export function reproducersOf(
  checks: readonly Judged[],
  records: readonly CaseRecord[],
  from: Reproducible,
): readonly Reproducer[] {
  const named = new Set<string>();
  const whole = new Set<string>();
  for (const { caseId, findings } of checks) {
    for (const { exchangeId } of findings) {
      if (exchangeId === null) whole.add(caseId);
      else named.add(exchangeId);
    }
  }
  const isWanted = (record: CaseRecord, { id, role }: Exchange): boolean =>
    named.has(id) || (whole.has(record.caseId) && role === 'probe');
  const reproducers = records.flatMap((record) =>
    record.exchanges
      .filter((exchange) => isWanted(record, exchange))
      .map((exchange) => reproducerOf(exchange, record, from)),
  );
  // Where requests are spared, cases share exchanges.
  return [...new Map(reproducers.map((one) => [one.exchangeId, one])).values()];
}

/** The reproducer of one exchange of a record. */
export function reproducerOf(
  exchange: Exchange,
  record: CaseRecord,
  { cases, contract, baseUrl, between }: Reproducible,
): Reproducer {
  const entry = cases.get(record.caseId);
  const body = entry ? wholeBody(exchange, { entry, record, contract }) : null;
  return reproduce(exchange, {
    baseUrl,
    between,
    looks: record.looks,
    owner: entry ? ownerOf(entry, contract) : contract.endpoint.cast.owner,
    ...(body === null ? {} : { wholeBody: body }),
    ...(exchange.role === 'probe' && record.exchanges.some(({ role }) => role === 'opening')
      ? { follows: true as const }
      : {}),
  });
}

interface Origin {
  readonly entry: Case;
  readonly record: CaseRecord;
  readonly contract: Contract;
}

/**
 * A body that evidence holds the beginning of, built again as it was. Null where it need not be, or where beginning and
 * size do not agree with what was sent.
 */
function wholeBody({ id, request }: Exchange, { entry, record, contract }: Origin): string | null {
  const sent = request.body;
  const form = entry.when[Number(id.slice(id.lastIndexOf('.') + 1)) - 1]?.body;
  if (sent?.truncated !== true || form === undefined) return null;
  const before = (role: FrameRole): Look | undefined =>
    record.looks.find((look) => look.role === role && look.when === 'before');
  const idOf = (role: FrameRole): string => before(role)?.requestId ?? '';
  const ids = { subject: idOf('subject'), sibling: idOf('sibling'), stranger: idOf('stranger') };
  const { edition, endpoint } = contract;
  const built = endpoint.forms.bodies[form]?.({
    edition,
    ids,
    callerId: null,
    token: null,
    resource: before('subject')?.resource ?? null,
  });
  const agrees = built?.length === sent.bytes && built.toString('utf8').startsWith(sent.text);
  return agrees ? built.toString('latin1') : null;
}
