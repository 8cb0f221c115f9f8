import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { keepCompiledCode } from '../../../src/cli/compile-cache.js';

const names = ['HOME', 'NODE_COMPILE_CACHE', 'XDG_CACHE_HOME'] as const;

/** In place: the platform looks for the user's home behind `process.env`. */
function setVariables(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

/** Whatever was asked of the platform, by a call with these variables and no others of their kind. */
const test = base.extend<{ asked: (variables: Readonly<Record<string, string>>) => unknown[][] }>({
  asked: async ({}, use) => {
    const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    await use((variables) => {
      setVariables({ ...before, NODE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: undefined, ...variables });
      const calls: unknown[][] = [];
      keepCompiledCode({ enableCompileCache: (...args: unknown[]) => calls.push(args) });
      return calls;
    });
    setVariables(before);
  },
});

test('compiled code is kept in a folder of the user, and the environment stays as it was', ({ asked }) => {
  const folder = path.join(homedir(), '.cache', 'cancel-conformance');
  expect(asked({})).toEqual([[folder]]);
  expect(process.env['NODE_COMPILE_CACHE']).toBeUndefined();
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

test('a relative folder is none, and nothing is kept where there is no other', ({ asked }) => {
  for (const chosen of ['', 'here']) {
    expect(asked({ XDG_CACHE_HOME: chosen, HOME: '/nobody' })).toEqual([['/nobody/.cache/cancel-conformance']]);
    expect(asked({ XDG_CACHE_HOME: chosen, HOME: '' })).toEqual([]);
  }
});
