import { invalidModel } from './replies.js';
import type { Members } from './model.js';

/** What a collection can be asked. */
export interface Askable {
  /** Paths that `$filter` may compare, such as `requestor/objectId`. */
  readonly filters: readonly string[];
  /** Members that are shown when `$expand` names them and only then. */
  readonly navigation: readonly string[];
}

/** One object of a collection, with everything that could be shown of it. */
export interface Listed {
  readonly sequence: number;
  readonly shown: Members;
}

const largestPage = 999;
const usualPage = 100;
const knownOptions = ['$filter', '$top', '$skiptoken', '$expand', '$select', '$count'];

/**
 * A page of a collection.
 * @param url the whole URL that was called; the link to the next page repeats its query
 * @throws RefusedCall 400 for what this tenant does not understand
 */
export function pageOf(listed: readonly Listed[], url: URL, askable: Askable): object {
  refuseUnknownOptions(url, askable);
  const matches = filterOf(url, askable);
  const after = positionOf(url.searchParams.get('$skiptoken'));
  const size = pageSize(url.searchParams.get('$top'));
  const found = listed.filter(({ shown }) => matches(shown));
  const rest = found.filter(({ sequence }) => sequence > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return {
    '@odata.context': contextOf(url),
    ...(url.searchParams.get('$count') === 'true' ? { '@odata.count': found.length } : {}),
    ...(last !== undefined && rest.length > size ? { '@odata.nextLink': nextLink(url, last.sequence) } : {}),
    value: page.map(({ shown }) => projected(shown, url, askable)),
  };
}

/** What an answer is about: a collection of the metadata. */
function contextOf({ origin, pathname }: URL): string {
  const [, api = '', , , set = ''] = pathname.split('/');
  return `${origin}/${api}/$metadata#${set}`;
}

/** How many objects of a collection a call asks for, as a text. */
export function countOf(listed: readonly Listed[], url: URL, askable: Askable): string {
  refuseUnknownOptions(url, askable);
  const matches = filterOf(url, askable);
  return String(listed.filter(({ shown }) => matches(shown)).length);
}

/** One object of a collection as the whole answer to a call. */
export const entityOf = (shown: Members, url: URL, askable: Pick<Askable, 'navigation'>): Members => ({
  '@odata.context': `${contextOf(url)}/$entity`,
  ...projected(shown, url, askable),
});

/** One object as a call asked for it. */
export function projected(shown: Members, url: URL, { navigation }: Pick<Askable, 'navigation'>): Members {
  const expanded = expandedIn(url);
  const selected =
    url.searchParams
      .get('$select')
      ?.split(',')
      .map((name) => name.trim()) ?? null;
  return Object.fromEntries(
    Object.entries(shown).filter(([name]) =>
      navigation.includes(name) ? expanded.includes(name) : (selected?.includes(name) ?? true),
    ),
  );
}

function expandedIn(url: URL): readonly string[] {
  // What stands in parentheses selects members of the expanded object, which are shown in any case.
  const text = (url.searchParams.get('$expand') ?? '').replace(/\([^()]*\)/g, '');
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * Refuses what could only be overlooked.
 * @throws RefusedCall 400 for an option or a navigation property that is not known here
 */
export function refuseUnknownOptions(url: URL, { navigation }: Pick<Askable, 'navigation'>): void {
  const option = [...url.searchParams.keys()].find((name) => name.startsWith('$') && !knownOptions.includes(name));
  if (option !== undefined) throw invalidModel(`${option} is not supported here.`);
  const property = expandedIn(url).find((name) => !navigation.includes(name));
  if (property !== undefined) throw invalidModel(`$expand: there is no navigation property ${property} here.`);
}

function pageSize(text: string | null): number {
  if (text === null) return usualPage;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw invalidModel('$top is no whole number above 0.');
  return Math.min(Number(text), largestPage);
}

const tokenPrefix = 'after:';

/** The token names a place, so that a page neither repeats nor skips anything when objects come and go in between. */
function nextLink(url: URL, sequence: number): string {
  const next = new URL(url);
  next.searchParams.set('$skiptoken', Buffer.from(tokenPrefix + String(sequence)).toString('base64url'));
  return next.href;
}

function positionOf(token: string | null): number {
  if (token === null) return 0;
  const text = Buffer.from(token, 'base64url').toString();
  const position = Number(text.slice(tokenPrefix.length));
  if (text.startsWith(tokenPrefix) && Number.isSafeInteger(position)) return position;
  throw invalidModel('$skiptoken is none that this tenant gave.');
}

type Predicate = (shown: Members) => boolean;

function filterOf(url: URL, { filters }: Askable): Predicate {
  const text = url.searchParams.get('$filter');
  if (text === null) return () => true;
  const tokens = text.match(/\(|\)|'(?:[^']|'')*'|[^\s()']+/g) ?? [];
  const parser = new FilterParser(tokens, filters);
  return parser.whole();
}

/** Comparisons for equality and `startswith`, joined by `and`: the part of OData's filters that this tenant understands. */
class FilterParser {
  readonly #tokens: readonly string[];
  readonly #paths: readonly string[];
  #next = 0;

  constructor(tokens: readonly string[], paths: readonly string[]) {
    this.#tokens = tokens;
    this.#paths = paths;
  }

  whole(): Predicate {
    const predicate = this.#conjunction();
    if (this.#next < this.#tokens.length) throw this.#refusal();
    return predicate;
  }

  #conjunction(): Predicate {
    const parts = [this.#term()];
    while (this.#tokens[this.#next] === 'and') {
      this.#next += 1;
      parts.push(this.#term());
    }
    return (shown) => parts.every((part) => part(shown));
  }

  #term(): Predicate {
    if (this.#tokens[this.#next] === 'startswith') return this.#beginning();
    if (this.#tokens[this.#next] !== '(') return this.#comparison();
    this.#next += 1;
    const inner = this.#conjunction();
    if (this.#take() !== ')') throw this.#refusal();
    return inner;
  }

  #beginning(): Predicate {
    this.#next += 1;
    const [open, first, literal, close] = [this.#take(), this.#take(), this.#take(), this.#take()];
    const path = first.replace(/,$/, '');
    if (open !== '(' || close !== ')' || first === path || !this.#paths.includes(path)) throw this.#refusal();
    const wanted = this.#literal(literal);
    return (shown) => {
      const value = valueAt(shown, path.split('/'));
      return typeof value === 'string' && typeof wanted === 'string' && value.startsWith(wanted);
    };
  }

  #comparison(): Predicate {
    const [path, operator, literal] = [this.#take(), this.#take(), this.#take()];
    if (!this.#paths.includes(path) || operator !== 'eq') throw this.#refusal();
    const wanted = this.#literal(literal);
    return (shown) => same(valueAt(shown, path.split('/')), wanted);
  }

  #literal(text: string): string | boolean | null {
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
    if (text === 'true' || text === 'false') return text === 'true';
    if (text === 'null') return null;
    throw this.#refusal();
  }

  #take(): string {
    this.#next += 1;
    return this.#tokens[this.#next - 1] ?? '';
  }

  #refusal() {
    const paths = this.#paths.join(', ');
    return invalidModel(
      `$filter: only "name eq 'value'" and "startswith(name,'value')", joined by "and", are supported, of ${paths}.`,
    );
  }
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** GUIDs do not depend on case, other text does. */
function same(value: unknown, wanted: string | boolean | null): boolean {
  if (typeof value === 'string' && typeof wanted === 'string' && guid.test(wanted)) {
    return value.toLowerCase() === wanted.toLowerCase();
  }
  return (value ?? null) === wanted;
}

function valueAt(shown: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return shown;
  if (typeof shown !== 'object' || shown === null) return undefined;
  return valueAt((shown as Members)[name], rest);
}
