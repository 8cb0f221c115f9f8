import { expect, test } from '@playwright/test';
import { derivations } from '../../../src/report/reproducer.js';
import type { PreparedCredential } from '../../../src/engine/endpoint.js';
import { anonymousForms, credentials, type CredentialForm } from '../../../src/cancel/forms/credentials.js';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = { alg: 'RS256', kid: 'one' };
const claims = { sub: 'somebody', jti: 'as-signed' };
const signature = 'AAAABBBBCCCC';
const jwt = [encoded(header), encoded(claims), signature].join('.');

/** The token that a form sends in the place of another one. */
function sent(form: CredentialForm, token: string): string {
  const made: PreparedCredential | null = credentials[form](token, 'requestor');
  return /^Bearer (.*)$/.exec(made?.authorization ?? '')?.[1] ?? '';
}

const parts = (token: string): readonly string[] => token.split('.');
const decoded = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** Where two texts of one length differ. */
const differences = (one: string, other: string): readonly number[] =>
  Array.from(one, (_, at) => at).filter((at) => one[at] !== other[at]);

test('a tampered signature is another one in one character, and all else stays', () => {
  const tampered = sent('tampered-signature', jwt);
  expect(tampered).toHaveLength(jwt.length);
  expect(differences(jwt, tampered)).toEqual([jwt.lastIndexOf('.') + 1 + signature.length / 2]);
  const ofAs = [...parts(jwt).slice(0, 2), 'AAAAAA'].join('.');
  expect(differences(ofAs, sent('tampered-signature', ofAs))).toEqual([ofAs.length - 3]);
});

test('a tampered payload has other claims under the same header and signature', () => {
  const [head, payload, end, ...rest] = parts(sent('tampered-payload', jwt));
  expect([head, end, rest]).toEqual([parts(jwt)[0], signature, []]);
  expect(decoded(payload)).toEqual({ ...claims, jti: 'changed-after-signing' });
});

test('an unsigned token says so in its header, has the same claims and no signature', () => {
  const [head, payload, end, ...rest] = parts(sent('unsigned-token', jwt));
  expect(decoded(head)).toEqual({ ...header, alg: 'none' });
  expect([payload, end, rest]).toEqual([parts(jwt)[1], '', []]);
});

for (const [shape, token, at] of [
  ['a payload and a mac', 'cGF5bG9hZC1vZi0x.bWFjLW9mLTE', 17],
  ['a signed cookie', 'value-of-1:1700000000:c2lnbmF0dXJl', 22],
  ['four parts', 'one.two.three.signature', 14],
] as const) {
  test(`of ${shape}, the signature is the last part: changed in two places, emptied, cut off, and kept`, () => {
    const signed = token.slice(0, at - 1);
    const last = token.slice(at);
    expect(differences(token, sent('tampered-signature', token))).toEqual([at + Math.floor(last.length / 2)]);
    expect(differences(token, sent('tampered-signature-start', token))).toEqual([at]);
    expect(sent('signature-emptied', token)).toBe(token.slice(0, at));
    expect(sent('signature-cut-off', token)).toBe(signed);
    const payload = sent('tampered-payload', token);
    expect(differences(token, payload)).toEqual([Math.floor(signed.length / 2)]);
  });

  test(`of ${shape}, no algorithm can be claimed`, () => {
    expect(credentials['unsigned-token'](token, 'requestor')).toBeNull();
    expect(credentials['algorithm-none'](token, 'requestor')).toBeNull();
  });
}

test('a token without parts is changed once, and nothing else is claimed to be made of it', () => {
  const token = 'an-opaque-token';
  expect(differences(token, sent('tampered-signature', token))).toEqual([7]);
  for (const form of [
    'tampered-signature-start',
    'tampered-payload',
    'unsigned-token',
    'algorithm-none',
    'signature-emptied',
    'signature-cut-off',
  ] as const) {
    expect(credentials[form](token, 'requestor'), form).toBeNull();
  }
});

test('algorithm none and a removed signature are tried apart, too', () => {
  const [head, payload, end] = parts(sent('algorithm-none', jwt));
  expect(decoded(head)).toEqual({ ...header, alg: 'none' });
  expect([payload, end]).toEqual([parts(jwt)[1], signature]);
  expect(parts(sent('signature-emptied', jwt))).toEqual([...parts(jwt).slice(0, 2), '']);
});

test('a reader is told how each token was made of another one', () => {
  const made = Object.values(credentials).flatMap((form) => {
    const credential: PreparedCredential | null = form(jwt, 'requestor');
    const [kind, of, how] = credential?.derived?.name.split(':') ?? [];
    return kind === 'token' && of === 'requestor' && how !== undefined ? [how] : [];
  });
  expect(made.length).toBeGreaterThan(6);
  expect(made.filter((how) => derivations[how] === undefined)).toEqual([]);
});

test('a form that needs no token of a persona sends none', () => {
  for (const form of anonymousForms) {
    expect(JSON.stringify(credentials[form](jwt, 'requestor'))).not.toContain(jwt);
  }
});
