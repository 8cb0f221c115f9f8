import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import { letterOf } from '../../../../src/wings/compare/compare-reports.js';
import { renderComparison } from '../../../../src/wings/compare/html/page.js';
import type { Comparison } from '../../../../src/wings/compare/model.js';
import { renderComparisonTerminal } from '../../../../src/wings/compare/terminal.js';
import { newWords } from '../../../../src/wings/compare/words.js';
import { schemaValidator } from '../../../../src/engine/contract/schemas.js';
import { expect, runCli } from '../../support/cli.js';
import { comparisonOf, leave, test } from '../../support/compared-runs.js';

test('runs are called A to Z, then AA and so on, each by a name of its own', () => {
  expect([0, 25, 26, 27, 51, 52, 701].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ']);
  const all = Array.from({ length: 702 }, (_, at) => letterOf(at));
  expect(new Set(all).size).toBe(702);
});

test('what fails and did not in the base is said first, and by which run', ({ runs, others }) => {
  const model = comparisonOf(runs.conformant, others.again, others.faulty);
  expect(newWords(model)).toBe('New against A: CANCEL-PERM-008 in C.');
  expect(newWords(comparisonOf(others.faulty, runs.conformant))).toBeNull();
  const printed = renderComparisonTerminal(model, { colour: false, pagePath: 'x' }).split('\n');
  expect(printed[1]).toBe('  New against A: CANCEL-PERM-008 in C.');
  const whole = renderComparison(model);
  expect(whole).toContain('<h1>1 requirement fails that did not in A.</h1>');
  expect(whole).toMatch(/<li>In C: [^<]+ <a href="#CANCEL-PERM-008">CANCEL-PERM-008<\/a><\/li>/);
  const mixed = comparisonOf(others.otherReading, runs.nonconformant, others.faulty);
  const [first] = mixed.requirements.filter(({ id }) => newWords(mixed)?.includes(id));
  const page = renderComparison(mixed);
  const rows = Array.from(page.matchAll(/<tr id="(CANCEL-[A-Z]+-\d+)" class="differs/g), ([, id]) => id);
  expect(rows[0]).toBe(first?.id);
});

test('thirty runs are compared, the last one as well as any, each with the way to its page from where the comparison lies', async ({
  page,
  others,
  folder,
}) => {
  const places = Array.from({ length: 30 }, (_, at) => {
    const place = leave(folder, `run ${at}`, at === 29 ? others.partialFaulty : others.partial);
    if (at !== 3) writeFileSync(path.join(place, 'index.html'), '<!doctype html><title>a page</title>');
    return place;
  });
  mkdirSync(path.join(folder, 'far'));
  const args = ['compare', ...places.map((place) => path.relative(folder, place)), '--out', 'far/away'];
  const { exitCode, stdout } = await runCli(args, { cwd: folder });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('New against A: CANCEL-PERM-008 in AD.');
  const read = (name: string): string => readFileSync(path.join(folder, 'far', 'away', name), 'utf8');
  const model = JSON.parse(read('comparison.json')) as Comparison;
  const validate = schemaValidator('suite/comparison');
  expect([validate(model), validate.errors]).toEqual([true, null]);
  expect(model.runs.map((run) => run.page)).toEqual(
    places.map((_, at) => (at === 3 ? undefined : `../../run ${at}/index.html`)),
  );
  await page.goto(pathToFileURL(path.join(folder, 'far', 'away', 'comparison.html')).href);
  await expect(page.locator('.runs a')).toHaveCount(29);
  await page.locator('.runs a').last().click();
  await expect(page).toHaveTitle('a page');
});

for (const count of [2, 3, 4, 5, 12]) {
  test(`the verdict of the last of ${count} runs is on the page without a sideways scroll`, async ({
    page,
    others,
    folder,
  }) => {
    const before = Array.from({ length: count - 1 }, () => others.partial);
    const file = path.join(folder, 'comparison.html');
    writeFileSync(file, renderComparison(comparisonOf(...before, others.partialFaulty)));
    await page.goto(pathToFileURL(file).href);
    const last = page.locator(`#CANCEL-PERM-008 td[data-run="${letterOf(count - 1)}"]`);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await last.scrollIntoViewIfNeeded();
      const [box, cell, why] = await Promise.all([
        page.getByRole('region', { name: 'Requirements that differ, by run' }).boundingBox(),
        last.boundingBox(),
        page.locator('#CANCEL-PERM-008 td.why').boundingBox(),
      ]);
      const right = (box?.x ?? 0) + (box?.width ?? 0) + 0.5;
      for (const one of [cell, why]) expect((one?.x ?? Infinity) + (one?.width ?? 0), `${width}`).toBeLessThan(right);
      await expect(last).toHaveText(/failed/);
    }
  });
}
