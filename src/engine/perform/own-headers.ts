import type { Endpoint } from '../endpoint.js';

/** What the suite sends with every call; a probe may send another value, or none. */
const sentByItself = [
  'host',
  'connection',
  'user-agent',
  'accept',
  'accept-encoding',
  'client-request-id',
  'authorization',
  'content-type',
  'content-length',
  'transfer-encoding',
];

/** What frames a message, makes it conditional, or asks for another answer than the documented one, whatever its value is. */
const ofMessage =
  /^(?:(?:accept|content|if|odata|proxy|x-http-method|x-method|x-original|x-rewrite)(?:-.*)?|expect|te|trailer|upgrade|keep-alive|range|prefer|return-client-request-id)$/;

/** Shaped so that every form of a credential can be made of it. */
const anyToken = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.c2lnbmVk`;

/** The headers that the probes of an endpoint set by their declarations, in lower case. */
function ofProbes({ groups, forms }: Endpoint): ReadonlySet<string> {
  const probes = groups.flatMap(({ cases }) => cases.flatMap(({ when }) => when));
  const carried = Object.values(forms.credentials).flatMap((form) => form(anyToken, 'nobody')?.headers ?? []);
  const said = Object.values(forms.clients).flatMap((form) => form({ owner: 'nobody', call: 'none' }));
  return new Set(
    [...probes.flatMap(({ headers = [] }) => headers), ...carried, ...said].map(([name]) => name.toLowerCase()),
  );
}

/**
 * Whether a header is the suite's own: what is judged depends on it, so nobody else may say what is in it. The one home of that
 * list; half of it is what the probes set.
 * @param name in any case
 */
export function isOwnHeader(name: string, endpoint: Endpoint): boolean {
  const lower = name.toLowerCase();
  return sentByItself.includes(lower) || ofMessage.test(lower) || ofProbes(endpoint).has(lower);
}
