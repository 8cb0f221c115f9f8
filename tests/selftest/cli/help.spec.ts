import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { cliMain, expect, test } from '../support/cli.js';

const built = path.join(packageRoot, 'dist', 'src');

/** What a built module imports before it runs: files of ours below dist/src, and packages. */
function importsOf(file: string): readonly string[] {
  const code = readFileSync(path.join(built, file), 'utf8');
  return [...code.matchAll(/^(?:import|export) (?:[^;]*? from )?'([^']+)';/gm)].map(([, name = '']) =>
    name.startsWith('.') ? path.join(path.dirname(file), name) : name,
  );
}

function allBelow(file: string, known = new Set<string>()): ReadonlySet<string> {
  for (const name of importsOf(file)) {
    if (known.has(name)) continue;
    known.add(name);
    if (name.endsWith('.js')) allBelow(name, known);
  }
  return known;
}

test('the first module imports nothing but the platform', () => {
  expect(importsOf(path.relative(built, cliMain)).filter((name) => !name.startsWith('node:'))).toEqual([]);
});

test('whoever asks for help waits for nothing but the help', () => {
  const light = [
    'cancel/areas.js',
    'cli/declarations.js',
    'cli/exit-codes.js',
    'cli/options.js',
    'commander',
    'emulators/tenant/choices.js',
    'engine/bounds.js',
    'engine/contract/waiver-defaults.js',
    'engine/errors.js',
    'engine/files.js',
    'engine/package.js',
    'engine/verdict/outcome.js',
    'hosts/io.js',
    'leven',
    'report/pipelines.js',
    'report/visible.js',
    'target/control-key.js',
    'target/environment-file.js',
  ];
  const loaded = [...allBelow('cli/program.js')].filter((name) => !name.startsWith('node:'));
  expect(loaded.sort()).toEqual(light);
});
