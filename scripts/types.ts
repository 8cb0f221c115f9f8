import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/engine/package.js';
import { makeTypes, modelled, typesFile, typesOf } from './schema-types.js';

// Makes the types of the suite's models anew from their schemas; with --check, only says where they are others.
if (!process.argv.includes('--check')) {
  for (const file of await makeTypes(packageRoot)) process.stdout.write(`wrote ${file}\n`);
} else {
  for (const name of modelled) {
    const present = readFileSync(path.join(packageRoot, typesFile(name)), 'utf8');
    if (present === (await typesOf(name))) process.stdout.write(`ok   ${typesFile(name)}\n`);
    else {
      process.stderr.write(`FAIL ${typesFile(name)} is not what its schema says: make it anew with: npm run types\n`);
      process.exitCode = 1;
    }
  }
}
