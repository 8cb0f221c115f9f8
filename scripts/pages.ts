import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import { configurationPage, renderConfiguration } from './configuration-page.js';
import { editionsPage, renderEditions } from './editions-page.js';
import { exitCodesPage, renderExitCodes } from './exit-codes-page.js';
import { listingFiles, renderLists } from './generated-lists.js';
import { pinnedFile, presentIds, withNewIds } from './pinned-ids.js';

function write(file: string, content: string): void {
  writeWhole(path.join(packageRoot, file), content);
  process.stdout.write(`wrote ${file}\n`);
}

// Makes the lists in schemas and documents anew first, because pages rest on schemas; then the pages that rest on data alone.
for (const listing of listingFiles) {
  const { present, due } = await renderLists(listing);
  if (due !== present) write(listing.file, due);
}
for (const [page, render] of [
  [editionsPage, renderEditions],
  [configurationPage, renderConfiguration],
  [exitCodesPage, renderExitCodes],
] as const) {
  write(page, render());
}

const pinned = readFileSync(path.join(packageRoot, pinnedFile), 'utf8');
const grown = withNewIds(pinned, presentIds());
if (grown !== pinned) write(pinnedFile, grown);
