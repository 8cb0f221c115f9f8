import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/contract/files.js';
import { editionsPage, renderEditions } from './editions-page.js';

// Makes the pages of the docs anew that rest on data alone.
writeFileSync(path.join(packageRoot, editionsPage), renderEditions());
process.stdout.write(`wrote ${editionsPage}\n`);
