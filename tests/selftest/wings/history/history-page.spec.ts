import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import { renderHtml } from '../../../../src/report/html/page.js';
import { renderTimeline } from '../../../../src/wings/history/html/page.js';
import { timelineOf } from '../../../../src/wings/history/timeline.js';
import { violationsOn } from '../../support/accessibility.js';
import { test } from '../../support/finished-runs.js';
import { pastRun } from '../../support/past-runs.js';

const ids = Array.from({ length: 30 }, (_, at) => `CANCEL-ADDR-${String(at + 1).padStart(3, '0')}`);

/** Three months in which everything happens that a column can have. */
const runs = Array.from({ length: 90 }, (_, at) => {
  const said = ids.map((id, index) => [id, at % ((index % 5) + 7) === 3 ? 'f' : at % 17 === 5 ? '?' : 'p'] as const);
  const judged = { suiteVersion: at < 40 ? '0.1.0' : '0.2.0', readings: { 'C-1': at < 70 ? 'either' : '200' } };
  const run = pastRun(at + 1, Object.fromEntries(said), judged);
  const outcomes = { 5: 'incomplete', 6: 'suite-fault', 7: 'interrupted' } as const;
  const outcome = at % 17 in outcomes ? outcomes[(at % 17) as keyof typeof outcomes] : run.outcome;
  const waived = outcome === 'conformant' && at % 10 === 0 ? ['CANCEL-ADDR-001'] : [];
  return { ...run, outcome, waived, ...(at % 3 === 0 ? {} : { page: `day-${at}/index.html` }) };
});

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

test('the page of a history fits at any width, scrolls in its own box, keeps its first column, and axe finds nothing', async ({
  page,
  folder,
}) => {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  const file = path.join(folder, 'history.html');
  writeFileSync(
    file,
    renderTimeline(timelineOf('gw', runs, ({ id, page: own }) => (id === 'run-90' ? own : undefined))),
  );
  await page.goto(pathToFileURL(file).href);
  const box = page.getByRole('region', { name: 'Requirements by run' });
  const first = box.getByRole('rowheader').nth(1);
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate<number>(overflow), `${width}`).toBeLessThanOrEqual(0);
    await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
    const before = await first.boundingBox();
    await box.evaluate((element) => {
      element.scrollLeft = element.scrollWidth;
    });
    expect((await first.boundingBox())?.x, `${width}: sticky`).toBe(before?.x);
    await box.evaluate((element) => {
      element.scrollLeft = 0;
    });
  }
  await expect(box.locator('thead a')).toHaveCount(1);
  await expect(box.locator('thead .changed')).toHaveCount(2);
  expect(await violationsOn(page, [1280, 390])).toEqual([]);
  expect(said).toEqual([]);
});

test('the first screen of a report has the runs before it as a strip, its own framed, without a sideways scroll', async ({
  page,
  folder,
  runs: { nonconformant },
}) => {
  const file = path.join(folder, 'index.html');
  writeFileSync(file, renderHtml({ ...nonconformant, history: runs.slice(-29) }));
  await page.goto(pathToFileURL(file).href);
  const bars = page
    .getByRole('list', { name: /^30 runs from .*, the latest last; each square opens the page of its run$/ })
    .getByRole('listitem');
  await expect(bars).toHaveCount(30);
  await expect(bars.last()).toHaveAttribute('aria-current', 'true');
  await expect(bars.last()).toContainText('nonconformant');
  await expect(bars.nth(28).getByRole('link')).toHaveAttribute('href', 'day-89/index.html');
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate<number>(overflow), `${width}`).toBeLessThanOrEqual(0);
    await expect(bars.last(), `${width}`).toBeInViewport();
    const size = await bars.nth(28).getByRole('link').boundingBox();
    expect([size?.width, size?.height], `${width}: large enough to be hit`).toEqual([24, 24]);
  }
  expect(await violationsOn(page, [1280, 390])).toEqual([]);
});
