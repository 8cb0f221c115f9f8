import { expect, test } from '@playwright/test';
import { claimsInWords, identityIn, tokenEndMs, userIdOf } from '../../../src/arrange/claims.js';

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with these claims, signed by nobody. */
const tokenOf = (claims: object): string => `${encoded({ alg: 'none' })}.${encoded(claims)}.`;

const user = { tid: 'a-tenant', oid: 'a-user', scp: 'One  Two' };
const application = { tid: 'a-tenant', oid: 'a-service', idtyp: 'app', roles: ['Role'] };

test('a token of a user says whose it is', () => {
  const token = tokenOf({ ...user, exp: 2_000_000_000 });
  expect(identityIn(token)).toEqual({
    ...{ tenant: 'a-tenant', userId: 'a-user', application: false, scopes: ['One', 'Two'] },
  });
  expect(userIdOf(token)).toBe('a-user');
  expect(tokenEndMs(token)).toBe(2_000_000_000_000);
});

test('an application is no user, though it has an id', () => {
  const token = tokenOf(application);
  expect(identityIn(token)).toEqual({ tenant: 'a-tenant', userId: null, application: true, scopes: [] });
  expect(userIdOf(token)).toBeNull();
  expect(claimsInWords(token)).toBe('application, Role, tenant a-tenant');
});

test('what a token does not say, or says in another form, is not known', () => {
  const token = tokenOf({ tid: 1, oid: ['a-user'], exp: '2000000000' });
  expect(identityIn(token)).toEqual({ tenant: null, userId: null, application: false, scopes: [] });
  expect(userIdOf(token)).toBeNull();
  expect(tokenEndMs(token)).toBeNull();
  expect(claimsInWords(token)).toBe('delegated, no permission');
});

test('of what is no token nothing is known', () => {
  for (const token of ['', 'opaque', 'a.b.c']) {
    expect(identityIn(token)).toBeNull();
    expect(userIdOf(token)).toBeNull();
    expect(tokenEndMs(token)).toBeNull();
    expect(claimsInWords(token)).toBeNull();
  }
});
