import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { NodeAuthOptions } from '@azure/msal-node';
import { ConfigurationError } from '../../engine/errors.js';
import { readText } from '../../engine/files.js';
import type { ClientProof } from '../../target/token-source.js';
import { readToken } from '../tokens.js';

/** The part of the sign-in library's options by which an application proves itself. */
export type ProofOptions = Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;

type Register = (secret: string, kind: string) => void;

/**
 * Reads what an application proves itself with.
 * @param register told of every secret before it is used
 * @throws PrerequisiteError when a variable or file that holds a secret is missing
 * @throws ConfigurationError when certificate and key cannot be used
 */
export async function readProof(proof: ClientProof, register: Register): Promise<ProofOptions> {
  if ('secret' in proof) {
    const secret = await readToken(proof.secret);
    register(secret, 'client-secret');
    return { clientSecret: secret };
  }
  if ('assertion' in proof) {
    const assertion = await readToken(proof.assertion);
    register(assertion, 'client-assertion');
    return { clientAssertion: assertion };
  }
  const { file, key, passphrase } = proof.certificate;
  const words = passphrase === null ? null : await readToken(passphrase);
  if (words !== null) register(words, 'passphrase');
  const certificate = readCertificate(file);
  const privateKey = readKey(key, words);
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigurationError(`${key}: the key does not belong to the certificate in ${file}`);
  }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  register(pem, 'certificate-key');
  return {
    clientCertificate: { thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''), privateKey: pem },
  };
}

function readCertificate(file: string): X509Certificate {
  try {
    return new X509Certificate(readText(file, { piped: true }));
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(`${file}: holds no certificate in PEM form (BEGIN CERTIFICATE)`, { cause });
  }
}

function readKey(file: string, passphrase: string | null): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: readText(file, { piped: true }), ...(passphrase === null ? {} : { passphrase }) });
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const what = 'holds no key in PEM form (BEGIN PRIVATE KEY) that can be read';
    throw new ConfigurationError(
      `${file}: ${what}${passphrase === null ? '; a key with a passphrase needs passphrase' : ' with this passphrase'}`,
    );
  }
  if (key.asymmetricKeyType === 'rsa') return key;
  throw new ConfigurationError(`${file}: the key is not RSA, which is all that the identity platform takes`);
}
