import { existsSync, readFileSync } from 'node:fs';
import { shippedMatrixFile, suiteStamp, type KillMatrix } from '../src/engine/contract/kill-matrix.js';

// Nothing is handed on that was not proved: the shipped matrix has to be that of the suite as it was built.
const matrix = existsSync(shippedMatrixFile)
  ? (JSON.parse(readFileSync(shippedMatrixFile, 'utf8')) as KillMatrix)
  : null;
if (matrix?.stamp === suiteStamp()) process.stdout.write('ok   proof/kill-matrix.json is the proof of this suite\n');
else {
  process.stderr.write('FAIL proof/kill-matrix.json is no proof of this suite: make it anew with: npm run prove\n');
  process.exitCode = 1;
}
