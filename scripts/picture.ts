import { pathToFileURL } from 'node:url';
import type { Browser } from '@playwright/test';

/** What a reader sees first, in CSS pixels. */
export const firstScreen = { width: 1280, height: 800 } as const;

/** The same on a telephone. */
export const narrowScreen = { width: 390, height: 844 } as const;

/** What is taken, and how it is looked at. */
interface Picture {
  /** Path of the PNG. */
  readonly file: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

/**
 * Takes a picture of the first screen of a page.
 * @param page path of the page
 */
export async function takePicture(
  browser: Browser,
  page: string,
  { file, viewport = firstScreen, colorScheme = 'light' }: Picture,
): Promise<void> {
  const tab = await browser.newPage({ viewport, colorScheme });
  await tab.goto(pathToFileURL(page).href);
  // A report says last of all that it has judged itself.
  if ((await tab.locator('#carried').count()) > 0) await tab.locator('.judged-here').waitFor();
  await tab.screenshot({ path: file });
  await tab.close();
}
