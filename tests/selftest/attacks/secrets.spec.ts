import { generateKeyPairSync, hash } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { captureBody, captureHeaders } from '../../../src/engine/exchange/capture.js';

// A secret, in some form, in some place: nothing of it may be left, and nothing else may be touched. The forms are written here anew:
// what undoes them shares nothing with what made them.

const json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const random = (length: number, seed: number): string =>
  Array.from({ length: Math.ceil(length / 43) }, (_, index) => hash('sha256', `${seed} ${index}`, 'base64url'))
    .join('')
    .slice(0, length);

const header = json({ alg: 'RS256', typ: 'JWT' });
const claims = {
  aud: 'https://graph.microsoft.com',
  iss: 'https://sts.example/',
  oid: '41b0c1f6-0001',
  scp: 'Entitlement.All',
};
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** What has to be hidden, and the part of it that is secret in any case. */
const secrets = {
  'a token of a platform': `${header}.${json(claims)}.${random(342, 1)}`,
  'a token with a short signature': `${header}.${json({ ...claims, jti: 'x' })}.${random(86, 2)}`,
  'an opaque token': random(43, 3),
  'a long opaque token': random(400, 4),
  'base64 of the other alphabet': Buffer.from(random(60, 5))
    .toString('base64')
    .replaceAll(/[AEIOU]/g, '+')
    .replaceAll('a', '/'),
  'a key with characters that are escaped': `k3y/of+the=control'protocol&<with>?"odd"~~chars`,
  'hexadecimal digits': Buffer.from(random(24, 6)).toString('hex'),
  'a token that repeats itself': 'eyJ'.repeat(60),
  'one letter': 'a'.repeat(200),
  'a short key': 'k3y-9x',
} as const;

const units = (text: string, write: (unit: string, index: number) => string): string =>
  text
    .split('')
    .map((unit, index) => write(unit, index))
    .join('');
const hexOf = (unit: string, digits = 2): string => unit.charCodeAt(0).toString(16).padStart(digits, '0');
const isWord = (unit: string): boolean => /[A-Za-z0-9]/.test(unit);
const base64 = (text: string | Buffer): string => Buffer.from(text as string).toString('base64');
const wrap = (text: string, width: number, end = '\n'): string =>
  text.replaceAll(new RegExp(`.{${width}}`, 'g'), `$&${end}`);
const htmlNames: Readonly<Record<string, string>> = {
  ...{ '+': '&plus;', '/': '&sol;', '=': '&equals;', '.': '&period;', _: '&lowbar;', '&': '&amp;', '<': '&lt;' },
  ...{ '>': '&gt;', '"': '&quot;', "'": '&apos;', '?': '&quest;' },
};

/** Forms that may be written into another one. */
const forms: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify(text).slice(1, -1),
  'in JSON, slashes escaped': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll('/', String.raw`\/`),
  'JSON escapes for what is no letter': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : String.raw`\u${hexOf(unit, 4)}`)),
  'JSON escapes in capitals': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : String.raw`\u${hexOf(unit, 4).toUpperCase()}`)),
  'a JSON escape here and there': (text) =>
    units(text, (unit, index) => (index % 5 === 2 || unit === '\\' ? String.raw`\u${hexOf(unit, 4)}` : unit)),
  'JSON escapes for everything': (text) => units(text, (unit) => String.raw`\u${hexOf(unit, 4)}`),
  'escapes with braces': (text) =>
    units(text, (unit, index) => (index % 2 && unit !== '\\' ? unit : String.raw`\u{${hexOf(unit)}}`)),
  'escapes of C': (text) => units(text, (unit) => String.raw`\x${hexOf(unit)}`),
  'octal escapes': (text) => units(text, (unit) => `\\${unit.charCodeAt(0).toString(8).padStart(3, '0')}`),
  'escapes of Markdown': (text) => units(text, (unit) => (isWord(unit) ? unit : `\\${unit}`)),
  'percent for what is no letter': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : `%${hexOf(unit).toUpperCase()}`)),
  'percent for one of two': (text) =>
    units(text, (unit, index) => (index % 2 && unit !== '%' ? unit : `%${hexOf(unit)}`)),
  'percent for everything': (text) => units(text, (unit) => `%${hexOf(unit)}`),
  'percent and u': (text) => units(text, (unit, index) => (index % 3 && unit !== '%' ? unit : `%u${hexOf(unit, 4)}`)),
  encodeURIComponent: (text) => encodeURIComponent(text),
  'entities by number': (text) =>
    units(text, (unit, index) => (index % 4 && unit !== '&' ? unit : `&#${unit.charCodeAt(0)};`)),
  'entities by number with zeros': (text) => units(text, (unit) => `&#${String(unit.charCodeAt(0)).padStart(7, '0')};`),
  'entities in hexadecimal': (text) =>
    units(text, (unit) => (isWord(unit) ? unit : `&#x${hexOf(unit).toUpperCase()};`)),
  'entities by name': (text) => units(text, (unit) => htmlNames[unit] ?? unit),
  base64: (text) => base64(text),
  'base64 without padding, url-safe': (text) => Buffer.from(text).toString('base64url'),
  'base64 at the second alignment': (text) => base64(`a${text}zz`),
  'base64 at the third alignment': (text) => base64(`Basic:ab${text}z`),
  'base64 of UTF-16, little end first': (text) => base64(Buffer.from(text, 'utf16le')),
  'base64 of UTF-16, big end first': (text) => base64(Buffer.from(text, 'utf16le').swap16()),
  'hexadecimal digits': (text) => Buffer.from(text).toString('hex'),
  'hexadecimal capitals': (text) => Buffer.from(text).toString('hex').toUpperCase(),
};

/** Forms that are the last: white space and separators mean something to what is written around them. */
const outer: typeof forms = {
  'base64, wrapped at 76': (text) => wrap(base64(text), 76, '\r\n'),
  'base64, wrapped at 4 and set in': (text) => wrap(base64(text), 4, '\n    '),
  'base64, a blank after each': (text) => wrap(base64(text), 1, ' '),
  'base64, lines escaped': (text) => wrap(base64(text), 64, String.raw`\r\n`),
  'base64 of base64': (text) => base64(base64(text)),
  'base64 of wrapped base64': (text) => base64(wrap(base64(text), 76)),
  'base64 three times': (text) => base64(base64(base64(text))),
  'base64 in a URL in JSON': (text) => JSON.stringify(encodeURIComponent(base64(`a${text}`))).slice(1, -1),
  'hexadecimal, colons': (text) => wrap(Buffer.from(text).toString('hex'), 2, ':'),
  'hexadecimal, blanks, capitals': (text) => wrap(Buffer.from(text).toString('hex').toUpperCase(), 2, ' '),
  'hexadecimal, hyphens': (text) => wrap(Buffer.from(text).toString('hex'), 4, '-'),
  'hexadecimal, 0x': (text) => units(text, (unit) => `0x${hexOf(unit)}, `),
  'hexadecimal, wrapped': (text) => wrap(Buffer.from(text).toString('hex'), 32),
  'hexadecimal of base64': (text) => Buffer.from(base64(text)).toString('hex'),
  'UTF-16 as it is': (text) => units(text, (unit) => `${unit}\0`),
  'joiners between': (text) => units(text, (unit) => `${unit}\u200b`),
  'JSON in JSON in JSON': (text) => JSON.stringify(JSON.stringify(JSON.stringify(text))).slice(1, -1),
  'JSON in JSON in a URL': (text) => encodeURIComponent(JSON.stringify(JSON.stringify(text))),
  'percent twice': (text) => encodeURIComponent(units(text, (unit) => `%${hexOf(unit)}`)),
  'percent three times': (text) => encodeURIComponent(encodeURIComponent(units(text, (unit) => `%${hexOf(unit)}`))),
  'entities in entities': (text) => units(text, (unit) => `&amp;#x${hexOf(unit)};`),
  'JSON escapes in HTML in a URL': (text) =>
    encodeURIComponent(units(text, (unit) => String.raw`\u${hexOf(unit, 4)}`).replaceAll('\\', '&bsol;')),
};

/** What stands around it: nothing of that may be lost. */
const places: Readonly<Record<string, readonly [before: string, behind: string]>> = {
  alone: ['', ''],
  'a member of JSON': ['{"error":{"code":"Denied","message":"Refused: ', '"},"next":[1,true,"%41"]}'],
  'an attribute of HTML': ['<p title="', '">R&amp;D, 100 % of <b>it</b></p>\n'],
  'a header': ['Bearer error="invalid_token", token="', '", realm="x"'],
  'a query': ['https://elsewhere.example/?code=', '&state=12'],
  prose: ['The request was refused, because of ‹this›: ', ' (see above).\nTry again.'],
};

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

function expectWithstood({ secret, written, place: [before, behind] }: Attempt): void {
  const registry = known(secret);
  const text = before + written + behind;
  expect(registry.find(text), written).not.toEqual([]);
  const redacted = registry.redact(text);
  expect(redacted, written).toContain('‹token:requestor');
  expect(isGone(written, redacted), `${written} is left in ${redacted}`).toBe(true);
  expect(registry.find(redacted), redacted).toEqual([]);
  // White space and digits that stand beside an encoded secret may be of it.
  expect(redacted.startsWith(before.slice(0, -4)) && redacted.endsWith(behind.slice(4)), redacted).toBe(true);
  // Written into a file, nothing comes to light that was not there before.
  const file = `{\n  "text": ${JSON.stringify(redacted)}\n}<script>${JSON.stringify(JSON.stringify({ redacted }))}</script>`;
  expect(registry.find(file), file).toEqual([]);
}

const placeNames = Object.keys(places);

for (const [what, secret] of Object.entries(secrets)) {
  test(`${what} is found in every form`, () => {
    const all = Object.entries({ ...forms, ...outer });
    for (const [index, [, write]] of all.entries()) {
      const place = places[placeNames[index % placeNames.length] ?? ''] ?? ['', ''];
      expectWithstood({ secret, written: write(secret), place });
    }
    test.info().annotations.push({ type: 'attempts', description: String(all.length) });
  });
}

test('these are attempts enough', () => {
  const attempts = Object.keys(secrets).length * Object.keys({ ...forms, ...outer }).length;
  expect(attempts).toBeGreaterThanOrEqual(400);
});

/** How many times such forms encode: more than four times nobody looks for. */
const codingsIn = (names: readonly string[]): number =>
  names
    .map((name) => (/three times/.test(name) ? 3 : (name.match(/base64|hexadecimal/g)?.length ?? 0)))
    .reduce((sum, count) => sum + count, 0);

test('a secret is found in forms within forms, wherever it stands', () => {
  const long = Object.entries(secrets).filter(([, secret]) => secret.length >= 40);
  fc.assert(
    fc.property(
      fc.constantFrom(...long),
      fc.array(fc.constantFrom(...Object.entries(forms)), { minLength: 1, maxLength: 2 }),
      fc.constantFrom(...Object.entries({ ...forms, ...outer })),
      fc.constantFrom(...Object.entries(places)),
      ([, secret], inner, [lastName, last], [, place]) => {
        fc.pre(codingsIn([...inner.map(([name]) => name), lastName]) <= 4);
        const within = inner.reduce((text, [, write]) => write(text), secret);
        expectWithstood({ secret, written: last(within), place });
      },
    ),
    { numRuns: 1500, seed: 18 },
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
    expect(captureBody(innocent, known(token)).text).toBe(innocent.toString('base64'));
    const bomb = gzipSync(Buffer.concat([Buffer.alloc(8 * 1024 * 1024), Buffer.from(token)]));
    expect(captureBody(bomb, known(token))).toMatchObject({ text: '', bytes: bomb.length, truncated: true });
  });
});

test('a header whose name and value are the secret together holds neither', () => {
  const secret = Buffer.from(secrets['an opaque token']).toString('hex');
  const registry = known(secrets['an opaque token']);
  const [[name = '', value = ''] = []] = captureHeaders([[secret.slice(0, 40), secret.slice(40)]], registry);
  expect(registry.find(`${name}: ${value}`)).toEqual([]);
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
    `${'The quick brown fox jumps over the lazy dog. '.repeat(30)}`,
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
    'escapes in escapes': (length) => `${String.raw`\\\\u005c`}`.repeat(length / 10),
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
