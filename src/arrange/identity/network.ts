import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import { peers } from '../../engine/evidence/trouble.js';
import { HttpClient } from '../http.js';
import { parseJson, troubleInWords } from '../json-client.js';
import { addressInWords } from '../../engine/address.js';
import { bounds } from '../../engine/bounds.js';
import { StoppedError } from '../../engine/errors.js';
import { isLoopback } from '../../engine/loopback.js';
import { retry, systemClock, waitMs, type Clock } from '../../engine/patience.js';

/** What the platform said when it refused: the standard's words (RFC 6749 section 5.2) and its own numbers. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly suberror: string;
  /** The numbers of AADSTS codes. */
  readonly codes: readonly number[];
}

/** Why a token could not be had, as it showed on the wire: what the library makes of it is less. */
export type PlatformTrouble =
  { readonly kind: 'refused'; readonly refusal: Refusal } | { readonly kind: 'unreachable'; readonly words: string };

export interface NetworkSettings {
  /** Origin of the platform as the target file names it: the only one that may be spoken to over plain http. */
  readonly authority: string;
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
  /** Whose token is asked for: part of the names that secrets go by. */
  readonly persona: string;
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** What is secret in a message of the protocol, and what it is called. */
const secretMembers: Readonly<Record<string, string>> = {
  access_token: 'token',
  refresh_token: 'refresh-token',
  id_token: 'id-token',
  device_code: 'device-code',
  client_secret: 'client-secret',
  client_assertion: 'client-assertion',
};

/** A person who has not signed in yet is no trouble. */
const pending: readonly string[] = ['authorization_pending', 'slow_down'];

/** How much longer to wait when asked to slow down (RFC 8628 section 3.5), in milliseconds. */
const slowDownMs = 5000;

/**
 * The HTTP of the sign-in library, in our hands: bounded in time and size, without redirects, and with every secret
 * registered before anybody uses it. The library insists on https; an authority on this machine is spoken to as it is named.
 */
export class PlatformNetwork implements INetworkModule {
  /** The last thing that went wrong; null when nothing did. */
  trouble: PlatformTrouble | null = null;
  /** The origin that the platform says it has, where that is another one than the target file names; else null. */
  otherName: string | null = null;
  readonly #settings: NetworkSettings;
  readonly #clock: Clock;
  readonly #client: HttpClient;

  constructor(settings: NetworkSettings) {
    const { clock = systemClock } = settings;
    this.#settings = settings;
    this.#clock = clock;
    this.#client = new HttpClient({ clock, secrets: settings.secrets });
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send<T>('GET', url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send<T>('POST', url, options);
  }

  close(): void {
    this.#client.close();
  }

  /**
   * The address of a page of the platform as a person opens it.
   * @throws Error when it is none of the platform that the target file names: people are sent to no other to sign in
   */
  pageOf(url: string): string {
    const { authority } = this.#settings;
    const address = this.#address(url);
    if (new URL(address).origin === authority) return address;
    const words = `people are sent to ${authority} alone to sign in, and the platform names another place`;
    this.trouble = { kind: 'unreachable', words: `${addressInWords(url)}: ${words}` };
    throw new Error(words);
  }

  async #send<T>(method: string, url: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
    this.#register(Object.fromEntries(new URLSearchParams(options.body)));
    const answer = await retry(() => this.#once(method, url, options), {
      waitMs: (answer, tries) => (isBusy(answer.status) ? waitMs(answer, tries) : null),
      clock: this.#clock,
    });
    return this.#accept<T>(url, answer);
  }

  /** The answer as the library wants it. What it would not look at, the refusal of a device code, is thrown. */
  async #accept<T>(url: string, { status, headers, body }: Answer): Promise<NetworkResponse<T>> {
    this.#register(body);
    const flaw = url.includes(metadataPath)
      ? flawIn(body, metadataRules)
      : flawIn(body, isForDevice(url) && status < 300 ? deviceRules : tokenRules);
    if (flaw !== null) {
      const words = `what the platform answers as ${flaw} is none`;
      this.trouble = { kind: 'unreachable', words: `${addressInWords(url)}: ${words}; is this an identity platform?` };
      throw new Error(words);
    }
    const refusal = refusalOf(status, body);
    if (refusal.error === 'slow_down') await this.#clock.pause(slowDownMs);
    if (pending.includes(refusal.error)) {
      return { status, headers, body: { ...body, error: 'authorization_pending' } as T };
    }
    if (status >= 300) {
      this.trouble = { kind: 'refused', refusal };
      if (isForDevice(url)) throw new Error('the platform gave no device code');
    }
    if (url.includes(metadataPath)) return { status, headers, body: this.#renamed(body) as T };
    return { status, headers, body: body as T };
  }

  /**
   * What a platform says of itself, under the name by which the library was told to know it: it may call itself by http, which
   * the library does not take, or by another name of this machine.
   */
  #renamed(metadata: Members): Members {
    const { authority } = this.#settings;
    return Object.fromEntries(
      Object.entries(metadata).map(([member, value]) => {
        const address = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
        if (address === null || typeof value !== 'string') return [member, value] as const;
        if (isSamePlace(address, new URL(authority))) {
          return [member, encryptedOf(authority) + value.slice(value.indexOf(address.host) + address.host.length)];
        }
        if (ownAddresses.includes(member)) this.otherName ??= address.origin;
        return [member, value] as const;
      }),
    );
  }

  #register(members: Members): void {
    for (const [member, name] of Object.entries(secretMembers)) {
      const value = members[member];
      if (typeof value === 'string') this.#settings.secrets.register(value, `${name}:${this.#settings.persona}`);
    }
  }

  async #once(method: string, url: string, options: NetworkRequestOptions): Promise<Answer> {
    const { timeoutMs } = this.#settings;
    const address = this.#address(url);
    const { origin, pathname } = new URL(address);
    try {
      // Where the platform says that it is to be asked is its own word: secrets go where the target file says, and nowhere else.
      if (origin !== this.#settings.authority)
        throw new Error(`secrets are sent to ${this.#settings.authority} alone, and the platform names another place`);
      const call = { method, url: address, headers: options.headers ?? {}, body: options.body ?? null };
      const answer = await this.#client.send(call, { timeoutMs, capBytes: bounds.answer.bytes });
      const body = parseJson(answer.text, bounds.answer);
      if (typeof body !== 'object' || body === null) {
        throw new Error(`the answer (${answer.status}) is not JSON: is this an identity platform?`);
      }
      const headers = Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const),
      );
      return { status: answer.status, headers, retryAfter: headers['retry-after'], body: body as Members };
    } catch (cause) {
      if (cause instanceof StoppedError) throw cause;
      const hint = 'is the identity platform reachable from here?';
      const words = troubleInWords(cause as Error, { ...this.#settings, hint, peer: peers.platform });
      this.trouble = { kind: 'unreachable', words: `${method} ${origin}${pathname}: ${words}` };
      throw cause;
    }
  }

  /** The address as it is spoken to: plain http where the target file says so, and nowhere else. */
  #address(url: string): string {
    const { authority } = this.#settings;
    const encrypted = encryptedOf(authority);
    return url.startsWith(`${encrypted}/`) ? authority + url.slice(encrypted.length) : url;
  }
}

const metadataPath = '/.well-known/openid-configuration';

/** The members of the metadata by which a platform says where it is (OpenID Connect Discovery section 3). */
const ownAddresses: readonly string[] = ['issuer', 'token_endpoint', 'device_authorization_endpoint'];

/** Those of its members that the library takes for addresses. */
const addresses: readonly string[] = [...ownAddresses, 'authorization_endpoint', 'end_session_endpoint', 'jwks_uri'];

const isForDevice = (url: string): boolean => url.includes('/devicecode');

const isText = (value: unknown): boolean => typeof value === 'string';
const isAddress = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value);

/** Base64 of a JSON object, in which the platform says who signed in. */
function isClientInfo(value: unknown): boolean {
  try {
    const info: unknown = typeof value === 'string' ? JSON.parse(Buffer.from(value, 'base64url').toString()) : null;
    return typeof info === 'object' && info !== null && Object.values(info).every(isText);
  } catch {
    return false;
  }
}

/** Seconds between two questions for a token: none, or too few, would be a flood, and more than ten minutes an end. */
const isInterval = (value: unknown): boolean => isDuration(value) && Number(value) >= 1 && Number(value) <= 600;

/** What a member has to be where it is there. The library takes all of these as they come. */
type MemberRules = Readonly<Record<string, (value: unknown) => boolean>>;

const allOf = (names: readonly string[], isRight: (value: unknown) => boolean): MemberRules =>
  Object.fromEntries(names.map((name) => [name, isRight]));

/** Seconds, which some platforms write as text; more than a hundred years are none. */
const isDuration = (value: unknown): boolean =>
  (typeof value === 'string' || typeof value === 'number') && /^\d{1,9}$/.test(String(value));

const metadataRules = allOf(addresses, isAddress);

const tokenRules: MemberRules = {
  ...allOf([...Object.keys(secretMembers), 'scope', 'token_type', 'error', 'error_description'], isText),
  client_info: isClientInfo,
  ...allOf(['expires_in', 'ext_expires_in', 'refresh_in'], isDuration),
};

/** A person is shown the code and the place: without these nobody could sign in. */
const deviceRules: MemberRules = { ...tokenRules, interval: isInterval, user_code: isText, verification_uri: isText };
const neededOfDevice: readonly string[] = ['device_code', 'user_code', 'verification_uri', 'expires_in'];

/** The first member that is not what it has to be, or is not there and has to be; null where all are right. */
function flawIn(body: Members, rules: MemberRules): string | null {
  const missing = rules === deviceRules ? neededOfDevice.find((name) => body[name] === undefined) : undefined;
  return (
    missing ?? Object.keys(rules).find((name) => body[name] !== undefined && rules[name]?.(body[name]) !== true) ?? null
  );
}

const encryptedOf = (origin: string): string => origin.replace(/^http:/, 'https:');

/** Whether two addresses lead to the same server: by http or https, and by any name of this machine. */
const isSamePlace = (one: URL, other: URL): boolean =>
  one.port === other.port && (one.hostname === other.hostname || (isLoopback(one.href) && isLoopback(other.href)));

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly retryAfter: string | undefined;
  readonly body: Members;
}

const isBusy = (status: number): boolean => status === 429 || status >= 500;

function refusalOf(status: number, { error, suberror, error_codes: codes }: Members): Refusal {
  return {
    status,
    error: wordOf(error),
    suberror: wordOf(suberror),
    codes: Array.isArray(codes) ? codes.filter((code) => Number.isInteger(code)) : [],
  };
}

/** A word of the protocol; anything else could be whatever the other side likes to print. */
export const wordOf = (value: unknown): string =>
  typeof value === 'string' && /^[a-z][a-z_]{0,60}$/.test(value) ? value : '';
