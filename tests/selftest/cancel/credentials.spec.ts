import { expect, test } from '@playwright/test';
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

for (const opaque of ['an-opaque-token', 'with.one-dot', 'with.three.dots.inside']) {
  for (const form of ['tampered-signature', 'tampered-payload', 'unsigned-token'] as const) {
    test(`${form} of a token that is none of three segments changes one character: ${opaque}`, () => {
      const tampered = sent(form, opaque);
      expect(tampered).toHaveLength(opaque.length);
      expect(differences(opaque, tampered)).toEqual([Math.floor(opaque.length / 2)]);
    });
  }
}

test('a form that needs no token of a persona sends none', () => {
  for (const form of anonymousForms) {
    expect(JSON.stringify(credentials[form](jwt, 'requestor'))).not.toContain(jwt);
  }
});
