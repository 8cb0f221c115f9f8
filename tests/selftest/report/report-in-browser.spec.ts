import { readFileSync, writeFileSync } from 'node:fs';
import { digest } from '../../../src/report/digest.js';
import { linkTo } from '../../../src/report/html/anchors.js';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { firstScreen, takePicture } from '../../../scripts/picture.js';
import { renderHtml } from '../../../src/report/html/page.js';
import type { ReadPage } from '../support/read-pages.js';
import { withChecks } from '../support/large-report.js';
import { expect, test as base } from '@playwright/test';
import { violationsOn } from '../support/accessibility.js';
import type { FinishedRuns } from '../support/finished-runs.js';
import { test as withPages } from '../support/finished-pages.js';

interface Opening {
  /** Opens what stands at an address on the page of the test. */
  readonly open: (address: string) => Promise<void>;
  /** The page of a run as it is when it has been opened; tests that only read have it in common. */
  readonly read: (kind: keyof FinishedRuns) => Promise<Page>;
  readonly said: string[];
}

const test = withPages.extend<Opening>({
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

  open: async ({ page, said }, use) => {
    await use(async (address) => {
      expect(said).toEqual([]);
      await page.goto(address);
    });
  },

  read: async ({ readRun }, use) => {
    const opened: ReadPage[] = [];
    await use(async (kind) => {
      const one = await readRun(kind);
      opened.push(one);
      return one.page;
    });
    for (const { page, said, requested } of opened) {
      const [address = ''] = page.url().split('#');
      expect({ said, requested }).toEqual({ said: [], requested: [address] });
    }
  },
});

// In one worker, which opens each page once.
test.describe.configure({ mode: 'default' });

const rows = (page: Page) => page.locator('details.requirement:visible');
const cases = (page: Page) => page.locator('details.case:visible');
const told = (page: Page) => page.locator('#filter output');

for (const [name, value, label] of [
  ['verdict', 'failed', 'failed MUST'],
  ['verdict', 'not-applicable', 'not applicable'],
  ['level', 'SHOULD', 'SHOULD'],
  ['area', 'PERM', 'Who may cancel'],
] as const) {
  test(`filters by ${name}: ${value}`, async ({ read, runs }) => {
    const page = await read('nonconformant');
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

test('filters by several verdicts, levels and areas at once', async ({ read, runs }) => {
  const page = await read('conformant');
  for (const label of ['passed', 'MUST', 'SHOULD', 'Who may cancel', 'Credentials']) {
    await page.getByLabel(label, { exact: true }).check();
  }
  const left = runs.conformant.requirements.filter(
    ({ verdict, level, area }) => verdict === 'passed' && level !== 'MAY' && ['PERM', 'AUTH'].includes(area),
  );
  await expect(rows(page)).toHaveCount(left.length);
});

test('filters by persona: cases of others and checks of others are gone', async ({ read, runs }) => {
  const page = await read('conformant');
  await page.getByLabel('Persona').selectOption('similarScopeUser');
  const { quiet } = digest(runs.conformant);
  const own = runs.conformant.cases.filter(({ id, persona }) => persona === 'similarScopeUser' && !quiet.has(id));
  await expect(cases(page)).toHaveCount(own.length);
  await page.getByRole('button', { name: 'Open all shown' }).click();
  const shown = await page
    .locator('details.requirement ul[data-verdict] > li:not([hidden])')
    .evaluateAll((lines) =>
      lines.map((line) => line.querySelector(':scope > a[href^="#case-"]')?.getAttribute('href') ?? ''),
    );
  const links = new Set(own.map(({ id }) => linkTo('case', id)));
  expect(shown.length).toBeGreaterThan(0);
  expect(shown.filter((href) => !links.has(href))).toEqual([]);
});

test('finds words in requirements and in evidence, and Escape gives all back', async ({ read, runs }) => {
  const page = await read('conformant');
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

test('a failure that decides nothing is found by its own box and by no other', async ({ read, runs }) => {
  const page = await read('warned');
  const mild = runs.warned.requirements.filter(({ verdict }) => verdict === 'failed');
  expect(mild.map(({ level }) => level)).toEqual(['SHOULD']);
  await page.getByLabel('failed MUST', { exact: true }).check();
  await expect(rows(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByLabel('failed SHOULD or MAY', { exact: true }).check();
  await expect(rows(page)).toHaveCount(1);
});

test('what is looked for stands in the address, and an address finds it again', async ({ read }) => {
  const page = await read('conformant');
  await page.getByLabel('Words in requirements and evidence').fill('similar scope');
  await page.getByLabel('MUST', { exact: true }).check();
  const count = await rows(page).count();
  const sent = new URL(page.url()).hash;
  expect(sent).toBe('#find:text=similar+scope&level=MUST');
  await page.getByRole('button', { name: 'Show everything' }).click();
  await expect(page).not.toHaveURL(/find:/);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, sent);
  await expect(rows(page)).toHaveCount(count);
  await expect(page.getByLabel('Words in requirements and evidence')).toHaveValue('similar scope');
  await page.getByRole('button', { name: 'Show everything' }).click();
});

test('keys lead to the search and from failure to failure, and write into a field as ever', async ({ read }) => {
  const page = await read('nonconformant');
  await page.keyboard.press('j');
  await expect(page.locator('.card summary').first()).toBeFocused();
  await page.keyboard.press('j');
  await expect(page.locator('.requirement[data-verdict=failed] > summary').first()).toBeFocused();
  await page.keyboard.press('k');
  await expect(page.locator('.card summary').first()).toBeFocused();
  await page.keyboard.press('/');
  const search = page.getByLabel('Words in requirements and evidence');
  await expect(search).toBeFocused();
  await page.keyboard.type('j/k');
  await expect(search).toHaveValue('j/k');
  await page.getByRole('button', { name: 'Show everything' }).click();
});

test('a link to a requirement, a check, a case or an exchange leads there though the filter leaves it out', async ({
  read,
}) => {
  const page = await read('conformant');
  await page.getByLabel('failed MUST', { exact: true }).check();
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

test('a link in the address opens what it leads to', async ({ page, open, addressOf }) => {
  const id = 'exchange-perm-refuses-similarScopeUser.1';
  await open(`${addressOf('conformant')}#${id}`);
  await expect(page.locator(`[id="${id}"]`)).toBeInViewport();
});

test('is worked by the keyboard alone', async ({ page, open, addressOf }) => {
  await open(addressOf('conformant'));
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
  // From the search to the first that it has found, which is open then; and out of it.
  const search = page.getByLabel('Words in requirements and evidence');
  await search.focus();
  await page.keyboard.press('Enter');
  await expect(first.locator('> summary')).toBeFocused();
  await expect(first).toHaveAttribute('open', '');
  await search.focus();
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  await expect(search).not.toBeFocused();
});

test('copies the command that sends a call again', async ({ read, runs }) => {
  const page = await read('nonconformant');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
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

test('selects the command where the browser keeps the clipboard to itself', async ({ read, runs }) => {
  const page = await read('nonconformant');
  await page.evaluate(() => {
    const value = { writeText: () => Promise.reject(new Error('denied')) };
    Object.defineProperty(navigator, 'clipboard', { value, configurable: true });
  });
  // Another one than the test before: its button has said so already.
  const reproducer = runs.nonconformant.reproducers.at(-1);
  const id = `exchange-${reproducer?.exchangeId ?? ''}`;
  await page.evaluate((fragment) => {
    location.hash = fragment;
  }, id);
  const exchange = page.locator(`[id="${id}"]`);
  await exchange.getByText('Send it again').click();
  await exchange.getByRole('button', { name: 'Copy' }).click();
  await expect(exchange.getByRole('button', { name: 'Selected: copy it by keyboard' })).toBeVisible();
  expect(await page.evaluate(() => String(getSelection()))).toBe(reproducer?.text.trimEnd());
  await page.evaluate(() => Reflect.deleteProperty(navigator, 'clipboard'));
});

test('marks a finding at its place in the answer, and links the check', async ({ read, runs }) => {
  const page = await read('nonconformant');
  const finding = runs.nonconformant.checks.find(({ verdict }) => verdict === 'failed')?.findings[0];
  const exchange = page.locator(`[id="exchange-${finding?.exchangeId ?? ''}"]`);
  await expect(exchange.locator('.at').first()).toContainText('CANCEL-RESP-002');
});

test('shows who tried what, and leads from a cell to its case', async ({ read }) => {
  const page = await read('conformant');
  const table = page.getByRole('region', { name: 'Statuses and callers' });
  const row = table.getByRole('row', { name: /^delivered/ });
  await row.getByRole('link').first().click();
  await expect(page).toHaveURL(/#case-state-refuses-delivered-/);
  await expect(page.locator('[id^="case-state-refuses-delivered-"]').first()).toBeInViewport();
});

test('has a bar for every exchange', async ({ read, runs }) => {
  const page = await read('conformant');
  const { quiet } = digest(runs.conformant);
  const shown = runs.conformant.exchanges.filter(({ id }) => !quiet.has(id.slice(0, id.lastIndexOf('.'))));
  await expect(page.locator('.timeline rect')).toHaveCount(shown.length);
});

base.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('has no filter, and everything stands open', async ({ page, open, addressOf, runs }) => {
    await open(addressOf('conformant'));
    await expect(page.locator('#filter')).toBeHidden();
    await expect(rows(page)).toHaveCount(runs.conformant.requirements.length);
    await expect(page.locator('#CANCEL-STATE-001')).toBeVisible();
    await expect(page.locator('[id="exchange-perm-refuses-similarScopeUser.1"] .wire')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  });
});

for (const kind of ['conformant', 'waived', 'incomplete', 'hostile'] as const) {
  test(`axe finds no violation on the page of the ${kind} run`, async ({ read }) => {
    expect(await violationsOn(await read(kind), [1280, 390])).toEqual([]);
  });
}

test('opens and filters a run of 5,000 checks', async ({ page, open, runs, folder }) => {
  const large = withChecks(runs.nonconformant, 5000);
  expect(large.checks.length).toBeGreaterThanOrEqual(5000);
  const file = path.join(folder, 'index.html');
  writeFileSync(file, renderHtml(large));
  await open(pathToFileURL(file).href);
  await expect(rows(page)).toHaveCount(large.requirements.length);
  const told = large.cases.filter(({ id }) => !digest(large).quiet.has(id));
  await expect(cases(page)).toHaveCount(told.length);
  await page.getByLabel('Persona').selectOption('similarScopeUser');
  await expect(cases(page)).toHaveCount(told.filter(({ persona }) => persona === 'similarScopeUser').length);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByLabel('failed MUST', { exact: true }).check();
  await expect(rows(page)).toHaveCount(large.requirements.filter(({ verdict }) => verdict === 'failed').length);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await page.getByLabel('Words in requirements and evidence').fill('perm-refuses-similarScopeUser-again-1');
  await expect(cases(page)).toHaveCount(1);
});

test('a picture for the docs shows the first screen', async ({ browser, folder, addressOf }) => {
  const picture = path.join(folder, 'first-screen.png');
  await takePicture(browser, fileURLToPath(addressOf('conformant')), { file: picture });
  const png = readFileSync(picture);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  // As its header says.
  expect({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) }).toEqual(firstScreen);
});
