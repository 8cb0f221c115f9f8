import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { ConfigurationError } from '../engine/errors.js';
import { readText, shownPath } from '../engine/files.js';

/**
 * Reads a certificate, the first of a PEM file.
 * @returns it, and the whole text of the file
 * @throws ConfigurationError that names the file
 */
export function readCertificate(file: string): { readonly certificate: X509Certificate; readonly pem: string } {
  const pem = readText(file, { piped: true });
  try {
    return { certificate: new X509Certificate(pem), pem };
  } catch (cause) {
    throw new ConfigurationError(`${shownPath(file)}: holds no certificate in PEM form (BEGIN CERTIFICATE)`, { cause });
  }
}

/**
 * Reads a key of a PEM file.
 * @param passphrase null when none is known
 * @throws ConfigurationError that names the file; nothing of the key stands in it
 */
export function readKey(file: string, passphrase: string | null): KeyObject {
  const pem = readText(file, { piped: true });
  try {
    return createPrivateKey({ key: pem, ...(passphrase === null ? {} : { passphrase }) });
  } catch {
    const what = 'holds no key in PEM form (BEGIN PRIVATE KEY) that can be read';
    throw new ConfigurationError(
      `${shownPath(file)}: ${what}${passphrase === null ? '; a key with a passphrase needs passphrase' : ' with this passphrase'}`,
    );
  }
}

/**
 * Holds a key against a certificate.
 * @throws ConfigurationError when the two do not belong together
 */
export function assertBelongs(key: KeyObject, { certificate, ...files }: Belonging): void {
  if (certificate.checkPrivateKey(key)) return;
  throw new ConfigurationError(
    `${shownPath(files.key)}: the key does not belong to the certificate in ${shownPath(files.file)}`,
  );
}

interface Belonging {
  readonly certificate: X509Certificate;
  /** The files of certificate and key. */
  readonly file: string;
  readonly key: string;
}

/** A key as PEM without a passphrase. */
export const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** The same key as other programs write it. */
export function otherFormsOf(key: KeyObject): readonly string[] {
  if (key.asymmetricKeyType === 'rsa') return [key.export({ type: 'pkcs1', format: 'pem' }).toString()];
  return key.asymmetricKeyType === 'ec' ? [key.export({ type: 'sec1', format: 'pem' }).toString()] : [];
}
