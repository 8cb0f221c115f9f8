import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { readOptions } from '../../../scripts/mutants/options.js';
import { pick, withoutEquivalents, type SitesByRoom } from '../../../scripts/mutants/pick.js';
import { marked, readReach } from '../../../scripts/mutants/reach.js';
import { relatedSpecs } from '../../../scripts/mutants/related.js';
import { allSites, byRoom, onLine } from '../../../scripts/mutants/rooms.js';
import { mutated, sitesIn, type Site } from '../../../scripts/mutants/sites.js';
import { renderTried } from '../../../scripts/mutants/table.js';
import { ConfigurationError } from '../../../src/engine/errors.js';
import { readDataFile } from '../../../src/engine/data-file.js';
import { packageRoot } from '../../../src/engine/package.js';
import { test } from '../support/temporary-folder.js';

/** What the mutants of a source read, by mutation. */
const mutantsOf = (source: string): readonly (readonly [mutation: string, text: string])[] =>
  sitesIn('src/x.ts', source).map((site) => [site.mutation, mutated(source, site)]);

test.describe('mutations', () => {
  for (const [source, ...mutants] of [
    ['x = a === b;', ['operator === to !==', 'x = a !== b;']],
    ['x = a !== b;', ['operator !== to ===', 'x = a === b;']],
    ['x = a && b;', ['operator && to ||', 'x = a || b;']],
    ['x = a || b;', ['operator || to &&', 'x = a && b;']],
    ['x = a < b;', ['boundary < to <=', 'x = a <= b;']],
    ['x = a <= b;', ['boundary <= to <', 'x = a < b;']],
    ['x = a > b;', ['boundary > to >=', 'x = a >= b;']],
    ['x = a >= b;', ['boundary >= to >', 'x = a > b;']],
    ['x = !a;', ['! dropped', 'x = a;']],
    ['x = true;', ['true to false', 'x = false;']],
    ['x = false;', ['false to true', 'x = true;']],
    ['x = 5;', ['number 5 to 4', 'x = 4;'], ['number 5 to 6', 'x = 6;']],
    ['x = 0;', ['number 0 to 1', 'x = 1;']],
    ['if (a) b = c;', ['condition negated', 'if (!(a)) b = c;']],
    ['x = a ? b : c;', ['condition negated', 'x = !(a) ? b : c;']],
    ['x = a.some(b);', ['some to every', 'x = a.every(b);']],
    ['x = a.every(b);', ['every to some', 'x = a.some(b);']],
    ['a(b);', ['call removed', ';']],
    ['await a(b);', ['call removed', ';']],
    ['void a(b);', ['call removed', ';']],
    ['const f = () => { return a; };', ['result replaced by undefined', 'const f = () => { return undefined; };']],
    [
      'const f = () => { if (!a) return; b = c; };',
      ['early return removed', 'const f = () => { ; b = c; };'],
      ['! dropped', 'const f = () => { if (a) return; b = c; };'],
    ],
    [
      'const f = () => { if (!a) { return; } b = c; };',
      ['early return removed', 'const f = () => { ; b = c; };'],
      ['! dropped', 'const f = () => { if (a) { return; } b = c; };'],
    ],
  ] as const) {
    test(source, () => {
      expect(mutantsOf(source)).toEqual(mutants);
    });
  }

  for (const [what, source] of [
    ['a type', 'const a: true | 1 = b as 2 | false;'],
    ['a declared type', 'type A = true; interface B { a: 1 }'],
    ['the type of a call', 'x = a<true>(b);'],
    ['an import', "import a from './a.js';"],
    ['an export', "export { a } from './a.js';"],
    ['the name of a member', 'x = { 200: a };'],
    ['a bound of time or size', 'x = 120_000;'],
    ['a fallback', "x = a ?? '';"],
    ['nothing that is returned', 'const f = () => { return undefined; };'],
    ['a boolean that is returned', 'const f = (): boolean => { return a; };'],
    ['a constructor', 'class A extends B { constructor() { super(); } }'],
  ] as const) {
    test(`spare ${what}`, () => {
      expect(mutantsOf(source)).toEqual([]);
    });
  }

  for (const [what, source, other] of [
    ['a condition that its operator turns around', 'if (a === b) c = d;', 'operator === to !=='],
    ['a condition that it turns around without its !', 'if (!a) b = c;', '! dropped'],
    ['a return that has an else', 'const f = () => { if (a !== b) return; else c = d; };', 'operator !== to ==='],
    ['a boolean that is compared', 'const f = () => { return a < b; };', 'boundary < to <='],
  ] as const) {
    test(`spare ${what}`, () => {
      expect(mutantsOf(source).map(([mutation]) => mutation)).toEqual([other]);
    });
  }

  test('say where they are', () => {
    const source = '// Why.\nconst f = () => {\n  if (a === b) c();\n};\n';
    expect(sitesIn('src/x.ts', source)).toEqual([
      expect.objectContaining({
        file: 'src/x.ts',
        line: 3,
        text: 'if (a === b) c();',
        mutation: 'operator === to !==',
      }),
      expect.objectContaining({ file: 'src/x.ts', line: 3, text: 'if (a === b) c();', mutation: 'call removed' }),
    ]);
  });
});

/** A source with a mark of each site, as short as it can be written. */
const markedAll = (source: string): string =>
  marked(
    source,
    sitesIn('src/x.ts', source).map((site, place) => ({ site, place })),
  ).replaceAll('globalThis.cancelConformanceReached?.', 'at');

test.describe('marks', () => {
  for (const [source, text] of [
    ['function f() { g(); }', 'function f() { at(0); g(); }'],
    ['function f() { if (a) g(); }', 'function f() { at(0); if (a) { at(1); g(); } }'],
    [
      'function f() { if (a) g(); else if (b) h(); }',
      'function f() { at(0); if (a) { at(1); g(); } else { at(2); if (b) { at(3); h(); } } }',
    ],
    ['const f = (a) => a === b;', 'const f = (a) => (at(0), a === b);'],
    ['const f = (a) => { const b = a === c; };', 'const f = (a) => { at(0); const b = a === c; };'],
    [
      'function f() { return a.map((b) => b === 2); }',
      'function f() { at(0); return a.map((b) => (at(3), (at(2), (at(1), b === 2)))); }',
    ],
    ['function f() { switch (a) { case b: g(); } }', 'function f() { switch (a) { case b: at(0); g(); } }'],
    // Carried out while the module is loaded.
    ['const a = b === c;', 'const a = b === c;'],
    ['const f = (a = 1) => g(a);', 'const f = (a = 1) => g(a);'],
    ['class A { #a = 0; }', 'class A { #a = 0; }'],
  ] as const) {
    test(`stand where the site is carried out: ${source}`, () => {
      expect(markedAll(source)).toBe(text);
    });
  }

  test('are told by the tests that reached them', ({ folder }) => {
    const file = path.join(folder, 'reached.jsonl');
    const note = (place: number, spec: string, line: number): void => {
      appendFileSync(file, `${JSON.stringify({ place, file: path.join(folder, 'tests', spec), line })}\n`);
    };
    expect([...readReach(file, folder)]).toEqual([]);
    note(0, 'a.spec.ts', 3);
    note(2, 'a.spec.ts', 3);
    note(0, 'b.spec.ts', 4);
    note(0, 'a.spec.ts', 3);
    expect([...readReach(file, folder)]).toEqual([
      [0, new Set(['tests/a.spec.ts:3', 'tests/b.spec.ts:4'])],
      [2, new Set(['tests/a.spec.ts:3'])],
    ]);
  });
});

let found: readonly Site[] | null = null;
/** Found by the test that asks first: whoever only loads this file has no use for them. */
const sitesOfProject = (): readonly Site[] => (found ??= allSites(packageRoot));

function firstOf([site]: readonly Site[]): Site {
  if (!site) throw new Error('there is no site');
  return site;
}

/** So many sites of a room; none of them is looked at. */
const madeUp = (room: string, count: number): readonly Site[] =>
  Array.from({ length: count }, (_, index) => ({
    file: `src/${room}/x.ts`,
    line: index + 1,
    text: `x = ${index + 1};`,
    mutation: 'call removed',
    start: 0,
    end: 1,
    replacement: ';',
  }));

const rooms: SitesByRoom = new Map([
  ['large', madeUp('large', 1000)],
  ['small', madeUp('small', 30)],
  ['tiny', madeUp('tiny', 2)],
]);

const countedBy = (of: SitesByRoom, settings: { readonly seed: number; readonly count: number }): unknown => {
  const picked = pick(of, settings);
  return Object.fromEntries([...of.keys()].map((name) => [name, picked.filter(({ room }) => room === name).length]));
};

test.describe('a sample', () => {
  test('is the same by the same seed, and another one by another', () => {
    const [once, again, other] = [7, 7, 8].map((seed) => pick(rooms, { seed, count: 30 }));
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  test('begins as a smaller one of its seed', () => {
    expect(pick(rooms, { seed: 7, count: 30 }).slice(0, 9)).toEqual(pick(rooms, { seed: 7, count: 9 }));
  });

  test('is spread over the rooms as evenly as they allow', () => {
    expect(countedBy(rooms, { seed: 7, count: 3 })).toEqual({ large: 1, small: 1, tiny: 1 });
    expect(countedBy(rooms, { seed: 7, count: 30 })).toEqual({ large: 14, small: 14, tiny: 2 });
    expect(countedBy(rooms, { seed: 7, count: 4 })).toEqual({ large: 2, small: 1, tiny: 1 });
  });

  test('takes no site twice, and ends when there are no more', () => {
    const picked = pick(rooms, { seed: 7, count: 5000 });
    expect(picked).toHaveLength(1032);
    expect(new Set(picked.map(({ site }) => site)).size).toBe(1032);
  });

  test('reaches all of a room', () => {
    const seen = new Set(
      Array.from({ length: 200 }, (_, seed) => pick(rooms, { seed, count: 2 })).flatMap((picked) =>
        picked.flatMap(({ room, site }) => (room === 'small' ? site.line : [])),
      ),
    );
    expect(seen.size).toBe(30);
  });
});

test.describe('equivalent mutants', () => {
  const source = 'a = b === c;\nd = b === c;\na = b === c;\n';
  const sites = sitesIn('src/x.ts', source);
  const entry = { file: 'src/x.ts', line: 'd = b === c;', mutation: 'operator === to !==', reason: 'it is the same' };

  const listed = (folder: string, ...entries: readonly object[]): ReturnType<typeof readDataFile> => {
    const file = path.join(folder, 'equivalent-mutants.yaml');
    writeFileSync(file, JSON.stringify({ equivalent: entries }));
    return readDataFile(file);
  };

  test('are left out', ({ folder }) => {
    expect([...withoutEquivalents(sites, listed(folder, entry))].map(({ line }) => line)).toEqual([1, 3]);
  });

  test('are left out one by one where a file has several that read the same', ({ folder }) => {
    const second = { ...entry, line: 'a = b === c;', nth: 2 };
    expect([...withoutEquivalents(sites, listed(folder, second))].map(({ line }) => line)).toEqual([1, 2]);
  });

  for (const [what, changed, why] of [
    ['a line that is not there', { line: 'e = b === c;' }, 'there is no such place any more'],
    ['a file that is not there', { file: 'src/y.ts' }, 'there is no such place any more'],
    ['a mutation that is not made there', { mutation: '! dropped' }, 'there is no such place any more'],
    ['one more than there are', { nth: 2 }, 'there is no such place any more'],
    ['several at once', { line: 'a = b === c;' }, 'there are 2 such places: say which one with nth'],
    ['no reason', { reason: '' }, 'needs file, line, mutation and reason as texts, and nth, if any, from 1'],
    ['a number from 0', { nth: 0 }, 'needs file, line, mutation and reason as texts, and nth, if any, from 1'],
  ] as const) {
    test(`are refused: ${what}`, ({ folder }) => {
      const list = listed(folder, entry, { ...entry, ...changed });
      expect(() => withoutEquivalents(sites, list)).toThrow(ConfigurationError);
      expect(() => withoutEquivalents(sites, list)).toThrow(new RegExp(`:1: equivalent\\[1\\]: ${why}$`));
    });
  }

  test('are refused without a list of them', ({ folder }) => {
    const file = path.join(folder, 'equivalent-mutants.yaml');
    writeFileSync(file, 'other: []\n');
    expect(() => withoutEquivalents(sites, readDataFile(file))).toThrow(/needs a list called equivalent/);
  });

  test('that are listed are there', () => {
    const all = sitesOfProject();
    const list = readDataFile(path.join(packageRoot, 'proof', 'equivalent-mutants.yaml'));
    expect(withoutEquivalents(all, list).size).toBeLessThanOrEqual(all.length);
  });
});

test.describe('the sites of this project', () => {
  test('are in each room, and neither in what is made from schemas nor in what browsers run', () => {
    const all = sitesOfProject();
    const usual = byRoom(all, readOptions([]).rooms);
    expect([...usual].filter(([, sites]) => sites.length < 100)).toEqual([]);
    expect(all.filter(({ file }) => /^src\/(?:engine\/models|report\/client)\//.test(file))).toEqual([]);
  });

  test('are found by line, or refused', () => {
    const all = sitesOfProject();
    const first = firstOf(all);
    const { file, line } = first;
    expect(onLine(all, { file, line }, packageRoot)[0]?.site).toBe(first);
    expect(() => onLine(all, { file, line: 1 }, packageRoot)).toThrow('nothing on this line can be mutated');
    expect(() => onLine(all, { file: 'src/none.ts', line }, packageRoot)).toThrow('there is no such file');
    expect(() => byRoom(all, ['kitchen'])).toThrow('--rooms kitchen: nothing below src/kitchen can be mutated');
  });

  test('are tried by the self-tests that import the file first, then by the others of its room', () => {
    const [near = [], others = [], ...more] = relatedSpecs(packageRoot, 'src/hosts/progress.ts');
    expect(near).toContain('tests/selftest/hosts/progress.spec.ts');
    expect(others).toContain('tests/selftest/hosts/playwright-page.spec.ts');
    expect(near.filter((spec) => others.includes(spec))).toEqual([]);
    expect(more).toEqual([]);
    const deep = relatedSpecs(packageRoot, 'src/wings/compare/html/page.tsx').flat();
    expect(deep).toContain('tests/selftest/wings/compare/compare.spec.ts');
    expect(deep.filter((spec) => spec.startsWith('tests/selftest/wings/doc/'))).toEqual([]);
  });

  test('have self-tests, all of them', () => {
    const usual = [...byRoom(sitesOfProject(), readOptions([]).rooms).values()].flat();
    const files = new Set(usual.map(({ file }) => file));
    expect([...files].filter((file) => relatedSpecs(packageRoot, file).length === 0)).toEqual([]);
  });
});

test.describe('options', () => {
  test('have today as the seed', () => {
    expect(readOptions([], new Date('2026-11-29T12:00:00Z'))).toMatchObject({
      seed: 20_261_129,
      count: 30,
      only: null,
    });
  });

  test('name one line', () => {
    expect(readOptions(['--only', 'src/x.ts:7']).only).toEqual({ file: 'src/x.ts', line: 7 });
  });

  for (const args of [['--none'], ['--count', '0'], ['--seed', '-1'], ['--seed=x'], ['--only', 'src/x.ts'], ['more']]) {
    test(`are refused: ${args.join(' ')}`, () => {
      expect(() => readOptions(args)).toThrow(ConfigurationError);
    });
  }
});

test('the table counts what was timed out as killed, and names each survivor', () => {
  const site = firstOf(sitesIn('src/engine/x.ts', 'a = b === c;'));
  const of = (room: string, state: 'killed' | 'timed out' | 'survived') =>
    ({ room, site, state, by: null, seconds: 1 }) as const;
  const tried = [of('engine', 'killed'), of('engine', 'timed out'), of('engine', 'survived'), of('hosts', 'killed')];
  expect(renderTried(tried)).toBe(
    [
      'room    mutants  killed  timed out  survived   rate',
      'engine        3       1          1         1   66 %',
      'hosts         1       1          0         0  100 %',
      'all           4       2          1         1   75 %',
      '',
      'survived  src/engine/x.ts:1  operator === to !==',
      '          a = b === c;',
      '',
    ].join('\n'),
  );
});
