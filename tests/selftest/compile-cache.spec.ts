import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { keepCompiledCode } from '../../src/cli/compile-cache.js';

/** Whatever was asked of the platform, by a call with these variables and no others of their kind. */
const test = base.extend<{ asked: (variables: Readonly<Record<string, string>>) => unknown[][] }>({
  asked: async ({}, use) => {
    const before = { ...process.env };
    await use((variables) => {
      delete process.env['NODE_COMPILE_CACHE'];
      delete process.env['XDG_CACHE_HOME'];
      Object.assign(process.env, variables);
      const calls: unknown[][] = [];
      keepCompiledCode({ enableCompileCache: (...args: unknown[]) => calls.push(args) });
      return calls;
    });
    process.env = before;
  },
});

test('compiled code is kept in a folder of the user, for the workers too', ({ asked }) => {
  const folder = path.join(homedir(), '.cache', 'cancel-conformance');
  expect(asked({})).toEqual([[folder]]);
  expect(process.env['NODE_COMPILE_CACHE']).toBe(folder);
});

test('compiled code is kept where the user keeps what can be lost', ({ asked }) => {
  expect(asked({ XDG_CACHE_HOME: '/var/cache/me' })).toEqual([['/var/cache/me/cancel-conformance']]);
});

test('a folder that somebody has chosen stays chosen', ({ asked }) => {
  expect(asked({ NODE_COMPILE_CACHE: '/chosen' })).toEqual([]);
  expect(process.env['NODE_COMPILE_CACHE']).toBe('/chosen');
});

test('an older platform keeps nothing', () => {
  const before = process.env['NODE_COMPILE_CACHE'];
  keepCompiledCode({});
  expect(process.env['NODE_COMPILE_CACHE']).toBe(before);
});
