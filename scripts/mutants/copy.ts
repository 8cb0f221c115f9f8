import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { ConfigurationError } from '../../src/engine/errors.js';
import { stampOfMeaning } from '../stamp.js';
import { marked, type Place } from './reach.js';
import { mutated, type Site } from './sites.js';

/** A copy of a built checkout, in which mistakes can be made. */
export interface Copy {
  readonly root: string;
  /** An empty folder beside it. */
  readonly temporary: string;
  /** Makes mistakes, of which none stands within another. @returns what undoes them */
  readonly make: (sites: readonly Site[]) => () => void;
  /** Marks places in the sources, and has them noted by whoever carries out tests. @returns what undoes it */
  readonly mark: (places: readonly Place[]) => () => void;
  readonly remove: () => void;
}

/** It asks whether lines read as they are listed, which any mistake in one of them would fail. */
const ofThis = 'tests/selftest/house/mutants.spec.ts';

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
    if (name === '' || name === ofThis || !existsSync(from)) continue;
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
    make: (sites) => makeMistakes(root, sites, { ...options, module: ts.ModuleKind.ESNext }),
    mark: (places) => mark(root, places),
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
    // In its place alone: a test asks whether the matrix is written as it is shipped.
    writeFileSync(file, readFileSync(file, 'utf8').replace(/("stamp":\s*")[^"]*/, `$1${stamp}`));
  }
}

/** In the source, which tests import, and in what was built of it, which they start as a process. */
function makeMistakes(root: string, sites: readonly Site[], compilerOptions: ts.CompilerOptions): () => void {
  const undo: (() => void)[] = [];
  for (const [file, within] of byFile(sites, (site) => site.file)) {
    const compiled = (source: string): string =>
      ts.transpileModule(source, { fileName: file, compilerOptions }).outputText;
    const built = `dist/${file.replace(/\.ts$/, '.js')}`;
    const right = readFileSync(path.join(root, file), 'utf8');
    // Else it would be the way in which it was built that kills a mutant.
    if (compiled(right) !== readFileSync(path.join(root, built), 'utf8'))
      throw new ConfigurationError(`${built} is not ${file}: run npm run build first`);
    const wrong = [...within].sort((a, b) => b.start - a.start).reduce(mutated, right);
    undo.push(change(root, file, wrong), change(root, built, compiled(wrong)));
  }
  return stampedMeanwhile(root, undo);
}

function mark(root: string, places: readonly Place[]): () => void {
  const undo = [...byFile(places, ({ site }) => site.file)].map(([file, within]) =>
    change(root, file, marked(readFileSync(path.join(root, file), 'utf8'), within)),
  );
  const config = 'tests/selftest/playwright.config.ts';
  const loads = "import '../../dist/scripts/mutants/recorder.js';\n";
  undo.push(change(root, config, loads + readFileSync(path.join(root, config), 'utf8')));
  return stampedMeanwhile(root, undo);
}

/** @returns what undoes it */
function change(root: string, name: string, text: string): () => void {
  const file = path.join(root, name);
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, text);
  return () => {
    writeFileSync(file, before);
  };
}

function stampedMeanwhile(root: string, undo: readonly (() => void)[]): () => void {
  stampAnew(root);
  return () => {
    for (const one of undo) one();
    stampAnew(root);
  };
}

function byFile<T>(all: readonly T[], fileOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const files = new Map<string, T[]>();
  for (const one of all) files.set(fileOf(one), [...(files.get(fileOf(one)) ?? []), one]);
  return files;
}
