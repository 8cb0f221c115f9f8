import { expect } from '@playwright/test';
import { ControlProvider } from '../../../src/arrange/control.js';
import { HttpClient } from '../../../src/arrange/http.js';
import { JsonClient } from '../../../src/arrange/json-client.js';
import { PrerequisiteError, StoppedError, UnreachableError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { RunClock, type Clock } from '../../../src/engine/patience.js';
import { startFakeClock } from '../support/fake-clock.js';
import { closing, staying, test } from '../support/loopback-peer.js';

const why = 'interrupted by SIGINT';
const secrets = new SecretRegistry();
const timeoutMs = 60_000;

const clientOf = (url: string, clock: Clock): JsonClient =>
  new JsonClient({ url, bearer: null, timeoutMs, secrets, hint: 'is it there?', clock });

test.describe('a call of the arranging side', () => {
  for (const [what, beginning] of [
    ['before any answer', ''],
    ['within a head', 'HTTP/1.1 200 OK\r\nX-A: '],
    ['within a body', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'],
  ] as const) {
    test(`that is in flight ends with the run, and the peer is left: ${what}`, async ({ peer }) => {
      const run = new AbortController();
      const server = await peer((socket) => {
        staying(beginning)(socket);
        setTimeout(() => {
          run.abort(new Error(why));
        }, 20);
      });
      const client = clientOf(server.origin, new RunClock(run.signal));
      const ended = await client.call('GET', '/').catch((error: unknown) => error);
      await server.left;
      expect(ended).toEqual(new StoppedError(new Error(why)));
      expect(ended).toBeInstanceOf(PrerequisiteError);
      expect(ended).not.toBeInstanceOf(UnreachableError);
    });
  }

  test('is not begun once the run was ended', async ({ peer }) => {
    const server = await peer(closing('HTTP/1.1 204 No Content\r\n\r\n'));
    const clock = new RunClock(AbortSignal.abort(new Error(why)));
    const call = { method: 'GET', url: server.origin, headers: {}, body: null };
    await expect(new HttpClient({ clock, secrets }).send(call, { timeoutMs, capBytes: 9 })).rejects.toThrow(
      StoppedError,
    );
    await expect(clientOf(server.origin, clock).call('GET', '/')).rejects.toThrow(StoppedError);
    const control = new ControlProvider({ url: server.origin, key: null, timeoutMs, secrets, clock });
    await expect(control.read('1')).rejects.toThrow(why);
    expect(server.received).toEqual([]);
  });

  test('that is throttled waits by the clock of the run', async ({ peer }) => {
    const { clock, waits, stop } = startFakeClock();
    const answers = [
      '429 Slow\r\nRetry-After: 7',
      '503 Busy\r\nRetry-After: 9',
      '200 OK',
      '429 Slow\r\nRetry-After: 1',
    ];
    const server = await peer((socket) => {
      const head = answers.shift() ?? '';
      if (answers.length === 0) stop(why);
      else closing(`HTTP/1.1 ${head}\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`)(socket);
    });
    const client = clientOf(server.origin, clock);
    expect(await client.call('GET', '/')).toEqual({ status: 200, body: {} });
    expect(waits).toEqual([7000, 9000]);
    await expect(client.call('GET', '/')).rejects.toThrow(why);
  });
});
