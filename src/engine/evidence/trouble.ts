/** Somebody who is spoken to over TLS, and how the user says whom to trust there. */
export interface Peer {
  readonly name: string;
  readonly trust: string;
}

const byVariable = 'name a PEM file that holds its issuer in the environment variable NODE_EXTRA_CA_CERTS';

/** Everybody who is spoken to over TLS. */
export const peers = {
  target: {
    name: 'the target',
    trust: `set tls.ca in the target file to a PEM file that holds its issuer, or ${byVariable}`,
  },
  platform: { name: 'the identity platform', trust: byVariable },
  proxy: { name: 'the proxy', trust: byVariable },
} as const satisfies Readonly<Record<string, Peer>>;

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

/** What a handshake ended with, by the words of the library; the first that fits says what it means and what to do. */
const handshakeTroubles: readonly (readonly [RegExp, string])[] = [
  [
    /wrong version number|packet length too long|http request|unknown protocol|record layer failure/,
    'does not speak TLS there: if it speaks plain http, write http:// in its address, else correct the port',
  ],
  [
    /certificate required/,
    'asks for a client certificate: set tls.cert and tls.key in the target file to one that it takes',
  ],
  [
    /alert (?:bad certificate|unsupported certificate|certificate (?:revoked|expired|unknown)|unknown ca|access denied)/,
    'does not take the client certificate: set tls.cert and tls.key in the target file to one that it takes',
  ],
  [
    /alert handshake failure/,
    'ended the handshake: it asks for a client certificate (tls.cert and tls.key in the target file), or for a cipher that is not known here',
  ],
  [/protocol version|unsupported protocol/, 'speaks no version of TLS that is known here: let it speak TLS 1.2 or 1.3'],
  [/unrecognized name/, 'has no certificate for the host in its address: correct one of the two'],
];

/**
 * An error of the network in words, when it is about TLS: what is wrong and what to do. Nothing in the words differs from
 * call to call, as the numbers in the library's own messages do.
 * @returns null for any other error
 */
export function tlsTrouble(error: Error, { name, trust }: Peer = peers.target): string | null {
  const { code = '' } = error as NodeJS.ErrnoException;
  const what = Object.hasOwn(certificateTroubles, code) ? certificateTroubles[code] : undefined;
  if (what !== undefined) {
    const remedy = ofTrust.test(code) ? trust : `give ${name} a certificate that is valid for the host in its URL`;
    return `the certificate of ${name} does not verify: ${what} (${code}), so nothing was sent; ${remedy}`;
  }
  const reason = reasonOf(error, code);
  if (reason === null) return null;
  const [, words] = handshakeTroubles.find(([pattern]) => pattern.test(reason)) ?? [];
  return `${name} ${words ?? `and this machine came to no agreement over TLS (${reason}): look into its log for the cause`}`;
}

/** What the library of TLS says of a handshake, without its numbers; null for an error that is none of its own. */
function reasonOf({ message }: Error, code: string): string | null {
  if (code.startsWith('ERR_SSL_')) return code.slice('ERR_SSL_'.length).replaceAll('_', ' ').toLowerCase();
  const [, reason] = /:error:[\dA-F]+:[^:\n]*:[^:\n]*:([^:\n]+)/i.exec(message) ?? [];
  if (reason !== undefined) return reason.toLowerCase();
  return code === 'EPROTO' ? 'protocol error' : null;
}

/** An alert of TLS (RFC 8446 section 6), where an answer of HTTP should begin. */
export const isTlsAlert = (bytes: Buffer | undefined): boolean => bytes?.[0] === 0x15 && bytes[1] === 0x03;
