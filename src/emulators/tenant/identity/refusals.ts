import { randomUUID } from 'node:crypto';

/** A refusal as the platform words it: the standard's error, its own number, and what it says. */
export interface PlatformRefusal {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly message: string;
  readonly suberror?: string;
}

const badRequest = (error: string, code: number, message: string): PlatformRefusal => ({
  status: 400,
  error,
  code,
  message,
});
const unauthorized = (code: number, message: string): PlatformRefusal => ({
  status: 401,
  error: 'invalid_client',
  code,
  message,
});

/** The refusals, by what is wrong. The numbers are those of the public list of error codes. */
export const refusals = {
  unknownTenant: badRequest('invalid_request', 90002, 'Tenant not found. Check that you have the right tenant.'),
  unknownClient: badRequest('unauthorized_client', 700016, 'The application was not found in the directory.'),
  missingParameter: badRequest('invalid_request', 900144, 'The request body lacks a parameter that is needed.'),
  unsupportedGrant: badRequest('unsupported_grant_type', 70003, 'The grant type is not supported.'),
  wrongSecret: unauthorized(7000215, 'Invalid client secret provided.'),
  noProof: unauthorized(7000218, "The request body must contain 'client_assertion' or 'client_secret'."),
  wrongCertificate: unauthorized(700027, 'The client assertion is signed with a key that is not registered.'),
  endedAssertion: unauthorized(700024, 'The client assertion is not within its valid time range.'),
  wrongAssertion: unauthorized(700211, 'No matching federated identity record found for the assertion.'),
  unknownResource: badRequest('invalid_resource', 500011, 'The resource was not found in the tenant.'),
  unknownScope: badRequest('invalid_scope', 70011, "The value of the parameter 'scope' is not valid."),
  notDefault: badRequest('invalid_scope', 1002012, "For client credentials the scope has to end with '/.default'."),
  pending: badRequest('authorization_pending', 70016, 'The user has not finished signing in yet.'),
  slowDown: badRequest('slow_down', 70016, 'The code is asked for too often.'),
  declined: badRequest('authorization_declined', 65004, 'The user declined.'),
  codeEnded: badRequest('expired_token', 70020, 'The device code has expired.'),
  unknownCode: badRequest('bad_verification_code', 70018, 'The device code is not known.'),
  malformedGrant: badRequest('invalid_grant', 70000, 'The refresh token is malformed or not of this client.'),
  endedGrant: badRequest('invalid_grant', 700082, 'The refresh token has expired due to inactivity.'),
  revokedGrant: badRequest('invalid_grant', 70008, 'The refresh token has expired or was revoked.'),
  wrongRedirect: badRequest('invalid_request', 50011, 'The redirect URI is none of those that are registered.'),
  otherRedirect: badRequest('invalid_grant', 500112, 'The reply address is not the one that the code was asked with.'),
  wrongChallenge: badRequest('invalid_request', 50147, 'The code challenge is missing, or is none of S256.'),
  wrongVerifier: badRequest('invalid_grant', 501481, 'The code verifier does not match the code challenge.'),
  usedCode: badRequest('invalid_grant', 54005, 'The authorization code was redeemed already.'),
  noCode: badRequest('invalid_grant', 70000, 'The authorization code is malformed or not of this client.'),
  onlyCodes: badRequest('unsupported_response_type', 700054, 'No other response_type than code is enabled.'),
  refusedByPerson: badRequest('access_denied', 65004, 'The user declined.'),
  noConsent: {
    ...badRequest('invalid_grant', 65001, 'Nobody has consented to the use of the application.'),
    suberror: 'consent_required',
  },
  secondFactor: {
    ...badRequest('invalid_grant', 50076, 'You must use multi-factor authentication.'),
    suberror: 'basic_action',
  },
  blocked: {
    ...badRequest('invalid_grant', 53003, 'Access is blocked by Conditional Access policies.'),
    suberror: 'message_only',
  },
} as const satisfies Readonly<Record<string, PlatformRefusal>>;

export type RefusalName = keyof typeof refusals;

/** The text of a refusal, with its number. */
export const describe = ({ code, message }: PlatformRefusal): string => `AADSTS${code}: ${message}`;

/** Thrown by a grant that is refused; the platform answers with it. */
export class GrantRefused extends Error {
  override readonly name = 'GrantRefused';
  readonly refusal: PlatformRefusal;

  constructor(name: RefusalName) {
    super(name);
    this.refusal = refusals[name];
  }
}

/**
 * The body of a refusal.
 * @param correlationId what the caller sent under this name; one is made up otherwise
 */
export function bodyOf(refusal: PlatformRefusal, correlationId: string = randomUUID()): object {
  const { error, code, suberror } = refusal;
  const traceId = randomUUID();
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return {
    error,
    error_description: `${describe(refusal)} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...(suberror === undefined ? {} : { suberror }),
  };
}
