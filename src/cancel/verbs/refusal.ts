import type { ReceivedResponse } from '../../engine/evidence/records.js';
import {
  answersOf,
  errorMember,
  failedBy,
  header,
  inconclusive,
  isRefusal,
  isSuccess,
  memberOf,
  moot,
  mootUnlessSilent,
  parseJson,
  unanswered,
  type Facts,
  type Judge,
} from '../../engine/judge/facts.js';

interface Complaint {
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
}

type Find = (response: ReceivedResponse, facts: Facts) => Complaint | null;

const contentCoding = (response: ReceivedResponse): string =>
  header(response, 'content-encoding')?.toLowerCase() ?? 'identity';

/** Judges the answers that `applies` selects; without one the row says nothing about this case. */
const everyErrorAnswer =
  (applies: (response: ReceivedResponse) => boolean, find: Find): Judge =>
  (facts) => {
    const silent = unanswered(facts.record);
    // A peer that hung up on hostile input and lives on has not said anything that could be judged.
    if (silent) return mootUnlessSilent(facts.record, 'no answer');
    // The answer to a HEAD has no content by definition (RFC 9110 section 9.3.2).
    const answers = answersOf(facts.record).filter(
      ({ exchange, response }) => applies(response) && exchange.request.method !== 'HEAD',
    );
    if (answers.length === 0) return moot('the call was not refused');
    // Evidence holds the beginning of a long body only: neither a pass nor a failure could be proved from it.
    const cut = answers.find(({ response }) => response.body.truncated);
    if (cut) return inconclusive(`the body of ${cut.exchange.id} is longer than evidence keeps`);
    // Nor from one in a content coding: legal when none is asked for (RFC 9110 section 12.5.3), and never unpacked here.
    const coded = answers.find(({ response }) => contentCoding(response) !== 'identity');
    if (coded)
      return inconclusive(`the body of ${coded.exchange.id} has a content coding: ${contentCoding(coded.response)}`);
    return failedBy(
      answers.flatMap(({ exchange, response }) => {
        const complaint = find(response, facts);
        return complaint ? [{ ...complaint, exchangeId: exchange.id }] : [];
      }),
    );
  };

/** A refusal proper: 4xx. */
const everyRefusal = (find: Find): Judge => everyErrorAnswer(isRefusal, find);

/** Whatever is no success may leak: a server error as well as a refusal. */
const everyUnsuccessful = (find: Find): Judge => everyErrorAnswer((response) => !isSuccess(response), find);

const jsonMediaType = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i;

/** The members that have rows of their own; what else the schema says belongs to the row on the body as a whole. */
const ownRows = /^\/error\/(?:code|message)$/;

export const isJson = everyRefusal((response, { rules }) => {
  const type = header(response, 'content-type');
  // A missing label is not judged: the sources show JSON, and RFC 9110 section 8.3 lets the recipient look.
  if (type !== undefined && !jsonMediaType.test(type)) {
    return { message: 'the refusal is not labelled as JSON', expected: 'application/json', actual: type };
  }
  const body = parseJson(response);
  if (body === undefined) {
    const actual = response.body.bytes === 0 ? 'no body' : 'a body that is not JSON';
    return { message: `the refusal has ${actual}`, expected: 'a JSON object with an error member', actual };
  }
  if (rules.matchesErrorSchema(body)) return null;
  const problem = rules.matchesErrorSchema.errors?.find(
    (error) => !ownRows.test(error.instancePath) && !ownRows.test(missingMember(error.instancePath, error.params)),
  );
  if (!problem) return null;
  const actual = `${problem.instancePath === '' ? 'the body' : problem.instancePath} ${problem.message ?? ''}`;
  return { message: `the error body does not match its schema: ${actual}`, expected: 'the error schema', actual };
});

const missingMember = (path: string, { missingProperty }: Record<string, unknown>): string =>
  typeof missingProperty === 'string' ? `${path}/${missingProperty}` : path;

const kindOf = (value: unknown): string => (value === undefined ? 'absent' : value === null ? 'null' : typeof value);

const memberIsString = (member: 'code' | 'message'): Judge =>
  everyRefusal((response) => {
    const value = errorMember(parseJson(response), member);
    if (typeof value === 'string') return null;
    return { message: `error.${member} is ${kindOf(value)}`, expected: 'a string', actual: kindOf(value) };
  });

export const codeNotEmpty = everyRefusal((response) =>
  errorMember(parseJson(response), 'code') === ''
    ? { message: 'error.code is empty', expected: 'a code', actual: 'an empty string' }
    : null,
);

export const messageNotEmpty = everyRefusal((response) =>
  errorMember(parseJson(response), 'message') === ''
    ? { message: 'error.message is empty', expected: 'a message', actual: 'an empty string' }
    : null,
);

export const hasInnerError = everyRefusal((response) => {
  const body = parseJson(response);
  const inner = errorMember(body, 'innerError') ?? errorMember(body, 'innererror');
  if (typeof inner === 'object' && inner !== null) return null;
  return { message: 'error.innerError is missing', expected: 'an object', actual: kindOf(inner) };
});

export const hasRequestId = everyRefusal((response) =>
  (header(response, 'request-id') ?? '') === ''
    ? { message: 'the refusal has no request-id', expected: 'a request-id header', actual: 'none' }
    : null,
);

/** Lines as stack traces of the usual platforms have them: V8, .NET, JVM, CPython, Go, Ruby, PHP. */
const stackTrace = [
  /(?:^|\s)at (?:async |new )?[\w$.<>[\] ]{1,200} \([^\s()]{0,300}[A-Za-z][^\s()]{0,300}:\d+:\d+\)/,
  /(?:^|\s)at (?:async )?(?:file:|node:|\/|[A-Za-z]:[\\/])[^\s()]{1,300}:\d+:\d+/,
  /(?:^|\s)at [\w.<>`[\],]{3,300}\([^)]{0,300}\)(?: in [^\n]{1,300}:line \d+|\s+at [\w.<>`]{3,300}\()/,
  /(?:^|\s)at [\w$.]{3,300}\([\w$]{1,100}\.(?:java|kt|scala):\d+\)/,
  /Traceback \(most recent call last\)/,
  /goroutine \d+ \[/,
  /\.rb:\d+:in [`']/,
  /#0 [^\s]{1,300}\.php\(\d+\)/,
];

/**
 * An absolute path that ends in a source file's name. A web address is none, though a service may well be found at
 * `/index.php`; the bounds keep the search short on an answer made of slashes. It looks ahead before it looks behind: the
 * other way round it would look behind from every character of a long answer.
 */
const sourcePath =
  /(?=[A-Za-z]:[\\/]|\/|\\\\\w)(?<!\bhttps?:\/[^\s"'<>]{0,300})(?:(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|\/)|\/|\\\\)(?:[\w.@$-]{1,100}[\\/]{1,4}){1,40}[\w.-]{1,100}\.(?:[cm]?[jt]sx?|cs|java|kt|py|go|rb|php|rs|cpp)\b/;

/** Every text of an answer, JSON strings unescaped. */
function textsOf(response: ReceivedResponse): readonly string[] {
  const headers = response.headers.map(([, value]) => value);
  const body =
    response.body.encoding === 'base64'
      ? Buffer.from(response.body.text, 'base64').toString('latin1')
      : response.body.text;
  // What strings say comes first: the body as it is has it escaped.
  return [...headers, ...stringsIn(parseJson(response), 0), body];
}

function stringsIn(value: unknown, depth: number): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 20) return [];
  return Object.keys(value).flatMap((key) => stringsIn(memberOf(value, key), depth + 1));
}

const leaksNone = (patterns: readonly RegExp[], what: string): Judge =>
  everyUnsuccessful((response) => {
    for (const text of textsOf(response)) {
      const found = patterns.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined);
      if (found !== undefined)
        return { message: `the answer shows ${what}`, expected: `no ${what}`, actual: found.trim() };
    }
    return null;
  });

/** Evidence holds pseudonyms in the place of tokens, so an answer that holds one has repeated a token. */
const tokenPseudonym = /[‹|]token:[^›|]+[›|]/;

export const refusalHasCode: Judge = memberIsString('code');

export const refusalHasMessage: Judge = memberIsString('message');

export const leaksNoStackTrace: Judge = leaksNone(stackTrace, 'a stack trace');

export const leaksNoSourcePath: Judge = leaksNone([sourcePath], 'the path of a source file');

export const leaksNoToken: Judge = leaksNone([tokenPseudonym], 'the token that was sent');
