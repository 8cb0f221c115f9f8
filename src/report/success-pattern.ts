import type { Exchange } from '../engine/evidence/records.js';
import { groupBy, type Digest } from './digest.js';
import type { CaseReport } from './model.js';

/** A success, and the case that it was an answer to. */
interface Success {
  readonly exchange: Exchange;
  readonly entry: CaseReport;
  readonly status: number;
}

/** What may decide with which status a success is answered. */
interface Attribute {
  /** Completes "200 where …". */
  readonly name: string;
  readonly valueOf: (success: Success) => string;
}

const headerOf = ({ exchange }: Success, name: string): string =>
  exchange.request.headers.find(([own]) => own.toLowerCase() === name)?.[1] ?? 'none';

/** What a target would most likely look at, first. */
const attributes: readonly Attribute[] = [
  { name: 'the caller is', valueOf: ({ exchange }) => exchange.persona },
  { name: 'the status before is', valueOf: ({ entry }) => entry.status ?? 'none' },
  { name: 'the body is', valueOf: ({ exchange }) => bodyWords(exchange) },
  { name: 'Content-Type is', valueOf: (success) => headerOf(success, 'content-type') },
  { name: 'Accept is', valueOf: (success) => headerOf(success, 'accept') },
  { name: 'Transfer-Encoding is', valueOf: (success) => headerOf(success, 'transfer-encoding') },
];

function bodyWords({ request: { body } }: Exchange): string {
  if (body === null || body.bytes === 0) return 'absent';
  try {
    const value: unknown = JSON.parse(body.text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? `an object of ${Object.keys(value).length} members` : 'no object';
  } catch {
    return 'no JSON';
  }
}

/** So many values are a pattern; more are a list of what was sent. */
const mostValues = 4;

/** With what statuses successes were answered. */
export interface SuccessPattern {
  /** In a sentence without its end. */
  readonly words: string;
  /** True: they say what decides which status it is, and so refute mistakes that would have decided otherwise. */
  readonly decides: boolean;
}

/**
 * Where successes were answered with more than one status: what decides which, if anything. Null where there was only one.
 */
export function successPattern({ report, caseById }: Digest): SuccessPattern | null {
  const successes = report.exchanges.flatMap((exchange): Success[] => {
    const entry = caseById.get(exchange.id.slice(0, exchange.id.lastIndexOf('.')));
    const status = exchange.response?.status ?? 0;
    return entry && exchange.role === 'probe' && status >= 200 && status < 300 ? [{ exchange, entry, status }] : [];
  });
  const statuses = Array.from(groupBy(successes, ({ status }) => status)).toSorted(([a], [b]) => a - b);
  if (statuses.length < 2) return null;
  for (const { name, valueOf } of attributes) {
    const values = statuses.map(([status, own]) => ({ status, values: [...new Set(own.map(valueOf))].toSorted() }));
    const all = values.flatMap((one) => one.values);
    if (new Set(all).size < all.length) continue;
    const [few] = values.toSorted((a, b) => a.values.length - b.values.length);
    const rest = values.filter((one) => one !== few);
    if (few === undefined || few.values.length > mostValues) continue;
    const others =
      rest.length === 1
        ? [`${rest[0]?.status ?? ''} otherwise`]
        : rest.map((one) => `${one.status} where ${name} ${one.values.join(' or ')}`);
    return { words: [`${few.status} where ${name} ${few.values.join(' or ')}`, ...others].join(', '), decides: true };
  }
  const counts = statuses.map(([status, own]) => `${status} ${own.length} times`);
  return {
    words: `${counts.join(', ')}; neither the caller, the status before, the body nor a header decides which`,
    decides: false,
  };
}
