import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect } from '@playwright/test';
import type { PreparedCredential } from '../../../src/engine/endpoint.js';
import type { Exchange } from '../../../src/engine/evidence/records.js';
import { credentials } from '../../../src/cancel/forms/credentials.js';
import { personaNames as personas } from '../../../src/cancel/personas.js';
import type { Report } from '../../../src/report/model.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { faults } from '../../../src/emulators/endpoint/faults/index.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import { reproduce } from '../../../src/report/reproducer.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { reproducerOf, type Reproducible } from '../../../src/report/assemble/reproducers.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { environmentOf } from '../support/cli.js';
import { openShell } from '../support/command-shell.js';
import { dailySeed } from '../support/daily-seed.js';
import { withFewCells } from '../support/engine-runs.js';
import { paste, sentBytes, startRecorder, type Recorder, type SentBytes } from '../support/recorder.js';
import { test as base } from '../support/temporary-folder.js';

const { target, contract } = resolveTarget({});
const { cases } = planRun(contract, target);

/** `readOnlyAdministrator` is TOKEN_READ_ONLY_ADMINISTRATOR. */
const variableOf = (persona: string): string => `TOKEN_${persona.replaceAll(/(?=[A-Z])/g, '_').toUpperCase()}`;

/** A run through a recorder, with tokens that are known to the test as they are to a reader. */
interface RecordedRun {
  readonly report: Report;
  readonly recorder: Recorder;
  readonly environment: Readonly<Record<string, string>>;
}

interface RecordedTarget {
  readonly faults: readonly string[];
  /** Where requests are dear no cells are tried. */
  readonly expensive: boolean;
}

type Recorded = (of: RecordedTarget, look: (recorded: RecordedRun) => Promise<void>) => Promise<void>;

const test = base.extend<{ recorded: Recorded }>({
  recorded: async ({}, use) => {
    await use(async (of, look) => {
      const chosen = faults.filter(({ id }) => of.faults.includes(id));
      const embedded = await startEmbedded({ edition: contract.edition, faults: chosen });
      const recorder = await startRecorder(Number(new URL(embedded.baseUrl).port));
      const environment = await fetchTokens(embedded.controlUrl);
      Object.assign(process.env, environment);
      const tested = {
        ...target,
        embedded: null,
        expensive: of.expensive,
        baseUrl: `${recorder.origin}/beta`,
        requests: {
          provider: 'control' as const,
          url: embedded.controlUrl,
          key: { env: 'CANCEL_CONTROL_KEY', required: false },
        },
        tokens: Object.fromEntries(personas.map((name) => [name, { env: variableOf(name) }])),
      };
      // Cells are calls of forms that other cases have, too: some, and other ones each day.
      const plan = withFewCells(planRun(contract, tested), dailySeed);
      const report = await runInProcess({ target: tested, contract, plan });
      for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
      await look({ report, recorder, environment });
      await recorder.close();
      await embedded.close();
    });
  },
});

/** A token for each persona, and those that a reader has to make from the administrator's. */
async function fetchTokens(controlUrl: string): Promise<Readonly<Record<string, string>>> {
  const issued = personas.map(async (persona) => {
    const answer = await fetch(`${controlUrl}/tokens`, { method: 'POST', body: JSON.stringify({ persona }) });
    return [variableOf(persona), ((await answer.json()) as { readonly token: string }).token] as const;
  });
  const tokens = Object.fromEntries(await Promise.all(issued));
  const derived = (['administrator', 'requestor'] as const).flatMap((persona) =>
    Object.values(credentials).flatMap((form) => {
      const made: PreparedCredential | null = form(tokens[variableOf(persona)] ?? '', persona);
      const [kind, of, how] = made?.derived?.name.split(':') ?? [];
      if (kind !== 'token' || of !== persona || how === undefined) return [];
      return [[`TOKEN_${of}_${how}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_'), made?.derived?.token ?? ''] as const];
    }),
  );
  return { ...tokens, ...Object.fromEntries(derived) };
}

/** The id that a call has for itself; undefined for one of a client that says next to nothing. */
const ownIdOf = ({ request }: Exchange): string | undefined =>
  request.headers.find(([name]) => name.toLowerCase() === 'client-request-id')?.[1];

/** The original of an exchange among what was received, found by its own id, or as the only one without any on its request. */
function original(received: readonly Buffer[], exchange: Exchange): SentBytes {
  const own = ownIdOf(exchange);
  const isIt = (bytes: Buffer): boolean =>
    own === undefined
      ? bytes.includes(exchange.request.requestTarget) && !bytes.includes('client-request-id')
      : bytes.includes(own);
  return sentBytes(received.find(isIt));
}

/** What curl can send: no body with HEAD, none in chunks of another's choice, none that was answered before it was whole. */
function isSendable(exchange: Exchange): boolean {
  const { method, headers, body } = exchange.request;
  const framing = headers.filter(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  // Cells share a request: of two without an id nobody knows which is which.
  if (ownIdOf(exchange) === undefined && exchange.id.includes('-cell-')) return false;
  // What held a secret is not in evidence.
  if (body?.text.includes('‹') === true) return false;
  return body === null || (method !== 'HEAD' && framing.every(([, value]) => value === String(body.bytes)));
}

const caseOf = ({ id }: Exchange): string => id.slice(0, id.lastIndexOf('.'));

/** Calls that share a connection with another one, which no single command does. */
const sharingConnections = ({ exchanges }: Report): ReadonlySet<string> =>
  new Set(exchanges.filter(({ role }) => role === 'opening').map(caseOf));

const reproducible = (report: Report): Reproducible => ({
  cases,
  contract,
  baseUrl: report.target.baseUrl,
  between: [],
});

function reproducerIn(report: Report, exchange: Exchange): string {
  const caseId = exchange.id.slice(0, exchange.id.lastIndexOf('.'));
  const looks = report.cases.find(({ id }) => id === caseId)?.looks ?? [];
  const record = { caseId, looks, exchanges: [exchange], blocked: null, startedAt: '', durationMs: 0 };
  const { text, obstacle } = reproducerOf(exchange, record, reproducible(report));
  expect(obstacle, exchange.id).toBeNull();
  return text;
}

/**
 * The lines of a command without the values that each call has for itself, and the port: one each for method, address, body and
 * every header. Runs have far fewer of them than calls.
 */
const linesOf = (text: string): readonly string[] =>
  text
    .replace(/^# Exchange \S+, as .*$/m, '')
    .replaceAll(/^(\w+_ID=\$\{\w+:-)[^}]*\}/gm, '$1}')
    .replaceAll(/(?<=client-request-id: (?:call-)?)[\da-f-]{36}/gi, '')
    .replaceAll(/^# \w+_ID: a request of .*$/gm, '')
    .replaceAll(/(?<=127\.0\.0\.1:)\d+/g, '')
    .split('\n');

interface Command {
  readonly exchange: Exchange;
  readonly text: string;
}

/** Pastes commands into one shell, each into a part of its own, and looks at what arrives. */
async function pasteEach(
  commands: Iterable<Command>,
  { recorder, environment }: RecordedRun,
  cwd: string,
): Promise<void> {
  const shell = openShell({ cwd, environment: environmentOf(environment) });
  for (const { exchange, text } of commands) {
    const expected = original(recorder.received, exchange);
    const before = recorder.received.length;
    await shell.run(`(\n${text}\n)`);
    expect(recorder.received, exchange.id).toHaveLength(before + 1);
    expect(sentBytes(recorder.received.at(-1)), exchange.id).toEqual(expected);
  }
  await shell.close();
}

/** One for each area; together they leave the controls alone. */
const faultsOfAllAreas = [
  'refusal-after-write',
  'read-permission-suffices',
  'unauthorized-without-challenge',
  'array-accepted',
  'success-without-request-id',
  'request-type-overwritten',
  'method-not-allowed-without-allow',
  'numeric-error-code',
  'duplicate-members-crash',
];

test('the command for every call of a run, and for every finding of every area, sends the very bytes that the suite sent', async ({
  recorded,
  folder,
}) => {
  const pasted = new Set<string>();
  /** Those with a line that was not pasted yet, as a shell takes longer for a call than all else. */
  const newIn = (commands: readonly Command[]): Iterable<Command> => {
    for (const { exchange, text } of commands) {
      // What each call has for itself stands in its own command; the rest of the text is the same in all of one form.
      const own = ownIdOf(exchange);
      // A client that says next to nothing has no such id.
      const isBare = caseOf(exchange).includes('-bare-');
      expect(own === undefined, exchange.id).toBe(isBare);
      if (own !== undefined) expect(text, exchange.id).toContain(own);
    }
    return commands.filter(({ text }) => {
      const lines = linesOf(text).filter((line) => !pasted.has(line));
      for (const line of lines) pasted.add(line);
      return lines.length > 0;
    });
  };

  await recorded({ faults: [], expensive: false }, async (run) => {
    const { report } = run;
    expect(report.run.exitCode).toBe(0);
    expect(report.reproducers).toEqual([]);
    expect(report.exchanges.length).toBeGreaterThan(100);
    const shared = sharingConnections(report);
    const sendable = report.exchanges.filter((exchange) => isSendable(exchange) && !shared.has(caseOf(exchange)));
    expect(sendable.length).toBeGreaterThan(0.9 * report.exchanges.length);
    const commands = sendable.map((exchange) => ({ exchange, text: reproducerIn(report, exchange) }));
    await pasteEach(newIn(commands), run, folder);
  });

  await recorded({ faults: faultsOfAllAreas, expensive: true }, async (run) => {
    const { report } = run;
    const failed = report.requirements.filter(({ verdict }) => verdict === 'failed');
    expect(new Set(failed.map(({ area }) => area)).size).toBe(9);
    const known = new Map(report.reproducers.map((reproducer) => [reproducer.exchangeId, reproducer]));
    const shown = report.checks.flatMap(({ findings, exchanges }) =>
      findings.flatMap(({ exchangeId }) => (exchangeId === null ? exchanges : [exchangeId])),
    );
    expect(new Set(shown)).toEqual(new Set(known.keys()));
    const commands = report.exchanges.flatMap((exchange) => {
      const text = known.get(exchange.id)?.text;
      return text === undefined ? [] : [{ exchange, text }];
    });
    expect(commands).toHaveLength(known.size);
    const shared = sharingConnections(report);
    const sendable = commands.filter(({ exchange }) => isSendable(exchange) && !shared.has(caseOf(exchange)));
    await pasteEach(newIn(sendable), run, folder);
  });
});

/** Everything that a shell, curl or printf might act on. */
const metacharacters =
  '\'"`touch canary`$(touch canary);touch canary|touch canary&&touch canary #$HOME ${IFS} !! \\ %s %d \\n * ~ {a,b} é';
const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');
const headersOf = (received: SentBytes): string => received.headers.join('\n');

test('hostile content executes nothing in a shell and arrives as it was', async ({ folder }) => {
  const recorder = await startRecorder();
  // A request target holds no space; the shell has a name for one.
  const order = 'touch${IFS}canary';
  const requestTarget = `/b'$(${order})/1/cancel?x=${encodeURI(metacharacters)}'"\`${order}\`$(${order})#[1-3]`;
  for (const [text, encoding] of [
    [`-${metacharacters}\n@/etc/passwd`, 'utf8'],
    [`@${metacharacters}`, 'utf8'],
    [Buffer.from([0, 255, 10, 13, 37, 39, 92, 10, 10]).toString('base64'), 'base64'],
    ['', 'utf8'],
  ] as const) {
    const bytes = Buffer.from(text, encoding);
    const exchange: Exchange = {
      id: `hostile\n$(touch canary)'.1`,
      role: 'probe',
      persona: `persona\ntouch canary\n'`,
      startedAt: '2021-05-10T08:00:00.000Z',
      durationMs: 1,
      request: {
        method: 'POST',
        url: recorder.origin + requestTarget,
        requestTarget,
        headers: [
          ['Host', "other'$(touch canary)"],
          ['X-Hostile', bytesOf(metacharacters)],
          ['X-Empty', ''],
          ['Authorization', `Bearer ‹token:requestor› ‹token:'$(touch canary)› ${bytesOf(metacharacters)}`],
          ['Content-Length', String(bytes.length)],
        ],
        body: { text, encoding, bytes: bytes.length, truncated: false },
      },
      response: null,
      noAnswer: { reason: 'timeout', message: '' },
    };
    const look = { role: 'subject', when: 'before', found: true, status: "'$(touch canary)", resource: null } as const;
    const looks = [{ ...look, requestId: '1', afterMs: 0 }];
    const reproducer = reproduce(exchange, { baseUrl: "'$(touch canary)", looks, owner: '`touch canary`' });
    expect(reproducer.text).toMatch(/^[\n -~]+$/);
    const secret = `$(touch canary)'"\`touch canary\``;
    const printed = await paste(reproducer.text, { TOKEN_REQUESTOR: secret, TOKEN_TOUCH_CANARY_: 'second' }, folder);
    expect(printed).toMatch(/^HTTP\/1.1 204/);
    const sent = sentBytes(recorder.received.at(-1));
    expect(sent.requestTarget).toBe(requestTarget);
    expect(headersOf(sent)).toContain(`authorization: Bearer ${secret} second ${bytesOf(metacharacters)}`);
    expect(headersOf(sent)).toContain(`x-hostile: ${bytesOf(metacharacters)}`);
    expect(sent.headers).toHaveLength(5);
    expect(sent.body).toEqual({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(readdirSync(folder)).toEqual([]);
  }
  await recorder.close();
});

const sentExchange = (rest: Partial<Exchange['request']>): Exchange => ({
  id: 'made-up.1',
  role: 'probe',
  persona: 'requestor',
  startedAt: '2021-05-10T08:00:00.000Z',
  durationMs: 1,
  request: {
    method: 'POST',
    url: 'http://h/b/1/cancel',
    requestTarget: '/b/1/cancel',
    headers: [],
    body: null,
    ...rest,
  },
  response: null,
  noAnswer: { reason: 'timeout', message: '' },
});

const body = { text: '{}', encoding: 'utf8', bytes: 2, truncated: false } as const;

for (const [what, request, why] of [
  [
    'a body that evidence does not hold',
    { body: { ...body, bytes: 99_999, truncated: true } },
    /beginning of its body/,
  ],
  ['a body that held a secret', { body: { ...body, text: '"‹token:requestor›"', bytes: 400 } }, /held a secret/],
  ['a body framed in chunks', { body, headers: [['Transfer-Encoding', 'chunked']] }, /framed in another way/],
  ['a header with a line break', { headers: [['X', 'a\nb']] }, /a header is malformed/],
  ['a header named like a file', { headers: [['@/etc/passwd', 'a']] }, /a header is malformed/],
  ['a first line that is none', { method: 'PO ST' }, /its first line is malformed/],
  ['a path with a space', { requestTarget: '/b/1 2/cancel' }, /its first line is malformed/],
  ['a HEAD with a body', { method: 'HEAD', body }, /no body with HEAD/],
] as const) {
  test(`says that curl cannot repeat ${what}, and gives no command`, () => {
    const { obstacle, text } = reproduce(sentExchange(request), {
      baseUrl: 'http://h/b',
      looks: [],
      owner: 'requestor',
    });
    expect(obstacle).toMatch(why);
    expect(text).toMatch(/^# Exchange made-up\.1 cannot be repeated with curl: [^\n]+\.\n$/);
  });
}
