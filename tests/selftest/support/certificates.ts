import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its key, as PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** Who may issue certificates. */
export interface Authority extends Certified {
  readonly name: string;
  readonly keyObject: KeyObject;
}

/** What is in a certificate; left out: for `target.test`, good from 2000 to 2049. */
interface Wanted {
  readonly name?: string;
  /** Names and addresses that it is made out to. */
  readonly hosts?: readonly string[];
  /** Years: on the first of January of the one it begins, of the other it ends. */
  readonly years?: readonly [from: number, to: number];
}

// DER (ITU-T X.690) as far as a certificate (RFC 5280) needs it: not every machine has a program that makes one.

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (number: number): readonly number[] => {
    const digits = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  };
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(name)))));
const newYear = (year: number): Buffer => der(0x17, Buffer.from(`${String(year).slice(2)}0101000000Z`));
const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

const extension = (id: string, value: Buffer): Buffer => sequence(objectId(id), der(0x04, value));

const alternativeName = (host: string): Buffer =>
  isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));

interface Issuing {
  /** Null: it signs itself. */
  readonly issuer: Authority | null;
  readonly mayIssue: boolean;
}

function make(
  { name = 'target', hosts = ['target.test'], years: [from, to] = [2000, 2049] }: Wanted,
  { issuer, mayIssue }: Issuing,
): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const constraints = sequence(...(mayIssue ? [der(0x01, Buffer.from([0xff]))] : []));
  const extensions = [
    extension('2.5.29.19', constraints),
    ...(mayIssue ? [] : [extension('2.5.29.17', sequence(...hosts.map(alternativeName)))]),
  ];
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(issuer?.name ?? name),
    sequence(newYear(from), newYear(to)),
    commonName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuer?.keyObject ?? privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, bits(signature)).toString('base64');
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return {
    name,
    keyObject: privateKey,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

/** An authority that nobody trusts unless told to. Test data and no secret, made anew in each process. */
export const authority = (name: string): Authority => make({ name }, { issuer: null, mayIssue: true });

/** A certificate that an authority has issued. */
export const issuedBy = (issuer: Authority, wanted: Wanted = {}): Authority =>
  make(wanted, { issuer, mayIssue: false });

/** The key of a certificate, kept under a passphrase. */
export const lockedKey = ({ keyObject }: Pick<Authority, 'keyObject'>, passphrase: string): string =>
  keyObject.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString();
