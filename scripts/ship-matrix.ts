import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import { shippedMatrixFile, suiteStamp, type KillMatrix } from '../src/engine/contract/kill-matrix.js';
import { problemsOf } from '../src/wings/prove/index.js';
import { coveragePage, renderCoverage } from './coverage-page.js';

// Takes the matrix that `prove` has just written into the package: reports then name the faults that each check catches.
const matrix = JSON.parse(readFileSync(path.join('reports', 'kill-matrix.json'), 'utf8')) as KillMatrix;
if (matrix.partial || problemsOf(matrix).length > 0 || matrix.stamp !== suiteStamp()) {
  process.stderr.write('reports/kill-matrix.json is no proof of this suite: run prove without filters first\n');
  process.exitCode = 1;
} else {
  mkdirSync(path.dirname(shippedMatrixFile), { recursive: true });
  writeWhole(shippedMatrixFile, `${JSON.stringify(matrix, null, 1)}\n`);
  const page = path.join(packageRoot, coveragePage);
  writeWhole(page, renderCoverage(matrix));
  for (const file of [shippedMatrixFile, page]) process.stdout.write(`wrote ${path.relative(process.cwd(), file)}\n`);
}
