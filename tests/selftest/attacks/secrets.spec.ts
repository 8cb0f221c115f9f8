import { generateKeyPairSync } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { captureBody, captureHeaders } from '../../../src/engine/exchange/capture.js';
import {
  base64,
  claims,
  divided,
  forms,
  header,
  json,
  outer,
  pem,
  places,
  random,
  secrets,
  wrap,
} from '../support/secret-forms.js';

// A secret, in some form, in some place: nothing of it may be left, and nothing else may be touched. The forms are written here anew:
// what undoes them shares nothing with what made them.

const known = (text: string, name = 'token:requestor'): SecretRegistry => {
  const registry = new SecretRegistry();
  registry.register(text, name);
  return registry;
};

/** How much of a text a form of it may still hold: a header is no secret, nor what base64 shares with its neighbours. */
const isGone = (written: string, redacted: string): boolean => {
  const begin = written.startsWith('eyJ') ? Math.floor(written.length / 3) : Math.floor(written.length / 8);
  return !redacted.includes(written.slice(begin, Math.max(begin + 4, Math.ceil(written.length * 0.9))));
};

interface Attempt {
  readonly secret: string;
  readonly written: string;
  readonly place: readonly [before: string, behind: string];
}

/** What went wrong when somebody wrote a secret so; nothing where it was withstood. */
function troubleWith({ secret, written, place: [before, behind] }: Attempt): readonly string[] {
  const registry = known(secret);
  const text = before + written + behind;
  const redacted = registry.redact(text);
  // Written into a file, nothing comes to light that was not there before.
  const file = `{\n  "text": ${JSON.stringify(redacted)}\n}<script>${JSON.stringify(JSON.stringify({ redacted }))}</script>`;
  const trouble = {
    'it is not found': registry.find(text).length === 0,
    'nothing stands in its place': !redacted.includes('‹token:requestor'),
    'it is left': !isGone(written, redacted),
    'it is still found': registry.find(redacted).length > 0,
    'it is found in a file': registry.find(file).length > 0,
    // White space and digits that stand beside an encoded secret may be of it.
    'more is gone than it': !redacted.startsWith(before.slice(0, -4)) || !redacted.endsWith(behind.slice(4)),
  };
  return Object.entries(trouble).flatMap(([what, isSo]) => (isSo ? [`${what}: ${text} became ${redacted}`] : []));
}

const placeNames = Object.keys(places);

for (const [what, secret] of Object.entries(secrets)) {
  test(`${what} is found in every form`, () => {
    const all = Object.entries({ ...forms, ...outer });
    for (const [index, [, write]] of all.entries()) {
      const place = places[placeNames[index % placeNames.length] ?? ''] ?? ['', ''];
      expect(troubleWith({ secret, written: write(secret), place })).toEqual([]);
    }
    test.info().annotations.push({ type: 'attempts', description: String(all.length) });
  });
}

for (const [what, secret] of Object.entries(secrets).filter(([, { length }]) => length >= 16)) {
  test(`${what} is found whatever foreign divides it`, () => {
    for (const [index, [how, write]] of Object.entries(divided).entries()) {
      const place = places[placeNames[index % placeNames.length] ?? ''] ?? ['', ''];
      expect(troubleWith({ secret, written: write(secret), place }), how).toEqual([]);
    }
  });
}

test('these are attempts enough', () => {
  const attempts = Object.keys(secrets).length * Object.keys({ ...forms, ...outer }).length;
  expect(attempts).toBeGreaterThanOrEqual(400);
});

/** How many times such forms encode: more than four times nobody looks for. */
const codingsIn = (names: readonly string[]): number =>
  names
    .map((name) => (name.includes('three times') ? 3 : (name.match(/base64|hexadecimal/g)?.length ?? 0)))
    .reduce((sum, count) => sum + count, 0);

test('a secret is found in forms within forms, wherever it stands', () => {
  const long = Object.entries(secrets).filter(([, secret]) => secret.length >= 40);
  fc.assert(
    fc.property(
      fc.constantFrom(...long),
      fc.array(fc.constantFrom(...Object.entries(forms)), { minLength: 1, maxLength: 2 }),
      fc.tuple(fc.constantFrom(...Object.entries({ ...forms, ...outer })), fc.constantFrom(...Object.entries(places))),
      ([, secret], inner, [[lastName, last], [, place]]) => {
        fc.pre(codingsIn([...inner.map(([name]) => name), lastName]) <= 4);
        const within = inner.reduce((text, [, write]) => write(text), secret);
        expect(troubleWith({ secret, written: last(within), place })).toEqual([]);
      },
    ),
    { numRuns: 300, seed: 18 },
  );
});

const cuts: Readonly<Record<string, (text: string) => string>> = {
  'its first 60 characters': (text) => text.slice(0, 60),
  'its last 60 characters': (text) => text.slice(-60),
  'its first half': (text) => text.slice(0, Math.floor(text.length / 2)),
  'its second half': (text) => text.slice(Math.ceil(text.length / 2)),
};

for (const [what, secret] of Object.entries(secrets).filter(([, text]) => text.length > 150)) {
  test(`${what} is recognised by its beginning and by its end`, () => {
    for (const cut of Object.values(cuts)) {
      for (const write of Object.values(forms)) {
        const registry = known(secret);
        const text = `"${write(cut(secret))}..."`;
        expect(registry.find(text), text).not.toEqual([]);
        expect(registry.find(registry.redact(text)), text).toEqual([]);
      }
    }
  });
}

test('a private key is found as a file, in one line, escaped, and as base64 of the file', () => {
  const registry = known(pem, 'tls-key');
  const body = pem.split('\n').slice(1, -2).join('');
  for (const text of [
    pem,
    body,
    JSON.stringify(pem),
    pem.replaceAll('\n', '\r\n'),
    base64(pem),
    encodeURIComponent(pem),
  ]) {
    const redacted = registry.redact(`key: ${text}`);
    expect(redacted).toContain('‹tls-key›');
    expect(redacted).not.toContain(body.slice(20, 60));
    expect(registry.find(redacted)).toEqual([]);
  }
});

test.describe('compressed bodies', () => {
  const token = secrets['a token of a platform'];
  const body = Buffer.from(JSON.stringify({ error: { message: `${'x'.repeat(300)} ${token}` } }));
  for (const [coding, bytes] of Object.entries({
    gzip: gzipSync(body),
    deflate: deflateSync(body),
    'raw deflate': deflateRawSync(body),
    br: brotliCompressSync(body),
    'gzip, br': brotliCompressSync(gzipSync(body)),
    'gzip, stored': gzipSync(body, { level: 0 }),
    'gzip, broken behind it': Buffer.concat([gzipSync(body).subarray(0, -9), Buffer.from('garbage')]),
    'gzip, cut off': gzipSync(body).subarray(0, -4),
    'gzip of base64': gzipSync(base64(body)),
  })) {
    for (const said of [coding, '']) {
      test(`a secret in ${coding} is found, ${said === '' ? 'whatever its head says' : 'as its head says'}`, () => {
        const captured = captureBody(bytes, known(token), { coding: said });
        const text = Buffer.from(captured.text, captured.encoding).toString('latin1');
        expect(text).toMatch(/token:requestor/);
        expect(text.length).toBeLessThan(bytes.length);
        expect(captured.bytes).toBe(bytes.length);
      });
    }
  }

  test('one without a secret is kept as it is, and one that becomes too large is left out', () => {
    const innocent = gzipSync(JSON.stringify({ value: 'nothing of interest '.repeat(50) }));
    expect(captureBody(innocent, known(token), { coding: 'gzip' }).text).toBe(innocent.toString('base64'));
    const bomb = gzipSync(Buffer.concat([Buffer.alloc(8 * 1024 * 1024), Buffer.from(token)]));
    expect(captureBody(bomb, known(token), { coding: '' })).toMatchObject({
      text: '',
      bytes: bomb.length,
      truncated: true,
    });
  });
});

test('a header whose name and value are the secret together holds neither', () => {
  const secret = Buffer.from(secrets['an opaque token']).toString('hex');
  const registry = known(secrets['an opaque token']);
  const shown = captureHeaders([[secret.slice(0, 40), secret.slice(40)]], registry);
  expect(registry.find(shown.map((pair) => pair.join(': ')).join())).toEqual([]);
  expect(captureHeaders([['Retry-After', '5']], registry)).toEqual([['Retry-After', '5']]);
});

test('what merely looks alike stays as it is', () => {
  const registry = new SecretRegistry();
  for (const [name, secret] of Object.entries(secrets)) registry.register(secret, name);
  registry.register(pem, 'tls-key');
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  for (const text of [
    header,
    `${header}.`,
    `${header}.${json({ another: 'token', of: 'the same issuer' })}.${random(342, 77)}`,
    `Bearer authorization_uri="https://login.example", claims="${json({ access_token: { nbf: { essential: true } } })}"`,
    JSON.stringify({
      value: [{ id: '8f6a1c52-3d0b-4f0e-9f5c-2b1f6e6f4c55', createdDateTime: '2026-11-29T22:30:17.1234567Z' }],
    }),
    '/beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests/8f6a1c52-3d0b-4f0e-9f5c-2b1f6e6f4c55/cancel',
    'k3y 9x, k3y-9, the key 3y-9x',
    'C:\\users\\u0041\\x41, 100%25 of it &amp; more &lt;b&gt; \\u00e9 \\n',
    base64(random(400, 78)),
    Buffer.from(random(400, 79)).toString('hex'),
    wrap(base64('nothing that anybody hides, in many lines. '.repeat(40)), 76),
    other.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'a'.repeat(20),
    'eyJeyJeyJ',
    '\ud83d\ude00 \u202e \u0000 \ufeff',
    'The quick brown fox jumps over the lazy dog. '.repeat(30),
  ]) {
    expect(registry.redact(text)).toBe(text);
    expect(registry.find(text)).toEqual([]);
  }
});

test('whatever is not a secret stays as it is', () => {
  const registry = new SecretRegistry();
  for (const [name, secret] of Object.entries(secrets)) registry.register(secret, name);
  const texts = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.base64String({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(registry.redact(text)).toBe(text);
    }),
    { numRuns: 300, seed: 18 },
  );
});

/** CPU time of a call, in milliseconds: the least of some. */
function cpuMs(call: () => unknown): number {
  const once = (): number => {
    const begin = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
  return Math.min(once(), once(), once());
}

test('a text four times as long takes about four times as long, whatever the secret', () => {
  const hostile: Readonly<Record<string, (length: number) => string>> = {
    'one letter': (length) => 'a'.repeat(length),
    'its beginning': (length) => 'eyJ'.repeat(length / 3),
    'a header without an end': (length) => `${header}.`.repeat(length / (header.length + 1)),
    backslashes: (length) => '\\'.repeat(length),
    'escapes in escapes': (length) => String.raw`\\\\u005c`.repeat(length / 10),
    'percent in percent': (length) => `%${'25'.repeat(length / 2)}`,
    'entities without an end': (length) => '&#'.repeat(length / 2),
    'zeros of an entity': (length) => `&#x${'0'.repeat(length)}`,
    blanks: (length) => ' '.repeat(length),
    'blanks behind beginnings': (length) => 'eyJhbGciOiJSUzI1Ni'.repeat(length / 36) + ' '.repeat(length / 2),
    'base64 of nothing': (length) => 'A'.repeat(length),
    'base64 of base64': (length) => base64(base64(base64('eyJ'.repeat(length / 8)))).slice(0, length),
    digits: (length) => '6'.repeat(length),
    'separated digits': (length) => '61:'.repeat(length / 3),
    separators: (length) => ':,;-'.repeat(length / 4),
    'zeros and x': (length) => '0x'.repeat(length / 2),
    quotes: (length) => '\\"'.repeat(length / 2),
  };
  const registry = new SecretRegistry();
  for (const [name, secret] of Object.entries(secrets)) registry.register(secret, name);
  for (let index = 0; index < 100; index += 1)
    registry.register(`${header}.${json({ ...claims, index })}.${random(86, index)}`, `t${index}`);
  registry.register('eyJ'.repeat(20_000), 'as long as the text');
  for (const [what, make] of Object.entries(hostile)) {
    const [short, long] = [make(24_000), make(96_000)];
    const [few, many] = [cpuMs(() => registry.redact(short)), cpuMs(() => registry.redact(long))];
    // Quadratic is 16.
    expect(many, `${what}: ${few} ms and ${many} ms`).toBeLessThan(9 * few + 15);
  }
});
