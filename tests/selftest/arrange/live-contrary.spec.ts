import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepareAhead } from '../../../src/arrange/graph/ahead.js';
import { readJournal } from '../../../src/arrange/graph/journal.js';
import { recover } from '../../../src/arrange/graph/recover.js';
import { platformCredential } from '../../../src/arrange/identity/platform.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { doctor } from '../../../src/cli/commands/doctor.js';
import { recoverFrom } from '../../../src/cli/commands/recover.js';
import { examine } from '../../../src/hosts/examine.js';
import { openWay } from '../../../src/hosts/reaching.js';
import { runCli } from '../support/cli.js';
import { announced, answer, contraryTag as tag, madeLines, test } from '../support/contrary-tenant.js';
import { fakeTimeOver, startFakeClock } from '../support/fake-clock.js';
import { approved, tenantId } from '../support/live-tenant.js';
import { expect } from '../support/tenant-client.js';

const catalog = { kind: 'catalog', name: tag };
const request = { kind: 'request', name: `${tag} #1`, owner: 'requestor', createdAs: 'requestor' };

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** What a tenant does that keeps whoever is patient waiting. */
const delays = {
  'closes connections': ({ socket }) => socket.destroy(),
  'throttles for a minute': (_, response) => {
    answer(response, 429, {});
  },
  'answers half': (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"value":');
    response.socket?.end();
  },
  'answers nested JSON': (_, response) => {
    response.writeHead(200).end('['.repeat(100_000));
  },
} as const satisfies Record<string, Parameters<Parameters<Parameters<typeof test>[2]>[0]['oppose']>[0]>;

for (const [what, answering] of Object.entries(delays)) {
  test(`recover ends in time at a tenant that ${what}, and its journal keeps what is left`, async ({ oppose }) => {
    const contrary = await oppose(answering);
    for (const lines of [[], [announced(3, { kind: 'package', name: `${tag} package 1` })]]) {
      const file = contrary.journal([...madeLines(1, catalog, 'a'), ...madeLines(2, request, 'b'), ...lines]);
      const fake = startFakeClock(8000);
      const { ended, leftovers, obstacle } = await recover({ ...contrary, clock: fake.clock }, contrary.live, {
        file,
        spares: false,
      });
      expect(sum(fake.waits)).toBeLessThanOrEqual(8000);
      expect(ended).toEqual({ deleted: 0, missing: 0 });
      expect([...leftovers.map(({ why }) => why), obstacle]).toContain(fakeTimeOver);
      const state = readJournal(file);
      expect(state.standing.map(({ id }) => id).sort()).toEqual(['a', 'b']);
      expect(state.unanswered).toHaveLength(lines.length);
      const sent = contrary.seen.length;
      const late = await recover({ ...contrary, clock: fake.clock }, contrary.live, { file, spares: false });
      expect(late.obstacle).toBe(fakeTimeOver);
      expect(contrary.seen).toHaveLength(sent);
    }
  });

  test(`prepare ends in time at a tenant that ${what} once a catalog is made, and says what is left`, async ({
    oppose,
  }) => {
    let posts = 0;
    const contrary = await oppose((incoming, response) => {
      posts += incoming.method === 'POST' ? 1 : 0;
      if (posts === 1 && incoming.method === 'POST') answer(response, 201, { id: 'a-catalog' });
      else answering(incoming, response);
    });
    const fake = startFakeClock(8000);
    const bound = {
      clock: fake.clock,
      beginCleanUp: () => {
        fake.goOnFor(3000);
      },
    };
    const preparing = prepareAhead({ ...contrary, bound }, contrary.live, { file: contrary.prepared, count: 1 });
    await expect(preparing).rejects.toThrow(
      new RegExp(`${fakeTimeOver}; 2 objects could not be deleted again; .* recover .*prepared-`),
    );
    expect(sum(fake.waits)).toBeLessThanOrEqual(11_000);
    expect(readJournal(contrary.prepared)).toMatchObject({
      standing: [{ kind: 'catalog', id: 'a-catalog' }],
      unanswered: [{ object: { kind: 'package' } }],
    });
  });

  test(`doctor ends in time at a tenant that ${what}, and says that it was cut short`, async ({ oppose }) => {
    const { target, contract, plan } = await oppose(answering);
    const fake = startFakeClock(8000);
    const { cut } = await examine({ target, contract, plan, clock: fake.clock }, await openWay(target));
    expect(sum(fake.waits)).toBeLessThanOrEqual(8000);
    // Calls that are answered at once, whatever by, take none of its time.
    expect(cut).toBe(what === 'throttles for a minute' ? fakeTimeOver : null);
  });
}

test('a command at a tenant that never answers ends at its bound with 3, and says so', async ({ oppose, folder }) => {
  const { file } = await oppose(() => undefined, { totalMs: 2000, timeoutMs: 1000 });
  const begin = performance.now();
  const { exitCode, stderr } = await runCli(['prepare', ...approved, '--target', file], { cwd: folder });
  expect(performance.now() - begin).toBeLessThan(7000);
  expect(stderr).toMatch(
    /Nothing was prepared: the time was used up \(2 s, by totalMs\): .*; 1 objects could not be deleted again/,
  );
  expect(exitCode).toBe(3);
});

test('recover and doctor end at their bound with 3, and say so', async ({ oppose }) => {
  const { file, journal } = await oppose(() => undefined, { totalMs: 1000, timeoutMs: 900 });
  const said: string[] = [];
  const printer = { write: (text: string) => said.push(text), isTTY: false, columns: undefined, colour: false };
  const io = { stdout: printer, stderr: printer };
  const begin = performance.now();
  const left = journal(madeLines(1, catalog, 'a'));
  expect(await recoverFrom(io, left, { target: file })).toBe(3);
  expect(said.splice(0).join('')).toMatch(
    /run-1\.jsonl: 0 objects deleted, 1 left\n {2}left: catalog a \(.*\): the time was used up \(1 s, by totalMs\): go on with recover/,
  );
  expect(await doctor(io, { target: file })).toBe(3);
  expect(said.join('')).toMatch(/may only not have been looked at, for the time was used up \(1 s, by totalMs\)/);
  expect(performance.now() - begin).toBeLessThan(12_000);
});

test('an identity platform that throttles for a minute is waited for no longer than the command may take', async ({
  oppose,
  folder,
}) => {
  const secret = path.join(folder, 'client.secret');
  writeFileSync(secret, 'kV8~self-test-secret.Q3');
  const ending = new AbortController();
  const { baseUrl } = (
    await oppose((_, response) => {
      answer(response, 429, {});
      ending.abort(new Error(fakeTimeOver));
    })
  ).target;
  const asked = platformCredential(
    {
      ...{ authority: new URL(baseUrl ?? '').origin, tenant: 't', clientId: tenantId, scopes: ['x/.default'] },
      ...{ grant: { kind: 'clientCredentials', proof: { secret: { file: secret } } }, where: 'target.yaml:1' },
    },
    {
      ...{ persona: 'application', timeoutMs: 2000, neededMs: 0, secrets: new SecretRegistry(), prompt: null },
      signal: ending.signal,
    },
  );
  await expect(asked).rejects.toThrow(fakeTimeOver);
});

test('an id that a tenant gives a second time is refused, and what has it stays known', async ({ oppose }) => {
  const contrary = await oppose(({ method }, response) => {
    answer(response, method === 'POST' ? 201 : 200, method === 'POST' ? { id: 'same' } : { value: [] });
  });
  const { clock } = startFakeClock();
  const bound = { clock, beginCleanUp: () => undefined };
  const preparing = prepareAhead({ ...contrary, bound }, contrary.live, { file: contrary.prepared, count: 1 });
  await expect(preparing).rejects.toMatchObject({
    name: 'PrerequisiteError',
    message: expect.stringMatching(
      /^POST http:\S+\/accessPackages: gave the package ".* package 1" the id same, which is that of the catalog "/,
    ),
  });
  expect(readJournal(contrary.prepared).standing).toMatchObject([{ kind: 'catalog', id: 'same' }]);
});

test('of a journal in which an id stands twice, both objects are known: one by its id, one by its name', async ({
  oppose,
}) => {
  const { journal } = await oppose((_, response) => {
    answer(response, 404, {});
  });
  const { standing, unanswered } = readJournal(
    journal([...madeLines(1, catalog, 'same'), ...madeLines(2, request, 'same')]),
  );
  expect(standing).toMatchObject([catalog]);
  expect(unanswered).toMatchObject([{ seq: 2, object: request }]);
});

test('what was deleted and what was not there any more are counted apart', async ({ oppose }) => {
  const contrary = await oppose(({ method, url = '' }, response) => {
    if (!url.endsWith('/here')) answer(response, 404, {});
    else if (method === 'DELETE') response.writeHead(204).end();
    else answer(response, 200, { id: 'here', displayName: tag });
  });
  const file = contrary.journal([
    ...madeLines(1, catalog, 'here'),
    ...madeLines(2, { kind: 'package', name: `${tag} package 1` }, 'gone'),
  ]);
  const { clock } = startFakeClock();
  expect(await recover({ ...contrary, clock }, contrary.live, { file, spares: false })).toMatchObject({
    ended: { deleted: 1, missing: 1 },
    leftovers: [],
  });
});

test('a long journal is cleaned up as far as the calls go, and no further: another time goes on', async ({
  oppose,
}) => {
  const contrary = await oppose((_, response) => {
    answer(response, 404, {});
  });
  const count = 24_000;
  const lines = Array.from({ length: count }, (_, at) =>
    madeLines(at + 1, { ...request, name: `${tag} #${at}` }, `request-${at}`),
  );
  const file = contrary.journal(lines.flat());
  const begin = performance.now();
  const { clock } = startFakeClock();
  const { ended, leftovers } = await recover({ ...contrary, clock }, contrary.live, { file, spares: false });
  // With a look at the whole journal for each object it was minutes.
  expect(performance.now() - begin).toBeLessThan(45_000);
  // Each takes two calls, and several are at work when all are sent.
  expect(ended.deleted).toBe(0);
  expect(ended.missing).toBeLessThanOrEqual(1000);
  expect(ended.missing).toBeGreaterThan(1000 - 8);
  expect(leftovers).toHaveLength(count - ended.missing);
  expect(new Set(leftovers.map(({ why }) => why))).toEqual(
    new Set(['the clean-up has sent all 2000 calls that it may send at once: go on with recover']),
  );
  expect(readJournal(file).standing).toHaveLength(count - ended.missing);
  expect(contrary.seen).toHaveLength(2000);
});
