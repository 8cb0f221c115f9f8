import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { decisionOf } from '../../../src/report/decision.js';
import { digest } from '../../../src/report/digest.js';
import { anchor } from '../../../src/report/html/anchors.js';
import { renderHtml } from '../../../src/report/html/page.js';
import type { Report } from '../../../src/report/model.js';
import { visibleReport } from '../../../src/report/visible.js';
import { rejudge } from '../../../src/wings/rejudge/index.js';
import { violationsOn } from '../support/accessibility.js';
import { bundleOf } from '../support/bundles.js';
import { expect } from '../support/cli.js';
import { embeddedWith, runOn, type Differing } from '../support/engine-runs.js';
import { waiversFor } from '../support/finished-runs.js';
import { madeOnce } from '../support/made-once.js';
import { test } from '../support/temporary-folder.js';

/**
 * Targets of each kind; runs of a part that a report names, so that they can be judged from it. That the page of a whole run
 * judges itself, too, is seen where such a page is opened (browser).
 */
const kinds = {
  conformant: {},
  warned: { fault: 'success-without-request-id' },
  nonconformant: { fault: 'mixed-success-status' },
  waived: { fault: 'mixed-success-status' },
  incomplete: { cannotArrange: { pendingApprovalEscalated: 'needs a day' } },
  'refused everywhere': { fault: 'always-401' },
} as const satisfies Readonly<Record<string, Differing>>;

const runOf = (kind: keyof typeof kinds): Promise<Report> =>
  madeOnce(`run that its page judges: ${kind}`, async () => {
    const parts = { areas: ['RESP'] } as const;
    const report = await runOn(embeddedWith(kinds[kind]), parts);
    return kind === 'waived' ? runOn(embeddedWith(kinds[kind]), { ...parts, waivers: waiversFor(report) }) : report;
  });

const told = (page: Page) => page.locator('.judged-here');

/** Opens a page, and waits until it has judged. */
async function open(page: Page, folder: string, html: string): Promise<void> {
  page.on('pageerror', (error) => {
    throw error;
  });
  const file = path.join(folder, 'index.html');
  writeFileSync(file, html);
  await page.goto(pathToFileURL(file).href);
  // It says so when it is through, or that something is wrong.
  await expect(told(page)).toHaveText(/every word\.$|^✗/);
}

const counted = ({ length }: readonly unknown[]): string => length.toLocaleString('en');

for (const kind of Object.keys(kinds) as readonly (keyof typeof kinds)[]) {
  test(`the page of a run that is ${kind} computes its verdicts anew as it opens, and finds them as shown`, async ({
    page,
    folder,
  }) => {
    const report = await runOf(kind);
    await open(page, folder, renderHtml(report));
    await expect(told(page)).toHaveText(
      `✓ The verdicts on ${counted(report.requirements)} requirements, by ${counted(report.checks)} checks, were computed again in this page from ${counted(report.exchanges)} exchanges: as shown, and so is every word.`,
    );
    await expect(page.locator('.judged-again')).toHaveText(/^This page, of itself: ✓ .* and so is every word\.$/);
  });
}

test('a page says what somebody changed in it: a row, a check, the outcome, a failure taken out, a word', async ({
  page,
  folder,
}) => {
  const nonconformant = await runOf('nonconformant');
  const html = renderHtml(nonconformant);
  const row = nonconformant.requirements.find(({ verdict }) => verdict === 'failed');
  const check = nonconformant.checks.find(({ verdict }) => verdict === 'failed');
  const place = anchor('check', check?.id ?? '');
  const rowAt = new RegExp(`data-verdict="failed"([^>]*>(?:(?!data-verdict)[^])*id="${row?.id ?? ''}")`);
  const forgeries: Readonly<Record<string, readonly [string, RegExp]>> = {
    row: [html.replace(rowAt, 'data-verdict="passed"$1'), new RegExp(row?.id ?? '')],
    check: [html.replace(`<li id="${place}"`, `<li id="${place}" data-verdict="passed"`), new RegExp(place)],
    'a failure taken out': [html.replace(`id="${place}"`, ''), new RegExp(place)],
    'a word': [
      html.replace(/(<p>)\d+ of (\d+ MUST)/, '$10 of $2'),
      /says “.*0 of .* MUST.*”, and its evidence gives “/,
    ],
    'words where the judge has its own': [
      html.replace('<h1', '<p class="judged-again">Signed by the authors.</p><h1'),
      /^✗ This page says “/,
    ],
    outcome: [
      html.replace('class="outcome nonconformant"', 'class="outcome conformant"'),
      /say nonconformant, and the page does not/,
    ],
  };
  for (const [what, [forged, says]] of Object.entries(forgeries)) {
    expect(forged, what).not.toBe(html);
    await open(page, folder, forged);
    await expect(told(page), what).toHaveText(/^✗ .* Somebody changed/);
    await expect(told(page), what).toHaveText(says);
    await expect(told(page), what).toHaveClass(/wrong/);
  }
  expect(await violationsOn(page, [1280, 390])).toEqual([]);
});

test('a page whose judge somebody changed says that nothing was computed again, and shows that as a fault', async ({
  page,
  folder,
}) => {
  const html = renderHtml(await runOf('conformant'));
  const forged = html.replace('judgeCarried', 'judgeCarriedNot');
  expect(forged).not.toBe(html);
  await open(page, folder, forged);
  await expect(told(page)).toHaveClass(/wrong/);
  await expect(told(page)).toHaveText(
    /^✗ Not computed again in this page: scripts did not run in it, or somebody changed them/,
  );
});

test('a reading that somebody chooses recolours the page as the judge would, and lets them go back', async ({
  page,
  folder,
}) => {
  const conformant = await runOf('conformant');
  await open(page, folder, renderHtml(conformant));
  const own = await page.locator('h1').innerText();
  const { other } = rejudge(bundleOf(conformant), { 'C-1': '200' });
  const changes = other?.changes.filter(({ about }) => about === 'requirement') ?? [];
  expect(changes.length).toBeGreaterThan(0);
  const report = other?.report ?? conformant;

  await page.getByLabel('What if it were').first().selectOption('200');
  await expect(page.locator('h1')).toHaveText(decisionOf(digest(visibleReport(report))).headline);
  for (const { id, from, to } of changes) await expect(told(page)).toContainText(`${id}: ${to} instead of ${from}`);
  await expect(told(page)).toContainText('This is not what the run was judged by.');
  await expect(page.locator('details.requirement[data-verdict=failed]')).toHaveCount(
    report.requirements.filter(({ verdict }) => verdict === 'failed').length,
  );
  // What the page can do, it can do with this one as well.
  await page.getByLabel('failed MUST', { exact: true }).check();
  await expect(page.locator('details.requirement:visible')).toHaveCount(
    report.requirements.filter(({ verdict, level }) => verdict === 'failed' && level === 'MUST').length,
  );

  await page.getByRole('button', { name: 'Back to the run' }).click();
  await expect(page.locator('h1')).toHaveText(own);
  await expect(page.getByLabel('What if it were').first()).toHaveValue('either');
  await expect(told(page)).toHaveText(/as shown, and so is every word\.$/);
  // Readings can be chosen only on a page that has judged.
  expect(await violationsOn(page, [1280, 390])).toEqual([]);
});

test('several readings are chosen together, and the one of the run brings one of them back', async ({
  page,
  folder,
}) => {
  const conformant = await runOf('conformant');
  await open(page, folder, renderHtml(conformant));
  const choose = (clause: string, name: string) => page.locator(`select[data-clause="${clause}"]`).selectOption(name);
  await choose('C-1', '200');
  // What would fail then is carried out again under what was chosen, and is new for no other reason.
  await expect(page.locator('.card .command code').first()).toContainText(
    ` --reading 'C-1=200' --only CANCEL-RESP-001`,
  );
  await choose('C-14', 'role-suffices');
  await expect(told(page)).toContainText('with C-1 read as 200, C-14 read as role-suffices');
  await choose('C-1', 'either');
  await expect(told(page)).toContainText('with C-14 read as role-suffices:');
  await choose('C-14', 'refused');
  await expect(told(page)).toHaveText(/as shown, and so is every word\.$/);
});

test('without scripts a page offers no reading to choose, and says that it did not judge', async ({
  browser,
  folder,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  const file = path.join(folder, 'index.html');
  writeFileSync(file, renderHtml(await runOf('conformant')));
  await page.goto(pathToFileURL(file).href);
  await expect(page.locator('h1')).toBeVisible();
  await expect(told(page)).toContainText('Not computed again in this page');
  await expect(page.getByText('What if it were').first()).toBeHidden();
  await context.close();
});
