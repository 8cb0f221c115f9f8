import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { renderHtml } from '../../../src/report/html/page.js';
import type { Report } from '../../../src/report/model.js';
import { launchOptions } from '../support/chromium.js';
import { withChecks } from '../support/large-report.js';
import { expect, test as base } from '@playwright/test';
import { test as withRuns, type FinishedRuns } from '../support/finished-runs.js';

const test = withRuns.extend<{ open: (report: Report, fragment?: string) => Promise<void>; said: string[] }>({
  /** Everything that pages said and asked for, but for the page itself. */
  said: async ({ page }, use) => {
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (request.resourceType() !== 'document') said.push(request.url());
    });
    await use(said);
    expect(said).toEqual([]);
  },

  open: async ({ page, folder, said }, use) => {
    await use(async (report, fragment = '') => {
      expect(said).toEqual([]);
      const file = path.join(folder, 'index.html');
      writeFileSync(file, renderHtml(report));
      await page.goto(pathToFileURL(file).href + fragment);
    });
  },
});

test.use({ launchOptions });

const rows = (page: Page) => page.locator('details.requirement:visible');
const cases = (page: Page) => page.locator('details.case:visible');
const told = (page: Page) => page.locator('#filter output');

for (const [name, value, label] of [
  ['verdict', 'failed', 'failed'],
  ['verdict', 'not-applicable', 'not applicable'],
  ['level', 'SHOULD', 'SHOULD'],
  ['area', 'PERM', 'Who may cancel'],
] as const) {
  test(`filters by ${name}: ${value}`, async ({ page, open, runs }) => {
    await open(runs.nonconformant);
    const { requirements } = runs.nonconformant;
    await expect(rows(page)).toHaveCount(requirements.length);
    await page.getByLabel(label, { exact: true }).check();
    const left = requirements.filter((row) => row[name] === value);
    expect(left.length).toBeGreaterThan(0);
    await expect(rows(page)).toHaveCount(left.length);
    await expect(told(page)).toContainText(`${left.length} of ${requirements.length} requirements`);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await expect(rows(page)).toHaveCount(requirements.length);
    await expect(told(page)).toHaveText('Everything is shown.');
  });
}

test('filters by several verdicts, levels and areas at once', async ({ page, open, runs }) => {
  await open(runs.conformant);
  for (const label of ['passed', 'MUST', 'SHOULD', 'Who may cancel', 'Credentials']) {
    await page.getByLabel(label, { exact: true }).check();
  }
  const left = runs.conformant.requirements.filter(
    ({ verdict, level, area }) => verdict === 'passed' && level !== 'MAY' && ['PERM', 'AUTH'].includes(area),
  );
  await expect(rows(page)).toHaveCount(left.length);
});

test('filters by persona: cases of others and checks of others are gone', async ({ page, open, runs }) => {
  await open(runs.conformant);
  await page.getByLabel('Persona').selectOption('similarScopeUser');
  const own = runs.conformant.cases.filter(({ persona }) => persona === 'similarScopeUser');
  await expect(cases(page)).toHaveCount(own.length);
  await page.getByRole('button', { name: 'Open all shown' }).click();
  const shown = await page
    .locator('details.requirement li[data-persona]:not([hidden])')
    .evaluateAll((lines) => [...new Set(lines.map((line) => line.getAttribute('data-persona')))]);
  expect(shown).toEqual(['similarScopeUser']);
});

test('finds words in requirements and in evidence, and Escape gives all back', async ({ page, open, runs }) => {
  await open(runs.conformant);
  const search = page.getByLabel('Words in requirements and evidence');
  await search.fill('SIMILAR scope');
  await expect(page.locator('#CANCEL-PERM-008')).toBeAttached();
  const found = await rows(page).count();
  expect(found).toBeGreaterThan(0);
  expect(found).toBeLessThan(20);
  await search.fill('perm-refuses-similarScopeUser');
  await expect(
    page.locator('details.case:visible', { has: page.locator('[id="case-perm-refuses-similarScopeUser"]') }),
  ).toHaveCount(1);
  await search.fill('no such word anywhere');
  await expect(rows(page)).toHaveCount(0);
  await expect(cases(page)).toHaveCount(0);
  await search.press('Escape');
  await expect(rows(page)).toHaveCount(runs.conformant.requirements.length);
});

test('a link to a requirement, a check, a case or an exchange leads there though the filter leaves it out', async ({
  page,
  open,
  runs,
}) => {
  await open(runs.conformant);
  await page.getByLabel('failed', { exact: true }).check();
  await expect(rows(page)).toHaveCount(0);
  for (const id of [
    'CANCEL-PERM-008',
    'check-perm-refuses-similarScopeUser/answers-accepted-status',
    'case-perm-refuses-similarScopeUser',
    'exchange-perm-refuses-similarScopeUser.1',
  ]) {
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, id);
    await expect(page.locator(`[id="${id}"]`), id).toBeInViewport();
  }
  await expect(page.locator('#CANCEL-PERM-008')).toBeVisible();
});

test('a link in the address opens what it leads to', async ({ page, open, runs }) => {
  const id = 'exchange-perm-refuses-similarScopeUser.1';
  await open(runs.conformant, `#${id}`);
  await expect(page.locator(`[id="${id}"]`)).toBeInViewport();
});

test('is worked by the keyboard alone', async ({ page, open, runs }) => {
  await open(runs.conformant);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the requirements' })).toBeFocused();
  await page.getByLabel('Words in requirements and evidence').focus();
  await page.keyboard.type('similarScopeUser');
  await expect(rows(page).first()).toBeVisible();
  const first = rows(page).first();
  await first.locator('> summary').focus();
  await page.keyboard.press('Enter');
  await expect(first).toHaveAttribute('open', '');
  await page.keyboard.press('Space');
  await expect(first).not.toHaveAttribute('open');
});

test('copies the command that sends a call again', async ({ page, open, runs, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(runs.nonconformant);
  const [reproducer] = runs.nonconformant.reproducers;
  const id = `exchange-${reproducer?.exchangeId ?? ''}`;
  await page.evaluate((fragment) => {
    location.hash = fragment;
  }, id);
  const exchange = page.locator(`[id="${id}"]`);
  await exchange.getByText('Send it again').click();
  await exchange.getByRole('button', { name: 'Copy' }).click();
  await expect(exchange.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(reproducer?.text);
});

test('selects the command where the browser keeps the clipboard to itself', async ({ page, open, runs }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('denied')) } });
  });
  await open(runs.nonconformant);
  const [reproducer] = runs.nonconformant.reproducers;
  const id = `exchange-${reproducer?.exchangeId ?? ''}`;
  await page.evaluate((fragment) => {
    location.hash = fragment;
  }, id);
  const exchange = page.locator(`[id="${id}"]`);
  await exchange.getByText('Send it again').click();
  await exchange.getByRole('button', { name: 'Copy' }).click();
  await expect(exchange.getByRole('button', { name: 'Selected: copy it by keyboard' })).toBeVisible();
  expect(await page.evaluate(() => String(getSelection()))).toContain('curl');
});

test('marks a finding at its place in the answer, and links the check', async ({ page, open, runs }) => {
  await open(runs.nonconformant);
  const finding = runs.nonconformant.checks.find(({ verdict }) => verdict === 'failed')?.findings[0];
  const exchange = page.locator(`[id="exchange-${finding?.exchangeId ?? ''}"]`);
  await expect(exchange.locator('.at').first()).toContainText('CANCEL-RESP-002');
});

test('shows who tried what, and leads from a cell to its case', async ({ page, open, runs }) => {
  await open(runs.conformant);
  const table = page.getByRole('region', { name: 'Statuses and callers' });
  const row = table.getByRole('row', { name: /^delivered/ });
  await row.getByRole('link').first().click();
  await expect(page).toHaveURL(/#case-state-refuses-delivered-/);
  await expect(page.locator('[id^="case-state-refuses-delivered-"]').first()).toBeInViewport();
});

test('has a bar for every exchange', async ({ page, open, runs }) => {
  await open(runs.conformant);
  await expect(page.locator('.timeline rect')).toHaveCount(runs.conformant.exchanges.length);
});

base.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('has no filter, and everything stands open', async ({ page, open, runs }) => {
    await open(runs.conformant);
    await expect(page.locator('#filter')).toBeHidden();
    await expect(rows(page)).toHaveCount(runs.conformant.requirements.length);
    await expect(page.locator('#CANCEL-STATE-001')).toBeVisible();
    await expect(page.locator('[id="exchange-perm-refuses-similarScopeUser.1"] .wire')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Colours are all that another scheme changes, so there the two kinds with most of them are looked at, for contrast alone. */
for (const [colorScheme, options, kinds] of [
  ['light', {}, ['conformant', 'waived', 'incomplete', 'hostile']],
  ['dark', { runOnly: ['color-contrast'] }, ['waived', 'incomplete']],
] as const satisfies readonly [string, object, readonly (keyof FinishedRuns)[]][]) {
  for (const kind of kinds) {
    test.describe(`${kind}, ${colorScheme}`, () => {
      test.use({ colorScheme });

      test('has no violation that axe finds', async ({ page, open, runs }) => {
        await open(runs[kind]);
        // One case and one requirement stand open, all of them would only repeat them.
        await page.locator('details.case > summary').first().click();
        await page.locator('details.requirement > summary').first().click();
        await page.evaluate(axe);
        const violations = await page.evaluate<Violation[]>(
          `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
        );
        expect(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)])).toEqual([]);
      });
    });
  }
}

test('opens and filters a run of 5,000 checks', async ({ page, open, runs }) => {
  const large = withChecks(runs.nonconformant, 5000);
  expect(large.checks.length).toBeGreaterThanOrEqual(5000);
  await open(large);
  await expect(rows(page)).toHaveCount(large.requirements.length);
  await expect(cases(page)).toHaveCount(large.cases.length);
  await page.getByLabel('Persona').selectOption('similarScopeUser');
  await expect(cases(page)).toHaveCount(large.cases.filter(({ persona }) => persona === 'similarScopeUser').length);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByLabel('failed', { exact: true }).check();
  await expect(rows(page)).toHaveCount(large.requirements.filter(({ verdict }) => verdict === 'failed').length);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByLabel('Words in requirements and evidence').fill('perm-refuses-similarScopeUser-again-4');
  await expect(cases(page)).toHaveCount(1);
});
