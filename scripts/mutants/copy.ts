import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { ConfigurationError } from '../../src/engine/errors.js';
import { stampOfMeaning } from '../stamp.js';
import { mutated, type Site } from './sites.js';

/** A copy of a built checkout, in which mistakes can be made. */
export interface Copy {
  readonly root: string;
  /** An empty folder beside it. */
  readonly temporary: string;
  /** Makes a mistake. @returns what undoes it */
  readonly make: (site: Site) => () => void;
  readonly remove: () => void;
}

/** Copies what git knows or would take up, and what was built; packages are linked. */
export function copyCheckout(checkout: string): Copy {
  const folder = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-mutants-'));
  const [root, temporary] = [path.join(folder, 'checkout'), path.join(folder, 'temporary')];
  for (const made of [root, temporary]) mkdirSync(made);
  const git = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'safe.directory=*', ...args], { cwd, encoding: 'utf8' });
  const names = git(checkout, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const name of names) {
    const from = path.join(checkout, name);
    if (name === '' || !existsSync(from)) continue;
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    cpSync(from, path.join(root, name));
  }
  cpSync(path.join(checkout, 'dist'), path.join(root, 'dist'), { recursive: true });
  symlinkSync(path.join(checkout, 'node_modules'), path.join(root, 'node_modules'), 'dir');
  stampAnew(root);
  // Some tests ask git which files there are.
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8')).config,
    ts.sys,
    root,
  );
  return {
    root,
    temporary,
    // A module of its own does not say which kind it is; package.json does, which is not asked here.
    make: (site) => makeMistake(root, site, { ...options, module: ts.ModuleKind.ESNext }),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What says of which sources it was made, below the root. */
const stamped = ['dist/stamp.json', 'proof/kill-matrix.json'];

/**
 * Stamps a copy as if it had been built and proved as it is: that a source is another one than on the day of the proof is no test
 * of what it does.
 */
function stampAnew(root: string): void {
  const stamp = stampOfMeaning(root);
  for (const file of stamped.map((name) => path.join(root, name))) {
    const said = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...said, stamp }));
  }
}

/** In the source, which tests import, and in what was built of it, which they start as a process. */
function makeMistake(root: string, site: Site, compilerOptions: ts.CompilerOptions): () => void {
  const compiled = (source: string): string =>
    ts.transpileModule(source, { fileName: site.file, compilerOptions }).outputText;
  const names = [site.file, `dist/${site.file.replace(/\.ts$/, '.js')}`, ...stamped];
  const before = names.map((name) => [path.join(root, name), readFileSync(path.join(root, name), 'utf8')] as const);
  const [[source, right] = ['', ''], [built, was] = ['', '']] = before;
  // Else it would be the way in which it was built that kills a mutant.
  if (compiled(right) !== was)
    throw new ConfigurationError(`${names[1] ?? ''} is not ${site.file}: run npm run build first`);
  const wrong = mutated(right, site);
  writeFileSync(source, wrong);
  writeFileSync(built, compiled(wrong));
  stampAnew(root);
  return () => {
    for (const [file, text] of before) writeFileSync(file, text);
  };
}
