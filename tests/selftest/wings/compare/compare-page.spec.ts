import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { renderComparison } from '../../../../src/wings/compare/html/page.js';
import type { Comparison } from '../../../../src/wings/compare/model.js';
import { violationsOn } from '../../support/accessibility.js';
import { comparisonOf, test as withComparisons } from '../../support/compared-runs.js';

const test = withComparisons.extend<{ open: (model: Comparison, fragment?: string) => Promise<void> }>({
  /** Opens a comparison; the page may say nothing and ask for nothing but itself. */
  open: async ({ page, folder }, use) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (request.resourceType() !== 'document') said.push(request.url());
    });
    await use(async (model, fragment = '') => {
      const file = path.join(folder, 'comparison.html');
      writeFileSync(file, renderComparison(model));
      await page.goto(pathToFileURL(file).href + fragment);
    });
    expect(said).toEqual([]);
  },
});

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const brokenLinks = `[...document.querySelectorAll('a[href^="#"]')]
  .map((link) => link.getAttribute('href').slice(1))
  .filter((id) => document.getElementById(decodeURIComponent(id)) === null)`;

test('is quiet, fits, links within itself, and axe finds nothing', async ({ page, open, runs, others }) => {
  await open(comparisonOf(runs.conformant, others.faulty, runs.hostile));
  await expect(page.locator('script, img, iframe, link')).toHaveCount(0);
  await page.locator('details.requirement:not([open]) > summary').first().click();
  expect(await page.evaluate<string[]>(brokenLinks)).toEqual([]);
  await page.evaluate('scrollTo(0, 0)');
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(page.getByRole('heading', { level: 1 }), `${width}`).toBeInViewport();
    expect(await page.evaluate<number>(overflow), `${width}`).toBeLessThanOrEqual(0);
  }
  expect(await violationsOn(page, [1280, 390])).toEqual([]);
});

test('leads from a row that differs to its reasons, and marks the run that differs', async ({
  page,
  open,
  runs,
  others,
}) => {
  const model = comparisonOf(runs.conformant, others.faulty);
  await open(model);
  const row = page.locator('#CANCEL-PERM-008');
  await expect(row.locator('td.other')).toHaveText(/failed/);
  await row.getByRole('link').click();
  const why = page.locator('#why-CANCEL-PERM-008');
  await expect(why).toBeInViewport();
  await expect(why).toContainText('answered 204');
  await expect(why).toContainText('status code 403 → 204');
  await expect(page.locator('tr[id^="CANCEL-"]')).toHaveCount(model.totals.requirements.all);
});

test('a link to a requirement that is the same opens where it is folded away', async ({ page, open, runs, others }) => {
  await open(comparisonOf(runs.conformant, others.drifted), '#CANCEL-ERR-005');
  await expect(page.locator('#CANCEL-ERR-005')).toBeInViewport();
});
