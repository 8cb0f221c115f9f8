import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader } from 'jose/decode/protected_header';
import { JWTExpired } from 'jose/errors';
import { decodeJwt } from 'jose/jwt/decode';
import { jwtVerify, type JWTVerifyOptions } from 'jose/jwt/verify';
import { GrantRefused, type RefusalName } from './refusals.js';

/** A trusted issuer outside the platform, whose tokens stand for an application. */
interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** Public key of the issuer, in PEM form. */
  readonly key: string;
}

/** An application as it is registered in the tenant. */
export interface Application {
  readonly clientId: string;
  /** Whether people may sign in to it without the application proving itself. */
  readonly publicClient: boolean;
  /** Where a sign-in in a browser may come back to; default for a public client: `http://localhost`, on any port. */
  readonly redirectUris?: readonly string[];
  readonly secrets?: readonly string[];
  /** In PEM form. */
  readonly certificates?: readonly string[];
  readonly federated?: readonly FederatedCredential[];
}

/** How an assertion says what it is (RFC 7523 section 2.2). */
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Clocks may be off by this much, in seconds. */
const toleratedSkewS = 300;

/**
 * Lets an application prove itself by secret, certificate or the token of a trusted issuer.
 * @param audiences what an assertion of the application may be made out to
 * @throws GrantRefused when it does not
 */
export async function authenticate(
  application: Application,
  form: URLSearchParams,
  audiences: readonly string[],
): Promise<void> {
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  if (assertion !== null && form.get('client_assertion_type') === assertionType) {
    await verifyAssertion(application, assertion, audiences);
    return;
  }
  if (secret === null) throw new GrantRefused('noProof');
  if (application.secrets?.includes(secret) !== true) throw new GrantRefused('wrongSecret');
}

async function verifyAssertion(
  application: Application,
  assertion: string,
  audiences: readonly string[],
): Promise<void> {
  const { iss } = readClaims(assertion);
  if (iss === application.clientId) await verifyOwn(application, assertion, audiences);
  else await verifyForeign(application, assertion, iss);
}

/** An assertion that the application signed itself, with the key of a certificate that it names by its thumbprint. */
async function verifyOwn(
  { clientId, certificates = [] }: Application,
  assertion: string,
  audiences: readonly string[],
): Promise<void> {
  const header = decodeProtectedHeader(assertion);
  const named = certificates
    .map((pem) => new X509Certificate(pem))
    .find(
      (certificate) =>
        thumbprint(certificate.fingerprint256) === header['x5t#S256'] ||
        thumbprint(certificate.fingerprint) === header.x5t,
    );
  if (named === undefined) throw new GrantRefused('wrongCertificate');
  const wanted = { issuer: clientId, subject: clientId, audience: [...audiences], algorithms: ['PS256', 'RS256'] };
  await verify(assertion, { key: named.publicKey, wanted, refused: 'wrongCertificate' });
}

async function verifyForeign({ federated = [] }: Application, assertion: string, iss: unknown): Promise<void> {
  const known = federated.find(({ issuer }) => issuer === iss);
  if (known === undefined) throw new GrantRefused('wrongAssertion');
  const { issuer, subject, audience, key } = known;
  const wanted = { issuer, subject, audience, algorithms: ['RS256'] };
  await verify(assertion, { key: createPublicKey(key), wanted, refused: 'wrongAssertion' });
}

interface Verification {
  readonly key: KeyObject;
  readonly wanted: JWTVerifyOptions;
  readonly refused: RefusalName;
}

async function verify(assertion: string, { key, wanted, refused }: Verification): Promise<void> {
  try {
    await jwtVerify(assertion, key, { ...wanted, clockTolerance: toleratedSkewS });
  } catch (error) {
    throw new GrantRefused(error instanceof JWTExpired ? 'endedAssertion' : refused);
  }
}

function readClaims(assertion: string): { readonly iss?: unknown } {
  try {
    return decodeJwt(assertion);
  } catch {
    throw new GrantRefused('wrongAssertion');
  }
}

const thumbprint = (fingerprint: string): string =>
  Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
