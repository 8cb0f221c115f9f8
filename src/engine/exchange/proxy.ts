import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { Socket } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';
import { ConfigurationError } from '../errors.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import { peers, tlsTrouble } from '../evidence/trouble.js';
import { isLoopback } from '../loopback.js';

/** A proxy on the way to somebody. */
export interface Proxy {
  /** Its address without credentials, for whoever reads. */
  readonly shown: string;
  readonly url: URL;
  /** Value of Proxy-Authorization; null where its address holds no credentials. */
  readonly authorization: string | null;
}

/** The proxy itself stands in the way. The message says so, and what to do about it. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/**
 * The proxy through which an address is to be reached, by the variables that other programs go by: HTTPS_PROXY, HTTP_PROXY,
 * ALL_PROXY and NO_PROXY, or the same in lower case. This machine is never reached through one, as a proxy would look for the
 * target on itself.
 * @param secrets gets to know the credentials in the proxy's address
 * @returns null where none stands between
 * @throws ConfigurationError when what a variable holds is no address of an http or https proxy; what it holds is not told
 */
export function proxyFor(address: string, secrets: SecretRegistry): Proxy | null {
  if (isLoopback(address)) return null;
  const { protocol } = new URL(address);
  const found = getProxyForUrl(address);
  if (found === '') return null;
  // One without a scheme gets that of the address from the library; everybody else takes it for http.
  const isWritten = Object.values(process.env).includes(found);
  const named = isWritten ? found : found.replace(/^https:/, 'http:');
  const url = URL.canParse(named) ? new URL(named) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    const variable = `${protocol.slice(0, -1).toUpperCase()}_PROXY`;
    throw new ConfigurationError(
      `${variable} (or ALL_PROXY, or in lower case): give the address of a proxy that speaks http or https, such as http://proxy.example:3128`,
    );
  }
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const shown = `${url.protocol}//${url.host}`;
  if (user === '' && password === '') return { shown, url, authorization: null };
  const credentials = `${user}:${password}`;
  const encoded = Buffer.from(credentials).toString('base64');
  for (const secret of [credentials, password, url.password, encoded]) secrets.register(secret, 'proxy-credentials');
  return { shown, url, authorization: `Basic ${encoded}` };
}

/** Not every program that sets such a variable escapes what is in it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What becomes of something that is opened: exactly one of the two is called, and neither once it was given up. */
export interface Opening<Opened> {
  readonly opened: (opened: Opened) => void;
  readonly failed: (error: Error) => void;
}

/** Where a tunnel leads: `host:port`. */
function authorityOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? { 'http:': 80, 'https:': 443 }[protocol] : port}`;
}

/**
 * Opens a tunnel through a proxy (CONNECT, RFC 9110 section 9.3.6), for plain http as well: a proxy that passes messages on
 * writes them anew, and what is judged are the bytes that were sent.
 * @param address where it leads
 * @returns gives the tunnel up, as long as it is not open
 */
export function openTunnel(proxy: Proxy, address: URL, { opened, failed }: Opening<Socket>): () => void {
  const authority = authorityOf(address);
  const { protocol, hostname, port } = proxy.url;
  let isSettled = false;
  const fail = (words: string): void => {
    if (isSettled) return;
    isSettled = true;
    failed(new ProxyError(`the proxy ${proxy.shown} ${words}`));
  };
  const outgoing = (protocol === 'https:' ? secure : plain)({
    method: 'CONNECT',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    path: authority,
    headers: {
      host: authority,
      ...(proxy.authorization === null ? {} : { 'proxy-authorization': proxy.authorization }),
    },
    agent: false,
  });
  outgoing.on('connect', ({ statusCode = 0 }, socket) => {
    if (isSettled || statusCode < 200 || statusCode > 299) {
      socket.destroy();
      fail(refusalInWords(statusCode, { authority, isKnown: proxy.authorization !== null }));
      return;
    }
    isSettled = true;
    // What was sent in the clear before the tunnel stood would be a stranger's: nobody but the client speaks first.
    opened(socket);
  });
  outgoing.on('error', (error) => {
    fail(troubleInWords(error));
  });
  outgoing.end();
  return () => {
    isSettled = true;
    outgoing.destroy();
  };
}

interface Refused {
  readonly authority: string;
  /** Whether it was sent credentials. */
  readonly isKnown: boolean;
}

function refusalInWords(status: number, { authority, isKnown }: Refused): string {
  if (status === 407) {
    return isKnown
      ? 'does not take the credentials that stand in its address (407): correct them there'
      : 'asks for credentials (407): put them into its address, as http://user:password@host:port';
  }
  if (status >= 500) return `could not open a way to ${authority} (${status}): is the target running, and known there?`;
  return `refuses to open a way to ${authority} (${status}): have it let through there, or name the host in NO_PROXY`;
}

const troubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'closed the connection without an answer',
  EPIPE: 'closed the connection without an answer',
  ENOTFOUND: 'is not known by that name',
  EAI_AGAIN: 'is not known by that name',
  ETIMEDOUT: 'does not answer',
};

function troubleInWords(error: Error): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const tls = tlsTrouble(error, peers.proxy);
  if (tls !== null) return `is not to be spoken to: ${tls}`;
  const words = code.startsWith('HPE_') ? 'does not answer as an http proxy does' : troubles[code];
  return `${words ?? `is not reached (${code === '' ? error.name : code})`}: is it running, and is its address right?`;
}
