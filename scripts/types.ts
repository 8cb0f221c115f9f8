import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/engine/package.js';
import { modelled, typesFile, typesOf } from './schema-types.js';

// Makes the types of the suite's models anew from their schemas; with --check, only says where they are others.
const isCheck = process.argv.includes('--check');
for (const name of modelled) {
  const file = path.join(packageRoot, typesFile(name));
  const types = await typesOf(name);
  if (!isCheck) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, types);
    process.stdout.write(`wrote ${typesFile(name)}\n`);
  } else if (readFileSync(file, 'utf8') === types) process.stdout.write(`ok   ${typesFile(name)}\n`);
  else {
    process.stderr.write(`FAIL ${typesFile(name)} is not what its schema says: make it anew with: npm run types\n`);
    process.exitCode = 1;
  }
}
