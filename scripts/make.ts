import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { shippedMatrixFile, suiteStamp, type KillMatrix } from '../src/engine/contract/kill-matrix.js';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import { problemsOf } from '../src/wings/prove/index.js';
import { configurationPage, renderConfiguration } from './configuration-page.js';
import { coveragePage, renderCoverage } from './coverage-page.js';
import { editionsPage, renderEditions } from './editions-page.js';
import { exitCodesPage, renderExitCodes } from './exit-codes-page.js';
import { listingFiles, renderLists } from './generated-lists.js';
import { mistakesPage, renderMistakes } from './mistakes-page.js';
import { readingsPage, renderReadings } from './readings-page.js';
import { pinnedFile, presentIds, withNewIds } from './pinned-ids.js';

// What `npm run pages` and `npm run prove` write of this checkout, below the folder that the caller names; each returns the names of
// its files.

function write(root: string, file: string, content: string): string {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeWhole(path.join(root, file), content);
  return file;
}

/** The lists in schemas and documents that are stale, first, because pages rest on schemas; then the pages that rest on data alone. */
export async function makePages(root: string): Promise<readonly string[]> {
  const written: string[] = [];
  for (const listing of listingFiles) {
    const { present, due } = await renderLists(listing);
    if (due !== present) written.push(write(root, listing.file, due));
  }
  for (const [page, render] of [
    [editionsPage, renderEditions],
    [readingsPage, renderReadings],
    [configurationPage, renderConfiguration],
    [exitCodesPage, renderExitCodes],
    [mistakesPage, renderMistakes],
  ] as const) {
    written.push(write(root, page, render()));
  }
  const pinned = readFileSync(path.join(packageRoot, pinnedFile), 'utf8');
  const grown = withNewIds(pinned, presentIds());
  if (grown !== pinned) written.push(write(root, pinnedFile, grown));
  return written;
}

/**
 * The matrix that `prove` has written, for the package: reports then name the faults that each check catches. And its page.
 * @returns null when it is no proof of this suite
 */
export function shipMatrix(root: string, from: string): readonly string[] | null {
  const matrix = JSON.parse(readFileSync(from, 'utf8')) as KillMatrix;
  if (matrix.partial || problemsOf(matrix).length > 0 || matrix.stamp !== suiteStamp()) return null;
  return [
    write(root, path.relative(packageRoot, shippedMatrixFile), `${JSON.stringify(matrix, null, 1)}\n`),
    write(root, coveragePage, renderCoverage(matrix)),
  ];
}
