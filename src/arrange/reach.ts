import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import { tooCommon } from '../engine/evidence/common.js';
import type { HeaderPair } from '../engine/evidence/records.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Reach, TlsMaterial } from '../engine/exchange/reach.js';
import { readText, shownPath } from '../engine/files.js';
import { valueProblem, type HeaderSetting, type TlsSetting } from '../target/reach.js';
import { shownOf } from '../target/shown.js';
import type { Target } from '../target/target.js';
import { assertBelongs, otherFormsOf, pemOf, readCertificate, readKey } from './pem.js';
import { readSecret } from './tokens.js';

/** How the target is reached, and its control protocol, which may be somewhere else. */
export interface TargetReach {
  readonly target: Reach;
  /** With the same certificates, and with the headers as long as it has the target's origin. */
  readonly control: Reach;
}

/**
 * Reads the certificates that the target file names and the values of its secret headers, before anything is sent.
 * @param secrets gets to know every secret
 * @param signal ends a command that has not printed a value yet
 * @throws ConfigurationError that names file, line and key of what is missing, cannot be read or does not fit
 */
export async function openReach(target: Target, secrets: SecretRegistry, signal?: AbortSignal): Promise<TargetReach> {
  const { reach, baseUrl, requests } = target;
  const reading = { near: shownOf(target), secrets, ...(signal && { signal }) };
  const tls = reach.tls === null ? {} : await readTls(reach.tls, reading);
  const headers: HeaderPair[] = [];
  for (const setting of reach.headers) {
    headers.push([setting.name, await valueOf(setting, reading)]);
  }
  const own = { headers, tls };
  const isElsewhere = requests.provider === 'control' && !isSameOrigin(requests.url, baseUrl ?? requests.url);
  // A gateway's secret is for that gateway: it goes to no other place, not even to one of the same owner.
  return { target: own, control: isElsewhere ? { headers: [], tls } : own };
}

const isSameOrigin = (one: string, other: string): boolean => new URL(one).origin === new URL(other).origin;

/** The parts of a value that are secret by themselves, as a token behind its scheme is. */
const partsOf = (value: string, near: readonly string[]): readonly string[] =>
  value.split(/[\s,;]+/).filter((part) => tooCommon(part, near) === null);

interface SecretReading {
  readonly near: readonly string[];
  readonly secrets: SecretRegistry;
  readonly signal?: AbortSignal;
}

async function valueOf({ name, value, where }: HeaderSetting, reading: SecretReading): Promise<string> {
  if (typeof value === 'string') return value;
  const secret = await named(where, () => readSecret(value, valueProblem, reading));
  for (const part of [...partsOf(secret, reading.near), secret])
    reading.secrets.register(part, `header:${name.toLowerCase()}`);
  return secret;
}

async function readTls({ ca, client }: TlsSetting, reading: SecretReading): Promise<TlsMaterial> {
  const trusted = ca === null ? {} : { ca: await named(ca.where, () => readAuthorities(ca.file)) };
  if (client === null) return trusted;
  const { cert, key, passphrase } = client;
  const words =
    passphrase === null
      ? null
      : await named(passphrase.where, () => readSecret(passphrase.source, () => null, reading));
  if (words !== null) reading.secrets.register(words, 'tls-passphrase');
  const { certificate, pem } = await named(cert.where, () => readCertificate(cert.file));
  const [own, others] = await named(key.where, () => {
    const read = readKey(key.file, words);
    assertBelongs(read, { certificate, file: cert.file, key: key.file });
    return [pemOf(read), otherFormsOf(read)] as const;
  });
  for (const form of [own, ...others]) reading.secrets.register(form, 'tls-key');
  const material = { ...trusted, cert: pem, key: own };
  await named(cert.where, () => {
    assertUsable(material, cert.file);
  });
  return material;
}

/** What the platform would not take it would refuse at the first call. */
function assertUsable(material: TlsMaterial, file: string): void {
  try {
    createSecureContext(material);
  } catch (cause) {
    throw new ConfigurationError(
      `${shownPath(file)}: cannot be used for TLS here: one of its certificates cannot be read, or its key is too weak`,
      { cause },
    );
  }
}

const oneCertificate = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** All of them are looked at: the platform passes over what it cannot read, and would trust nobody. */
function readAuthorities(file: string): string {
  const pem = readText(file, { piped: true });
  const found = pem.match(oneCertificate) ?? [];
  try {
    for (const one of found) new X509Certificate(one);
  } catch (cause) {
    throw new ConfigurationError(`${shownPath(file)}: holds a certificate that cannot be read`, { cause });
  }
  if (found.length > 0) return pem;
  throw new ConfigurationError(`${shownPath(file)}: holds no certificate in PEM form (BEGIN CERTIFICATE)`);
}

/** Says which key it is about, of whatever is wrong with what it names. */
async function named<Value>(where: string, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof ConfigurationError || cause instanceof PrerequisiteError)) throw cause;
    throw new ConfigurationError(`${where}: ${cause.message}`, { cause });
  }
}
