import { ConfigurationError, PrerequisiteError, UnreachableError } from '../../engine/errors.js';
import type { PlatformToken } from '../../target/token-source.js';
import type { Refusal } from './network.js';

/**
 * Whether a refusal is plain misconfiguration, which ends in exit code 2, or something that a person, an administrator or
 * time has to mend, which leaves the persona without a token.
 */
type Kind = 'misconfigured' | 'missing' | 'busy';

interface Meaning {
  readonly kind: Kind;
  readonly words: (token: PlatformToken) => string;
}

/** What a token is asked for with: what a refusal means, and what to do, is another thing for each. */
export type Means = 'deviceCode' | 'authorizationCode' | 'refreshToken' | 'secret' | 'certificate' | 'assertion';

/** What a token is asked for with. */
export function meansOf({ grant }: PlatformToken): Means {
  if (grant.kind !== 'clientCredentials') return grant.kind;
  if ('secret' in grant.proof) return 'secret';
  return 'certificate' in grant.proof ? 'certificate' : 'assertion';
}

/** Means of people, and means of applications by themselves. */
const people: readonly Means[] = ['deviceCode', 'authorizationCode', 'refreshToken'];
/** Those for which a person signs in. */
const signedIn: readonly Means[] = ['deviceCode', 'authorizationCode'];
const applications: readonly Means[] = ['secret', 'certificate', 'assertion'];

const misconfigured = (words: Meaning['words']): Meaning => ({ kind: 'misconfigured', words });
const missing = (words: Meaning['words']): Meaning => ({ kind: 'missing', words });

/** A meaning for some means only: with others the same number says nothing that could be told. */
const among = (means: readonly Means[], meaning: Meaning): ByMeans =>
  Object.fromEntries(means.map((one) => [one, meaning]));

/** What a number or a word means, by what the token was asked for with. */
type ByMeans = Readonly<Partial<Record<Means, Meaning>>>;

/** What a person does when the tokens that are kept are no longer good. */
export function signInAgain({ grant }: PlatformToken): string {
  return grant.kind === 'deviceCode' || grant.kind === 'authorizationCode'
    ? 'sign in with doctor --sign-in and this target file, once, on a terminal'
    : 'get a new refresh token and put it where the target file says';
}

const always = (meaning: Meaning): ByMeans => among([...people, ...applications], meaning);

const unknownTenant = always(
  misconfigured(
    ({ authority, tenant }) => `${authority} knows no tenant ${tenant}; check tenant, and cloud or authority`,
  ),
);
const unknownClient = always(
  misconfigured(
    ({ tenant, clientId }) =>
      `the tenant ${tenant} knows no application ${clientId}; check clientId, and that the application is registered there`,
  ),
);
const noServicePrincipal = always(
  missing(
    ({ tenant, clientId }) =>
      `the application ${clientId} has no service principal in the tenant ${tenant}, or what it asks for has none; an administrator of the tenant consents to the application there`,
  ),
);
const clientDisabled = always(
  missing(
    ({ tenant, clientId }) =>
      `the application ${clientId} is disabled in the tenant ${tenant}; an administrator of the tenant enables it`,
  ),
);
const noPublicClient = among(
  people,
  misconfigured(
    ({ clientId }) =>
      `the application ${clientId} takes no sign-in without a secret; allow public client flows in its registration`,
  ),
);
const onlyPublic = among(
  applications,
  misconfigured(
    (token) =>
      `the application ${token.clientId} is registered as a public client, which proves itself by nothing; turn public client flows off in its registration, or name another application for ${meansOf(token)}`,
  ),
);
const wrongCertificate = misconfigured(
  ({ clientId }) => `the certificate is none that is registered for the application ${clientId}; add it there`,
);
const wrongAssertion = misconfigured(
  ({ clientId }) =>
    `no federated credential of the application ${clientId} matches the assertion; compare issuer, subject and audience`,
);
const wrongProof: ByMeans = {
  ...noPublicClient,
  secret: misconfigured(
    ({ clientId }) => `the client secret of ${clientId} is wrong; give the value of the secret, not its id`,
  ),
  certificate: wrongCertificate,
  assertion: wrongAssertion,
};
const endedProof: ByMeans = {
  ...noPublicClient,
  secret: misconfigured(({ clientId }) => `the client secret of ${clientId} has expired; make a new one`),
  certificate: misconfigured(
    ({ clientId }) =>
      `the certificate of the application ${clientId} is not valid at this time; make a new one, and check the clock of this machine`,
  ),
  assertion: missing(() => 'the assertion has expired; it has to be made anew for every run'),
};
const wrongScope = always(
  misconfigured(
    ({ scopes }) => `the platform does not know what is asked for: ${scopes.join(' ')}; check scopes and cloud`,
  ),
);
const endedGrant: ByMeans = {
  ...among(
    signedIn,
    missing((token) => `what was kept of the sign-in has expired or was revoked; ${signInAgain(token)}`),
  ),
  refreshToken: missing((token) => `the refresh token has expired or was revoked; ${signInAgain(token)}`),
};
const malformed: ByMeans = {
  ...always(
    misconfigured(
      ({ authority, clientId, scopes }) =>
        `${authority} misses something in what it was asked; check clientId (${clientId}), scopes (${scopes.join(' ')}) and tenant`,
    ),
  ),
  refreshToken: missing(
    (token) =>
      `what was given as a refresh token is none, or the platform misses something else; ${signInAgain(token)}`,
  ),
};
const noConsent = always(
  missing(
    ({ clientId, scopes }) =>
      `nobody has consented that the application ${clientId} gets ${scopes.join(' ')}; an administrator of the tenant grants it in its registration`,
  ),
);
const notAssigned: ByMeans = {
  ...among(
    people,
    missing(
      ({ clientId }) =>
        `the person is not assigned to the application ${clientId}; an administrator of the tenant assigns them, or lets everybody use it`,
    ),
  ),
  ...among(
    applications,
    missing(
      ({ clientId, scopes }) =>
        `the application ${clientId} is not assigned to a role of ${scopes.join(' ')}; an administrator of the tenant assigns it`,
    ),
  ),
};
const notInTenant = among(
  people,
  missing(
    ({ tenant }) =>
      `the person has no account in the tenant ${tenant}; sign in as somebody who has one, or have them invited as a guest`,
  ),
);
const personDisabled = among(
  people,
  missing(() => 'the account of the person is disabled; an administrator of the tenant enables it'),
);
const personLocked = among(
  people,
  missing(() => 'the account of the person is locked; wait, or have an administrator of the tenant unlock it'),
);
const endedPassword = among(
  people,
  missing((token) => `the password of the person has expired; they set a new one, and then ${signInAgain(token)}`),
);
const secondFactor = among(
  people,
  missing((token) => `the tenant asks for a second factor (MFA), which nobody can give here; ${signInAgain(token)}`),
);
const unmanagedDevice: ByMeans = {
  ...among(
    people,
    missing(
      () =>
        'a Conditional Access policy of the tenant wants a managed device; use a refresh token of a sign-in on such a device, or ask the administrator of the tenant for an exception',
    ),
  ),
  authorizationCode: missing(
    () =>
      'a Conditional Access policy of the tenant wants a managed device; sign in on one, or ask the administrator of the tenant for an exception',
  ),
};
const blocked: ByMeans = {
  ...always(
    missing(() => 'a Conditional Access policy of the tenant blocks it; ask its administrator for an exception'),
  ),
  deviceCode: missing(
    () =>
      'a Conditional Access policy of the tenant blocks it; many tenants block the device code flow: use authorizationCode or a refresh token, or ask for an exception',
  ),
};
const otherEndpoint = always(
  misconfigured(
    ({ tenant, clientId }) =>
      `the application ${clientId} gets no tokens under ${tenant}; give the id or a domain of its own tenant as tenant, or consumers where it is for personal accounts`,
  ),
);
const declined = among(
  signedIn,
  missing(() => 'the sign-in was declined by the person who was asked'),
);
const codeExpired: ByMeans = { deviceCode: missing(() => 'nobody entered the code in time; try again') };
const wrongRedirect: ByMeans = {
  authorizationCode: misconfigured(
    ({ clientId }) =>
      `the application ${clientId} may not send people back to this machine; add the redirect address http://localhost to its registration, for mobile and desktop applications`,
  ),
};
const usedCode: ByMeans = {
  authorizationCode: missing(
    (token) => `what came back from the sign-in was used already or has expired; ${signInAgain(token)}`,
  ),
};
const foreignCode: ByMeans = {
  authorizationCode: missing(
    (token) =>
      `what came back is not of the sign-in that was begun here (PKCE); ${signInAgain(token)}, and open the address that it shows`,
  ),
};
const signedOut = among(
  people,
  missing((token) => `the tenant wants a person to sign in again; ${signInAgain(token)}`),
);
const busy = always({
  kind: 'busy',
  words: ({ authority }) => `${authority} is busy or out of order`,
});

/** The platform's own numbers. They may change at any time, so the standard's words below decide where one is unknown. */
const byNumber: ReadonlyMap<number, ByMeans> = new Map(
  (
    [
      [unknownTenant, [90002, 900023]],
      [unknownClient, [70001, 700016]],
      [noServicePrincipal, [650052, 7000229]],
      [clientDisabled, [7000112, 500014]],
      [wrongProof, [70002, 50012, 700027, 700030, 7000215, 7000216, 70021, 700211, 700212, 700213, 700223]],
      [endedProof, [700024, 500133, 1000502, 7000222]],
      [noPublicClient, [7000218]],
      [onlyPublic, [700025]],
      [wrongScope, [50001, 70011, 28002, 28003, 500011, 650053, 1002012]],
      [endedGrant, [70000, 70008, 70043, 700082, 700084, 50132, 50133, 50173]],
      [malformed, [900144, 9002313]],
      [noConsent, [65001, 90093, 90094, 90095]],
      [notAssigned, [50105, 501051]],
      [notInTenant, [50020, 50034, 51004, 90072]],
      [personDisabled, [50057]],
      [personLocked, [50053]],
      [endedPassword, [50055]],
      [secondFactor, [50072, 50074, 50076, 50078, 50079, 50158]],
      [unmanagedDevice, [50097, 53000, 53001]],
      [blocked, [53002, 53003, 530034, 530035, 530036]],
      [otherEndpoint, [50059, 50194, 90010, 90019, 9002331, 9002332]],
      [declined, [65004]],
      [wrongRedirect, [50011, 500112, 500113]],
      [usedCode, [54005]],
      [foreignCode, [50147, 50148, 501481]],
      [codeExpired, [70019, 70020]],
      [signedOut, [16000, 50058]],
      [busy, [50196, 90006, 90024, 90025, 90033]],
    ] as const
  ).flatMap(([meaning, numbers]) => numbers.map((number) => [number, meaning] as const)),
);

const byWord: Readonly<Record<string, ByMeans>> = {
  authorization_declined: declined,
  access_denied: declined,
  expired_token: codeExpired,
  consent_required: noConsent,
  basic_action: secondFactor,
  additional_action: secondFactor,
  invalid_grant: endedGrant,
  interaction_required: signedOut,
  login_required: signedOut,
  temporarily_unavailable: busy,
  service_unavailable: busy,
  invalid_client: {
    ...noPublicClient,
    ...among(
      applications,
      misconfigured((token) => `the application ${token.clientId} could not prove itself; check its ${meansOf(token)}`),
    ),
  },
  unauthorized_client: always(
    misconfigured(({ clientId, grant }) => `the application ${clientId} may not use this grant (${grant.kind})`),
  ),
  unsupported_grant_type: always(misconfigured(({ authority }) => `${authority} does not offer this grant`)),
  invalid_scope: wrongScope,
  invalid_resource: wrongScope,
  invalid_tenant: unknownTenant,
};

const isOwn = (word: string): boolean => Object.hasOwn(byWord, word);

/** A refusal of the platform as the error that it is here, with one message for the person who reads it. */
export function errorOfRefusal(refusal: Refusal, token: PlatformToken): Error {
  const { status, error, suberror, codes } = refusal;
  const said = codes.length > 0 ? `AADSTS${codes[0] ?? ''}` : error === '' ? `status ${status}` : error;
  const means = meansOf(token);
  // What is told depends on what the token was asked for with: a number that makes no sense there decides nothing.
  const meanings = [
    ...(status === 429 || status >= 500 ? [busy] : []),
    ...codes.map((code) => byNumber.get(code)),
    ...[suberror, error].filter(isOwn).map((word) => byWord[word]),
  ];
  const meaning = meanings.map((known) => known?.[means]).find((known) => known !== undefined);
  const words = meaning?.words(token) ?? `${token.authority} refused the token`;
  const message = `${token.where}: ${words} (${said})`;
  if (meaning?.kind === 'busy') return new UnreachableError(`${message}; try again later`);
  return meaning?.kind === 'misconfigured' ? new ConfigurationError(message) : new PrerequisiteError(message);
}
