import path from 'node:path';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import { configurationPage, renderConfiguration } from './configuration-page.js';
import { editionsPage, renderEditions } from './editions-page.js';
import { exitCodesPage, renderExitCodes } from './exit-codes-page.js';

// Makes the pages of the docs anew that rest on data alone.
for (const [page, content] of [
  [editionsPage, renderEditions()],
  [configurationPage, renderConfiguration()],
  [exitCodesPage, renderExitCodes()],
] as const) {
  writeWhole(path.join(packageRoot, page), content);
  process.stdout.write(`wrote ${page}\n`);
}
