import { openReach, type TargetReach } from '../arrange/reach.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import { registryFor } from '../target/shown.js';
import { exchange } from '../engine/exchange/client.js';
import type { Reach } from '../engine/exchange/reach.js';
import type { Contract } from '../engine/contract/types.js';
import { poll, systemClock } from '../engine/patience.js';
import { visible } from '../report/visible.js';
import type { Target } from '../target/target.js';
import type { Printer } from './io.js';

/** The way to a target, found out before anything was sent, and what may stand in no file because of it. */
export interface OpenedWay {
  readonly reach: TargetReach;
  readonly secrets: SecretRegistry;
}

/**
 * Finds out how a target is reached.
 * @param signal ends a command that has not printed a secret yet
 * @throws ConfigurationError that names file, line and key of a header or certificate that is missing or does not fit
 */
export async function openWay(target: Target, signal?: AbortSignal): Promise<OpenedWay> {
  const secrets = registryFor(target);
  return { reach: await openReach(target, secrets, signal), secrets };
}

/**
 * That whoever answered may not have been the target, because nobody looked at its certificate.
 * @returns null where certificates are verified, or none is in play
 */
export function unverifiedTls({ baseUrl, requests }: Target): string | null {
  const addresses = [baseUrl, requests.provider === 'control' ? requests.url : null];
  const isSecure = addresses.some((address) => address?.startsWith('https:'));
  if (!isSecure || process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return null;
  return 'the certificate was NOT verified, because NODE_TLS_REJECT_UNAUTHORIZED is 0: anybody may have answered; unset it, and set tls.ca in the target file to the authority that is trusted';
}

/** A target that may not be there yet. */
interface Awaited {
  readonly target: Target;
  readonly contract: Contract;
  readonly way: OpenedWay;
}

/** How long a target is waited for. */
interface Waiting {
  readonly seconds: number;
  /** Where a person may see what is waited for: told on a terminal, and nowhere else. */
  readonly stream: Printer;
}

/** Longest pause between two tries, in milliseconds: whoever waits for minutes is not kept waiting much longer. */
const longestPauseMs = 5000;

/**
 * Waits until a target answers anything, and its control protocol where that has another origin. What a gateway answers in the
 * place of a target (`gatewayStatuses`) is no answer. The embedded target is never waited for.
 * @returns null as soon as it did; else what to tell the user, in three lines
 */
export async function waitForAnswer(awaited: Awaited, { seconds, stream }: Waiting): Promise<readonly string[] | null> {
  const addresses = addressesOf(awaited);
  const beginMs = systemClock.nowMs();
  const passedMs = (): number => systemClock.nowMs() - beginMs;
  const attempt = async (): Promise<Silence | null> => {
    for (const address of addresses) {
      const silence = await ask(address, awaited, Math.min(awaited.target.timeoutMs, seconds * 1000));
      if (silence !== null) {
        tell(stream, `waiting for ${silence.url}, ${Math.round(passedMs() / 1000)} of ${seconds} s: ${silence.why}`);
        return silence;
      }
    }
    return null;
  };
  const settled = (silence: Silence | null): boolean => silence === null;
  const polling = { settled, patienceMs: seconds * 1000, longestMs: longestPauseMs, clock: systemClock };
  const silence = await poll(attempt, polling);
  if (stream.isTTY) stream.write('\r\u001b[2K');
  if (silence === null) return null;
  return [
    `${silence.url} did not answer anything within ${seconds} s, so nothing was begun.`,
    `At last: ${silence.why}.`,
    'Is it being started, and is the address right? Give it longer with --wait, or look at it with doctor.',
  ].map(visible);
}

/** An address that did not answer, and why. */
interface Silence {
  readonly url: string;
  readonly why: string;
}

interface Address {
  readonly url: string;
  readonly reach: Reach;
}

function addressesOf({ target: { baseUrl, requests }, way: { reach } }: Awaited): readonly Address[] {
  if (baseUrl === null) return [];
  const own = { url: baseUrl, reach: reach.target };
  const isElsewhere = requests.provider === 'control' && new URL(requests.url).origin !== new URL(baseUrl).origin;
  return isElsewhere ? [own, { url: requests.url, reach: reach.control }] : [own];
}

async function ask({ url, reach }: Address, awaited: Awaited, timeoutMs: number): Promise<Silence | null> {
  const { target, contract, way } = awaited;
  const { origin, pathname } = new URL(url);
  const { response, noAnswer } = await exchange(
    {
      role: 'liveness',
      persona: 'anonymous',
      method: 'GET',
      origin,
      requestTarget: pathname,
      headers: [['user-agent', `cancel-conformance/${contract.version}`]],
      body: null,
    },
    { timeoutMs, secrets: way.secrets, reach },
  );
  if (response === null) return { url, why: noAnswer?.message ?? 'unknown' };
  const isOfGateway = target.gatewayStatuses?.includes(response.status) === true;
  return isOfGateway ? { url, why: `a gateway answers in its place (${response.status})` } : null;
}

/** One line that changes, as that of the progress. */
function tell(stream: Printer, text: string): void {
  if (!stream.isTTY) return;
  stream.write(`\r\u001b[2K${visible(text).slice(0, (stream.columns ?? 80) - 1)}`);
}
