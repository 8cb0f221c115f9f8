import type { Exchange, Look, ReceivedResponse } from '../../engine/evidence/records.js';
import type { CaseReport } from '../../report/model.js';
import { steady } from '../../engine/verdict/fingerprint.js';
import type { Aspect } from './model.js';

/** One thing that was seen: a text, or a sorted list of names. Whatever differs from run to run by nature is gone. */
export interface Fact {
  readonly aspect: Aspect;
  /** Which one of its aspect. */
  readonly name: string;
  readonly value: string | readonly string[];
}

/** Headers whose value is compared; of all others only that they are there. */
const telling = ['content-type', 'www-authenticate', 'allow'];
/** These come and go with caches and clocks, not with the target's mind. */
const passing = new Set(['date', 'age']);
/** A name that a target invents anew for every call would drown all else. */
const mostNames = 200;
const deepest = 8;

/** What one call saw. */
export function factsOfAnswer({ response, noAnswer }: Exchange): readonly Fact[] {
  if (response === null) return [text('status', `no answer (${noAnswer?.reason ?? 'unknown'})`)];
  const body = parsed(response);
  const isRefusal = response.status >= 400;
  return [
    text('status', String(response.status)),
    list('headers', headerNames(response)),
    ...telling.flatMap((name) => headerValue(response, name)),
    ...retryAfter(response),
    text('body', bodyForm(response, body)),
    ...(isRefusal ? [text('error-code', errorCode(body)), list('error-members', memberPaths(body))] : []),
  ];
}

/** How the watched requests of a case read in the end, and which members of its own changed on the way. */
export function factsOfReadings({ looks }: CaseReport): readonly Fact[] {
  const roles = ['subject', 'sibling', 'stranger'] as const;
  const states = roles.flatMap((role): Fact[] => {
    const last = looks.findLast((look) => look.role === role && look.when === 'after');
    return last
      ? [{ aspect: 'state', name: role, value: last.found ? (last.status ?? 'no status') : 'not found' }]
      : [];
  });
  const before = looks.find((look) => look.role === 'subject' && look.when === 'before');
  const after = looks.findLast((look) => look.role === 'subject' && look.when === 'after');
  const changed = before?.resource && after?.resource ? changedMembers(before, after) : null;
  return changed === null ? states : [...states, list('members-changed', changed)];
}

const text = (aspect: Aspect, value: string): Fact => ({ aspect, name: '', value });
const list = (aspect: Aspect, names: readonly string[]): Fact => ({
  aspect,
  name: '',
  value: [...new Set(names.map(steadied))].sort().slice(0, mostNames),
});

/** Without ids, times, numbers, and addresses of this run. */
function steadied(value: string): string {
  return steady(value)
    .replaceAll(/‹(?:token|secret)[^›]*›/g, '‹token›')
    .replaceAll(/\b(nonce|opaque|claims|ts)="[^"]*"/gi, '$1="‹token›"')
    .replaceAll(/\b(localhost|\[::1\]):\d{1,5}\b/gi, '$1');
}

const headerNames = ({ headers }: ReceivedResponse): readonly string[] =>
  headers.map(([name]) => name.toLowerCase()).filter((name) => !passing.has(name));

function headerValue({ headers }: ReceivedResponse, wanted: string): readonly Fact[] {
  const values = headers.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => steadied(value));
  return values.length === 0 ? [] : [{ aspect: 'header-value', name: wanted, value: values.join(', ') }];
}

/** How long to wait is a time; whether it is given in seconds or as a date is not. */
function retryAfter({ headers }: ReceivedResponse): readonly Fact[] {
  const found = headers.find(([name]) => name.toLowerCase() === 'retry-after');
  if (found === undefined) return [];
  const value = /^\d+$/.test(found[1]) ? 'seconds' : Number.isNaN(Date.parse(found[1])) ? 'neither' : 'a date';
  return [{ aspect: 'header-value', name: 'retry-after', value }];
}

function parsed({ body }: ReceivedResponse): unknown {
  if (body.encoding !== 'utf8' || body.truncated) return undefined;
  try {
    return JSON.parse(body.text);
  } catch {
    return undefined;
  }
}

function bodyForm({ body, strayBytes }: ReceivedResponse, value: unknown): string {
  const stray = strayBytes !== null && strayBytes > 0 ? ', and bytes behind the answer' : '';
  if (body.bytes === 0) return `empty${stray}`;
  if (value === undefined) return `not JSON${stray}`;
  return `JSON ${Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value}${stray}`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function errorCode(body: unknown): string {
  const error = isObject(body) ? body['error'] : undefined;
  const code = isObject(error) ? error['code'] : undefined;
  return typeof code === 'string' && code !== '' ? steadied(code) : 'none';
}

/** Every member of a body as a path; items of a list share theirs. */
function memberPaths(value: unknown, path = '', depth = 0): readonly string[] {
  if (depth >= deepest) return [];
  if (Array.isArray(value))
    return value.slice(0, mostNames).flatMap((item) => memberPaths(item, `${path}[]`, depth + 1));
  if (!isObject(value)) return [];
  return Object.entries(value)
    .slice(0, mostNames)
    .flatMap(([name, item]) => {
      const own = path === '' ? name : `${path}.${name}`;
      return [own, ...memberPaths(item, own, depth + 1)];
    });
}

function changedMembers({ resource: before }: Look, { resource: after }: Look): readonly string[] {
  const [old, now] = [before ?? {}, after ?? {}].map((resource) => new Map(Object.entries(resource)));
  const names = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])];
  return names.filter((name) => JSON.stringify(old?.get(name)) !== JSON.stringify(now?.get(name)));
}
