import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { ConfigurationError } from '../../../src/engine/errors.js';
import { packageRoot } from '../../../src/engine/package.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { checkContract, defaultEdition, knownEditions } from '../../../src/engine/contract/load.js';
import { test as base } from '../support/temporary-folder.js';

const test = base.extend<{ specs: string }>({
  specs: async ({ folder }, use) => {
    const specs = path.join(folder, 'specs');
    cpSync(path.join(packageRoot, 'specs'), specs, { recursive: true });
    await use(specs);
  },
});

const requirements = 'requirements.yaml';
const contested = 'contested.yaml';
const edition = `editions/${defaultEdition}.yaml`;

/** One edit that breaks a copy of the contract, and what the error must say about it. */
interface Mistake {
  readonly what: string;
  readonly file: string;
  /** The first place with this text gets the other one. */
  readonly edit: readonly [from: string, to: string];
  /** What stands on the line that the message must name; default: the new text. */
  readonly line?: string;
  readonly says: string;
}

const mistakes: readonly Mistake[] = [
  {
    what: 'an unknown key',
    file: requirements,
    edit: ['    statement: ', '    statment: '],
    says: 'requirements[0].statment: unknown key; did you mean statement?',
  },
  {
    what: 'an unknown key of an edition',
    file: edition,
    edit: ['cancelledLiteral: ', 'canceledLiteral: '],
    says: 'body.canceledLiteral: unknown key; did you mean cancelledLiteral?',
  },
  {
    what: 'a value that is not one of the allowed ones',
    file: requirements,
    edit: ['level: MUST', 'level: MSUT'],
    says: 'requirements[0].level: "MSUT" is not allowed; did you mean MUST?',
  },
  {
    what: 'a row that came with a version which is still to come',
    file: requirements,
    edit: ['    area: STATE', '    since: 99.0.0\n    area: STATE'],
    line: 'since: 99.0.0',
    says: 'requirements[0].since: 99.0.0 is later than this version of the suite, ',
  },
  {
    what: 'an edition frozen with a version which is still to come',
    file: edition,
    edit: ['frozen: ', 'frozen: 9'],
    says: 'frozen: 90.1.0 is later than this version of the suite, ',
  },
  {
    what: 'an id that is used twice',
    file: requirements,
    edit: ['- id: CANCEL-STATE-002', '- id: CANCEL-STATE-001 # again'],
    says: 'requirements[1].id: CANCEL-STATE-001 is used twice; ids are permanent and unique',
  },
  {
    what: 'an area that is not the one of the id',
    file: requirements,
    edit: ['area: STATE', 'area: PERM # wrong'],
    says: 'requirements[0].area: CANCEL-STATE-001 does not belong to area PERM',
  },
  {
    what: 'an unknown edition in a row',
    file: requirements,
    edit: ['editions: [beta-2026, beta-2026-06, v1.0-2026]', 'editions: [beta-2026, beta-2026-07, v1.0-2026]'],
    says: 'no edition beta-2026-07; did you mean beta-2026-06?',
  },
  {
    what: 'an unknown contested clause in a row',
    file: requirements,
    edit: ['contested: [C-3, C-4]', 'contested: [C-3, C-44]'],
    says: 'requirements[0].contested: no contested clause C-44; did you mean C-4?',
  },
  {
    what: 'an unknown document in a row',
    file: requirements,
    edit: ['document: cancel-beta-2021-05', 'document: cancel-beta-2021-5'],
    says: 'requirements[0].source[0]: no document cancel-beta-2021-5; did you mean cancel-beta-2021-05?',
  },
  {
    what: 'an unknown document in a contested clause',
    file: contested,
    edit: ['document: odata-4.01-part-1', 'document: odata-4.01-part-2'],
    says: 'contested[0].source[2]: no document odata-4.01-part-2; did you mean odata-4.01-part-1?',
  },
  {
    what: 'an unknown document in an edition',
    file: edition,
    edit: ['document: cancel-beta-2021-05', 'document: cancel-beta-2012-05'],
    says: 'source[0]: no document cancel-beta-2012-05; did you mean cancel-beta-2021-05?',
  },
  {
    what: 'a default reading that the clause does not have',
    file: contested,
    edit: ['defaultReading: either', 'defaultReading: eiter'],
    says: 'contested[0].defaultReading: no reading eiter; did you mean either?',
  },
  {
    what: 'an unknown requirement in a reading',
    file: contested,
    edit: ['CANCEL-BODY-019: { level: MUST, accepted: [200', 'CANCEL-BODY-099: { level: MUST, accepted: [200'],
    says: 'contested[1].readings[2].rows.CANCEL-BODY-099: no requirement CANCEL-BODY-099; did you mean CANCEL-BODY-0',
  },
  {
    what: 'a reading of a requirement that does not name its clause',
    file: contested,
    edit: ['CANCEL-BODY-019: { level: MUST, accepted: [200', 'CANCEL-BODY-014: { level: MUST, accepted: [200'],
    says: 'rows.CANCEL-BODY-014: CANCEL-BODY-014 does not name C-2 as contested',
  },
  {
    what: 'an answer of a reading that the OpenAPI operation does not list',
    file: contested,
    edit: ['CANCEL-PERM-003: { accepted: [403] }', 'CANCEL-PERM-003: { accepted: [418] }'],
    says: '418 is not a response of the cancel operation in ',
  },
  {
    what: 'a caller of a reading that is no persona',
    file: contested,
    edit: ['unserved: [requestor,', 'unserved: [requester,'],
    says: '"requester" is not allowed; did you mean requestor?',
  },
  {
    what: 'a clause that can be chosen and has one reading',
    file: contested,
    edit: ['defaultReading: settle-time\n    selectable: false', 'defaultReading: settle-time\n    selectable: true'],
    line: 'selectable: true\n    settled: How late',
    says: 'C-10 has nothing to choose from',
  },
  {
    what: 'a clause that cannot be chosen and gives no reason',
    file: contested,
    edit: [
      'defaultReading: role-and-permission\n    selectable: true',
      'defaultReading: role-and-permission\n    selectable: false',
    ],
    line: 'selectable: false\n  - id: C-16',
    says: 'C-15 needs a reason under settled',
  },
  {
    what: 'an unknown reading in an edition',
    file: edition,
    edit: ['C-9: readwrite-all', 'C-9: readwrite-al'],
    says: 'readings.C-9: C-9 has no reading readwrite-al; did you mean readwrite-all?',
  },
  {
    what: 'a reading of an unknown clause in an edition',
    file: edition,
    edit: ['C-9: readwrite-all', 'C-99: readwrite-all'],
    says: 'readings.C-99: no contested clause C-99; did you mean C-9?',
  },
  {
    what: 'an accepted status that the OpenAPI operation does not list',
    file: requirements,
    edit: ['accepted: [401]', 'accepted: [401, 418]'],
    says: '418 is not a response of the cancel operation in ',
  },
  {
    what: 'an edition that the catalogue does not list',
    file: edition,
    edit: ['id: beta-2021-05', 'id: beta-2021-04'],
    says: 'id: beta-2021-04 is not listed under editions in ',
  },
  {
    what: 'a status that is both cancellable and not',
    file: edition,
    edit: ['notCancellable: [delivering,', 'notCancellable: [accepted, delivering,'],
    says: 'notCancellable: accepted is listed as cancellable too',
  },
];

for (const { what, file, edit, line = edit[1], says } of mistakes) {
  test(`names file, line and key of ${what}`, ({ specs }) => {
    const text = replaceFirst(path.join(specs, file), edit);
    const place = `${file}:${text.slice(0, text.indexOf(line)).split('\n').length}: `;
    const [problem] = problemsIn(specs).filter((candidate) => candidate.includes(says));
    expect(problem, problemsIn(specs).join('\n')).toContain(`specs/${place}`);
  });
}

test('names the file and the place of bad YAML', ({ specs }) => {
  replaceFirst(path.join(specs, requirements), ['documents:', 'documents: [']);
  expect(problemsIn(specs)[0]).toMatch(/specs\/requirements\.yaml:\d+: not valid YAML: .+/);
});

for (const file of ['openapi.yaml', requirements, contested]) {
  test(`names ${file} when it is missing`, ({ specs }) => {
    rmSync(path.join(specs, file));
    expect(problemsIn(specs)).toEqual([expect.stringMatching(new RegExp(`specs/${file}: no such file$`))]);
  });
}

for (const [asked, said] of [
  ['beta-2021-50', 'no edition beta-2021-50; did you mean beta-2021-05?'],
  ['nothing-like-it-at-all', 'no edition nothing-like-it-at-all; known: '],
  ['../contested', 'no edition ../contested'],
] as const) {
  test(`answers the edition ${asked} with what could be meant`, ({ specs }) => {
    expect(problemsIn(specs, asked)[0]).toContain(said);
  });
}

test('lists several problems, one per line, and counts those beyond five', ({ specs }) => {
  for (const index of [1, 2, 3]) {
    replaceFirst(path.join(specs, requirements), [`- id: CANCEL-STATE-00${index}\n`, `- id: CANCEL-PERM-80${index}\n`]);
    replaceFirst(path.join(specs, requirements), ['contested: [C-3, C-4]', 'contested: [C-70]']);
  }
  const problems = problemsIn(specs);
  expect(problems).toHaveLength(6);
  expect(problems[0]).toContain('requirements[0].area: CANCEL-PERM-801 does not belong to area STATE');
  expect(problems[1]).toContain('requirements[0].contested: no contested clause C-70');
  expect(problems[5]).toBe('… and 1 more problems');
});

test('loadContract checks a folder of specs as thoroughly', ({ specs }) => {
  replaceFirst(path.join(specs, contested), ['defaultReading: either', 'defaultReading: eiter']);
  expect(() => loadContract(defaultEdition, specs)).toThrow(ConfigurationError);
});

test('an unchanged copy is the contract of the package', ({ specs }) => {
  expect(problemsIn(specs)).toEqual([]);
  expect(loadContract(defaultEdition, specs)).toEqual(loadContract());
  expect(knownEditions(specs)).toEqual(knownEditions());
});

test('loads any edition that has a file and is listed: a copied and renamed one', ({ specs }) => {
  const file = path.join(specs, 'editions', 'beta-2099-12.yaml');
  cpSync(path.join(specs, edition), file);
  replaceFirst(file, ['id: beta-2021-05', 'id: beta-2099-12']);
  replaceFirst(path.join(specs, requirements), ['editions: [', 'editions: [beta-2099-12, ']);
  expect(knownEditions(specs)).toEqual([...knownEditions(), 'beta-2099-12'].sort());
  expect(loadContract('beta-2099-12', specs).edition).toEqual({ ...loadContract().edition, id: 'beta-2099-12' });
});

/** The lines of the error that loading ends in; none when it loads. */
function problemsIn(specs: string, editionId = defaultEdition): readonly string[] {
  try {
    checkContract(editionId, specs);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
}

/** Edits a file and returns its new text. */
function replaceFirst(file: string, [from, to]: readonly [string, string]): string {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}: the test edits nothing`);
  const edited = text.replace(from, to);
  writeFileSync(file, edited);
  return edited;
}
