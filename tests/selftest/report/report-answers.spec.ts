import { expect, type Locator, type Page } from '@playwright/test';
import { test as withPages } from '../support/finished-pages.js';
import { kinds, type FinishedRuns } from '../support/finished-runs.js';

// What a stranger asks, from the first screen on: every question is answered within two clicks.

/** A reader with a mouse and no patience: each click counts, and is on something that can be seen. */
interface Stranger {
  readonly page: Page;
  readonly click: (what: Locator) => Promise<void>;
  readonly clicks: () => number;
}

const test = withPages.extend<{ look: (kind: keyof FinishedRuns) => Promise<Stranger> }>({
  look: async ({ readRun }, use) => {
    await use(async (kind) => {
      const { page } = await readRun(kind);
      await page.setViewportSize({ width: 1280, height: 800 });
      let clicks = 0;
      const click = async (what: Locator): Promise<void> => {
        clicks += 1;
        await expect(what).toBeInViewport();
        await what.click();
      };
      return { page, click, clicks: () => clicks };
    });
  },
});

// In one worker, which opens each page once.
test.describe.configure({ mode: 'default' });

const bottomOf = (what: Locator): Promise<number> => what.evaluate((element) => element.getBoundingClientRect().bottom);

const answers = {
  conformant: 'conforms: it passed all',
  warned: 'conforms: it passed all',
  nonconformant: 'gives answers that the documentation rules out',
  waived: 'passes with waivers only',
  incomplete: 'it cannot say whether',
  hostile: 'gives answers that the documentation rules out',
} as const;

for (const kind of kinds) {
  test(`does it conform? to what? The ${kind} run says so without a click`, async ({ look, runs }) => {
    const { page } = await look(kind);
    const { target, provable, proven } = runs[kind];
    const heading = page.getByRole('heading', { level: 1 });
    await expect(heading).toBeInViewport();
    await expect(heading).toContainText(answers[kind]);
    const header = page.locator('header');
    for (const text of [target.edition, target.baseUrl, '200 or 204?']) {
      const shown = header.getByText(text, { exact: false }).first();
      await expect(shown, text).toBeVisible();
      // What a hostile target says of itself may fill a screen or two.
      expect(await bottomOf(shown), text).toBeLessThan(kind === 'hostile' ? 2000 : 800);
    }
    // What could be checked is said where that is not everything.
    const shares = [provable, proven].filter((share) => share === proven || share.count < share.of);
    for (const { count, of } of shares) await expect(header).toContainText(`${count} of ${of} MUST`);
    // Read once: a browser takes half a second to gather all the words of a page.
    const words = ((await page.locator('main').textContent()) ?? '').replaceAll(/\s+/g, ' ');
    for (const [id, reading] of Object.entries(target.readings)) {
      expect(words, id).toContain(id === 'C-1' ? `read as ${reading}` : `${id} ${reading}`);
    }
  });
}

test('200 or 204? One click shows the answer of the target itself', async ({ look, runs }) => {
  const { page, click, clicks } = await look('conformant');
  await expect(page.locator('.facts').first()).toContainText('204 in');
  await click(page.locator('.facts').getByRole('link', { name: 'evidence', exact: true }));
  const [seenIn = ''] = runs.conformant.contested.find(({ id }) => id === 'C-1')?.seenIn ?? [];
  const shown = page.locator(`[id="case-${seenIn}"]`);
  await expect(shown).toBeInViewport();
  await expect(shown.locator('.wire pre.head').nth(1)).toContainText(/^204/);
  expect(clicks()).toBe(1);
});

test('what is wrong, and where is the proof? One click', async ({ look }) => {
  const { page, click, clicks } = await look('nonconformant');
  const wrong = page.getByRole('region', { name: 'What to fix first' });
  await expect(wrong.getByRole('heading', { name: /All successes of a run have the same status/ })).toBeInViewport();
  await expect(wrong.getByText('successes are answered with different statuses').first()).toBeInViewport();
  await click(wrong.getByRole('link', { name: 'see the proof of CANCEL-RESP-002' }));
  const mark = page.locator('.exchange:target .at');
  await expect(mark.first()).toBeInViewport();
  await expect(mark.first()).toContainText('CANCEL-RESP-002');
  await expect(page.locator('.exchange:target .wire pre.head')).toContainText([/^POST /, /^20[04]/]);
  expect(clicks()).toBe(1);
});

test('what could not be told? One click, and the reason stands with it', async ({ look, runs }) => {
  const { page, click, clicks } = await look('incomplete');
  const fact = page.locator('.facts > div', { hasText: 'Could not be told' });
  await click(fact.getByRole('link'));
  const untold = page.getByRole('region', { name: 'What could not be told' });
  await expect(untold).toBeInViewport();
  const rows = runs.incomplete.requirements.filter(({ verdict }) => verdict === 'inconclusive');
  expect(rows.length).toBeGreaterThan(0);
  for (const { id, reason = '' } of rows) {
    await expect(untold.locator(`a[href$="${id}"]`)).toBeVisible();
    await expect(untold).toContainText(reason);
  }
  expect(clicks()).toBe(1);
});

test('what could not be told? Where all was told, the first screen says nothing was left', async ({ look }) => {
  const { page } = await look('conformant');
  const fact = page.locator('.facts > div', { hasText: 'Could not be told' });
  await expect(fact).toBeInViewport();
  await expect(fact).toContainText('nothing: each requirement that applies was judged');
});

test('how do I reproduce it? Two clicks', async ({ look }) => {
  const { page, click, clicks } = await look('nonconformant');
  await click(page.getByRole('link', { name: 'see the proof of CANCEL-RESP-002' }));
  const repeat = page.locator('.exchange:target').getByText('Send it again');
  await click(repeat);
  const command = page.locator('.exchange:target .repeat pre');
  await expect(command).toBeVisible();
  await expect(command).toContainText('curl');
  expect(clicks()).toBe(2);
});

test('the words of every mark on the page stand in its key', async ({ look }) => {
  for (const kind of kinds) {
    const { page } = await look(kind);
    const wordsOf = (marks: Locator): Promise<readonly string[]> =>
      marks.evaluateAll((found) => [...new Set(found.map(({ textContent }) => textContent))].sort());
    const waiverWords = await wordsOf(page.locator('[data-waiver] > .mark'));
    const used = await wordsOf(page.locator('main .mark'));
    const explained = await wordsOf(page.locator('section[aria-labelledby="key"] .mark'));
    expect(used.filter((word) => !explained.includes(word) && !waiverWords.includes(word))).toEqual([]);
  }
});
