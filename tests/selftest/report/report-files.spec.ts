import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import ts from 'typescript';
import { packageRoot } from '../../../src/engine/package.js';
import { digest } from '../../../src/report/digest.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { judgeScript } from '../../../src/report/html/script.js';
import { renderJunit } from '../../../src/report/junit.js';
import { renderSarif } from '../../../src/report/sarif.js';
import { renderSummary } from '../../../src/report/summary.js';
import { withoutEvidence } from '../support/carried-evidence.js';
import { test } from '../support/finished-runs.js';
import { runOnEmbedded } from '../support/cli.js';
import { withChecks } from '../support/large-report.js';
import { expectSmallPage, MiB } from '../support/page-size.js';
import { firstFlaw } from '../support/well-formed.js';

const caseOfExchange = (id: string): string => id.slice(0, id.lastIndexOf('.'));

// That of a faulty one is weighed daily.
test('the page of a whole conformant run stays below 1.6 MiB without its judge, and below 2.5 MiB with it', async () => {
  expectSmallPage((await runOnEmbedded()).report, 1.6);
});

test('what a body is cut to never hides how long it was', ({ runs }) => {
  const bytes = 5_000_000;
  const text = 'x'.repeat(60_000);
  const exchanges = runs.nonconformant.exchanges.map((one) => ({
    ...one,
    response: one.response && { ...one.response, body: { text, bytes, encoding: 'utf8' as const, truncated: true } },
  }));
  const html = renderHtml({ ...runs.nonconformant, exchanges });
  const { quiet } = digest(runs.nonconformant);
  expect(Buffer.byteLength(html)).toBeLessThan(2 * MiB);
  expect(html.match(/Body: 5,000,000 bytes \(4\.8 MiB\); captured in part; cut here: /g)).toHaveLength(
    exchanges.filter(({ id, response }) => response !== null && !quiet.has(caseOfExchange(id))).length,
  );
});

test('a page does not carry megabytes of evidence, and says so', ({ runs }) => {
  const { nonconformant } = runs;
  const text = randomBytes(1 << 20).toString('base64');
  const exchanges = nonconformant.exchanges.map((one, at) =>
    at === 0 && one.response ? { ...one, response: { ...one.response, body: { ...one.response.body, text } } } : one,
  );
  const html = renderHtml({ ...nonconformant, exchanges });
  expect(html).not.toContain('id="carried"');
  expect(html).toContain('This page does not carry its evidence');
  expect(html).not.toContain('class="judged-here"');
  const carrying = renderHtml(nonconformant);
  expect(carrying).toContain('id="carried"');
  expect(carrying.replace(judgeScript(), '')).not.toContain('This page does not carry its evidence');
});

test('projections of a run of 5,000 checks hold all of it, and the summary stays short', ({ runs }) => {
  const large = withChecks(runs.nonconformant, 5000);
  const summary = renderSummary(large);
  expect(summary.split('\n').length).toBeLessThan(1000);
  expect(Buffer.byteLength(summary)).toBeLessThan(MiB);
  const xml = renderJunit(large);
  expect(firstFlaw(xml)).toBeNull();
  expect(xml.match(/<testcase /g)).toHaveLength(large.checks.length);
  expect(xml.match(/<failure /g)).toHaveLength(large.checks.filter(({ verdict }) => verdict === 'failed').length);
  const html = renderHtml(large);
  const { quiet } = digest(large);
  expect(html.match(/ id="check-/g)).toHaveLength(large.checks.filter(({ caseId }) => !quiet.has(caseId)).length);
  const shown = large.exchanges.filter(({ id }) => !quiet.has(caseOfExchange(id)));
  expect(html.match(/ id="exchange-/g)).toHaveLength(shown.length);
  expect(renderEvidence(large).trimEnd().split('\n')).toHaveLength(large.exchanges.length);
});

test('a long summary shows the first rows of what failed, in their order, and counts the rest', ({ runs }) => {
  const requirements = runs.nonconformant.requirements.map((row) => ({ ...row, verdict: 'failed' as const }));
  const must = requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id);
  const [, failed = ''] = renderSummary({ ...runs.nonconformant, requirements }).split(
    '## Fix first: failed MUST requirements',
  );
  const [table = ''] = failed.split('\n## ');
  expect([...table.matchAll(/^\| ✗ (\S+) \|/gm)].map(([, id]) => id)).toEqual(must.slice(0, 40));
  expect(table).toContain(`${must.length - 40} more`);
});

test('what junit.xml skips says why in its text', ({ runs }) => {
  const reasons = runs.incomplete.checks.flatMap(({ verdict, reason = '' }) =>
    verdict === 'inconclusive' || verdict === 'not-applicable' ? [reason] : [],
  );
  const texts = [...renderJunit(runs.incomplete).matchAll(/<skipped [^>]*>([^<]*)<\/skipped>/g)].map(
    ([, text]) => text,
  );
  expect(texts.length).toBeGreaterThan(0);
  expect([...texts].sort()).toEqual([...reasons].sort());
});

/**
 * What the compiler says of each file as a literal of the type that SARIF 2.1.0 is in: a member too many is an error, too. One
 * program for all, and only these files are looked at: the compiler's own declarations would take longer than they do.
 */
function objectionsTo(logs: readonly string[], folder: string): readonly (readonly string[])[] {
  const files = logs.map((log, index) => {
    const file = path.join(folder, `log-${index}.ts`);
    writeFileSync(file, `import type { Log } from 'sarif';\nexport const log: Log = ${log};\n`);
    return file;
  });
  const paths = { sarif: [path.join(packageRoot, 'node_modules', '@types', 'sarif', 'index.d.ts')] };
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: [],
    lib: ['lib.es5.d.ts'],
    paths,
  };
  const program = ts.createProgram(files, options);
  const general = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  return files.map((file) => {
    const source = program.getSourceFile(file);
    const own = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return [...general, ...own].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  });
}

test('results.sarif has no member and no word that SARIF 2.1.0 does not know', ({ folder, runs }) => {
  const logs = [runs.waived, runs.incomplete, runs.hostile].map((report) => renderSarif(report));
  const wrong = ['{ "version": "2.1.0", "runs": [], "more": 1 }', '{ "version": "2.0.0", "runs": [] }'];
  const objections = objectionsTo([...logs, ...wrong], folder);
  expect(objections.slice(0, logs.length)).toEqual([[], [], []]);
  expect(objections.slice(logs.length).map((found) => found.length)).toEqual([1, 1]);
});

test('the schema of report.json is part of the package', () => {
  const { files } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toContain('schemas');
  const schema = readFileSync(path.join(packageRoot, 'schemas', 'suite', 'report.schema.json'), 'utf8');
  expect(JSON.parse(schema)).toHaveProperty('$schema', 'https://json-schema.org/draft/2020-12/schema');
});

test('a print has two pages: decision, failures, untold rows, readings, provenance, and a line to sign', async ({
  page,
  folder,
  runs,
}) => {
  const file = path.join(folder, 'index.html');
  for (const report of [runs.nonconformant, runs.incomplete, runs.conformant]) {
    // Runs of few cells are not what their page's judge would have: where something is wrong, nobody signs.
    writeFileSync(file, withoutEvidence(renderHtml(report)).replace(/<script id="late"[^]*?<\/script>/, ''));
    await page.goto(pathToFileURL(file).href);
    await page.emulateMedia({ media: 'print' });
    for (const id of ['contested', 'provenance']) await expect(page.locator(`h2#${id}`)).toBeVisible();
    for (const id of ['requirements', 'evidence', 'areas', 'key']) await expect(page.locator(`h2#${id}`)).toBeHidden();
    await expect(page.locator('.sign')).toBeVisible();
    await expect(page.locator('h1')).toBeVisible();
    const untold = page.locator('h2#untold');
    if ((await untold.count()) > 0) await expect(untold).toBeVisible();
    const printed = await page.pdf({ format: 'A4' });
    expect(printed.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2);
  }
});

test('a whole print holds every requirement opened, says what a filter left out, and has nothing to click', async ({
  page,
  folder,
  runs,
}) => {
  const file = path.join(folder, 'index.html');
  writeFileSync(file, renderHtml(runs.incomplete));
  await page.goto(pathToFileURL(file).href);
  await page.getByLabel('inconclusive', { exact: true }).check();
  await page.locator('#print-whole').check();
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('#filter output')).toBeVisible();
  await expect(page.locator('#filter output')).toContainText('The filter shows');
  await expect(
    page.locator('nav, #filter input, #filter button, .repeat button').filter({ visible: true }),
  ).toHaveCount(0);
  const rows = runs.incomplete.requirements.filter(({ verdict }) => verdict === 'inconclusive');
  for (const { id } of rows) await expect(page.locator(`[id="${id}"]`)).toBeVisible();
});

test('what other readings would have changed stands in the summary and on the page, and is missing in older reports', ({
  runs,
}) => {
  const { conformant } = runs;
  expect(renderSummary(conformant)).toMatch(/^Read otherwise: .*C-8=404: CANCEL-PERM-003 would fail ·.*\.$/m);
  const page = renderHtml(conformant).replaceAll(/<[^>]*>/g, '');
  expect(page).toContain('under 404: CANCEL-PERM-003 would fail; the run would be nonconformant');
  expect(page).toContain('under role-suffices: CANCEL-PERM-004 would not be demanded');
  expect(page).toContain('under refuse, allow-administrator: nothing would change');
  const older = {
    ...conformant,
    contested: conformant.contested.map(({ id, title, reading, observed, seenIn }) => ({
      id,
      title,
      reading,
      observed,
      seenIn,
    })),
  };
  expect(renderSummary(older)).not.toContain('Read otherwise');
  expect(renderHtml(older)).toContain('no other reading applies');
});
