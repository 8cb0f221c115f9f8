import type { Exchange, FrameRole, HeaderPair, Look } from '../engine/evidence/records.js';
import type { Between } from '../engine/exchange/reach.js';
import type { Reproducer } from './model.js';
import { commentText, fitsShellWord, type Piece, printCommand, shellValue, shellWord } from '../engine/shell.js';

/** What a reproducer says besides the bytes that were sent. */
export interface ReproducerContext {
  /** What stands before the path of the edition; a reader may put another target there. */
  readonly baseUrl: string;
  /** What stands between whoever calls and the target; left out: nothing. */
  readonly between?: readonly Between[];
  /** The readings of the requests that the case watched; they have been removed since. */
  readonly looks: readonly Look[];
  /** Persona that owned the subject. */
  readonly owner: string;
  /** True: it went over the connection of a call before it. */
  readonly follows?: true;
  /** The whole body, where evidence holds its beginning only and the suite can build it again; Latin-1. */
  readonly wholeBody?: string;
}

/** A placeholder of a request's id, in the path or as a string of the body. */
interface IdPlaceholder {
  readonly variable: string;
  readonly id: string;
  readonly meaning: string;
}

const idVariables: Readonly<Record<FrameRole, string>> = {
  subject: 'REQUEST_ID',
  sibling: 'SIBLING_ID',
  stranger: 'STRANGER_ID',
};

/** How a token that the suite made itself is made from the persona's. */
export const derivations: Readonly<Record<string, string>> = {
  'tampered signature': 'one character in the middle of its signature replaced by A, or by B where it is A',
  'tampered payload': 'the claim jti of its payload set to changed-after-signing, header and signature as they were',
  'tampered signature, at its start': 'the first character of its signature replaced by A, or by B where it is A',
  'algorithm none, signature removed': 'the alg of its header set to none, its signature empty, both dots kept',
  'algorithm none, signature kept': 'the alg of its header set to none, payload and signature as they were',
  'algorithm none in other letters, signature removed':
    'the alg of its header set to nOnE, its signature empty, both dots kept',
  'signature in the other case': 'each letter of its signature in the other case',
  'something behind the signature': 'a dot and any letters behind its signature',
  'signature emptied': 'nothing behind its last separator',
  'signature cut off': 'neither its last part nor the separator before it',
  'as password': 'the base64 of the persona, a colon and the token',
};
/** The token of nobody: no secret, but the report must not hold it either, because it counts as one. */
const garbage = { name: 'token:garbage:made up', variable: 'TOKEN_GARBAGE', text: 'something-that-is-no-token-at-all' };

const pseudonym = /‹((?:token:|header:|control-key)[^‹›]*)›/;

/**
 * The curl command that sends the bytes of an exchange again, for a POSIX shell. Secrets are variables that the reader
 * sets; ids of requests and the base URL are variables that hold what was used. Where curl cannot send the same bytes,
 * the text says so and holds no command. Pure: everything comes from evidence.
 */
export function reproduce(exchange: Exchange, context: ReproducerContext): Reproducer {
  const { id } = exchange;
  const obstacle = obstacleTo(exchange, context);
  if (obstacle !== null) {
    const text = `# ${commentText(`Exchange ${id} cannot be repeated with curl: ${obstacle}`)}.\n`;
    return { exchangeId: id, obstacle, text };
  }
  const placeholders = placeholdersOf(context);
  const command = commandOf(exchange, context, placeholders);
  const used = (variable: string): boolean => command.includes(`\${${variable}`);
  const ids = placeholders.filter(({ variable }) => used(variable));
  const values = [
    ...(used('BASE_URL') ? [`BASE_URL=\${BASE_URL:-${shellValue(baseOf(exchange, context))}}`] : []),
    ...ids.map(({ variable, id: value }) => `${variable}=\${${variable}:-${shellValue(value)}}`),
    ...(used(garbage.variable) ? [`${garbage.variable}=$(printf '%s' ${garbage.text} | base64)`] : []),
  ];
  const comments = [
    `Exchange ${id}, as ${exchange.persona}`,
    ...(context.between?.includes('proxy') === true
      ? ['The run went through a proxy: curl takes it from http_proxy or https_proxy']
      : []),
    ...materialOf(baseOf(exchange, context), context).map(([, variable, meaning]) => `Set ${variable} to ${meaning}`),
    ...secretsIn(exchange).map((name) => secretMeaning(name, exchange)),
    ...ids.map(({ variable, meaning }) => `${variable}: ${meaning}`),
    ...(ids.length === 0 ? [] : ['The requests of the run have been removed: make new ones and set their ids']),
  ].map((line) => `# ${commentText(line)}.`);
  // A shell of its own: what is set here must not reach the next command that is pasted.
  return { exchangeId: id, obstacle: null, text: [...comments, '(', ...values, command, ')', ''].join('\n') };
}

/** Why curl cannot send these bytes, or null. */
function obstacleTo(exchange: Exchange, context: ReproducerContext): string | null {
  const { request } = exchange;
  const { method, requestTarget, headers, body } = request;
  const token = /^[\w!#$%&'*+.^`|~-]+$/;
  const fits = (text: string): boolean => fitsShellWord([{ bytes: text }]);
  if (!token.test(method) || !/^[^ ]+$/.test(requestTarget) || !fits(requestTarget))
    return 'its first line is malformed';
  if (headers.some(([name, value]) => !token.test(name) || !fits(value))) return 'a header is malformed';
  if (!URL.canParse(baseOf(exchange, context))) return 'its address is malformed';
  if (context.follows === true)
    return 'it went over the connection of the call before it, and each command opens its own';
  if (body === null) return null;
  if (method === 'HEAD') return 'curl sends no body with HEAD';
  const framing = headers.filter(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (framing.some(([, value]) => value !== String(body.bytes))) return 'its body is framed in another way';
  if (context.wholeBody !== undefined) return null;
  if (body.truncated) return `evidence holds only the beginning of its body of ${body.bytes} bytes`;
  const isWhole = bodyBytes(body).length === body.bytes && !pseudonym.test(body.text);
  return isWhole ? null : 'its body held a secret, which evidence leaves out';
}

function commandOf(exchange: Exchange, context: ReproducerContext, ids: readonly IdPlaceholder[]): string {
  const { request } = exchange;
  const base = baseOf(exchange, context);
  const body = request.body === null ? null : withIds(context.wholeBody ?? bodyBytes(request.body), ids);
  const isInline = body !== null && fitsShellWord(body) && body.every((piece) => !isAwkward(piece));
  const options = [
    `curl --disable --silent --show-error --include --http1.1 ${wayOptions(base, context).join(' ')} --path-as-is --globoff`,
    ...materialOf(base, context).map(([option, variable]) => `${option} "\${${variable}:?}"`),
    request.method === 'HEAD' ? '--head' : `--request ${shellValue(request.method)}`,
    ...headerOptions(exchange, base).map((header) => `--header ${shellWord(header)}`),
    ...(body === null ? [] : [isInline ? `--data-raw ${shellWord(body)}` : '--data-binary @-']),
    ...addressOptions(request.requestTarget, base, ids),
  ];
  const command = options.join(' \\\n  ');
  return body === null || isInline ? command : `${printCommand(body)} |\n${command}`;
}

/** The way that the run took: past all proxies, or through one as the run went, so that the bytes are the same. */
function wayOptions(base: string, { between = [] }: ReproducerContext): readonly string[] {
  if (!between.includes('proxy')) return ["--noproxy '*'"];
  return [...(base.startsWith('https:') ? [] : ['--proxytunnel']), '--suppress-connect-headers'];
}

/** What was trusted and shown over TLS: options of curl, the variables that name the files, and what those are. */
function materialOf(
  base: string,
  { between = [] }: ReproducerContext,
): readonly (readonly [option: string, variable: string, meaning: string])[] {
  if (!base.startsWith('https:')) return [];
  return [
    ...(between.includes('ca') ? [['--cacert', 'TLS_CA', 'the file of tls.ca in the target file'] as const] : []),
    ...(between.includes('certificate')
      ? [
          ['--cert', 'TLS_CERT', 'the file of tls.cert in the target file'] as const,
          ['--key', 'TLS_KEY', 'the file of tls.key there, or of tls.cert where it holds the key'] as const,
        ]
      : []),
  ];
}

/** Too long for one word of a command, or not to be read as text. */
const isAwkward = (piece: Piece): boolean =>
  'bytes' in piece && (piece.bytes.length > 4096 || /[^ -~]/.test(piece.bytes));

/** The headers that were sent, and for those that curl would add by itself that it should not. */
function headerOptions({ request }: Exchange, base: string): readonly (readonly Piece[])[] {
  const sent = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const bytes = request.body?.bytes ?? 0;
  const own = [
    'Host',
    'User-Agent',
    'Accept',
    ...(request.body ? ['Content-Type'] : []),
    ...(bytes > 1000 ? ['Expect'] : []),
  ];
  const unwanted = own.filter((name) => !sent.has(name.toLowerCase()));
  const host = new URL(base).host;
  const followed = ([name, value]: HeaderPair): boolean =>
    /^content-length$/i.test(name) || (/^host$/i.test(name) && value === host);
  return [
    ...unwanted.map((name) => [{ bytes: `${name}:` }]),
    ...request.headers
      .filter((pair) => !followed(pair))
      .map(([name, value]) => (value === '' ? [{ bytes: `${name};` }] : withSecrets(`${name}: ${value}`))),
  ];
}

/** The address: readable where curl leaves it as it is, otherwise told apart from it. */
function addressOptions(target: string, base: string, ids: readonly IdPlaceholder[]): readonly string[] {
  const path = new URL(base).pathname.replace(/(?<!\/)\/+$/, '');
  const isPlain = /^\/[\w.~!$&'()*+,;=:@%/?-]*$/.test(target.replaceAll(new RegExp(pseudonym, 'g'), ''));
  const targetPieces = (text: string): readonly Piece[] =>
    withSecrets(text).flatMap((piece) => ('bytes' in piece ? withIds(piece.bytes, ids) : [piece]));
  if (isPlain && target.startsWith(`${path}/`)) {
    return [shellWord([{ variable: 'BASE_URL' }, ...targetPieces(target.slice(path.length))])];
  }
  return [`--request-target ${shellWord(targetPieces(target))}`, shellWord([{ variable: 'BASE_URL' }])];
}

/** The base URL of the run where it stands before this exchange's address; else its origin. */
function baseOf({ request }: Exchange, { baseUrl }: ReproducerContext): string {
  const base = baseUrl.replace(/(?<!\/)\/+$/, '');
  if (request.url.startsWith(`${base}/`)) return base;
  return request.url.slice(0, request.url.length - request.requestTarget.length);
}

/** The body as bytes, one character each. */
const bodyBytes = ({ text, encoding }: { readonly text: string; readonly encoding: 'utf8' | 'base64' }): string =>
  Buffer.from(text, encoding).toString('latin1');

function placeholdersOf({ looks, owner }: ReproducerContext): readonly IdPlaceholder[] {
  const before = looks.filter((look) => look.when === 'before' && /^[\w.~-]+$/.test(look.requestId));
  return before.map(({ role, requestId, status }) => {
    const whose = { subject: owner, sibling: `${owner}, not the subject`, stranger: `somebody else than ${owner}` }[
      role
    ];
    const meaning = `a request of ${whose}, in the status ${status ?? 'unknown'}`;
    return { variable: idVariables[role], id: requestId, meaning };
  });
}

/** The bytes with the ids of the case's requests as variables, where they stand alone: a target may number its requests. */
function withIds(bytes: string, placeholders: readonly IdPlaceholder[]): readonly Piece[] {
  const expressions = new Map(
    placeholders.flatMap(({ id, variable }) => [
      // What an id cut short is made from; a variable's expression may say so.
      ...(id.length > 8 ? [[id.slice(0, -1), `${variable}%?`] as const] : []),
      [id, variable] as const,
    ]),
  );
  if (expressions.size === 0) return [{ bytes }];
  const longestFirst = [...expressions.keys()].sort((a, b) => b.length - a.length);
  const ids = longestFirst.map((id) => id.replaceAll('.', String.raw`\.`)).join('|');
  const alone = new RegExp(String.raw`(?<=/|%2F|")(?:${ids})(?=/|%2F|\\?"|\?|$)`, 'g');
  return pieces(bytes, alone, ([id]) => expressions.get(id));
}

const withSecrets = (text: string): readonly Piece[] =>
  pieces(text, new RegExp(pseudonym, 'g'), ([, name = '']) => `${secretVariable(name)}:?`);

/** The text as pieces: a variable for every match that has one. */
function pieces(
  text: string,
  pattern: RegExp,
  variableOf: (match: RegExpMatchArray) => string | undefined,
): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const variable = variableOf(match);
    if (variable === undefined) continue;
    if (match.index > at) found.push({ bytes: latin1(text.slice(at, match.index)) });
    found.push({ variable });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ bytes: latin1(text.slice(at)) });
  return found;
}

/** Headers come as Latin-1; what is beyond it was never one byte. */
const latin1 = (text: string): string => (/^[\0-\xff]*$/.test(text) ? text : Buffer.from(text).toString('latin1'));

function secretsIn({ request }: Exchange): readonly string[] {
  const texts = [request.requestTarget, ...request.headers.map(([, value]) => value)];
  const names = texts.flatMap((text) => [...text.matchAll(new RegExp(pseudonym, 'g'))].map(([, name = '']) => name));
  return [...new Set(names)].filter((name) => name !== garbage.name);
}

/** `token:readOnlyAdministrator` is TOKEN_READ_ONLY_ADMINISTRATOR. */
function secretVariable(name: string): string {
  if (name === garbage.name) return garbage.variable;
  return name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')
    .replaceAll(/\W+/g, '_')
    .toUpperCase();
}

function secretMeaning(name: string, { request }: Exchange): string {
  const [kind = '', persona = '', how] = name.split(':');
  const derived = how === undefined ? '' : `, with ${derivations[how] ?? how}`;
  const meanings: Readonly<Record<string, string>> = {
    token: `a token of ${persona}${derived}`,
    header: `the value of the header ${persona} that the target file names`,
  };
  const what = meanings[kind] ?? `the secret ${name}`;
  const encoded = request.requestTarget.includes(`‹${name}›`) ? ', percent-encoded for the query' : '';
  return `Set ${secretVariable(name)} to ${what}${encoded}`;
}
