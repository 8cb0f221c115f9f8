import { packageRoot } from '../src/engine/package.js';
import { makePages } from './make.js';

// Makes the lists and pages that rest on tables anew.
for (const file of await makePages(packageRoot)) process.stdout.write(`wrote ${file}\n`);
