import fc from 'fast-check';
import { ControlProvider } from '../../../src/arrange/control.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { Exchange, HeaderPair } from '../../../src/engine/evidence/records.js';
import { exchange } from '../../../src/engine/exchange/client.js';
import { faults } from '../../../src/emulators/endpoint/faults/index.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import { variants } from '../../../src/emulators/endpoint/variants/index.js';
import { judgeSubject, type Subject } from '../../../src/wings/prove/subject.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { defaultEdition } from '../../../src/engine/contract/load.js';
import { expect, test } from '../support/cli.js';

// Looks for what nobody listed: generated bodies, ids, headers and interleavings against the embedded target and its
// variants. Every search prints its seed; CANCEL_SEARCH_SEED repeats one, CANCEL_SEARCH_RUNS makes it longer.
const seed = Number(process.env['CANCEL_SEARCH_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env['CANCEL_SEARCH_RUNS'] ?? '30');

const { edition } = loadContract();
const collection = `${edition.servicePath}/${edition.collections[0]}`;
const callers = ['administrator', 'requestor', 'otherUser', 'unscopedUser', 'application', 'expired'] as const;
const statuses = [...edition.cancellable, ...edition.notCancellable, 'cancelled'];

/** Longest that one call may take, in milliseconds; slow variants need a twentieth of it. */
const timeoutMs = 4000;

interface Searched {
  readonly provider: ControlProvider;
  readonly send: (call: Call, ids: readonly string[]) => Promise<Omit<Exchange, 'id'>>;
}

/** One call, as it was generated. */
interface Call {
  /** Which of the requests it is for. */
  readonly at: number;
  readonly caller: (typeof callers)[number];
  readonly method: string;
  /** What stands between the collection and the action; null: the id of the request. */
  readonly segment: string | null;
  readonly body: Body;
  readonly headers: readonly HeaderPair[];
}

type Body = { readonly proper: true } | { readonly bytes: Uint8Array } | { readonly members: object };

/** Header values that any client may send (RFC 9110 section 5.5). */
const headerValue = fc
  .string({ unit: fc.constantFrom(...Array.from('abc XYZ019;,="/*-.')), maxLength: 40 })
  .map((text) => text.trim());

const header = fc.tuple(
  fc.constantFrom('accept', 'prefer', 'if-match', 'x-forwarded-for', 'accept-language', 'x-http-method-override'),
  headerValue,
);

const contentType = fc.oneof(
  { weight: 4, arbitrary: fc.constant('application/json') },
  fc.constantFrom('application/json; charset=utf-8', 'APPLICATION/JSON', 'text/plain', 'application/xml', ';', ''),
);

/** Text that finds its way into paths: percent-encoded by the sender, so that it is one segment. */
const segment = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  fc.string({ minLength: 1, maxLength: 40 }).map((text) => encodeURIComponent(text)),
  fc.constantFrom('%00', '%', '%zz', '..%2f', '%2e%2e', '*', "('x')", '$count', '%E2%80%AE', '0'),
);

const members = fc.record(
  {
    id: fc.oneof(fc.uuid(), fc.jsonValue({ maxDepth: 2 })),
    requestStatus: fc.oneof(fc.constantFrom('cancelled', 'Cancelled', 'canceled'), fc.jsonValue({ maxDepth: 2 })),
    justification: fc.jsonValue({ maxDepth: 3 }),
    ['__proto__']: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: [] },
);

const body: fc.Arbitrary<Body> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ proper: true } as const) },
  { weight: 3, arbitrary: members.map((value) => ({ members: value })) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ bytes })) },
  { weight: 1, arbitrary: fc.json().map((text) => ({ bytes: Buffer.from(text) })) },
);

const anyCall: fc.Arbitrary<Call> = fc.record({
  at: fc.nat({ max: 2 }),
  caller: fc.constantFrom(...callers),
  method: fc.oneof({ weight: 6, arbitrary: fc.constant('POST') }, fc.constantFrom('GET', 'PUT', 'PATCH', 'DELETE')),
  segment,
  body,
  headers: fc
    .tuple(contentType, fc.uniqueArray(header, { maxLength: 3, selector: ([name]) => name }))
    .map(([type, others]): readonly HeaderPair[] => [['content-type', type], ...others]),
});

/** Requests and calls on them, all at the same moment or one after the other. */
const scenario = fc.record({
  made: fc.array(fc.constantFrom(...statuses), { minLength: 3, maxLength: 3 }),
  calls: fc.array(anyCall, { minLength: 1, maxLength: 5 }),
  atOnce: fc.boolean(),
});

const refuses = ({ response }: Omit<Exchange, 'id'>): boolean => (response?.status ?? 0) >= 400;
const isCancelled = (status: string | null): boolean => /^cancell?ed$/i.test(status ?? '');

async function start(
  variantId: string | null,
  faultId?: string,
): Promise<Searched & { readonly close: () => Promise<void> }> {
  const variant = variants.find(({ id }) => id === variantId);
  const laid = faults.filter(({ id }) => id === faultId);
  const server = await startEmbedded({ edition, faults: laid, ...(variant && { variant }) });
  const secrets = new SecretRegistry();
  const provider = new ControlProvider({ url: server.controlUrl, key: null, timeoutMs, secrets });
  const tokens = new Map<string, string>();
  for (const caller of callers) tokens.set(caller, (await provider.credential(caller)).token);
  const { origin, pathname } = new URL(server.baseUrl);
  const send: Searched['send'] = ({ at, caller, method, segment: named, body: sent, headers }, ids) => {
    const id = ids[at] ?? '';
    const content =
      'bytes' in sent
        ? Buffer.from(sent.bytes)
        : Buffer.from(JSON.stringify('members' in sent ? sent.members : { id, requestStatus: 'cancelled' }));
    return exchange(
      {
        role: 'probe',
        persona: caller,
        method,
        origin,
        requestTarget: `${pathname}${collection}/${named ?? encodeURIComponent(id)}/cancel`,
        headers: [['authorization', `Bearer ${tokens.get(caller) ?? ''}`], ...headers],
        body: content,
      },
      { timeoutMs, secrets },
    );
  };
  return {
    provider,
    send,
    close: async () => {
      await provider.close();
      await server.close();
    },
  };
}

/** Plays a scenario and says what is wrong with how it went. */
async function wrongIn(
  { provider, send }: Searched,
  { made, calls, atOnce }: { made: readonly string[]; calls: readonly Call[]; atOnce: boolean },
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const status of made) ids.push(await provider.create(status, 'requestor'));
  const bystander = await provider.create('pendingApproval', 'otherUser');
  // As the target itself spells them, which is its own affair.
  const before = await Promise.all([...ids, bystander].map(async (id) => (await provider.read(id)).status));
  const went: Omit<Exchange, 'id'>[] = [];
  if (atOnce) went.push(...(await Promise.all(calls.map((call) => send(call, ids)))));
  else for (const call of calls) went.push(await send(call, ids));

  const complaints: string[] = [];
  for (const { response, noAnswer } of went) {
    if (noAnswer !== null) complaints.push(`no answer: ${noAnswer.message}`);
    else if ((response?.status ?? 0) >= 500) complaints.push(`a server error: ${response?.status ?? 0}`);
  }
  for (const [at, id] of ids.entries()) {
    const { status } = await provider.read(id);
    const touching = calls.map((call, index) => ({ call, result: went[index] })).filter(({ call }) => call.at === at);
    // No other method may cancel, whatever it is answered.
    const succeeded = touching.some(
      ({ call, result }) => call.method === 'POST' && call.segment === null && result && !refuses(result),
    );
    if (succeeded && !isCancelled(status)) complaints.push(`success, and request ${at} reads ${status ?? 'nothing'}`);
    if (!succeeded && status !== before[at]) {
      complaints.push(`no call succeeded, and request ${at} went from ${before[at] ?? ''} to ${status ?? 'nothing'}`);
    }
  }
  const { status } = await provider.read(bystander);
  if (status !== before.at(-1)) complaints.push(`a bystander became ${status ?? 'nothing'}`);
  await Promise.all([...ids, bystander].map((id) => provider.remove(id)));
  return complaints;
}

// A variant whose effect is late would need its settle time at every reading.
const searched = [null, ...variants.filter(({ needs }) => needs === undefined).map(({ id }) => id)];

/** Tells of a search, so that it can be repeated. */
function announce(what: string): void {
  test.info().annotations.push({ type: 'seed', description: String(seed) });
  process.stdout.write(`${what}: CANCEL_SEARCH_SEED=${seed} CANCEL_SEARCH_RUNS=${numRuns}\n`);
}

test('finds no server error, no change without success and no changed bystander', async () => {
  announce('search of calls');
  const running = new Map<string | null, ReturnType<typeof start>>();
  const targetOf = (variant: string | null): ReturnType<typeof start> => {
    const known = running.get(variant) ?? start(variant);
    running.set(variant, known);
    return known;
  };
  try {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...searched), scenario, async (variant, played) => {
        expect(await wrongIn(await targetOf(variant), played)).toEqual([]);
      }),
      { seed, numRuns: numRuns * 5, endOnFailure: false },
    );
  } finally {
    for (const target of running.values()) await (await target).close();
  }
});

for (const [fault, complaint] of [
  ['whole-queue-cancelled', /a bystander became/],
  ['invalid-utf8-crashes', /a server error/],
  ['get-cancels', /no call succeeded, and request \d went from \w+ to cancelled/],
] as const) {
  test(`finds the fault ${fault}`, async () => {
    const target = await start(null, fault);
    const seen: string[] = [];
    await fc.check(
      fc.asyncProperty(scenario, async (played) => {
        const complaints = await wrongIn(target, played);
        seen.push(...complaints);
        return !complaints.some((text) => complaint.test(text));
      }),
      // A seed of its own: what a fault does is found by it for good, or the search has become blind.
      { seed: 1, numRuns: 300, endOnFailure: true },
    );
    await target.close();
    expect(seen).toContainEqual(expect.stringMatching(complaint));
  });
}

/**
 * What acts after its answer is read by whichever case is at it in that moment: what fails beside the requirement that it breaks
 * differs from run to run.
 */
const isLate = (id: string): boolean => /(?:-later|-by-a-job)$/.test(id);

test('reaches the same verdicts in two runs', async () => {
  announce('search of verdicts');
  const areas = [...new Set(loadContract().requirements.map(({ area }) => area))];
  const altered = fc.oneof(
    fc.constantFrom(...variants).map(({ id }) => ({ kind: 'variant', ids: [id] }) as const),
    fc
      .uniqueArray(fc.constantFrom(...faults), { minLength: 1, maxLength: 3, selector: ({ id }) => id })
      .map((some) => ({ kind: 'pair', ids: some.map(({ id }) => id) }) as const),
  );
  await fc.assert(
    fc.asyncProperty(altered, fc.constantFrom(...areas), async (alteration, area) => {
      // Cells are tried in the long search of the day.
      const subject: Subject = { ...alteration, areas: [area], ...(numRuns > 100 ? {} : { withoutCells: true }) };
      const [first, second] = [
        await judgeSubject(subject, defaultEdition),
        await judgeSubject(subject, defaultEdition),
      ];
      const told = (result: typeof first): unknown => {
        if ('cannotStart' in result) return result;
        const { outcome, failed, untold, suiteFaults } = result;
        if (!alteration.ids.some(isLate)) return { outcome, failed, untold, suiteFaults };
        return { outcome, failed: failed.map(({ id }) => id).filter((id) => broken.has(id)), suiteFaults };
      };
      const broken = new Set(faults.filter(({ id }) => alteration.ids.includes(id)).flatMap(({ breaks }) => breaks));
      expect(told(second)).toEqual(told(first));
    }),
    { seed, numRuns: Math.ceil(numRuns / 10) },
  );
});
