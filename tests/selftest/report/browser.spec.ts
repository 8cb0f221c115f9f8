import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { unknownId } from '../../../src/cancel/forms/addresses.js';
import { renderHtml } from '../../../src/report/html/page.js';
import type { Report } from '../../../src/report/model.js';
import { decisionOf } from '../../../src/report/decision.js';
import { digest } from '../../../src/report/digest.js';
import { expect, runSuite, test as base, writeTarget, type FinishedRun } from '../support/cli.js';
import { madeOnce } from '../support/made-once.js';
import { readPagesOf, type ReadPages } from '../support/read-pages.js';
import { startMiddleman, type Answered } from '../support/middleman.js';

/** Runs as soon as any renderer forgets to escape: in text, in an attribute, in a script. */
const hostile = `'"></script><script>window.pwned=1</script><img src=x onerror=window.pwned=1>`;

/** What a target that hates the suite would do: script in every message, and one answer that the suite must show. */
function madeHostile({ status, headers, body }: Answered, isUnknown: boolean): Answered {
  if (status < 400) return { status, headers, body };
  const { error } = JSON.parse(body) as { readonly error: object };
  const code = isUnknown ? { code: hostile } : {};
  const changed = JSON.stringify({ error: { ...error, message: hostile, ...code } });
  const kept = headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== 'content-length');
  return { status: isUnknown ? 418 : status, headers: [...kept, 'x-hostile', hostile], body: changed };
}

async function runFaulty(folder: string): Promise<FinishedRun> {
  const middleman = await startMiddleman(({ target, isControl, method }) =>
    isControl || method === 'HEAD' ? 'pass' : (answer) => madeHostile(answer, target.includes(`/${unknownId}/`)),
  );
  const file = writeTarget(folder, { ...middleman.target, name: `x${hostile}`.slice(0, 80), timeoutMs: 5000 });
  const run = await runSuite(['--target', file, '--area', 'ADDR,ROBUST'], { cwd: folder });
  await middleman.close();
  return run;
}

const test = base.extend<{ faultyRun: FinishedRun; readPages: ReadPages }>({
  /** A run against a target that breaks one row and puts script wherever it can. */
  faultyRun: async ({}, use) => {
    await use(await madeOnce('run on a target with script', runFaulty));
  },

  readPages: async ({ browser }, use) => {
    await use(readPagesOf(browser));
  },
});

// In one worker, which opens each page once.
test.describe.configure({ mode: 'default' });

const addressOf = (out: string): string => pathToFileURL(path.join(out, 'index.html')).href;

/** Contrast of the heading's text to what lies behind it, as WCAG 2 defines it. */
const contrastOfHeading = `(() => {
  const element = document.querySelector('h1');
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let behind = element;
  while (channels(getComputedStyle(behind).backgroundColor)[3] === 0) behind = behind.parentElement;
  const both = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map(luminance);
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
})()`;

/** Least contrast of normal text by WCAG 2, level AA. */
const readable = 4.5;

/** Fragments of links to which nothing in the page belongs. */
const brokenLinks = `[...document.querySelectorAll('a[href^="#"]')]
  .map((link) => link.getAttribute('href').slice(1))
  .filter((id) => document.getElementById(decodeURIComponent(id)) === null)`;

const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

const isPwned = (page: Page): Promise<boolean> => page.evaluate<boolean>('window.pwned !== undefined');

for (const kind of ['conformant', 'faulty'] as const) {
  test(`the page of a ${kind} run is quiet, fits and is readable`, async ({ readPages, embeddedRun, faultyRun }) => {
    const { out, report } = { conformant: embeddedRun, faulty: faultyRun }[kind];
    const { page, said, requested } = await readPages(addressOf(out));
    const heading = page.getByRole('heading', { level: 1 });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of ['light', 'dark'] as const) {
        const how = `${width} pixels, ${colorScheme}`;
        await page.emulateMedia({ colorScheme });
        await expect(heading, how).toBeInViewport();
        await expect(heading, how).toContainText(decisionOf(digest(report)).headline);
        const extent = { conformant: report.run.explanation, faulty: /of \d+ MUST requirements (?:is|are) broken/ }[
          kind
        ];
        await expect(page.getByText(extent), how).toBeInViewport();
        expect(await page.evaluate<number>(contrastOfHeading), how).toBeGreaterThan(readable);
        expect(await page.evaluate<number>(overflow), how).toBeLessThanOrEqual(0);
      }
    }
    expect({ said, requested }).toEqual({ said: [], requested: [addressOf(out)] });
  });
}

test('the page of a whole run finds its verdicts and its words as its evidence gives them', async ({
  readPages,
  embeddedRun,
}) => {
  const { page } = await readPages(addressOf(embeddedRun.out));
  await expect(page.locator('.judged-here')).toHaveText(/^✓ .* as shown, and so is every word\.$/);
});

test('every link inside a page leads somewhere', async ({ readPages, embeddedRun, faultyRun }) => {
  for (const { out } of [embeddedRun, faultyRun]) {
    const { page } = await readPages(addressOf(out));
    expect(await page.locator('a[href^="#"]').count()).toBeGreaterThan(500);
    expect(await page.evaluate<string[]>(brokenLinks)).toEqual([]);
  }
});

test('a link to a requirement opens it', async ({ readPages, embeddedRun }) => {
  const { page } = await readPages(addressOf(embeddedRun.out));
  await expect(page.locator('#CANCEL-STATE-001')).toBeHidden();
  await page.goto(`${addressOf(embeddedRun.out)}#CANCEL-STATE-001`);
  await expect(page.locator('#CANCEL-STATE-001')).toBeInViewport();
});

test('what failed stands open, and the first screen leads there', async ({ readPages, faultyRun }) => {
  const { page } = await readPages(addressOf(faultyRun.out));
  const failed = faultyRun.report.checks.filter(({ verdict }) => verdict === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  for (const { id, requirementIds, findings } of failed) {
    const row = page.locator(`[id="${requirementIds[0] ?? ''}"]`);
    await expect(row, id).toBeVisible();
    await expect(row.getByText(findings[0]?.message ?? '').first(), id).toBeVisible();
  }
  await page.getByRole('region', { name: 'What to fix first' }).locator('a[href="#CANCEL-ADDR-001"]').click();
  await expect(page.locator('#CANCEL-ADDR-001')).toBeInViewport();
});

test('what a hostile target answers is shown and stays text', async ({ readPages, faultyRun }) => {
  expect(faultyRun.exitCode).toBe(1);
  expect(faultyRun.report.requirements.find(({ id }) => id === 'CANCEL-ADDR-001')?.verdict).toBe('failed');
  const { page, said, requested } = await readPages(addressOf(faultyRun.out));
  await expect(page.locator('#CANCEL-ADDR-001')).toContainText(hostile);
  await expect(page.locator('script:not([id=carried])')).toHaveCount(2);
  await expect(page.locator('img, iframe, object, embed, link')).toHaveCount(0);
  expect(await isPwned(page)).toBe(false);
  expect({ said, requested }).toEqual({ said: [], requested: [addressOf(faultyRun.out)] });
});

/** The report with hostile text behind every text but ids and those words that the page turns into words of its own. */
function poisoned(report: Report): Report {
  const { requirements, checks, cases, exchanges } = report;
  const ids = new Set([...requirements, ...checks, ...cases, ...exchanges].map(({ id }) => id));
  const ownWords = ['verdict', 'level', 'area', 'outcome', 'encoding', 'reason', 'role', 'when', 'startedAt'];
  const text = JSON.stringify(report, (key, value: unknown) =>
    typeof value === 'string' && !ids.has(value) && !ownWords.includes(key) ? value + hostile : value,
  );
  return JSON.parse(text) as Report;
}

test('a report that is hostile all through stays text', async ({ readPages, folder, faultyRun }) => {
  const file = path.join(folder, 'index.html');
  writeFileSync(file, renderHtml(poisoned(faultyRun.report)));
  const { page, said, requested } = await readPages(addressOf(folder));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('main')).toContainText(hostile);
  // Of an edition that nobody knows nothing can be judged.
  await expect(page.locator('script')).toHaveCount(1);
  await expect(page.locator('img, iframe, object, embed, link')).toHaveCount(0);
  expect(await page.evaluate<string[]>(brokenLinks)).toEqual([]);
  expect(await isPwned(page)).toBe(false);
  expect({ said, requested }).toEqual({ said: [], requested: [addressOf(folder)] });
});
