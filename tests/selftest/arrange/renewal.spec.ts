import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from '../support/temporary-folder.js';
import { userIdOf } from '../../../src/arrange/claims.js';
import { TokenKeeper, type Renewing } from '../../../src/arrange/renewal.js';
import { readToken } from '../../../src/arrange/tokens.js';
import { casesById } from '../../../src/cancel/cases/index.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { PrerequisiteError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { CaseRecord } from '../../../src/engine/evidence/records.js';
import { systemClock } from '../../../src/engine/patience.js';
import { performGroup } from '../../../src/engine/perform/group.js';
import type { Credential } from '../../../src/engine/perform/provider.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { openSession } from '../../../src/hosts/open-session.js';
import { embeddedWith } from '../support/engine-runs.js';

const hourMs = 3_600_000;
const contract = loadContract();

interface Told {
  readonly endMs: number;
  readonly oid?: string;
  readonly scp?: string;
  readonly tid?: string;
}

/** A token of a requestor that nobody signed. */
function tokenWith({ endMs, oid = 'ann', scp = 'EntitlementManagement.ReadWrite.All', tid = 'contoso' }: Told): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'none' }), part({ oid, scp, tid, exp: Math.floor(endMs / 1000) }), 'c2lnbmF0dXJl'].join('.');
}

const credential = (token: string): Credential => ({ token, userId: userIdOf(token) });

interface Kept {
  readonly keeper: TokenKeeper;
  readonly secrets: SecretRegistry;
  /** Personas whose tokens were fetched, in turn. */
  readonly asked: readonly string[];
  readonly advance: (ms: number) => void;
  readonly requestor: () => string;
}

const beginMs = Date.now();
const first = tokenWith({ endMs: beginMs + hourMs });
const second = tokenWith({ endMs: beginMs + 2 * hourMs });

/** A keeper on a clock of its own. */
function keep(fetch: Renewing['fetch'], others: Readonly<Record<string, string>> = {}): Kept {
  const secrets = new SecretRegistry();
  const asked: string[] = [];
  let nowMs = beginMs;
  const all = Object.entries({ requestor: first, ...others }).map(([name, token]) => [name, credential(token)]);
  const keeper = new TokenKeeper({
    credentials: Object.fromEntries(all) as Record<string, Credential>,
    contract,
    secrets,
    fetch: (persona) => {
      asked.push(persona);
      return fetch(persona);
    },
    nowMs: () => nowMs,
  });
  return {
    keeper,
    secrets,
    asked,
    advance: (ms) => {
      nowMs += ms;
    },
    requestor: () => {
      const held = keeper.credentials['requestor'];
      return held === undefined ? 'nobody' : 'token' in held ? held.token : held.missing;
    },
  };
}

const giving =
  (...tokens: readonly [string, ...string[]]): Renewing['fetch'] =>
  () =>
    Promise.resolve(credential(tokens[0]));

test('a token is fetched anew shortly before it ends, and known as a secret', async () => {
  const kept = keep(giving(second));
  kept.advance(hourMs / 2);
  await kept.keeper.renew();
  expect([kept.asked, kept.requestor()]).toEqual([[], first]);
  kept.advance(hourMs / 2 - 60_000);
  await kept.keeper.renew();
  expect([kept.asked, kept.requestor()]).toEqual([['requestor'], second]);
  expect(kept.secrets.redact(`Bearer ${second}`)).toBe('Bearer ‹token:requestor›');
  // The new one is good for another hour.
  await kept.keeper.renew();
  expect(kept.asked).toHaveLength(1);
});

test('a file is read again', async ({ folder }) => {
  const file = path.join(folder, 'token');
  const kept = keep(async () => credential(await readToken({ file })));
  await writeFile(file, second);
  kept.advance(hourMs - 1000);
  await kept.keeper.renew();
  expect(kept.requestor()).toBe(second);
});

test('the run goes on with a token that is no other, also beyond its end', async () => {
  const kept = keep(giving(first));
  kept.advance(hourMs - 60_000);
  await kept.keeper.renew();
  await kept.keeper.renew();
  expect([kept.asked.length, kept.requestor()]).toEqual([1, first]);
  kept.advance(hourMs);
  await kept.keeper.renew();
  expect([kept.asked.length, kept.requestor()]).toEqual([2, first]);
});

test('where none can be fetched, the old one serves to its end, and then it is said whose ended when', async () => {
  let isThere = false;
  const kept = keep(() =>
    isThere ? giving(second)('requestor') : Promise.reject(new PrerequisiteError(`no network, not even for ${first}`)),
  );
  kept.secrets.register(first, 'token:requestor');
  kept.advance(hourMs - 5000);
  await kept.keeper.renew();
  expect(kept.requestor()).toBe(first);
  kept.advance(6000);
  await kept.keeper.renew();
  const ended = new Date(Math.floor((beginMs + hourMs) / 1000) * 1000).toISOString();
  expect(kept.requestor()).toBe(
    `the token of requestor ended at ${ended}, and no other came in its place: no network, not even for ‹token:requestor›`,
  );
  isThere = true;
  kept.advance(10_000);
  await kept.keeper.renew();
  expect(kept.requestor()).toBe(second);
});

for (const [what, token, why] of [
  ['another persona', tokenWith({ endMs: beginMs + 3 * hourMs }), 'what was fetched is the token of administrator'],
  ['another user', tokenWith({ endMs: beginMs + 2 * hourMs, oid: 'bob' }), 'is the token of another user'],
  ['another tenant', tokenWith({ endMs: beginMs + 2 * hourMs, tid: 'fabrikam' }), 'is a token of another tenant'],
] as const) {
  test(`a token of ${what} takes no place`, async () => {
    const administrator = tokenWith({ endMs: beginMs + 3 * hourMs });
    const kept = keep(giving(token), { administrator });
    kept.advance(hourMs - 1000);
    await kept.keeper.renew();
    expect(kept.requestor()).toBe(first);
    kept.advance(2000);
    await kept.keeper.renew();
    expect(kept.requestor()).toContain(why);
  });
}

test('a token that is right no longer in all but its one defect takes no place', async () => {
  const readOnlyAdministrator = tokenWith({
    endMs: beginMs + hourMs,
    oid: 'eve',
    scp: 'EntitlementManagement.Read.All',
  });
  const mightier = tokenWith({ endMs: beginMs + 2 * hourMs, oid: 'eve' });
  const kept = keep((persona) => giving(persona === 'requestor' ? second : mightier)(persona), {
    readOnlyAdministrator,
  });
  kept.advance(hourMs + 1000);
  await kept.keeper.renew();
  expect(kept.keeper.credentials['readOnlyAdministrator']).toMatchObject({
    missing: expect.stringContaining('what was fetched would show something else ('),
  });
});

test('what had ended before the run, and what says of no end, is never fetched again', async () => {
  const kept = keep(giving(second), { expired: tokenWith({ endMs: beginMs - hourMs }), otherUser: 'opaque-token-1' });
  kept.advance(10 * hourMs);
  await kept.keeper.renew();
  expect(kept.asked).toEqual(['requestor']);
});

test('cases in several lanes wait for one try', async () => {
  const kept = keep(giving(second));
  kept.advance(hourMs - 1000);
  await Promise.all([kept.keeper.renew(), kept.keeper.renew(), kept.keeper.renew()]);
  expect([kept.asked.length, kept.requestor()]).toEqual([1, second]);
});

test('a run calls with the new token, and is told where there is none', async ({ folder }) => {
  const file = path.join(folder, 'token');
  const { target: embedded, contract: judgedBy } = embeddedWith();
  const target = { ...embedded, tokens: { ...embedded.tokens, requestor: { file } } };
  const secrets = new SecretRegistry();
  let nowMs = beginMs;
  await writeFile(file, first);
  const parts = { target, contract: judgedBy, plan: planRun(judgedBy, target), clock: systemClock, secrets };
  const { session, close } = await openSession({ ...parts, nowMs: () => nowMs });
  const perform = async (): Promise<CaseRecord | undefined> => {
    const cases = [casesById.get('perm-requestor-cancels-own') ?? []].flat();
    return (await performGroup(session, { cases }, { known: [] }))[0];
  };
  const bearerOf = (record: CaseRecord | undefined): string | undefined =>
    record?.exchanges[0]?.request.headers.find(([name]) => name === 'authorization')?.[1];
  try {
    expect(bearerOf(await perform())).toBe('Bearer ‹token:requestor›');
    await writeFile(file, second);
    nowMs += hourMs - 1000;
    const again = await perform();
    expect(session.credentials['requestor']).toMatchObject({ token: second });
    // Known before it was used: it stands nowhere, and its name does.
    expect(bearerOf(again)).toBe('Bearer ‹token:requestor›');
    await rm(file);
    nowMs += hourMs + 2000;
    const blocked = (await perform())?.blocked;
    expect(blocked).toMatch(
      /^the token of requestor ended at \S+Z, and no other came in its place: no token for .*file/,
    );
  } finally {
    await close();
  }
});
