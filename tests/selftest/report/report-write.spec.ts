import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { renderBadge } from '../../../src/report/badge.js';
import { renderCtrf } from '../../../src/report/ctrf.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import { renderJunit } from '../../../src/report/junit.js';
import { renderSarif } from '../../../src/report/sarif.js';
import { renderSummary } from '../../../src/report/summary.js';
import { packageRoot } from '../../../src/engine/package.js';
import { appendFor, readyFolder, renderJson, writeReports } from '../../../src/report/write.js';
import { pageOf, test } from '../support/finished-runs.js';

const names = [
  'report.json',
  'index.html',
  'junit.xml',
  'results.sarif',
  'summary.md',
  'badge.svg',
  'ctrf.json',
  'evidence.jsonl',
];

for (const kind of ['conformant', 'hostile'] as const) {
  test(`writes the ${kind} run as it is rendered, and reads back as the model`, async ({ folder, runs }) => {
    const report = runs[kind];
    const directory = path.join(folder, 'made', 'on', 'the', 'way');
    const { files } = await writeReports(report, directory);
    expect(files).toEqual(names.map((name) => path.join(directory, name)));
    expect(readdirSync(directory).sort()).toEqual([...names].sort());
    const read = (name: string): string => readFileSync(path.join(directory, name), 'utf8');
    expect(JSON.parse(read('report.json'))).toEqual(JSON.parse(JSON.stringify(report)));
    expect(read('report.json')).toBe(renderJson(report));
    expect(JSON.parse(read('report.json'))).toEqual(JSON.parse(JSON.stringify(report)));
    expect(read('index.html')).toBe(pageOf(report));
    expect(read('junit.xml')).toBe(renderJunit(report));
    expect(read('results.sarif')).toBe(renderSarif(report));
    expect(read('summary.md')).toBe(renderSummary(report));
    expect(read('badge.svg')).toBe(renderBadge(report));
    expect(read('ctrf.json')).toBe(renderCtrf(report));
    expect(read('evidence.jsonl')).toBe(renderEvidence(report));
  });
}

for (const [model, text] of [
  [{}, '{}\n'],
  [{ a: [] }, '{\n  "a": []\n}\n'],
  [{ a: 'x', b: undefined, c: { d: [1] } }, '{\n  "a": "x",\n  "c": {\n    "d": [\n      1\n    ]\n  }\n}\n'],
  [
    { 'a"\n': [[], {}, { d: ['e\n', null] }] },
    '{\n  "a\\"\\n": [\n    [],\n    {},\n    {"d":["e\\n",null]}\n  ]\n}\n',
  ],
] as const) {
  test(`a model is laid out with an item of its lists on each line: ${JSON.stringify(model)}`, () => {
    expect(renderJson(model)).toBe(text);
  });
}

test('the page on reports has a row for every file that is written', () => {
  const page = readFileSync(path.join(packageRoot, 'docs', 'read-the-report.md'), 'utf8');
  const untold = names.filter((name) => !page.includes(`\n| \`${name}\``));
  expect(untold, 'Give each a row in the table of files of docs/read-the-report.md').toEqual([]);
});

test('report.json holds no character that acts on a terminal', async ({ folder, runs }) => {
  const { files } = await writeReports(runs.hostile, folder);
  expect(readFileSync(files[0] ?? '', 'utf8')).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
});

test('replaces older reports and leaves other files alone', async ({ folder, runs }) => {
  writeFileSync(path.join(folder, 'index.html'), 'old '.repeat(1_000_000));
  writeFileSync(path.join(folder, 'notes.txt'), 'mine');
  await writeReports(runs.conformant, folder);
  expect(readdirSync(folder).sort()).toEqual([...names, 'notes.txt'].sort());
  expect(readFileSync(path.join(folder, 'index.html'), 'utf8')).toBe(pageOf(runs.conformant));
  expect(readFileSync(path.join(folder, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a folder in the place of a report is said before a run begins', ({ folder }) => {
  mkdirSync(path.join(folder, 'index.html'));
  expect(() => {
    readyFolder(folder, '--out here');
  }).toThrow(/^--out here: index\.html in it is a folder, .* remove it, or choose another folder$/);
});

test('appends to the file that a pipeline names, or says which cannot be', ({ folder }) => {
  const file = path.join(folder, 'step.md');
  writeFileSync(file, 'before\n');
  appendFor('A_VARIABLE', file, 'behind\n');
  expect(readFileSync(file, 'utf8')).toBe('before\nbehind\n');
  expect(() => {
    appendFor('A_VARIABLE', path.join(file, 'below'), 'x');
  }).toThrow(/^A_VARIABLE: \S+below cannot be written \(ENOTDIR\)$/);
});

for (const [what, taken] of [
  ['a file stands where the folder is to be', 'reports'],
  ['a file stands above the folder', 'reports/deeper/down'],
] as const) {
  test(`says in one clear line that it cannot write when ${what}`, async ({ folder, runs }) => {
    writeFileSync(path.join(folder, 'reports'), 'not a folder');
    const error = await failureOf(writeReports(runs.conformant, path.join(folder, taken)));
    expect(error.message).toContain(`Cannot write the report ${path.join(folder, taken)}: `);
    expect(error.message).toMatch(/(EEXIST|ENOTDIR)[^\n]*Check that the directory exists[^\n]*then run again\.$/);
    expect(error.cause).toBeInstanceOf(Error);
  });
}

test('leaves no half-written file when one cannot be put in its place', async ({ folder, runs }) => {
  mkdirSync(path.join(folder, 'junit.xml', 'taken'), { recursive: true });
  const error = await failureOf(writeReports(runs.conformant, folder));
  expect(error.message).toContain(`Cannot write the report ${path.join(folder, 'junit.xml')}: `);
  expect(readdirSync(folder).sort()).toEqual(['index.html', 'junit.xml', 'report.json']);
  expect(readFileSync(path.join(folder, 'index.html'), 'utf8')).toBe(pageOf(runs.conformant));
});

async function failureOf(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
