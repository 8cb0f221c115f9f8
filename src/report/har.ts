import type { CapturedBody, Exchange, HeaderPair } from '../engine/evidence/records.js';
import type { Report } from './model.js';
import { visibleReport } from './visible.js';

/** Where something is not known: the format has no other word for it. */
const unknown = -1;

/**
 * `evidence.har` (HTTP Archive 1.2): every exchange of a run as tools for traffic show it, with credentials as names. Bodies are as far
 * there as evidence keeps them; a call without an answer has the status 0 and the reason in a comment. Pure.
 */
export function renderHar(report: Report): string {
  const { suite, run, target, exchanges, cases } = visibleReport(report);
  const titles = new Map(cases.map(({ id, title }) => [id, title]));
  const used = [...new Set(exchanges.map(caseOf))];
  const begin = new Map(exchanges.toReversed().map((exchange) => [caseOf(exchange), exchange.startedAt]));
  const log = {
    version: '1.2',
    creator: { name: suite.name, version: suite.version },
    comment: `Run ${run.id} on ${target.name} (${target.edition}): ${run.outcome}`,
    pages: used.map((id) => ({
      startedDateTime: begin.get(id) ?? run.startedAt,
      id,
      title: titles.get(id) ?? id,
      pageTimings: {},
    })),
    entries: exchanges.map(entryOf),
  };
  return `${JSON.stringify({ log }, null, 2)}\n`;
}

const caseOf = ({ id }: Exchange): string => id.slice(0, id.lastIndexOf('.'));

function entryOf(exchange: Exchange): object {
  const { id, role, persona, startedAt, durationMs, request, response, noAnswer } = exchange;
  return {
    pageref: caseOf(exchange),
    startedDateTime: startedAt,
    time: durationMs,
    request: {
      method: request.method,
      url: uriOf(request.url),
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headersOf(request.headers),
      queryString: queryOf(request.url),
      ...(request.body === null ? {} : { postData: postDataOf(request.body, request.headers) }),
      headersSize: unknown,
      bodySize: request.body?.bytes ?? 0,
      ...(uriOf(request.url) === request.url ? {} : { comment: `sent as ${request.url}` }),
    },
    response: {
      status: response?.status ?? 0,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: headersOf(response?.headers ?? []),
      content: contentOf(response?.body ?? null, response?.headers ?? []),
      redirectURL: '',
      headersSize: unknown,
      bodySize: response?.body.bytes ?? unknown,
      ...(noAnswer === null ? {} : { comment: `no answer (${noAnswer.reason}): ${noAnswer.message}` }),
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    comment: `${id}, ${role}, as ${persona}`,
  };
}

/** The format takes addresses that are well-formed alone; some calls have none on purpose. */
const uriOf = (url: string): string =>
  url
    .replaceAll(/%(?![\da-f]{2})/gi, '%25')
    .replaceAll(/[^\w\-.~!$&'()*+,;=:@/?%]/gu, (character) => encodeURIComponent(character));

const headersOf = (headers: readonly HeaderPair[]): readonly object[] =>
  headers.map(([name, value]) => ({ name, value }));

/** Nothing of an address that cannot be read as one. */
function queryOf(url: string): readonly object[] {
  const query = url.includes('?') ? url.slice(url.indexOf('?') + 1) : '';
  return Array.from(new URLSearchParams(query), ([name, value]) => ({ name, value }));
}

const typeOf = (headers: readonly HeaderPair[]): string =>
  headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';

/** The format has no word for the encoding of what was sent. */
const postDataOf = (body: CapturedBody, headers: readonly HeaderPair[]): object => ({
  mimeType: typeOf(headers),
  params: [],
  text: body.text,
  ...(body.encoding === 'base64' ? { comment: 'base64' } : {}),
});

function contentOf(body: CapturedBody | null, headers: readonly HeaderPair[]): object {
  if (body === null) return { size: 0, mimeType: '' };
  return {
    size: body.bytes,
    mimeType: typeOf(headers),
    text: body.text,
    ...(body.encoding === 'base64' ? { encoding: 'base64' } : {}),
    ...(body.truncated ? { comment: 'captured in part' } : {}),
  };
}
