import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StoppedError } from '../../engine/errors.js';
import { watch, type Clock } from '../../engine/patience.js';

/** What came back from a sign-in in a browser. */
export type RedirectAnswer =
  | { readonly kind: 'code'; readonly code: string }
  /** The platform's refusal: parameters that anybody may have written. */
  | { readonly kind: 'refused'; readonly parameters: URLSearchParams }
  /** An answer of another sign-in, or of nobody's: its state is not the one that was sent. */
  | { readonly kind: 'foreign' }
  /** Nobody came in time. */
  | { readonly kind: 'nobody' };

/** How an answer is waited for. */
export interface Waiting {
  /** Shows a person where to go, once the answer can be taken. */
  readonly invite: (asked: { readonly redirectUri: string; readonly state: string }) => Promise<void>;
  /** How long a person has, in milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

/**
 * Waits on this machine for the one answer of a sign-in in a browser (RFC 8252 section 7.3). The sign-in library could do so itself, but it reads
 * a posted answer of any length, goes on for ever, and cannot be told to stop.
 * @returns the first answer to come, and where it was to be sent
 * @throws StoppedError as soon as the clock is stopped, and whatever the invitation throws
 */
export async function answerOnLoopback({
  invite,
  patienceMs,
  clock,
}: Waiting): Promise<RedirectAnswer & { readonly redirectUri: string }> {
  const state = randomBytes(32).toString('base64url');
  let take: (answer: RedirectAnswer) => void = () => undefined;
  const taken = new Promise<RedirectAnswer>((resolve) => (take = resolve));
  const server = createServer(
    { requestTimeout: 30_000 },
    serving(state, (answer) => {
      take(answer);
    }),
  );
  try {
    const redirectUri = `http://localhost:${await listening(server)}`;
    await invite({ redirectUri, state });
    return { ...(await inTime(taken, { patienceMs, clock })), redirectUri };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function inTime(
  taken: Promise<RedirectAnswer>,
  { patienceMs, clock: { signal } }: Pick<Waiting, 'patienceMs' | 'clock'>,
): Promise<RedirectAnswer> {
  if (signal.aborted) throw new StoppedError(signal.reason);
  let unwatch = (): void => undefined;
  const over = new Promise<RedirectAnswer>((resolve, reject) => {
    unwatch = watch(patienceMs, signal, (ending) => {
      if (ending === 'over') resolve({ kind: 'nobody' });
      else reject(new StoppedError(signal.reason));
    });
  });
  try {
    return await Promise.race([taken, over]);
  } finally {
    unwatch();
  }
}

/** Takes the first answer. Whatever else comes here, such as a look for an icon, is none and ends nothing. */
function serving(state: string, take: (answer: RedirectAnswer) => void) {
  let isTaken = false;
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    const answer = isTaken ? null : answerIn(incoming, state);
    const { status, words } = pages[answer?.kind ?? 'none'];
    isTaken ||= answer !== null;
    response.writeHead(status, pageHeaders).end(pageOf(words), () => {
      if (answer !== null) take(answer);
    });
    incoming.resume();
  };
}

/** The answer that a request carries; null for one that is none. */
function answerIn(
  { method, url = '', headers }: IncomingMessage,
  state: string,
): Exclude<RedirectAnswer, { readonly kind: 'nobody' }> | null {
  // A page that reaches this machine by a name of its own (DNS rebinding) has no business here.
  const isHere = /^(?:localhost|127\.0\.0\.1):\d+$/.test(headers.host ?? '');
  if (method !== 'GET' || !isHere || !url.startsWith('/?')) return null;
  const searchParams = new URLSearchParams(url.slice(2));
  const [codes, errors] = [searchParams.getAll('code'), searchParams.getAll('error')];
  if (codes.length + errors.length === 0) return null;
  const states = searchParams.getAll('state');
  if (states.length !== 1 || states[0] !== state) return { kind: 'foreign' };
  const [code = ''] = codes;
  return codes.length === 1 && errors.length === 0 && code !== ''
    ? { kind: 'code', code }
    : { kind: 'refused', parameters: searchParams };
}

/** What a page says. It has no word of anybody else's. */
const pages = {
  code: { status: 200, words: 'The sign-in has come back. You may close this window and go on in the terminal.' },
  refused: { status: 200, words: 'Nobody was signed in: the terminal says why. You may close this window.' },
  foreign: {
    status: 400,
    words: 'This is not the answer of the sign-in that is waited for. You may close this window and try again.',
  },
  none: { status: 404, words: 'There is nothing here.' },
} as const;

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; img-src data:",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

const pageOf = (words: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Sign-in</title><link rel="icon" href="data:,">
<style>body { font: 1.125rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem }</style>
</head>
<body><main><h1>Sign-in</h1><p>${words}</p></main></body>
</html>
`;
