/** What an error of the platform says of a certificate, by its code. */
const certificateTroubles: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends with an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known here',
  CERT_UNTRUSTED: 'its issuer is not trusted here',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_REVOKED: 'it was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is made out to another name',
};

/** Troubles that go away once the issuer is trusted. */
const ofTrust = /SELF_SIGNED|UNABLE_TO|UNTRUSTED/;

/**
 * An error of the network in words, when it is about the certificate of the other side: what is wrong and what to do.
 * @param whose who the other side is
 * @returns null for any other error
 */
export function certificateTrouble(error: Error, whose = 'the target'): string | null {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const what = Object.hasOwn(certificateTroubles, code) ? certificateTroubles[code] : undefined;
  if (what === undefined) return null;
  const remedy = ofTrust.test(code)
    ? 'name a PEM file that holds its issuer in the environment variable NODE_EXTRA_CA_CERTS'
    : `give ${whose} a certificate that is valid for the host in its URL`;
  return `the certificate of ${whose} does not verify: ${what} (${code}), so nothing was sent; ${remedy}`;
}
