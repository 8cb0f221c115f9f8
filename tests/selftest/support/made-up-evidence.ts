import { bystanderStatus } from '../../../src/cancel/statuses.js';
import type { Case } from '../../../src/engine/case.js';
import type { Verb } from '../../../src/cancel/words.js';
import type { JudgedCheck } from '../../../src/engine/judge/facts.js';
import { casesById } from '../../../src/cancel/cases/index.js';
import { judgeCase, rulesOf } from '../../../src/engine/judge/judge-case.js';
import type {
  CapturedBody,
  CaseRecord,
  Exchange,
  FrameRole,
  HeaderPair,
  Look,
  NoAnswerReason,
} from '../../../src/engine/evidence/records.js';
import { resolveTarget } from '../../../src/hosts/target.js';

export const { target, contract } = resolveTarget({});
export const rules = rulesOf(contract);

/** A case of the catalogue by its id. */
export function caseOf(id: string): Case {
  const entry = casesById.get(id);
  if (!entry) throw new Error(`no case ${id}`);
  return entry;
}

/** How a made-up call went: an answer, or the reason why none came. */
export type MadeUpAnswer =
  | {
      readonly status: number;
      readonly headers?: readonly HeaderPair[];
      readonly body?: string | CapturedBody;
      readonly strayBytes?: number;
    }
  | NoAnswerReason;

/** What a made-up case left behind; what is left out is as in a run where nothing went wrong. */
export interface MadeUpRecord {
  readonly blocked?: string;
  readonly answers?: readonly MadeUpAnswer[];
  /** The answer of the call that asks for life. */
  readonly liveness?: MadeUpAnswer;
  /** Status of the subject as it was arranged; default: what the case asks for. */
  readonly before?: string;
  /** Status of both bystanders as they were made; default: what they are made in. */
  readonly bystanders?: string;
  /** Status afterwards; null: gone. Default: what it was before. */
  readonly after?: Readonly<Partial<Record<FrameRole, string | null>>>;
  readonly request?: Partial<Exchange['request']>;
}

export const textBody = (text: string): CapturedBody => ({
  text,
  encoding: 'utf8',
  bytes: Buffer.byteLength(text),
  truncated: false,
});

/** The ids of a case's requests, different for each case as in a run. */
export const requestIdOf = (caseId: string, role: FrameRole): string => `${role}-of-${caseId}`;

export function madeUpExchange(caseId: string, answer: MadeUpAnswer, rest: Partial<Exchange> = {}): Exchange {
  const requestTarget = `/beta/requests/${requestIdOf(caseId, 'subject')}/cancel`;
  const answered = typeof answer === 'object';
  const body = answered ? (answer.body ?? '') : '';
  return {
    id: `${caseId}.1`,
    role: 'probe',
    persona: 'administrator',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    request: { method: 'POST', url: `http://target.test${requestTarget}`, requestTarget, headers: [], body: null },
    response: answered
      ? {
          status: answer.status,
          headers: answer.headers ?? [],
          body: typeof body === 'string' ? textBody(body) : body,
          strayBytes: answer.strayBytes ?? null,
        }
      : null,
    noAnswer: answered ? null : { reason: answer, message: 'made up' },
    ...rest,
  };
}

export function madeUpRecord(entry: Case, made: MadeUpRecord): CaseRecord {
  const { answers = [], liveness, before = entry.given.status, after = {}, request } = made;
  const { bystanders = bystanderStatus } = made;
  const exchanges = answers.map((answer, index) =>
    madeUpExchange(entry.id, answer, { id: `${entry.id}.${index + 1}` }),
  );
  const life = liveness === undefined ? [] : [madeUpExchange(entry.id, liveness, { role: 'liveness' })];
  const statuses = { subject: before, sibling: bystanders, stranger: bystanders };
  const looks = (['before', 'after'] as const).flatMap((when) =>
    (['subject', 'sibling', 'stranger'] as const).map((role): Look => {
      const status = when === 'after' && after[role] !== undefined ? after[role] : statuses[role];
      const requestId = requestIdOf(entry.id, role);
      return {
        role,
        when,
        requestId,
        found: status !== null,
        status,
        resource: null,
        afterMs: when === 'after' ? 1 : 0,
      };
    }),
  );
  return {
    caseId: entry.id,
    blocked: made.blocked ?? null,
    exchanges: [...exchanges, ...life].map((made_) => ({ ...made_, request: { ...made_.request, ...request } })),
    looks: made.blocked === undefined ? looks : [],
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
  };
}

/** A record of the case's control that did what it is there for. */
export function goodControl(entry: Case): CaseRecord | undefined {
  if (!entry.control) return undefined;
  return madeUpRecord(caseOf(entry.control.caseId), { answers: [{ status: 204 }], after: { subject: 'cancelled' } });
}

/** Judges a made-up record of a case of the catalogue; the control succeeded unless another one is given. */
export function judged(
  caseId: string,
  made: MadeUpRecord,
  control: CaseRecord | undefined = goodControl(caseOf(caseId)),
): ReadonlyMap<string, JudgedCheck> {
  const entry = caseOf(caseId);
  const checks = judgeCase({ case: entry, record: madeUpRecord(entry, made), rules }, control);
  return new Map(checks.map((check) => [check.verb, check]));
}

/** Judges one verb on one made-up answer to a refusal case. */
export function judgedVerb(verb: Verb, answer: MadeUpAnswer, caseId = 'perm-refuses-otherUser'): JudgedCheck {
  const check = judged(caseId, { answers: [answer] }).get(verb);
  if (!check) throw new Error(`${caseId} has no check ${verb}`);
  return check;
}
