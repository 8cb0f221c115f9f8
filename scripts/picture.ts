import { pathToFileURL } from 'node:url';
import type { Browser } from '@playwright/test';

/** What a reader sees first, in CSS pixels. */
export const firstScreen = { width: 1280, height: 800 } as const;

/**
 * Takes a picture of the first screen of a page.
 * @param page path of the page
 * @param file path of the PNG
 */
export async function takePicture(browser: Browser, page: string, file: string): Promise<void> {
  const tab = await browser.newPage({ viewport: firstScreen, colorScheme: 'light' });
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: file });
  await tab.close();
}
