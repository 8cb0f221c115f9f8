import { expect, test } from '@playwright/test';
import { cloudsWith, unservedThere } from '../../../src/target/clouds.js';

test('each cloud is known to serve cancel in the APIs that the pages of the endpoint name', () => {
  expect(cloudsWith('beta', true)).toEqual(['global', 'china']);
  expect(cloudsWith('beta', false)).toEqual(['usGov', 'usGovDoD']);
  expect(cloudsWith('v1.0', false)).toEqual([]);
  expect(unservedThere('https://graph.microsoft.us/beta', 'beta')).toBe(
    'the cloud usGov does not serve cancel in beta (it does in global, china); there it is in v1.0: set baseUrl to https://graph.microsoft.us/v1.0 and choose an edition of v1.0',
  );
  for (const [baseUrl, api] of [
    ['https://graph.microsoft.us/v1.0', 'v1.0'],
    ['https://graph.microsoft.com/beta', 'beta'],
    ['https://gateway.example/beta', 'beta'],
  ] as const)
    expect(unservedThere(baseUrl, api)).toBeNull();
});
