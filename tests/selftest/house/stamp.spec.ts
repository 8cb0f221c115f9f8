import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { stampOfMeaning } from '../../../scripts/stamp.js';
import { knownToCatch, type KillMatrix } from '../../../src/engine/contract/kill-matrix.js';
import { defaultEdition } from '../../../src/engine/contract/load.js';
import { packageRoot } from '../../../src/engine/package.js';
import { test } from '../support/temporary-folder.js';

const stamped = ['specs', 'src/cancel', 'src/engine/judge', 'src/emulators/endpoint'];

/**
 * The stamps of a suite before and after one of its files is changed. It has this file alone, because each file is stamped by
 * itself; that the stamp is over all of them is seen at that of the build.
 */
function stampsAround(folder: string, [file, from, to]: readonly [string, string | RegExp, string]): readonly string[] {
  for (const part of stamped) mkdirSync(path.join(folder, part), { recursive: true });
  const copy = path.join(folder, file);
  mkdirSync(path.dirname(copy), { recursive: true });
  const text = readFileSync(path.join(packageRoot, file), 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file} has no ${String(from)}: the test changes nothing`);
  return [text, changed].map((content) => {
    writeFileSync(copy, content);
    return stampOfMeaning(folder);
  });
}

const cases = 'src/cancel/cases/perm.ts';
const fault = 'src/emulators/endpoint/faults/permission.ts';
const requirements = 'specs/requirements.yaml';

test('is that of the build', ({ folder }) => {
  for (const part of stamped) cpSync(path.join(packageRoot, part), path.join(folder, part), { recursive: true });
  const built = readFileSync(path.join(packageRoot, 'dist', 'stamp.json'), 'utf8');
  expect(JSON.parse(built)).toEqual({ stamp: stampOfMeaning(folder) });
});

for (const [what, file, from, to] of [
  ['a comment above a module', cases, /^/, '// Another word.\n'],
  ['a docstring', fault, /^/, '/** Another word. */\n'],
  ['white space in a module', fault, "\n    id: 'scope-compared-by-prefix'", " id: 'scope-compared-by-prefix'"],
  ['the line ends of a module', fault, /\n/g, '\r\n'],
  ['a comment in a data file', requirements, /^/, '# Another word.\n'],
  ['the line ends of a data file', requirements, /\n/g, '\r\n'],
  ['how a value is quoted', requirements, 'level: MUST', "level: 'MUST'"],
  ['a statement', requirements, /statement: .*/, 'statement: Another sentence.'],
  ['a title', requirements, /title: .*/, 'title: Another title'],
  ['what a reading means', 'specs/contested.yaml', 'The prose is right', 'The page is right'],
  ['a description of the interface', 'specs/openapi.yaml', /description: (?![>|]).*/, 'description: Another one.'],
] as const) {
  test(`survives another wording: ${what}`, ({ folder }) => {
    const [before, after] = stampsAround(folder, [file, from, to]);
    expect(after).toBe(before);
  });
}

for (const [what, file, from, to] of [
  ['a judged value', requirements, /accepted: \[.*?\]/, 'accepted: [418]'],
  ['a level', requirements, 'level: MUST', 'level: SHOULD'],
  ['a reading', 'specs/contested.yaml', 'successStatuses: [200]', 'successStatuses: [201]'],
  [
    'a member that is called like prose',
    'specs/openapi.yaml',
    /description: (?![>|]).*/,
    'description: { type: string }',
  ],
  ['a case', cases, "status: 'pendingApproval'", "status: 'submitted'"],
  ['a fault', fault, '.startsWith(permission)', '.endsWith(permission)'],
  ['a judge', 'src/engine/judge/judge-case.ts', 'return ', 'return void '],
] as const) {
  test(`is another one with another meaning: ${what}`, ({ folder }) => {
    const [before, after] = stampsAround(folder, [file, from, to]);
    expect(after).not.toBe(before);
  });
}

const stamp = 'a'.repeat(64);
const matrix: KillMatrix = {
  schemaVersion: 1,
  suite: { name: 'cancel-conformance', version: '0.0.0' },
  edition: defaultEdition,
  stamp,
  made: '2026-11-20',
  partial: false,
  faults: [
    {
      id: 'some-fault',
      sentence: 'x',
      breaks: ['CANCEL-ADDR-005'],
      state: 'killed',
      killedBy: [{ requirement: 'CANCEL-ADDR-005', checks: ['some/check'] }],
      missed: [],
      collateral: [],
    },
  ],
  variants: [],
};

/** A package with a matrix and a stamp of its build, or without one of them. */
function writePackage(folder: string, given: KillMatrix | null, built: string | null): void {
  for (const [file, content] of [
    ['proof/kill-matrix.json', given],
    ['dist/stamp.json', built === null ? null : { stamp: built }],
  ] as const) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    if (content !== null) writeFileSync(path.join(folder, file), JSON.stringify(content));
  }
}

const undated: KillMatrix = { ...matrix };
delete (undated as { made?: string }).made;
const other = 'b'.repeat(64);

const inCheckout = (folder: string): void => {
  mkdirSync(path.join(folder, 'src'));
};
const missing = 'proof/kill-matrix.json is missing';
const ofAnother = 'proof/kill-matrix.json was made with another contract';

for (const [where, prepare, member] of [
  ['a checkout', inCheckout, 'note'],
  ['an installed package', () => undefined, 'problem'],
] as const) {
  test.describe(where, () => {
    test.beforeEach(({ folder }) => {
      prepare(folder);
    });

    test('knows what its checks catch by the matrix of its own build', ({ folder }) => {
      writePackage(folder, matrix, stamp);
      const { byCheck, proof, problem, note } = knownToCatch(defaultEdition, folder);
      expect(proof).toMatchObject({ stamp, mistakes: [{ id: 'some-fault', checks: ['some/check'] }] });
      expect([...byCheck]).toEqual([['some/check', ['some-fault']]]);
      expect([problem, note]).toEqual([null, null]);
    });

    for (const [what, given, built, note, problem] of [
      ['of another suite', matrix, other, 'not proved since 2026-11-20', ofAnother],
      ['of another suite that bears no date', undated, other, 'not proved since it was changed', ofAnother],
      ['that is missing', null, stamp, 'not proved, so', missing],
      ['whose build left no stamp', matrix, null, 'not proved since 2026-11-20', ofAnother],
    ] as const) {
      test(`says so, and knows nothing, by a matrix ${what}`, ({ folder }) => {
        writePackage(folder, given, built);
        const { byCheck, proof, ...said } = knownToCatch(defaultEdition, folder);
        expect([byCheck.size, proof]).toEqual([0, null]);
        const silent = { note: null, problem: null };
        expect(said).toEqual({ ...silent, [member]: expect.stringContaining({ note, problem }[member]) as unknown });
      });
    }
  });
}
