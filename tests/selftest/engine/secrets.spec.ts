import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { compose } from '../../../src/engine/perform/compose.js';
import { removeLeaks } from '../../../src/hosts/leaks.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { test } from '../support/temporary-folder.js';

// Characters that JSON and URLs escape and that differ between the two alphabets of base64.
const secret = 'sécret/"key"\\with+odd&chars?>~~';
const [header, payload, signature] = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJyZXF1ZXN0b3IifQ', 'c2lnbmF0dXJlLW9mLWl0'];
const token = [header, payload, signature].join('.');

function registry(...secrets: readonly (readonly [text: string, name: string])[]): SecretRegistry {
  const known = new SecretRegistry();
  for (const [text, name] of secrets) known.register(text, name);
  return known;
}

const known = registry([secret, 'control-key'], [token, 'token:requestor']);

/** The secret in base64 as part of a longer text, that many bytes behind its beginning. */
const inBase64 = (lead: number, encoding: 'base64' | 'base64url'): string =>
  Buffer.concat([Buffer.alloc(lead, 'a'), Buffer.from(secret), Buffer.from('bc')]).toString(encoding);

const secretBytes = Buffer.byteLength(secret);

const everyUnit = (text: string, mark: string, digits: number): string =>
  text.replaceAll(/[^]/g, (unit) => mark + unit.charCodeAt(0).toString(16).padStart(digits, '0'));

for (const [form, text, redacted] of [
  ['as it is', `x${secret}y`, 'x‹control-key›y'],
  ['JSON-escaped', JSON.stringify({ key: secret }), '{"key":"‹control-key›"}'],
  ['JSON-escaped twice', JSON.stringify(JSON.stringify({ key: secret })), String.raw`"{\"key\":\"‹control-key›\"}"`],
  ['JSON-escaped with its slashes', JSON.stringify(secret).replaceAll('/', String.raw`\/`), '"‹control-key›"'],
  ['as the bytes of a header are read', Buffer.from(secret).toString('latin1'), '‹control-key›'],
  ['in hexadecimal digits', Buffer.from(secret).toString('hex'), '‹control-key›'],
  ['in hexadecimal capitals', Buffer.from(`a${secret}`).toString('hex').toUpperCase(), '61‹control-key›'],
  ['URL-encoded in small digits', encodeURIComponent(secret).toLowerCase(), '‹control-key›'],
  ['a token with its dots URL-encoded', token.replaceAll('.', '%2e'), '‹token:requestor›'],
  ['a token with its dots as JSON escapes', token.replaceAll('.', String.raw`\u002E`), '‹token:requestor›'],
  ['a token with its dots as HTML entities', token.replaceAll('.', '&#46;'), '‹token:requestor›'],
  ['a token, every character URL-encoded', everyUnit(token, '%', 2), '‹token:requestor›'],
  ['a token, every character a JSON escape', everyUnit(token, String.raw`\u`, 4), '‹token:requestor›'],
  ['URL-encoded', `?key=${encodeURIComponent(secret)}&x`, '?key=‹control-key›&x'],
  ['a whole token', `Bearer ${token}`, 'Bearer ‹token:requestor›'],
  ['the payload of a token', `seen: ${payload}.`, 'seen: ‹token:requestor:payload›.'],
  ['the signature of a token', `seen: ${signature}`, 'seen: ‹token:requestor:signature›'],
  ['a token with another signature', `${header}.${payload}.other`, `${header}.‹token:requestor:payload›.other`],
] as const) {
  test(`finds and replaces a secret: ${form}`, () => {
    expect(known.find(text).map(({ name }) => name)).toContain(/‹.*›/.exec(redacted)?.[0]);
    expect(known.redact(text)).toBe(redacted);
    expect(known.find(redacted)).toEqual([]);
  });
}

for (const [form, text] of [
  ['in base64, first alignment', inBase64(3, 'base64')],
  ['in base64, second alignment', inBase64(4, 'base64')],
  ['in base64, third alignment', inBase64(5, 'base64')],
  ['in url-safe base64, first alignment', inBase64(3, 'base64url')],
  ['in url-safe base64, second alignment', inBase64(4, 'base64url')],
  ['in url-safe base64, third alignment', inBase64(5, 'base64url')],
  ['in base64 that ends with it', Buffer.from(`user:${secret}`).toString('base64')],
] as const) {
  test(`finds and replaces a secret: ${form}`, () => {
    expect(known.find(text).map(({ name }) => name)).toContain('‹control-key›');
    const [before = '', after = ''] = known.redact(text).split('‹control-key›');
    // What is left is what stood around it, and at each end a character that holds bits of both.
    expect(text.startsWith(before) && text.endsWith(after)).toBe(true);
    const around = Math.ceil((text.length - (secretBytes * 4) / 3) / 2);
    expect([before.length, after.length].every((length) => length <= around + 2)).toBe(true);
    expect(known.find(before + after)).toEqual([]);
  });
}

test('a secret that is registered late is hidden from then on, also where others were looked for before', () => {
  const late = registry([token, 'token:requestor']);
  const text = JSON.stringify({ key: secret, again: encodeURIComponent(secret), token });
  expect(late.redact(text)).toBe(text.replace(token, '‹token:requestor›'));
  // Short, and harmless until then.
  const short = `key ${secret}`;
  expect(late.redact(short)).toBe(short);
  late.register(secret, 'control-key');
  expect(late.redact(short)).toBe('key ‹control-key›');
  expect(late.redact(text)).toBe('{"key":"‹control-key›","again":"‹control-key›","token":"‹token:requestor›"}');
  const octets = Buffer.from(secret).toString('hex').replaceAll(/../g, '%$&');
  expect(late.redact(`a ${octets}`)).toBe('a ‹control-key›');
});

test('the two alphabets of base64 differ for this secret, so that both are tried', () => {
  expect(inBase64(4, 'base64')).toMatch(/[+/]/);
  expect(inBase64(4, 'base64url')).toMatch(/[-_]/);
});

test('replaces every occurrence and leaves everything else', () => {
  expect(known.redact(`a ${token} b ${token} c ${secret} d`)).toBe(
    'a ‹token:requestor› b ‹token:requestor› c ‹control-key› d',
  );
  const harmless = `Bearer ${header}.other.other, 100 % of "it"`;
  expect(known.redact(harmless)).toBe(harmless);
  expect(known.find(harmless)).toEqual([]);
});

test('replaces the longest first: a secret that holds another one leaves no rest of itself', () => {
  for (const order of [
    ['abcdef-ghijkl', 'ghijkl'],
    ['ghijkl', 'abcdef-ghijkl'],
  ]) {
    const both = registry(...order.map((text) => [text, `length-${text.length}`] as const));
    expect(both.redact('abcdef-ghijkl, ghijkl')).toBe('‹length-13›, ‹length-6›');
  }
});

test('white space around a secret is no part of it', () => {
  expect(registry([`${secret}\n`, 'from-a-file']).redact(`x${secret}y`)).toBe('x‹from-a-file›y');
});

test('replaces secrets everywhere in plain data, in names of members as well, and keeps its shape', () => {
  const value = { [secret]: [token, 1, null, true, { __proto__: null, inner: `${token}.` }], ['__proto__']: secret };
  expect(JSON.stringify(known.redactAll(value))).toBe(
    '{"‹control-key›":["‹token:requestor›",1,null,true,{"inner":"‹token:requestor›."}],"__proto__":"‹control-key›"}',
  );
});

test('a hit names the secret and the place, never the secret', () => {
  const hits = known.find(`0123${secret}`);
  expect(hits).toContainEqual({ name: '‹control-key›', at: 4 });
  expect(JSON.stringify(hits)).not.toContain('key\\');
});

test('what is too short to be a secret is left alone, and the last name of a secret counts', () => {
  const two = registry(['abc', 'short'], ['', 'empty'], [secret, 'first'], [secret, 'second']);
  expect(two.redact(`abc ${secret}`)).toBe('abc ‹second›');
});

test('an opaque token with one character changed, as the suite sends it, is a secret from then on', () => {
  const opaque = 'an-opaque-token-without-segments';
  const secrets = registry([opaque, 'token:requestor']);
  const { target, contract } = resolveTarget({});
  const session = { target, contract, secrets, baseUrl: 'http://127.0.0.1/beta', credentials: tokens(opaque) };
  const probe = { persona: 'requestor', credential: 'tampered-signature' };
  const { headers } = compose(probe, {
    session,
    ids: { subject: '1', sibling: '2', stranger: '3' },
    owner: 'requestor',
    resource: null,
  });
  const tampered = headers.find(([name]) => name === 'authorization')?.[1].replace('Bearer ', '') ?? '';
  expect(tampered).toHaveLength(opaque.length);
  expect(tampered).not.toBe(opaque);
  expect(secrets.redact(`${opaque} ${tampered}`)).toBe('‹token:requestor› ‹token:requestor:tampered signature›');
});

const tokens = (token: string) => ({ requestor: { token, userId: null } });

test('removeLeaks removes the file with the hit and leaves the others', ({ folder }) => {
  const [clean, leaking, redacted] = ['clean.json', 'leaking.html', 'redacted.md'].map((name) =>
    path.join(folder, name),
  );
  writeFileSync(clean ?? '', 'nothing here');
  writeFileSync(leaking ?? '', `<p>${payload}</p>`);
  writeFileSync(redacted ?? '', known.redact(token));
  const messages = removeLeaks([clean ?? '', leaking ?? '', redacted ?? ''], known);
  expect([clean, leaking, redacted].map((file) => existsSync(file ?? ''))).toEqual([true, false, true]);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain('leaking.html');
  expect(messages[0]).toContain('‹token:requestor:payload›');
  expect(messages[0]).not.toContain(payload);
  expect(readFileSync(clean ?? '', 'utf8')).toBe('nothing here');
});

test('a report with a hit takes its page along, which carries it where nothing finds it', ({ folder }) => {
  const files = ['report.json', 'index.html', 'summary.md'].map((name) => path.join(folder, name));
  const [report = '', page = ''] = files;
  for (const file of files) writeFileSync(file, 'nothing here');
  expect(removeLeaks(files, known)).toEqual([]);
  writeFileSync(report, JSON.stringify({ token }));
  expect(removeLeaks(files, known)).toEqual([
    expect.stringContaining(`${report} held the secret ‹token:requestor`),
    expect.stringContaining(`${page} held the secret ‹token:requestor`),
  ]);
  expect(files.map((file) => existsSync(file))).toEqual([false, false, true]);
});
