import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderHtml } from '../../../src/report/html/page.js';
import { withoutEvidence } from './carried-evidence.js';
import { test as withRuns, kinds, type FinishedRuns } from './finished-runs.js';
import { madeOnce } from './made-once.js';
import { readPagesOf, type ReadPage } from './read-pages.js';

/** Writes the page of every run, as far as these tests read it. @returns its folder */
const writePages =
  (runs: FinishedRuns) =>
  (folder: string): Promise<string> => {
    for (const kind of kinds) writeFileSync(path.join(folder, `${kind}.html`), withoutEvidence(renderHtml(runs[kind])));
    return Promise.resolve(folder);
  };

interface Givens {
  /** The address of the page of a run. */
  readonly addressOf: (kind: keyof FinishedRuns) => string;
  /** That page, as if it had just been opened. */
  readonly readRun: (kind: keyof FinishedRuns) => Promise<ReadPage>;
}

/** Tests that read the pages of runs that were carried out once. */
export const test = withRuns.extend<Givens>({
  addressOf: async ({ runs }, use) => {
    const folder = await madeOnce('pages of finished runs', writePages(runs));
    await use((kind) => pathToFileURL(path.join(folder, `${kind}.html`)).href);
  },

  readRun: async ({ addressOf, browser }, use) => {
    const readPages = readPagesOf(browser);
    await use((kind) => readPages(addressOf(kind)));
  },
});
