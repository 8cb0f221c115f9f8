import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { knownToCatch, shippedMatrixFile, type KillMatrix } from '../../../../src/engine/contract/kill-matrix.js';
import { schemaValidator } from '../../../../src/engine/contract/schemas.js';
import { defaultEdition } from '../../../../src/engine/contract/load.js';
import { judgeFault, judgePair, judgeVariant, problemsOf } from '../../../../src/wings/prove/matrix.js';
import { scoringRows } from '../../../../src/engine/contract/rows.js';
import { judgeSubject, subjectsOf } from '../../../../src/wings/prove/subject.js';
import { packageRoot } from '../../../../src/engine/package.js';
import { expect, runCli, spawnCli, test } from '../../support/cli.js';
import { ofTheDay } from '../../support/daily-seed.js';
import { started, variantOf } from '../../support/subjects.js';

const { contract, faults, variants } = subjectsOf();
const levelOf = new Map(contract.requirements.map(({ id, level }) => [id, level]));

const readMatrix = (file: string): KillMatrix => JSON.parse(readFileSync(file, 'utf8')) as KillMatrix;

const killers = ({ id, killedBy }: KillMatrix['faults'][number]): object => [
  id,
  killedBy.map((row) => row.requirement),
];

/** Of so many faults one is proved here. All were when the shipped matrix was made, which bears the stamp of these sources, and are daily. */
const every = 192;

test('a share of the faults and a variant, others each day, come out as in the shipped matrix', async ({
  folder,
  page,
}) => {
  test.slow();
  const shipped = readMatrix(shippedMatrixFile);
  const some = ofTheDay(shipped.faults, every);
  const freedoms = ofTheDay(shipped.variants, shipped.variants.length);
  const ids = [...some.flatMap(({ id }) => ['--fault', id]), ...freedoms.flatMap(({ id }) => ['--variant', id])];
  const { exitCode, stdout, stderr } = await spawnCli(['prove', '--workers', '1', ...ids], {
    cwd: folder,
    boundMs: 240_000,
  });
  const matrix = readMatrix(path.join(folder, 'reports', 'kill-matrix.json'));
  expect(problemsOf(matrix)).toEqual([]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('✓ PROVED, PARTIAL');
  expect(stdout).toContain(`Faults    ${some.length} of ${some.length} (100 %)`);
  expect(stdout).toContain(`Variants  ${freedoms.length} of ${freedoms.length} (100 %)`);
  expect(shipped.stamp, 'npm run prove makes it anew').toBe(matrix.stamp);
  expect(matrix.partial).toBe(true);
  expect(matrix.faults.map(killers)).toEqual(some.map(killers));
  expect(matrix.variants.map(({ id, state }) => [id, state])).toEqual(freedoms.map(({ id, state }) => [id, state]));

  await test.step('on a page without scripts, requests and messages', async () => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => said.push(request.url()));
    const address = pathToFileURL(path.join(folder, 'reports', 'kill-matrix.html')).href;
    await page.goto(address);
    expect(said).toEqual([address]);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(`${some.length} of ${some.length} faults`);
    await expect(page.locator('#faults + ul > li')).toHaveCount(some.length);
    const named = some.flatMap(({ breaks }) => breaks);
    await expect(page.locator('.of-faults .killed')).toHaveCount(named.length);
    // What a field stands for is said where the focus is, and the field leads to all of it.
    const [first = ''] = named;
    const field = page.locator(`.field[href="#${first}"]`);
    await field.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await expect(field.locator('.says')).toBeVisible();
    await expect(field.locator('.says')).toContainText(
      some.find(({ breaks }) => breaks.includes(first))?.sentence ?? '-',
    );
    await page.keyboard.press('Enter');
    await expect(page.locator(`[id="${first}"]`)).toBeInViewport();
  });
});

test('the shipped matrix is whole: every fault killed, no variant accused', () => {
  const shipped = readMatrix(shippedMatrixFile);
  expect(problemsOf(shipped)).toEqual([]);
  expect(shipped.partial).toBe(false);
  expect(shipped.faults.map(({ id }) => id)).toEqual(faults.map(({ id }) => id));
  expect(shipped.variants.map(({ id }) => id)).toEqual(variants.map(({ id }) => id));
  const validate = schemaValidator('suite/kill-matrix');
  expect(validate(shipped) ? [] : validate.errors).toEqual([]);
});

test('has two faults for each MUST requirement and one for each SHOULD', () => {
  const least = { MUST: 2, SHOULD: 1, MAY: 0 };
  const count = (row: string): number => faults.filter(({ breaks }) => breaks.includes(row)).length;
  const lacking = scoringRows(contract).filter(({ id, level }) => count(id) < least[level]);
  expect(lacking.map(({ id }) => id)).toEqual([]);
});

test('tells each check which faults it is known to catch', ({ embeddedRun }) => {
  const known = knownToCatch(defaultEdition);
  expect(known.problem).toBeNull();
  const told = new Map(embeddedRun.report.checks.map((check) => [check.id, check.knownToCatch]));
  expect(told.get('perm-refuses-similarScopeUser/answers-accepted-status')).toContain('scope-compared-by-prefix');
  expect([...known.byCheck.keys()].filter((check) => !told.has(check))).toEqual([]);
  const must = new Set(contract.requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  const rows = embeddedRun.report.requirements.filter(({ id, verdict }) => must.has(id) && verdict === 'passed');
  const unproved = rows.filter(({ checks }) => !checks.some((check) => (told.get(check) ?? []).length > 0));
  expect(unproved.map(({ id }) => id)).toEqual([]);
});

const asItIs = { kind: 'unaltered', ids: [], areas: null } as const;

test('counts as a kill only what a requirement that the fault names has failed', async () => {
  const areas = ['ADDR'];
  const unaltered = started(await judgeSubject({ ...asItIs, areas }, defaultEdition));
  const result = started(await judgeSubject({ kind: 'fault', ids: ['put-cancels'], areas }, defaultEdition));
  const named = { id: 'put-cancels', sentence: 'x', override: () => ({}) };
  const judged = (breaks: readonly string[], seen: typeof result = result) =>
    judgeFault({ ...named, breaks }, seen, unaltered);

  expect(judged(['CANCEL-ADDR-005']).state).toBe('killed');
  expect(judged(['CANCEL-ADDR-005']).collateral.map(({ requirement }) => requirement)).toEqual(['CANCEL-ADDR-008']);
  expect(judged(['CANCEL-ADDR-004'])).toMatchObject({ state: 'survived', missed: ['CANCEL-ADDR-004'] });
  expect(judged(['CANCEL-ADDR-005', 'CANCEL-ADDR-004']).state).toBe('survived');
  expect(judged([]).state).toBe('survived');
  expect(judged(['CANCEL-ADDR-005'], { ...result, suiteFaults: ['x'] }).state).toBe('survived');
  const untold = { ...result, failed: [], untold: result.failed };
  expect(judged(['CANCEL-ADDR-005'], untold).state).toBe('survived');
  expect(judged(['CANCEL-ADDR-005'], unaltered).state).toBe('changes-nothing');
  expect(judgeFault({ ...named, breaks: ['CANCEL-ADDR-005'] }, { cannotStart: 'no port' }, unaltered)).toMatchObject({
    state: 'cannot-start',
    reason: 'no port',
  });
});

test('accuses nobody for a warning that its freedom explains, and tells of every other', async () => {
  const part = { areas: null, withoutCells: true } as const;
  const result = await judgeSubject({ kind: 'fault', ids: ['success-without-request-id'], ...part }, defaultEdition);
  const unaltered = started(await judgeSubject({ ...asItIs, ...part }, defaultEdition));
  const variant = { id: 'x', sentence: 'x', touches: ['CANCEL-RESP-006'], override: () => ({}) };
  expect(levelOf.get('CANCEL-RESP-006')).toBe('SHOULD');
  expect(judgeVariant(variant, result, unaltered).state).toBe('conformant');
  expect(judgeVariant({ ...variant, touches: ['C-1'] }, result, unaltered)).toMatchObject({
    state: 'accused',
    failed: ['CANCEL-RESP-006'],
  });
  expect(judgeVariant(variant, { cannotStart: 'no port' }, unaltered).state).toBe('cannot-start');
});

test('sees which rows a variant answers otherwise, beside the clauses that it names', async () => {
  const part = { areas: ['PERM'], withoutCells: true } as const;
  const unaltered = started(await judgeSubject({ ...asItIs, ...part }, defaultEdition));
  const touches: Record<string, readonly string[]> = {};
  for (const id of ['foreign-request-404', 'personal-account-400', 'connection-close']) {
    const result = await judgeSubject({ kind: 'variant', ids: [id], ...part }, defaultEdition);
    touches[id] = judgeVariant(variantOf(id), result, unaltered).touches;
  }
  expect(touches).toEqual({
    'foreign-request-404': ['C-8', 'CANCEL-PERM-003'],
    'personal-account-400': ['CANCEL-PERM-005'],
    'connection-close': variantOf('connection-close').touches,
  });
});

test('counts a pair as caught only by a row of its area that one of the two names', async () => {
  const first = { id: 'get-cancels', sentence: 'x', breaks: ['CANCEL-ADDR-003'], override: () => ({}) };
  const second = { ...first, id: 'put-cancels', breaks: ['CANCEL-ADDR-005'] };
  const pair = { faults: [first, second], area: 'ADDR' } as const;
  const result = started(
    await judgeSubject({ kind: 'pair', ids: [first.id, second.id], areas: ['ADDR'] }, defaultEdition),
  );
  expect(judgePair(pair, result)).toMatchObject({ state: 'killed', area: 'ADDR' });
  const strange = { ...first, breaks: ['CANCEL-ADDR-001'] };
  expect(judgePair({ ...pair, faults: [strange, strange] }, result).state).toBe('survived');
  expect(judgePair(pair, { ...result, suiteFaults: ['x'] }).state).toBe('survived');
  expect(judgePair(pair, { cannotStart: 'no port' })).toMatchObject({ state: 'cannot-start', reason: 'no port' });
});

test('is no proof without faults or without variants', () => {
  const matrix = {
    schemaVersion: 1,
    suite: { name: 'x', version: '1' },
    edition: defaultEdition,
    stamp: 'x',
    partial: false,
    faults: [],
    variants: [],
  } as const;
  expect(problemsOf(matrix)).toHaveLength(1);
  expect(problemsOf({ ...matrix, partial: true })).toHaveLength(1);
});

for (const [args, says] of [
  [['--fault', 'put-cancel'], /--fault put-cancel: no such one; did you mean put-cancels\?/],
  [['--variant', 'x'], /--variant x: no such one/],
  [['--workers', '0'], /--workers 0: give a whole number/],
  [['--pairs', '3/2'], /--pairs 3\/2: give a share as i\/n/],
  [['--pairs', 'all'], /--pairs all: give a share as i\/n/],
  [['--across', '3/2'], /--across 3\/2: give a share as i\/n/],
  [['--across', 'success-20'], /--across success-20: no such one; did you mean success-200\?/],
  [['--edition', 'beta-1999'], /no edition beta-1999/],
] as const) {
  test(`answers prove ${args.join(' ')} with exit code 2`, async ({ folder }) => {
    const { exitCode, stderr } = await runCli(['prove', ...args], { cwd: folder });
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
  });
}

test('takes a thread that ends, however it does, for an error, and does not wait for it', async ({ folder }) => {
  const endings = {
    'by itself': '() => process.exit(0)',
    'by an error': "() => { throw new Error('out of the blue'); }",
    'by an error that nobody awaits': "() => new Promise(() => setTimeout(() => { throw new Error('late'); }))",
  };
  // In a process without the module loader of the test runner, which the threads would have, too, and not always survive.
  const main = path.join(folder, 'main.mjs');
  const threads = pathToFileURL(path.join(packageRoot, 'dist', 'src', 'wings', 'prove', 'threads.js')).href;
  const files = Object.entries(endings).map(([how, code]) => {
    const file = path.join(folder, `${how}.mjs`);
    writeFileSync(file, `export default ${code};\n`);
    return [how, file];
  });
  writeFileSync(
    main,
    `import { openThreads } from ${JSON.stringify(threads)};
    const subject = ${JSON.stringify(asItIs)};
    const judge = async ([how, file]) => {
      const { judge, close } = openThreads(2, ${JSON.stringify(defaultEdition)}, file);
      const came = await judge([subject, subject, subject]).then(() => 'to results', ({ message }) => message);
      await close();
      return [how, came];
    };
    console.log(JSON.stringify(Object.fromEntries(await Promise.all(${JSON.stringify(files)}.map(judge)))));\n`,
  );
  const { exitCode, stdout, stderr } = await spawnCli([], { cwd: folder, main });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    'by itself': 'a thread of the proof ended by itself',
    'by an error': 'out of the blue',
    'by an error that nobody awaits': 'late',
  });
});
