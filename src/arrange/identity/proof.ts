import type { NodeAuthOptions } from '@azure/msal-node';
import { ConfigurationError } from '../../engine/errors.js';
import type { ClientProof } from '../../target/token-source.js';
import { assertBelongs, otherFormsOf, pemOf, readCertificate, readKey } from '../pem.js';
import type { ReadyMadeToken } from '../tokens.js';

/** The part of the sign-in library's options by which an application proves itself. */
export type ProofOptions = Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;

type Register = (secret: string, kind: string) => void;

/**
 * Reads what an application proves itself with.
 * @param read reads a secret from where it is kept
 * @param register told of every secret before it is used
 * @throws PrerequisiteError when a variable or file that holds a secret is missing
 * @throws ConfigurationError when certificate and key cannot be used
 */
export async function readProof(
  proof: ClientProof,
  { read, register }: { readonly read: (source: ReadyMadeToken) => Promise<string>; readonly register: Register },
): Promise<ProofOptions> {
  if ('secret' in proof) {
    const secret = await read(proof.secret);
    register(secret, 'client-secret');
    return { clientSecret: secret };
  }
  if ('assertion' in proof) {
    const assertion = await read(proof.assertion);
    register(assertion, 'client-assertion');
    return { clientAssertion: assertion };
  }
  const { file, key, passphrase } = proof.certificate;
  const words = passphrase === null ? null : await read(passphrase);
  if (words !== null) register(words, 'passphrase');
  const { certificate } = readCertificate(file);
  const privateKey = readKey(key, words);
  if (privateKey.asymmetricKeyType !== 'rsa') {
    throw new ConfigurationError(`${key}: the key is not RSA, which is all that the identity platform takes`);
  }
  assertBelongs(privateKey, { certificate, file, key });
  const pem = pemOf(privateKey);
  for (const form of [pem, ...otherFormsOf(privateKey)]) register(form, 'certificate-key');
  return {
    clientCertificate: { thumbprintSha256: certificate.fingerprint256.replaceAll(':', ''), privateKey: pem },
  };
}
