import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderHtml } from '../../../src/report/html/page.js';
import { test as withRuns, kinds, type FinishedRuns } from './finished-runs.js';
import { madeOnce } from './made-once.js';
import { shareReadPages, type ReadPage, type ReadPages } from './read-pages.js';

/** Writes the page of every run. @returns its folder */
const writePages =
  (runs: FinishedRuns) =>
  (folder: string): Promise<string> => {
    for (const kind of kinds) writeFileSync(path.join(folder, `${kind}.html`), renderHtml(runs[kind]));
    return Promise.resolve(folder);
  };

type ReadRun = (kind: keyof FinishedRuns) => Promise<ReadPage>;

/** Tests that read the pages of runs that were carried out once. */
export const test = withRuns.extend<{ readRun: ReadRun }, { readPages: ReadPages }>({
  readPages: [async ({ browser }, use) => shareReadPages(browser, use), { scope: 'worker' }],

  readRun: async ({ runs, readPages }, use) => {
    const folder = await madeOnce('pages of finished runs', writePages(runs));
    await use((kind) => readPages(pathToFileURL(path.join(folder, `${kind}.html`)).href));
  },
});
