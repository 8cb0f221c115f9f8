import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KillMatrix } from '../../../../src/engine/contract/kill-matrix.js';
import { schemaValidator } from '../../../../src/engine/contract/schemas.js';
import { expect, spawnCli, test } from '../../support/cli.js';
import { dailySeed } from '../../support/daily-seed.js';

/** Where the personas stand is for the target to choose: every fault has to show under each layout. */
const layouts = ['defective-personas-without-a-role', 'defective-personas-owners'];

/** What the whole cross left to be asked, fault by variant: docs/how-it-proves-itself.md says why each may be. */
const asked: Readonly<Record<string, readonly string[]>> = {
  'effect-within-settle-time': ['cancel-undone-a-moment-later', 'lost-race-crashes', 'lost-race-rolled-back-too-far'],
  'bodies-of-administrators-unread': ['role-cached-by-request', 'administrator-cached-by-address'],
  'invalid-utf8-replaced': ['unreadable-body-crashes'],
  'first-duplicate-counts': ['ids-asserted-equal'],
  'overlong-id-414': ['malformed-id-crashes', 'overlong-id-crashes'],
  'lower-case-header-names': ['allow-in-lower-case'],
  'capital-header-names': ['allow-in-lower-case'],
};

/** There are some 24,000 faults over variants: each day another share of them, chosen by the day's seed. */
const shares = 20;

/** Longest that it may take on a busy machine of two cores, in milliseconds. */
const boundMs = 1_200_000;

test('no freedom of a target hides a mistake: each layout of the personas, and the share of the day of all variants', async ({
  folder,
}) => {
  test.setTimeout(boundMs);
  const share = `${(dailySeed % shares) + 1}/${shares}`;
  const { exitCode, stdout } = await spawnCli(['prove', '--across', ...layouts, share], { cwd: folder, boundMs });
  const matrix = JSON.parse(readFileSync(path.join(folder, 'reports', 'kill-matrix.json'), 'utf8')) as KillMatrix;
  const across = matrix.across ?? [];
  const survivors = across.filter(({ state }) => !['killed', 'hidden', 'not-demanded'].includes(state));
  expect(survivors.filter(({ fault, variant }) => asked[variant]?.includes(fault) !== true)).toEqual([]);
  expect(stdout).toMatch(/^ {2}Across /m);
  expect(exitCode).toBe(Number(survivors.length > 0));
  const named = matrix.faults.filter(({ id }) => !id.startsWith('derived:'));
  for (const layout of layouts) {
    const results = across.filter(({ variant }) => variant === layout);
    expect(results).toHaveLength(named.length);
    expect(results.filter(({ state }) => state === 'hidden').length).toBeLessThan(3);
  }
  expect(across.length).toBeGreaterThan(20_000 / shares);
});

/** What becomes of two faults under a layout that hides one, and under a reading that leaves the other to the target. */
const becoming = [
  {
    over: 'defective-personas-without-a-role',
    summary: '1 of 2 killed, 1 hidden by the variant, 0 not demanded under its readings',
    states: ['role-read-for-scope hidden', 'status-told-before-ownership killed'],
    says: 'hides role-read-for-scope',
  },
  {
    over: 'role-demanded-for-own',
    summary: '1 of 2 killed, 0 hidden by the variant, 1 not demanded under its readings',
    states: ['role-read-for-scope killed', 'status-told-before-ownership not-demanded'],
    says: 'leaves to the target: status-told-before-ownership',
  },
];

// A variant alone and what it hides take all cells.
for (const { over: variant, summary, states, says } of becoming) {
  test(`the command tells what became of each over ${variant}`, async ({ folder }) => {
    const ids = ['--fault', 'role-read-for-scope', 'status-told-before-ownership', '--across', variant];
    // On one thread: to start another and to warm it up takes longer than it saves.
    const args = ['prove', '--workers', '1', ...ids];
    const { exitCode, stdout, stderr } = await spawnCli(args, { cwd: folder, boundMs: 120_000 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`Across    ${summary}\n`);
    const matrix = JSON.parse(readFileSync(path.join(folder, 'reports', 'kill-matrix.json'), 'utf8')) as KillMatrix;
    const became = matrix.across?.map((one) => [one.variant, `${one.fault} ${one.state}`]) ?? [];
    expect(became.toSorted()).toEqual(states.map((state) => [variant, state]));
    expect(matrix.variants.map(({ id, state }) => [id, state])).toEqual([[variant, 'conformant']]);
    const validate = schemaValidator('suite/kill-matrix');
    expect(validate(matrix) ? [] : validate.errors).toEqual([]);
    expect(readFileSync(path.join(folder, 'reports', 'kill-matrix.html'), 'utf8')).toContain(says);
  });
}
