import { createHash } from 'node:crypto';
import type { Case } from '../case.js';
import type { JudgedCheck } from '../judge/facts.js';
import type { Endpoint } from '../endpoint.js';
import { maskIds } from '../judge/mutation.js';
import type { CaseRecord } from '../evidence/records.js';
import type { Finding } from '../evidence/verdicts.js';

/** Where a failure was seen; both are missing for a check on the run as a whole. */
export interface SeenIn {
  readonly endpoint: Pick<Endpoint, 'verbs'>;
  readonly entry?: Case | undefined;
  readonly record?: CaseRecord | undefined;
}

const length = 16;

/**
 * What failed, as a short hash: the same in every run in which the check fails in the same way, another one when it
 * fails in another way. It rests on what was seen, never on how the suite words a finding, nor on what differs from run to run by
 * nature (ids, times, sizes, counts).
 */
export function fingerprintOf(check: JudgedCheck, seenIn: SeenIn): string {
  const seen = check.findings.map((finding) =>
    [placeOf(finding, seenIn), whatWasSeen(finding, check, seenIn)].join(' '),
  );
  const parts = [check.id, ...[...new Set(seen)].sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
}

/** Which of the calls shows it; calls that were made at once have no order. */
function placeOf({ exchangeId }: Finding, { entry }: SeenIn): string {
  if (!entry || entry.simultaneously || exchangeId === null) return '';
  return exchangeId.slice(exchangeId.lastIndexOf('.') + 1);
}

function whatWasSeen({ message, actual }: Finding, { verb }: JudgedCheck, { record, endpoint }: SeenIn): string {
  // Of a leak it counts that there is one: the text that leaks is another one with every build, if not with every call.
  if (endpoint.verbs[verb]?.knownByMessage) return message;
  // A target may number its requests; a number that could be a status code is taken for one.
  const looks = record?.looks.filter(({ requestId }) => !statusCode.test(requestId)) ?? [];
  return steady(maskIds({ looks })(actual));
}

const statusCode = /^[1-5]\d\d$/;

/** The text without what differs from run to run by nature. */
export function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '‹id›')
    .replaceAll(/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b/g, '‹time›')
    .replaceAll(/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, '‹time›')
    .replaceAll(/\b(\d{3} in |Content-Length: )\d+/gi, '$1‹number›')
    .replaceAll(/\b\d+(?= (?:ms|bytes?)\b)/g, '‹number›')
    .replaceAll(/[\w-]{8,}/g, (word) => (looksRandom(word) ? '‹id›' : word))
    .replaceAll(/(?<![\w-])\d[\d.:,]*(?![\w-])/g, (number) => (statusCode.test(number) ? number : '‹number›'));
}

/** True for what no person would write as a word: letters and digits that alternate. */
function looksRandom(word: string): boolean {
  const changes = word.match(/[a-z](?=\d)|\d(?=[a-z])/gi) ?? [];
  return changes.length >= 3;
}
