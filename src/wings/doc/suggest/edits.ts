import { STATUS_CODES } from 'node:http';
import { codesIn, tablesIn } from '../page/sections.js';
import { piecesIn } from '../page/segments.js';
import { blocksOf, type Page } from '../page/page.js';
import type { PageContract } from '../contract/model.js';
import type { ObservedSuccess } from './observed.js';

/** One replacement in the text of a page; offsets in UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What it does, for the reader. */
  readonly what: string;
}

interface Basis {
  readonly page: Page;
  readonly contract: PageContract;
  readonly observed: ObservedSuccess;
}

/** The smallest changes after which the page says what was seen, in the order of the page. */
export function editsFor(basis: Basis): readonly Edit[] {
  return [...proseStatus(basis), ...contentTypeRow(basis), ...exampleHeaders(basis), ...exampleStatus(basis)].sort(
    (a, b) => a.start - b.start,
  );
}

/** The page with all edits made. */
export function edited(text: string, edits: readonly Edit[]): string {
  return edits
    .toReversed()
    .reduce((before, { start, end, text: put }) => before.slice(0, start) + put + before.slice(end), text);
}

const statusWords = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();

/** In both languages, where there are two. */
function proseStatus({ page, observed }: Basis): readonly Edit[] {
  const words = statusWords(observed.status);
  return piecesIn(blocksOf(page, 'response')).flatMap(({ code, text, start, end }) => {
    if (!code || !/^2\d\d\b/.test(text) || text.startsWith(String(observed.status))) return [];
    const written = page.file.text.slice(start, end).replace(text, words);
    return [{ start, end, text: written, what: `the prose: ${words} instead of ${text}` }];
  });
}

function exampleStatus({ page, contract, observed }: Basis): readonly Edit[] {
  const example = contract.exampleResponse;
  if (!example || example.value.status === observed.status) return [];
  const start = offsetOf(page, example);
  const line = lineAt(page, start);
  const words = statusWords(observed.status);
  const put = line.replace(/^(HTTP\/\S+\s+).*$/, (_, version: string) => `${version}${words}`);
  return [{ start, end: start + line.length, text: put, what: `the example response: ${words}` }];
}

/** A row for the Content-Type, where the page names none and what the run sent was accepted. */
function contentTypeRow({ page, contract, observed }: Basis): readonly Edit[] {
  const { headers } = contract;
  const [table] = tablesIn(blocksOf(page, 'request-headers'));
  const end = table?.position?.end.offset;
  if (end === undefined || observed.contentType === null || contract.body.rule !== 'representation') return [];
  if (headers.some(({ value }) => value.name.toLowerCase() === 'content-type')) return [];
  const text = `${lineEnd(page)}|Content-Type|${observed.contentType}|`;
  return [{ start: end, end, text, what: `the request headers: Content-Type ${observed.contentType}` }];
}

/** Header lines for the example request: all that the run sent with success and the example leaves out. */
function exampleHeaders({ page, contract, observed }: Basis): readonly Edit[] {
  const example = contract.exampleRequest;
  if (!example || codesIn(blocksOf(page, 'examples')).length === 0) return [];
  const { headers, body } = example.value;
  const isListed = contract.headers.some(({ value }) => value.name.toLowerCase() === 'authorization');
  const missing = [
    ...(isListed && !('authorization' in headers) ? ['Authorization: Bearer {token}'] : []),
    ...(body && observed.contentType !== null && !('content-type' in headers)
      ? [`Content-Type: ${observed.contentType}`]
      : []),
  ];
  const start = offsetOf(page, example);
  const end = start + lineAt(page, start).length;
  const indent = ' '.repeat(example.column - 1);
  return missing.length === 0
    ? []
    : [
        {
          start: end,
          end,
          text: missing.map((line) => `${lineEnd(page)}${indent}${line}`).join(''),
          what: `the example request: ${missing.join(', ')}`,
        },
      ];
}

/** Where a line and column stand in the text. */
function offsetOf({ file }: Page, { line, column }: { readonly line: number; readonly column: number }): number {
  const starts = [0, ...Array.from(file.text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
  return (starts[line - 1] ?? 0) + column - 1;
}

const lineAt = ({ file }: Page, start: number): string => /[^\r\n]*/.exec(file.text.slice(start))?.[0] ?? '';

/** As the page ends its lines. */
const lineEnd = ({ file }: Page): string => /\r\n|\r|\n/.exec(file.text)?.[0] ?? '\n';
