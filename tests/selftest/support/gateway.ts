import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { authority, issuedBy, lockedKey } from './certificates.js';
import { writeTarget } from './cli.js';
import type { Fate, Middleman, Passing } from './middleman.js';

/** Who issued all certificates here. */
export const ours = authority('an authority of ours');
/** The certificate of a target that a proxy alone knows by its name. */
export const server = { ...issuedBy(ours), host: 'target.test' };
/** The certificate that the suite shows. */
export const client = issuedBy(ours, { name: 'client' });

/** All that is secret on the way. */
export const secret = { key: 'scheme g4teway-key/of+us', passphrase: 'pa55-phrase', proxy: 'pr0xy-password' };
/** The variables of a user whose target file has `headers` and `tls`. */
export const environment = { GATEWAY_KEY: secret.key, PASSPHRASE: secret.passphrase };
/** What such a file says. */
export const headers = { 'x-tenant': 'contoso', 'X-Gateway-Key': { env: 'GATEWAY_KEY' } };
/** The certificates that such a file names; `writeMaterial` writes them. */
export const tls = { ca: 'ca.pem', cert: 'client.pem', key: 'key.pem', passphrase: { env: 'PASSPHRASE' } };

/** Writes the certificates that `tls` names, the key under its passphrase. */
export function writeMaterial(folder: string): void {
  writeFileSync(path.join(folder, 'ca.pem'), ours.cert);
  writeFileSync(path.join(folder, 'client.pem'), client.cert);
  writeFileSync(path.join(folder, 'key.pem'), lockedKey(client, secret.passphrase));
}

const valueOf = ({ headers: pairs }: Passing, name: string): string | undefined =>
  pairs[pairs.findIndex((text, at) => at % 2 === 0 && text === name) + 1];

/** A gateway: nobody gets past it without its headers, neither to the endpoint nor to the control protocol. */
export function gateway(passing: Passing): Fate {
  const isKnown = valueOf(passing, 'X-Gateway-Key') === secret.key && valueOf(passing, 'x-tenant') === 'contoso';
  return isKnown ? 'pass' : { status: 401, body: '{"error":"no key of the gateway"}' };
}

/** A target file without the haste that middlemen are made for. */
export const targetOf = (middleman: Middleman, folder: string, more: object): string =>
  writeTarget(folder, { ...middleman.target, timeoutMs: 10_000, ...more });

/** The texts of all files below a folder, with their names. */
export const filesBelow = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [name, readFileSync(path.join(parentPath, name), 'utf8')] as const);

/** What must stand nowhere: the secrets, whole and behind their scheme, and in the form in which they were sent. */
export const hidden = [
  secret.key,
  secret.key.replace('scheme ', ''),
  secret.passphrase,
  secret.proxy,
  Buffer.from(`user:${secret.proxy}`).toString('base64'),
  client.key.split('\n')[1] ?? '',
];
