import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../src/engine/package.js';
import { licenceProblems, type Lockfile } from './licences.js';

// Prints each dependency whose licence is missing or not allowed, and exits with 1 when there is any.
const lockfile = JSON.parse(readFileSync(path.join(packageRoot, 'package-lock.json'), 'utf8')) as Lockfile;
const problems = licenceProblems(lockfile);
for (const problem of problems) process.stdout.write(`${problem}\n`);
if (problems.length === 0) process.stdout.write('ok   the licence of every dependency is allowed\n');
process.exitCode = problems.length === 0 ? 0 : 1;
