import type { Browser, Page } from '@playwright/test';

/** A page that several tests read, and all that it said and asked for since it was opened. */
export interface ReadPage {
  readonly page: Page;
  /** Console messages, page errors and dialogs. */
  readonly said: readonly string[];
  readonly requested: readonly string[];
}

/** Pages by address: each is opened by the test that asks first, and given to the others as if it had just been opened. */
export type ReadPages = (address: string) => Promise<ReadPage>;

/** Whether each part that folds stood open at first. */
type Folding = readonly boolean[];

const foldingOf = (page: Page): Promise<Folding> =>
  page.evaluate(() => [...document.querySelectorAll('details')].map(({ open }) => open));

const shared = new WeakMap<Browser, ReadPages>();

/**
 * Opening a page costs a browser more than all that a test reads of it, so tests that only read have one page in common, whatever
 * file they are in. The pages are closed with their browser.
 */
export function readPagesOf(browser: Browser): ReadPages {
  const pages = shared.get(browser) ?? sharedPages(browser);
  shared.set(browser, pages);
  return pages;
}

function sharedPages(browser: Browser): ReadPages {
  const context = browser.newContext();
  const known = new Map<string, { readonly read: ReadPage; readonly folding: Folding }>();
  return async (address) => {
    const opened = known.get(address);
    if (opened) {
      await reset(opened.read.page, opened.folding);
      return opened.read;
    }
    const page = await (await context).newPage();
    const read = listen(page);
    await page.goto(address);
    known.set(address, { read, folding: await foldingOf(page) });
    return read;
  };
}

function listen(page: Page): ReadPage {
  const said: string[] = [];
  const requested: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => said.push(dialog.message()));
  page.on('request', (request) => requested.push(request.url()));
  return { page, said, requested };
}

/** Takes back whatever a reader may do to a page: where it stands, what it filters, what it opened. */
async function reset(page: Page, folding: Folding): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ colorScheme: 'light', media: null });
  await page.evaluate(async (folded) => {
    location.hash = '';
    for (const form of document.forms) form.reset();
    // The page filters again once the form has its values, and tells of it; what asks later comes later.
    await new Promise((resolve) => setTimeout(resolve));
    for (const [index, details] of document.querySelectorAll('details').entries())
      details.open = folded[index] ?? false;
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo(0, 0);
  }, folding);
}
