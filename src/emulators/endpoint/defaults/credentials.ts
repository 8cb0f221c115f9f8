import { issuerOf, tenantIds } from '../personas.js';
import type { Call, Credentials, Seams } from '../seams.js';

type CredentialSeams = Pick<
  Seams,
  'readCredentials' | 'acceptsScheme' | 'readClaims' | 'isForThisService' | 'isWithinLifetime'
>;

const issuers = tenantIds.map(issuerOf);

/** RFC 9110 section 11.4: a scheme, one or more spaces, the credentials. */
function readCredentials(call: Call): Credentials | null {
  const header = call.headers.authorization;
  if (header === undefined) return null;
  const [, scheme = '', token = ''] = /^(\S*) *(.*)$/s.exec(header) ?? [];
  return { scheme, token };
}

/** Who is calling: read from the Authorization header alone, and believed only after verification. */
export const credentialSeams: CredentialSeams = {
  readCredentials,
  acceptsScheme: (scheme) => scheme.toLowerCase() === 'bearer',
  readClaims: (token, call) => call.authority.verify(token),
  isForThisService: ({ aud, iss = '' }) => aud === 'https://graph.microsoft.com' && issuers.includes(iss),
  isWithinLifetime: ({ nbf = 0, exp = 0 }, nowS) => nbf <= nowS && nowS < exp,
};
