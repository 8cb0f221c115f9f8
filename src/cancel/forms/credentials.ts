import type { PreparedCredential } from '../../engine/endpoint.js';

const plain = (authorization: string | null, caller: string): PreparedCredential => ({
  authorization,
  query: '',
  caller,
  derived: null,
});

const derived = (token: string, persona: string, how: string): PreparedCredential => ({
  authorization: `Bearer ${token}`,
  query: '',
  caller: `${persona} (${how})`,
  derived: { token, name: `token:${persona}:${how}` },
});

/** Shaped like a token of nobody: random-looking, not a JWT. */
const garbage = 'c29tZXRoaW5nLXRoYXQtaXMtbm8tdG9rZW4tYXQtYWxs';

/** A token made of another one; null where the target's tokens have no part that could be changed so. */
const made = (token: string | null, persona: string, how: string): PreparedCredential | null =>
  token === null ? null : derived(token, persona, how);

/** A whole token in another place than the header that is for it. */
const elsewhere = (header: string, value: string, persona: string): PreparedCredential => ({
  ...plain(null, `${persona} (${header})`),
  headers: [[header, value]],
});

/** Every way to present a token, by name. */
export const credentials = {
  bearer: (token, persona) => plain(`Bearer ${token}`, persona),
  none: () => plain(null, 'anonymous'),
  empty: () => plain('', 'anonymous (empty header)'),
  'bearer-without-token': () => plain('Bearer', 'anonymous (scheme alone)'),
  // A valid token behind the wrong scheme: only the scheme can be the cause of the refusal.
  'basic-scheme': (token, persona) => plain(`Basic ${token}`, `${persona} (Basic)`),
  // As clients send it: user and password in base64 (RFC 7617).
  'basic-credentials': (token, persona) => {
    const value = Buffer.from(`${persona}:${token}`).toString('base64');
    return {
      ...plain(`Basic ${value}`, `${persona} (Basic, as password)`),
      derived: { token: value, name: `token:${persona}:as password` },
    };
  },
  'bare-token': (token, persona) => plain(token, `${persona} (no scheme)`),
  'lower-case-scheme': (token, persona) => plain(`bearer ${token}`, `${persona} (bearer)`),
  'upper-case-scheme': (token, persona) => plain(`BEARER ${token}`, `${persona} (BEARER)`),
  garbage: () => ({ ...derived(garbage, 'garbage', 'made up'), caller: 'garbage token' }),
  'tampered-signature': (token, persona) => derived(flipIn(token, 1 / 2), persona, 'tampered signature'),
  'tampered-signature-start': (token, persona) =>
    made(partsOf(token) && flipIn(token, 0), persona, 'tampered signature, at its start'),
  'tampered-payload': (token, persona) => made(changePayload(token), persona, 'tampered payload'),
  'unsigned-token': (token, persona) =>
    made(withoutAlgorithm(token, false), persona, 'algorithm none, signature removed'),
  'algorithm-none': (token, persona) => made(withoutAlgorithm(token, true), persona, 'algorithm none, signature kept'),
  // Whoever knows `none` by that spelling alone takes another one for an algorithm that needs no signature.
  'algorithm-none-in-other-letters': (token, persona) =>
    made(withoutAlgorithm(token, false, 'nOnE'), persona, 'algorithm none in other letters, signature removed'),
  // Base64url is not read without case: this is another signature (RFC 4648 section 5).
  'signature-in-other-case': (token, persona) => made(inOtherCase(token), persona, 'signature in the other case'),
  'signature-followed': (token, persona) =>
    made(segmentsOf(token) && `${token}.${garbage}`, persona, 'something behind the signature'),
  'signature-emptied': (token, persona) => made(emptied(token), persona, 'signature emptied'),
  'signature-cut-off': (token, persona) => made(cutOff(token), persona, 'signature cut off'),
  query: (token, persona) => ({
    ...plain(null, `${persona} (query)`),
    query: `?access_token=${encodeURIComponent(token)}`,
  }),
  cookie: (token, persona) => elsewhere('cookie', `access_token=${token}`, persona),
  'other-header': (token, persona) => elsewhere('x-access-token', token, persona),
} satisfies Record<string, (token: string, persona: string) => PreparedCredential | null>;

export type CredentialForm = keyof typeof credentials;

/** The forms that need no token of a persona. */
export const anonymousForms: readonly CredentialForm[] = ['none', 'empty', 'bearer-without-token', 'garbage'];

/** What stands before the last part of a token. Formats separate the signature by one of these. */
const lastSeparator = /[.:|~!](?=[^.:|~!]+$)/;

interface Parts {
  /** All before the separator. */
  readonly signed: string;
  readonly separator: string;
  readonly signature: string;
}

/** Null for a token without parts: nothing says where its signature would be. */
function partsOf(token: string): Parts | null {
  const match = lastSeparator.exec(token);
  if (!match || match.index === 0) return null;
  return { signed: token.slice(0, match.index), separator: match[0], signature: token.slice(match.index + 1) };
}

/** The three segments of a JSON Web Token with a readable header; null for any other token. */
function segmentsOf(token: string): readonly [string, string, string] | null {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  return decode(header) === null ? null : [header, payload, signature];
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(segment: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** One character of the last part (of the whole token, where it has none) becomes another one. */
function flipIn(token: string, share: number): string {
  const start = token.length - (partsOf(token)?.signature ?? token).length;
  const at = start + Math.floor((token.length - start) * share);
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** The claims change, the signature stays. What is signed in another format changes in one character of its middle. */
function changePayload(token: string): string | null {
  const segments = segmentsOf(token);
  const claims = segments && decode(segments[1]);
  if (segments && claims)
    return [segments[0], encode({ ...claims, jti: 'changed-after-signing' }), segments[2]].join('.');
  const parts = partsOf(token);
  if (!parts) return null;
  const { signed, separator, signature } = parts;
  const at = Math.floor(signed.length / 2);
  return `${signed.slice(0, at)}${signed[at] === 'A' ? 'B' : 'A'}${signed.slice(at + 1)}${separator}${signature}`;
}

/** The header of a JSON Web Token claims `alg: none`, in some spelling (RFC 8725 section 2.1). */
function withoutAlgorithm(token: string, keepsSignature: boolean, alg = 'none'): string | null {
  const segments = segmentsOf(token);
  if (!segments) return null;
  return [encode({ ...decode(segments[0]), alg }), segments[1], keepsSignature ? segments[2] : ''].join('.');
}

function inOtherCase(token: string): string | null {
  const segments = segmentsOf(token);
  if (!segments) return null;
  const swapped = Array.from(segments[2], (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  ).join('');
  return swapped === segments[2] ? null : [segments[0], segments[1], swapped].join('.');
}

function emptied(token: string): string | null {
  const parts = partsOf(token);
  return parts && `${parts.signed}${parts.separator}`;
}

const cutOff = (token: string): string | null => partsOf(token)?.signed ?? null;
