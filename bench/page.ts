import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from '@playwright/test';
import { planRun } from '../src/engine/plan/plan.js';
import { renderHtml } from '../src/report/html/page.js';
import type { Report } from '../src/report/model.js';
import { writeReports } from '../src/report/write.js';
import { runInProcess } from '../src/hosts/in-process.js';
import { resolveTarget } from '../src/hosts/target.js';
import { launchOptions } from '../tests/selftest/support/chromium.js';
import { withChecks } from '../tests/selftest/support/large-report.js';
import { median } from './processes.js';

/** What the report costs: medians, in ms. */
export interface PageFigures {
  /** All files of a default run, rendered and written. */
  readonly writeMs: number;
  /** Its page alone, rendered. */
  readonly renderMs: number;
  /** From the start of the navigation until the page is drawn and its filter works. */
  readonly openMs: number;
  /** The same of a page with 5,000 checks. */
  readonly largeOpenMs: number;
  /** One choice of a filter of that page, until it is drawn. */
  readonly largeFilterMs: number;
  /** The first word searched in that page, until it is drawn. */
  readonly largeSearchMs: number;
}

async function medianOf(rounds: number, measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) values.push(await measure());
  return Math.round(median(values));
}

async function took(work: () => unknown): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Source of a function that changes one field of the filter and is done when the page has been drawn. */
const filling = (selector: string, value: string): string => `new Promise((resolve) => {
  const begin = performance.now();
  const field = document.querySelector('${selector}');
  field.value = '${value}';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begin)));
})`;

interface Opened {
  readonly openMs: number;
  readonly filterMs: number;
  readonly searchMs: number;
}

async function open(browser: Browser, address: string): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const openMs = await took(async () => {
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
  });
  const filterMs = await page.evaluate<number>(filling('#filter-persona', 'similarScopeUser'));
  const searchMs = await page.evaluate<number>(filling('#filter-text', 'refuses'));
  await page.close();
  return { openMs, filterMs, searchMs };
}

async function openings(browser: Browser, report: Report, folder: string): Promise<readonly Opened[]> {
  const file = path.join(folder, 'page.html');
  writeFileSync(file, renderHtml(report));
  const opened: Opened[] = [];
  // The first one warms the browser up and is not counted.
  for (let round = 0; round < 6; round++) opened.push(await open(browser, pathToFileURL(file).href));
  return opened.slice(1);
}

/** Renders the report of a real run and opens it in a real browser. */
export async function measurePage(): Promise<PageFigures> {
  const { target, contract } = resolveTarget({});
  const report = await runInProcess({ target, contract, plan: planRun(contract, target) });
  const folder = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-bench-page-'));
  const browser = await chromium.launch(launchOptions);
  try {
    const writeMs = await medianOf(9, () => took(() => writeReports(report, folder)));
    const renderMs = await medianOf(9, () => took(() => renderHtml(report)));
    const small = await openings(browser, report, folder);
    const large = await openings(browser, withChecks(report, 5000), folder);
    const of = (opened: readonly Opened[], figure: keyof Opened): number =>
      Math.round(median(opened.map((one) => one[figure])));
    return {
      writeMs,
      renderMs,
      openMs: of(small, 'openMs'),
      largeOpenMs: of(large, 'openMs'),
      largeFilterMs: of(large, 'filterMs'),
      largeSearchMs: of(large, 'searchMs'),
    };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
