import { expect, test } from '@playwright/test';
import { addresses, type AddressForm } from '../../../src/cancel/forms/addresses.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { bodies } from '../../../src/cancel/forms/bodies.js';
import type { NamedPath } from '../../../src/engine/endpoint.js';

const forms = Object.keys(addresses) as readonly AddressForm[];

/** In which only a careless reader finds a request. */
const isLeading = (form: AddressForm): boolean => /^(?:double-)?encoded-/.test(form);

const made = (form: AddressForm, subject: string): NamedPath | null =>
  addresses[form]({
    ids: { subject, sibling: `${subject}-sibling`, stranger: `${subject}-stranger` },
    collection: 'accessPackageAssignmentRequests',
  });

/** What stands where the id belongs, as it goes on the wire. */
const segmentIn = (address: NamedPath | null): string => address?.path.split('/')[2] ?? '';

for (const subject of ['5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30', 'a b/\u00fc', '%4a/4 7b']) {
  test(`a body names the very request that the path names: ${subject}`, () => {
    const plain = forms.filter((form) => !isLeading(form));
    const naming = plain.map((form) => made(form, subject)).filter((address) => address?.named !== undefined);
    for (const form of forms.filter(isLeading)) {
      expect(made(form, subject)?.named, form).toBe(`${subject}-sibling`);
      expect(segmentIn(made(form, subject)), form).toContain(encodeURIComponent(`${subject}-sibling`));
    }
    expect(naming.map((address) => decodeURIComponent(segmentIn(address)))).toEqual(
      naming.map((address) => address?.named),
    );
    expect(naming).not.toEqual([]);
    expect(decodeURIComponent(segmentIn(made('own', subject)))).toBe(subject);
    expect(made('sibling', subject)?.named).toBe(`${subject}-sibling`);
  });

  test(`other spellings name the same request: ${subject}`, () => {
    const encoded = segmentIn(made('id-percent-encoded', subject));
    expect(encoded).not.toBe(encodeURIComponent(subject));
    expect(decodeURIComponent(encoded)).toBe(subject);
    expect(decodeURIComponent(segmentIn(made('id-in-capitals', subject)))).toBe(subject.toUpperCase());
    for (const form of ['trailing-slash', 'with-query', 'other-collection', 'action-percent-encoded'] as const) {
      expect(decodeURIComponent(segmentIn(made(form, subject))), form).toBe(subject);
    }
  });
}

test('an id without letters has no capitals, and one of signs alone no other encoding', () => {
  expect(made('id-in-capitals', '1234-5')).toBeNull();
  expect(made('id-percent-encoded', '--')).toBeNull();
});

test('no id that a target numbers is changed into another number: that may be a request of somebody', () => {
  const subject = '202611300000000017';
  const ids = { subject, sibling: '1', stranger: '2' };
  for (const form of forms.filter((one) => one !== 'unknown-id')) {
    const segment = decodeURIComponent(segmentIn(made(form, subject)).replace('%zz', '').replace('%FF', ''));
    expect(/^[0-9]+$/.test(segment) && ![subject, `${subject}-sibling`].includes(segment), form).toBe(false);
  }
  for (const form of ['id-prefix', 'id-longer'] as const) {
    const body = bodies[form]({ edition: loadContract().edition, ids, callerId: null, token: null, resource: null });
    expect((JSON.parse(body.toString()) as { readonly id: string }).id, form).not.toMatch(/^[0-9]+$/);
  }
});
