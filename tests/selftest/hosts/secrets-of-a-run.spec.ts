import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withoutScripts } from '../../../src/report/html/script.js';
import { expect, failedRows, runCli, test, writeTarget, type FinishedRun } from '../support/cli.js';
import { withoutRedaction } from '../support/without-redaction.js';
import { startMiddleman, type Answered, type Passing } from '../support/middleman.js';

/** Characters that JSON, URLs, HTML and both alphabets of base64 write in different ways. */
const controlKey = `key/of+the"control'protocol&<with>?odd~~chars`;

const eachUnit = (secret: string, write: (unit: string) => string): string => secret.replaceAll(/[^]/g, write);
const hexOf = (unit: string): string => unit.charCodeAt(0).toString(16).padStart(2, '0');

/** How a target may write a secret; told apart from the suite's own list on purpose. */
function formsOf(secret: string): readonly string[] {
  const inBase64 = ['', 'a', 'ab', 'Bearer '].map((lead) => Buffer.from(`${lead}${secret}`));
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret)
      .slice(1, -1)
      .replaceAll('/', String.raw`\/`),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll(/%../g, (octet) => octet.toLowerCase()),
    secret.replaceAll('.', '%2E'),
    secret.replaceAll('.', '%2e').replaceAll('-', '%2d').replaceAll('_', '%5f'),
    eachUnit(secret, (unit) => `%${hexOf(unit)}`),
    eachUnit(secret, (unit) => `%${hexOf(unit).toUpperCase()}`),
    eachUnit(secret, (unit) => String.raw`\u00${hexOf(unit)}`),
    eachUnit(secret, (unit) => `&#x${hexOf(unit)};`),
    eachUnit(secret, (unit) => `&#${unit.charCodeAt(0)};`),
    Buffer.from(secret).toString('hex'),
    Buffer.from(secret).toString('hex').toUpperCase(),
    ...inBase64.flatMap((bytes) => [bytes.toString('base64'), bytes.toString('base64url')]),
    ...secret.split('.').slice(1),
  ];
}

/** A piece of each form that no other text holds: base64 shares a character or two with what stands around the secret. */
const tellingParts = (secret: string): readonly string[] =>
  formsOf(secret)
    .filter((form) => form.length >= 8)
    .map((form) => form.slice(Math.floor(form.length / 4), -4).slice(0, 120));

/** Longest form in a head, in characters. */
const longestInHead = 1500;

/** An answer that repeats secrets in every form: in header values and names, in an address, in the error and around it. */
function repeating(answer: Answered, secrets: readonly string[]): Answered {
  const forms = secrets.flatMap((secret) => formsOf(secret));
  // Each form stands in one place of the head, and the longest in the body alone: a head beyond 32 KiB is no answer.
  const short = forms.filter((form) => /^[!-~]*$/.test(form) && form.length < longestInHead);
  const names = short.filter((form, index) => index % 3 === 0 && /^[\w.~+%-]+$/.test(form));
  const inHeaders = short.filter((form) => !names.includes(form));
  const isEmpty = answer.body === '';
  const error = {
    code: `Seen ${forms[0] ?? ''}`,
    message: `Refused: ${forms.join(' ')}`,
    innerError: { [forms[0] ?? 'x']: forms },
  };
  return {
    status: answer.status,
    headers: [
      ...answer.headers.flatMap((text, index) => {
        const name = answer.headers[index - (index % 2)] ?? '';
        return /^content-length$/i.test(name) ? [] : [text];
      }),
      ...inHeaders.flatMap((form) => ['X-Seen', form]),
      ...names.flatMap((form) => [form, 'seen']),
      'Location',
      `https://elsewhere.example/?${inHeaders
        .slice(0, 4)
        .map((form) => `t=${form}`)
        .join('&')}`,
    ],
    body: isEmpty ? '' : JSON.stringify({ error }),
  };
}

/** Everything that left the process, by name. */
function everything({ out, stdout, stderr }: FinishedRun): readonly (readonly [name: string, content: string])[] {
  // A page's scripts are the same in every page, and know the token that the suite makes up.
  const contentOf = (name: string): string => withoutScripts(readFileSync(path.join(out, name), 'utf8'));
  const files = readdirSync(out).map((name) => [name, contentOf(name)] as const);
  return [...files, ['stdout', stdout], ['stderr', stderr]];
}

function expectNone(texts: readonly (readonly [name: string, content: string])[], secrets: readonly string[]): void {
  const parts = secrets.flatMap((secret) => tellingParts(secret));
  for (const [name, content] of texts) {
    const found = parts.filter((part) => content.includes(part));
    expect(found, name).toEqual([]);
  }
}

const isRefused = ({ status }: Answered): boolean => status >= 400;

/** Calls that are answered with what they sent: few, for the test runner starts anew after each group that fails. */
const isRepeated = (target: string, token: string, known: ReadonlySet<string>): boolean =>
  /0badc0de|not-an-id|access_token/.test(target) || !known.has(token);

interface Repeating {
  /** Its target file. */
  readonly file: string;
  /** Credentials that were sent where they are repeated. */
  readonly sent: ReadonlySet<string>;
  /** All that nothing of the run may hold. */
  readonly secrets: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** A target that repeats what it was sent in every form. */
async function startRepeating(folder: string): Promise<Repeating> {
  const tokens = new Set<string>();
  const sent = new Set<string>();
  const keep = (answer: Answered): Answered => {
    tokens.add((JSON.parse(answer.body) as { readonly token: string }).token);
    return answer;
  };
  const middleman = await startMiddleman(({ isControl, target, authorization }: Passing) => {
    if (target.endsWith('/tokens')) return keep;
    if (isControl) return (answer: Answered) => (answer.body.includes('"resource"') ? showing(answer, tokens) : answer);
    const token = /access_token=(.*)/.exec(target)?.[1] ?? authorization.replace(/^\w+(?: |$)/, '');
    if (!isRepeated(target, token, tokens)) return 'pass';
    sent.add(token);
    return (answer: Answered) => (isRefused(answer) ? repeating(answer, [token, controlKey].filter(Boolean)) : answer);
  });
  const file = writeTarget(folder, {
    ...middleman.target,
    timeoutMs: 10_000,
    requests: { provider: 'control', url: middleman.controlUrl, key: { env: 'KEY' } },
  });
  const secrets = (): readonly string[] => [...tokens, ...sent, controlKey].filter(Boolean);
  return { file, sent, secrets, close: middleman.close };
}

test('a target that repeats what it was sent in every form fails for it, and gives nothing away', async ({
  run,
  folder,
}) => {
  const { file, sent, secrets, close } = await startRepeating(folder);
  const finished = await run(['--target', file, '--area', 'ERR'], { KEY: controlKey });
  await close();
  expect(finished.stderr).not.toContain('held the secret');
  expect(finished.exitCode).toBe(1);
  expect(failedRows(finished.report)).toEqual(['CANCEL-ERR-009']);
  expect(sent.size).toBeGreaterThan(4);
  expectNone(everything(finished), secrets());
  const written = JSON.stringify(finished.report);
  for (const name of ['control-key', 'token:administrator', 'token:administrator:payload']) {
    expect(written).toContain(`‹${name}›`);
  }
});

/** The reading of a request, with secrets in its resource, in names of members as well. */
function showing(answer: Answered, tokens: ReadonlySet<string>): Answered {
  const state = JSON.parse(answer.body) as { readonly resource: object };
  const [token = ''] = tokens;
  const shown = { seenKey: formsOf(controlKey), seenToken: token, [controlKey]: token };
  const body = JSON.stringify({ ...state, resource: { ...state.resource, ...shown } });
  return { ...answer, headers: ['Content-Type', 'application/json'], body };
}

test('what was written before a report could not be written is searched all the same', async ({ folder }) => {
  const out = path.join(folder, 'out');
  // Somebody is in the way while the run is on its way: before, it would not begin.
  const middleman = await startMiddleman(({ isControl }) => {
    if (!isControl) mkdirSync(path.join(out, 'junit.xml', 'taken'), { recursive: true });
    return 'pass';
  });
  const args = ['run', '--target', writeTarget(folder, middleman.target), '--area', 'RESP', '--out', out];
  const { exitCode, stdout, stderr } = await withoutRedaction(() => runCli(args, { cwd: folder }));
  await middleman.close();
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  for (const name of ['report.json', 'index.html']) {
    expect(stderr).toContain(`${path.join(out, name)} held the secret ‹token:`);
  }
  expect(readdirSync(out)).toEqual(['junit.xml']);
});
