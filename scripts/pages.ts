import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/engine/files.js';
import { configurationPage, renderConfiguration } from './configuration-page.js';
import { editionsPage, renderEditions } from './editions-page.js';
import { exitCodesPage, renderExitCodes } from './exit-codes-page.js';

// Makes the pages of the docs anew that rest on data alone.
for (const [page, content] of [
  [editionsPage, renderEditions()],
  [configurationPage, await renderConfiguration()],
  [exitCodesPage, await renderExitCodes()],
] as const) {
  writeFileSync(path.join(packageRoot, page), content);
  process.stdout.write(`wrote ${page}\n`);
}
