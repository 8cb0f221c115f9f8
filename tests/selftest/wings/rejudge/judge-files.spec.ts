import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../../../src/report/model.js';
import { madeOf } from '../../../../src/report/write.js';
import { compareFiles, readReadersFiles } from '../../../../src/wings/rejudge/files.js';
import { judgeAsData, runJudge, test as inFolders, writeBundle } from '../../support/bundles.js';
import { expect } from '../../support/cli.js';
import { embeddedWith, runOn } from '../../support/engine-runs.js';
import { kinds, test } from '../../support/finished-runs.js';
import { madeOnce } from '../../support/made-once.js';

/** A report as it is read from its file. */
const asRead = (report: Report): Report => JSON.parse(JSON.stringify(report)) as Report;

const filesOf = (report: Report): Map<string, Buffer> =>
  new Map(Object.entries(madeOf).map(([name, render]) => [name, Buffer.from(render(report))]));

for (const kind of kinds) {
  test(`each file of the ${kind} run is what its report gives, whenever it is made`, ({ runs }) => {
    const files = filesOf(runs[kind]);
    expect([...files.keys()]).toEqual([
      'index.html',
      'junit.xml',
      'results.sarif',
      'summary.md',
      'badge.svg',
      'ctrf.json',
    ]);
    expect(compareFiles(files, asRead(runs[kind]))).toEqual([]);
  });
}

/** What somebody would change in a file of a run that failed, and leave the report alone. */
const forgeries: readonly (readonly [what: string, name: string, from: string | RegExp, to: string])[] = [
  ['the word of the page', 'index.html', /nonconformant/g, 'conformant'],
  ['a class of the page', 'index.html', /failed/, 'passed'],
  ['the exit code on the page', 'index.html', 'exit code 1', 'exit code 0'],
  ['a status on the page', 'index.html', />204</, '>403<'],
  ['a day on the page', 'index.html', /20\d\d-\d\d-\d\d/, '2031-01-01'],
  ['the policy of the page', 'index.html', "default-src 'none'", 'default-src *'],
  ['a script on the page', 'index.html', '</body>', '<script>0</script></body>'],
  ['a comment on the page', 'index.html', '</body>', '<!-- --></body>'],
  ['the end of the page', 'index.html', /\n$/, ''],
  ['the summary', 'summary.md', /nonconformant/g, 'conformant'],
  ['a row of the summary', 'summary.md', /^\| ✗ .*\n/m, ''],
  ['the share in the summary', 'summary.md', /Proven: [\d.]+/, 'Proven: 100'],
  ['the badge', 'badge.svg', /nonconformant/g, 'conformant'],
  ['the colour of the badge', 'badge.svg', /#[\da-f]{3,6}/i, '#123456'],
  ['a failure in JUnit', 'junit.xml', /<failure[\s\S]*?<\/failure>/, ''],
  ['the count in JUnit', 'junit.xml', /tests="\d+"/, 'tests="1"'],
  ['a result in SARIF', 'results.sarif', '"kind": "fail"', '"kind": "pass"'],
  ['a level in SARIF', 'results.sarif', '"level": "error"', '"level": "note"'],
  ['the outcome in SARIF', 'results.sarif', '"exitCode": 1', '"exitCode": 0'],
  ['white space in SARIF', 'results.sarif', /\n {2}/, '\n   '],
];

/** A run that failed and is quick to write: of one area. */
const failedRun = (): Promise<Report> =>
  madeOnce('a failed run of one area', () =>
    runOn(embeddedWith({ fault: 'mixed-success-status' }), { areas: ['RESP'] }),
  );

for (const [what, name, from, to] of forgeries) {
  test(`${what}, changed by hand, is found out in ${name} alone`, async () => {
    const report = asRead(await failedRun());
    const text = madeOf[name]?.(report) ?? '';
    const forged = text.replace(from, to);
    expect(forged).not.toBe(text);
    const found = compareFiles(new Map([[name, Buffer.from(forged)]]), report);
    expect(found.map(({ about, id, against }) => [about, id, against])).toEqual([['file', name, 'recomputed']]);
    expect(found[0]?.message).toMatch(
      /^file \S+: is not as the suite writes it from report\.json: line \d+ says .*, and would say /,
    );
  });
}

/** The same data for one reader, and other data for another. */
const doubled: readonly (readonly [what: string, name: string, from: string | RegExp, to: string])[] = [
  ['an outcome that stands there twice', 'report.json', '"outcome": "', '"outcome": "conformant",\n    "outcome": "'],
  ['a run that stands there twice', 'report.json', /^\{/, '{\n  "run": {"outcome":"conformant"},'],
  ['a member whose name is escaped', 'report.json', '"outcome"', String.raw`"outc\u006fme"`],
  ['a report in one line', 'report.json', /\n */g, ' '],
  ['a status that stands there twice', 'evidence.jsonl', /"status":/g, '"status":599,"status":'],
  ['a byte order mark before the evidence', 'evidence.jsonl', /^/, '\ufeff'],
  ['a byte order mark before a page', 'index.html', /^/, '\ufeff'],
];

inFolders('what another reader may read otherwise is named', async ({ partialRun, folder }) => {
  for (const [at, [what, name, from, to]] of doubled.entries()) {
    const place = path.join(folder, String(at));
    cpSync(partialRun.out, place, { recursive: true });
    const file = path.join(place, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(from, to));
    const { differences } = await judgeAsData(place);
    expect(
      differences.map(({ about, id }) => [about, id]),
      what,
    ).toEqual([['file', name]]);
  }
});

inFolders('the command names the file and its line, and says what it compared', async ({ partialRun, folder }) => {
  const place = path.join(folder, 'edited');
  cpSync(partialRun.out, place, { recursive: true });
  expect((await runJudge(place)).stdout).toContain(
    '  Compared  index.html, junit.xml, results.sarif, summary.md, badge.svg, ctrf.json\n',
  );
  const page = path.join(place, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replaceAll('incomplete', 'conformant'));
  rmSync(path.join(place, 'badge.svg'));
  const { exitCode, stdout } = await runJudge(place);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^✗ DIFFERENT \(exit code 1\): 1 difference /);
  expect(stdout).toMatch(/^ {2}✗ file index\.html: is not as the suite writes it from report\.json: line \d+ says /m);
  expect(stdout).toContain(
    '  Compared  index.html, junit.xml, results.sarif, summary.md, ctrf.json; not there: badge.svg\n',
  );
  expect(stdout).toContain("  Outcome   incomplete (the run's exit code 3)");
  const { differences } = await judgeAsData(place);
  expect(differences.map(({ about, id }) => [about, id])).toEqual([['file', 'index.html']]);
});

test('a report alone is judged as well', ({ runs, folder }) => {
  const files = readReadersFiles(writeBundle(folder, runs.conformant, []));
  expect(compareFiles(files, runs.conformant)).toEqual([]);
  expect(files.size).toBe(0);
});
