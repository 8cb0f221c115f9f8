import type { Code } from 'mdast';
import type { Place } from '../page/inline.js';
import { placeOf } from '../page/inline.js';
import type { ExampleRequest, ExampleResponse, Fact, ListedRequest } from './model.js';

/** One line of a code block, and where it stands in the page. */
export interface CodeLine extends Place {
  readonly text: string;
}

/** The lines of a code block with their places. */
export function linesOf(code: Code, source: readonly string[]): readonly CodeLine[] {
  const first = placeOf(code).line + (isFenced(code, source) ? 1 : 0);
  return code.value.split('\n').map((text, index) => {
    const line = first + index;
    return { text, line, column: Math.max(0, (source[line - 1] ?? '').indexOf(text)) + 1 };
  });
}

const isFenced = (code: Code, source: readonly string[]): boolean => {
  const { line, column } = placeOf(code);
  return /^(?:```|~~~)/.test((source[line - 1] ?? '').slice(column - 1));
};

const requestLine = /^([A-Z]+)\s+(\S+)(?:\s+HTTP\/[\d.]+)?\s*$/;

/** The requests that a code block lists, one a line. */
export const requestsIn = (lines: readonly CodeLine[]): readonly Fact<ListedRequest>[] =>
  lines.flatMap(({ text, line, column }) => {
    const [, method, address] = requestLine.exec(text) ?? [];
    if (method === undefined || address === undefined) return [];
    const path = pathOf(address);
    return [{ value: { method, path, collection: collectionOf(path) }, line, column }];
  });

/** The path below the version: what the page lists without host. */
export function pathOf(address: string): string {
  const absolute = /^https?:\/\/[^/]+(\/.*)?$/.exec(address);
  if (!absolute) return address;
  return (absolute[1] ?? '/').replace(/^\/(?:beta|v\d+\.\d+)(?=\/)/, '');
}

/** The segment before the id of an action: `…/<collection>/{id}/cancel`. */
function collectionOf(path: string): string | null {
  const segments = path.split('/');
  const id = segments.findLastIndex((segment) => segment.startsWith('{') || segment.startsWith('<'));
  return (id > 0 ? segments[id - 1] : undefined) ?? null;
}

/** A path with its parameters made nameless: pages name one parameter in several ways. */
export const shapeOf = (path: string): string =>
  path
    .split('/')
    .map((segment) => (/^[{<].*[}>]$/.test(segment) ? '{}' : segment))
    .join('/');

/** The message of an example: its first line, its headers and its body. */
interface Message {
  readonly first: CodeLine;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Fact<string> | null;
}

function messageIn(lines: readonly CodeLine[]): Message | null {
  const [first, ...rest] = lines;
  if (!first) return null;
  const blank = rest.findIndex(({ text }) => text.trim() === '');
  const head = blank < 0 ? rest : rest.slice(0, blank);
  const headers = head.flatMap(({ text }) => {
    const colon = text.indexOf(':');
    return colon > 0 ? [[text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()] as const] : [];
  });
  const behind = blank < 0 ? [] : rest.slice(blank + 1);
  const start = behind.find(({ text }) => text.trim() !== '');
  const text = behind
    .map((line) => line.text)
    .join('\n')
    .trim();
  const body = start ? { value: text, line: start.line, column: start.column } : null;
  return { first, headers: Object.fromEntries(headers), body };
}

export function exampleRequestIn(lines: readonly CodeLine[]): Fact<ExampleRequest> | null {
  const message = messageIn(lines);
  const [, method, url] = requestLine.exec(message?.first.text ?? '') ?? [];
  if (!message || method === undefined || url === undefined) return null;
  const { headers, body, first } = message;
  const json = body ? parsed(body.value) : undefined;
  return {
    value: { method, url, headers, body, ...(json === undefined ? {} : { json }) },
    line: first.line,
    column: first.column,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is a finding, made where the rules are.
    return undefined;
  }
}

export function exampleResponseIn(lines: readonly CodeLine[]): Fact<ExampleResponse> | null {
  const message = messageIn(lines);
  const [, status, reason] = /^HTTP\/[\d.]+\s+(\d{3})(?:\s+(.*?))?\s*$/.exec(message?.first.text ?? '') ?? [];
  if (!message || status === undefined) return null;
  const { headers, body, first } = message;
  return {
    value: { status: Number(status), reason: reason ?? '', headers, body },
    line: first.line,
    column: first.column,
  };
}
