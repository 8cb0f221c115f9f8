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

/** Every way to present a token, by name. */
export const credentials = {
  bearer: (token, persona) => plain(`Bearer ${token}`, persona),
  none: () => plain(null, 'anonymous'),
  empty: () => plain('', 'anonymous (empty header)'),
  'bearer-without-token': () => plain('Bearer', 'anonymous (scheme alone)'),
  // A valid token behind the wrong scheme: only the scheme can be the cause of the refusal.
  'basic-scheme': (token, persona) => plain(`Basic ${token}`, `${persona} (Basic)`),
  'lower-case-scheme': (token, persona) => plain(`bearer ${token}`, `${persona} (bearer)`),
  'upper-case-scheme': (token, persona) => plain(`BEARER ${token}`, `${persona} (BEARER)`),
  garbage: () => ({ ...derived(garbage, 'garbage', 'made up'), caller: 'garbage token' }),
  'tampered-signature': (token, persona) => derived(flipMiddle(token), persona, 'tampered signature'),
  'tampered-payload': (token, persona) => derived(changePayload(token), persona, 'tampered payload'),
  'unsigned-token': (token, persona) => derived(removeSignature(token), persona, 'signature removed'),
  query: (token, persona) => ({
    authorization: null,
    query: `?access_token=${encodeURIComponent(token)}`,
    caller: `${persona} (query)`,
    derived: null,
  }),
} satisfies Record<string, (token: string, persona: string) => PreparedCredential>;

export type CredentialForm = keyof typeof credentials;

/** The forms that need no token of a persona. */
export const anonymousForms: readonly CredentialForm[] = ['none', 'empty', 'bearer-without-token', 'garbage'];

const segmentsOf = (token: string): readonly [string, string, string] | null => {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  return [header, payload, signature];
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const decode = (segment: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** One character in the middle of the signature (or of an opaque token) becomes another one. */
function flipMiddle(token: string): string {
  const start = segmentsOf(token) ? token.lastIndexOf('.') + 1 : 0;
  const at = start + Math.floor((token.length - start) / 2);
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** The claims change, the signature stays. An opaque token is changed as by `flipMiddle`. */
function changePayload(token: string): string {
  const segments = segmentsOf(token);
  if (!segments) return flipMiddle(token);
  return [segments[0], encode({ ...decode(segments[1]), jti: 'changed-after-signing' }), segments[2]].join('.');
}

/** The header claims `alg: none` and the signature is empty (RFC 8725 section 2.1). */
function removeSignature(token: string): string {
  const segments = segmentsOf(token);
  if (!segments) return flipMiddle(token);
  return [encode({ ...decode(segments[0]), alg: 'none' }), segments[1], ''].join('.');
}
