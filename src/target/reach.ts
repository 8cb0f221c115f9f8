import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { placeOfKey, type DataFile } from '../engine/data-file.js';
import type { Endpoint } from '../engine/endpoint.js';
import { isOwnHeader } from '../engine/perform/own-headers.js';
import { SecretRegistry } from '../engine/evidence/secrets.js';
import { proxyFor } from '../engine/exchange/proxy.js';
import type { Between } from '../engine/exchange/reach.js';
import type { Reference } from './token-source.js';

/** Where the value of a secret header is kept. */
type HeaderSource = Reference | { readonly command: readonly [program: string, ...args: string[]] };

/** A header that something in front of the target asks for. */
export interface HeaderSetting {
  readonly name: string;
  /** As it is sent, or where it is kept. */
  readonly value: string | HeaderSource;
  /** File, line and key, for messages. */
  readonly where: string;
}

/** A file that a target file names. */
interface NamedFile {
  readonly file: string;
  readonly where: string;
}

/** The certificates of a target file; none is read yet. */
export interface TlsSetting {
  readonly ca: NamedFile | null;
  readonly client: {
    readonly cert: NamedFile;
    readonly key: NamedFile;
    readonly passphrase: { readonly source: Reference; readonly where: string } | null;
  } | null;
}

/** What a target file says of the way to the target. No secret stands in it. */
export interface ReachSettings {
  readonly headers: readonly HeaderSetting[];
  readonly tls: TlsSetting | null;
}

/** The same as it stands in the file. */
export interface ReachFile {
  readonly headers?: Readonly<Record<string, string | HeaderSource>>;
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    readonly passphrase?: Reference;
  };
}

/** The file, where its paths are seen from, and whose probes must be left alone. */
interface ReachContext {
  readonly folder: string;
  readonly locate: DataFile['locate'];
  readonly endpoint: Endpoint;
}

/** Names of headers (RFC 9110 section 5.1). */
const token = /^[\w!#$%&'*+.^`|~-]+$/;

/** What a header can carry, with no white space around it: nobody would know whether that is sent. */
const sendable = /^[!-~\u00a1-\u00ff](?:[\t -~\u00a0-\u00ff]*[!-~\u00a1-\u00ff])?$/;

/** Why a text cannot be the value of a header; null when it can. */
export const valueProblem = (value: string): string | null =>
  sendable.test(value)
    ? null
    : 'is no value of a header: one line, of characters of Latin-1, without white space around it';

/**
 * What a target file says of the way to the target, with paths as seen from the working directory.
 * @throws ConfigurationError that names file, line and key of a header that is the suite's own or cannot be sent, and of a
 * certificate that is not whole
 */
export function reachSettings({ headers = {}, tls }: ReachFile, context: ReachContext): ReachSettings {
  const { locate, folder, endpoint } = context;
  const seen = new Set<string>();
  const settings = Object.entries(headers).map(([name, value]): HeaderSetting => {
    const where = placeOfKey({ locate }, ['headers', name]);
    const refuse = (why: string): never => {
      throw new ConfigurationError(`${where}: ${why}`);
    };
    if (!token.test(name)) refuse('is no name of a header: letters, digits and hyphens, without a colon');
    if (seen.has(name.toLowerCase())) refuse('the same header is there twice');
    seen.add(name.toLowerCase());
    if (isOwnHeader(name, endpoint)) {
      refuse(
        'the suite sets this header itself, or judges what it does: leave it out, or have the gateway ask for another',
      );
    }
    if (typeof value !== 'string') return { name, value: fromFolder(folder, value), where };
    const problem = valueProblem(value);
    if (problem !== null) refuse(`the text ${problem}`);
    return { name, value, where };
  });
  return { headers: settings, tls: tls === undefined ? null : tlsSetting(tls, context) };
}

function tlsSetting(
  { ca, cert, key = cert, passphrase }: NonNullable<ReachFile['tls']>,
  { folder, locate }: ReachContext,
): TlsSetting {
  const at = (name: string): string => locate(['tls', name]);
  const file = (name: string, given: string): NamedFile => ({ file: path.join(folder, given), where: at(name) });
  if (cert === undefined || key === undefined) {
    const stray = key === undefined ? (passphrase === undefined ? null : 'passphrase') : 'key';
    if (stray !== null)
      throw new ConfigurationError(`${at(stray)}: of no use without tls.cert, the certificate itself`);
    return { ca: ca === undefined ? null : file('ca', ca), client: null };
  }
  return {
    ca: ca === undefined ? null : file('ca', ca),
    client: {
      cert: file('cert', cert),
      key: file(key === cert ? 'cert' : 'key', key),
      passphrase:
        passphrase === undefined
          ? null
          : { source: fromFolder(folder, passphrase) as Reference, where: at('passphrase') },
    },
  };
}

const fromFolder = (folder: string, source: HeaderSource): HeaderSource =>
  'file' in source ? { file: path.join(folder, source.file) } : source;

/**
 * What stands between whoever calls and a target, as far as a command line has to know.
 * @param baseUrl null for the embedded target
 */
export function standingBetween({ tls }: ReachSettings, baseUrl: string | null): readonly Between[] {
  if (baseUrl === null) return [];
  return [
    ...(proxyFor(baseUrl, new SecretRegistry()) === null ? [] : (['proxy'] as const)),
    ...(tls?.ca ? (['ca'] as const) : []),
    ...(tls?.client ? (['certificate'] as const) : []),
  ];
}
