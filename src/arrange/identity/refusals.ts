import { ConfigurationError, PrerequisiteError, UnreachableError } from '../../engine/errors.js';
import type { PlatformToken } from '../../target/token-source.js';
import type { Refusal } from './network.js';

/**
 * Whether a refusal is plain misconfiguration, which ends in exit code 2, or something that a person, an administrator or
 * time has to mend, which leaves the persona without a token.
 */
type Kind = 'misconfigured' | 'missing';

interface Meaning {
  readonly kind: Kind;
  readonly words: (token: PlatformToken) => string;
}

const misconfigured = (words: Meaning['words']): Meaning => ({ kind: 'misconfigured', words });
const missing = (words: Meaning['words']): Meaning => ({ kind: 'missing', words });

/** What a person does when the tokens that are kept are no longer good. */
export function signInAgain({ grant }: PlatformToken): string {
  return grant.kind === 'deviceCode'
    ? 'sign in with doctor --sign-in and this target file, once, on a terminal'
    : 'get a new refresh token and put it where the target file says';
}

const unknownTenant = misconfigured(
  ({ authority, tenant }) => `${authority} knows no tenant ${tenant}; check tenant, and cloud or authority`,
);
const unknownClient = misconfigured(
  ({ tenant, clientId }) =>
    `the tenant ${tenant} knows no application ${clientId}; check clientId, and that the application is registered there`,
);
const wrongSecret = misconfigured(
  ({ clientId }) => `the client secret of ${clientId} is wrong; give the value of the secret, not its id`,
);
const endedSecret = misconfigured(({ clientId }) => `the client secret of ${clientId} has expired; make a new one`);
const wrongCertificate = misconfigured(
  ({ clientId }) => `the certificate is none that is registered for the application ${clientId}; add it there`,
);
const wrongAssertion = misconfigured(
  ({ clientId }) =>
    `no federated credential of the application ${clientId} matches the assertion; compare issuer, subject and audience`,
);
const noPublicClient = misconfigured(
  ({ clientId }) =>
    `the application ${clientId} takes no sign-in without a secret; allow public client flows in its registration`,
);
const wrongScope = misconfigured(
  ({ scopes }) => `the platform does not know what is asked for: ${scopes.join(' ')}; check scopes and cloud`,
);
const endedAssertion = missing(() => 'the assertion has expired; it has to be made anew for every run');
const endedGrant = missing((token) => `the refresh token has expired or was revoked; ${signInAgain(token)}`);
const noConsent = missing(
  ({ clientId, scopes }) =>
    `nobody has consented that the application ${clientId} gets ${scopes.join(' ')}; an administrator of the tenant grants it in its registration`,
);
const secondFactor = missing(
  (token) => `the tenant asks for a second factor (MFA), which nobody can give here; ${signInAgain(token)}`,
);
const blocked = missing(({ grant }) =>
  grant.kind === 'deviceCode'
    ? 'a Conditional Access policy of the tenant blocks it; many tenants block the device code flow: ask for an exception, or use a refresh token'
    : 'a Conditional Access policy of the tenant blocks it; ask its administrator for an exception',
);
const declined = missing(() => 'the sign-in was declined by the person who was asked');
const codeExpired = missing(() => 'nobody entered the code in time; try again');

/** The platform's own numbers. They may change at any time, so the standard's words below decide where one is unknown. */
const byNumber: ReadonlyMap<number, Meaning> = new Map(
  (
    [
      [unknownTenant, [90002, 900023, 90072]],
      [unknownClient, [700016]],
      [wrongSecret, [7000215]],
      [endedSecret, [7000222]],
      [wrongCertificate, [700027]],
      [wrongAssertion, [70021, 700211, 700212, 700213, 700223]],
      [endedAssertion, [700024]],
      [noPublicClient, [7000218]],
      [wrongScope, [70011, 28002, 28003, 500011, 650053, 1002012]],
      [endedGrant, [70000, 70008, 70043, 700082, 700084, 50173, 50078, 9002313]],
      [noConsent, [65001, 90093, 90094, 90095]],
      [secondFactor, [50072, 50074, 50076, 50079, 50158]],
      [blocked, [53000, 53001, 53002, 53003, 530034, 530035, 530036]],
      [declined, [65004]],
      [codeExpired, [70019, 70020]],
    ] as const
  ).flatMap(([meaning, numbers]) => numbers.map((number) => [number, meaning] as const)),
);

const byWord: Readonly<Record<string, Meaning>> = {
  authorization_declined: declined,
  access_denied: declined,
  expired_token: codeExpired,
  consent_required: noConsent,
  basic_action: secondFactor,
  additional_action: secondFactor,
  invalid_grant: endedGrant,
  interaction_required: missing((token) => `the tenant wants a person to sign in again; ${signInAgain(token)}`),
  login_required: missing((token) => `the tenant wants a person to sign in again; ${signInAgain(token)}`),
  invalid_client: misconfigured(
    ({ clientId }) => `the application ${clientId} could not prove itself; check its secret, certificate or assertion`,
  ),
  unauthorized_client: misconfigured(
    ({ clientId, grant }) => `the application ${clientId} may not use this grant (${grant.kind})`,
  ),
  unsupported_grant_type: misconfigured(({ authority }) => `${authority} does not offer this grant`),
  invalid_scope: wrongScope,
  invalid_resource: wrongScope,
  invalid_tenant: unknownTenant,
};

const isOwn = (word: string): boolean => Object.hasOwn(byWord, word);

/** A refusal of the platform as the error that it is here, with one message for the person who reads it. */
export function errorOfRefusal(refusal: Refusal, token: PlatformToken): Error {
  const { status, error, suberror, codes } = refusal;
  const said = codes.length > 0 ? `AADSTS${codes[0] ?? ''}` : error === '' ? `status ${status}` : error;
  if (status === 429 || status >= 500) {
    return new UnreachableError(
      `${token.where}: ${token.authority} is busy or out of order (${said}); try again later`,
    );
  }
  const number = codes.find((code) => byNumber.has(code));
  const word = [suberror, error].find(isOwn);
  const meaning = number === undefined ? byWord[word ?? ''] : byNumber.get(number);
  const words = meaning?.words(token) ?? `${token.authority} refused the token`;
  const message = `${token.where}: ${words} (${said})`;
  return meaning?.kind === 'misconfigured' ? new ConfigurationError(message) : new PrerequisiteError(message);
}
