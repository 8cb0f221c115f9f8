import path from 'node:path';
import { packageRoot } from '../src/engine/package.js';
import { shipMatrix } from './make.js';

// Takes the matrix that `prove` has just written into the package.
const written = shipMatrix(packageRoot, path.join('reports', 'kill-matrix.json'));
for (const file of written ?? []) process.stdout.write(`wrote ${file}\n`);
if (written === null) {
  process.stderr.write('reports/kill-matrix.json is no proof of this suite: run prove without filters first\n');
  process.exitCode = 1;
}
