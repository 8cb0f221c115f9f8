import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const specEnding = '.spec.ts';

/**
 * The self-tests that are likeliest to see a mistake in a file: those of the folder that is called after its room; where there
 * is none, those that import something of the folder of the file, or else the file through what tests share, or else
 * something of the room.
 * @param room below src, such as `wings/compare`
 * @returns paths below the root, with `/`
 */
export function relatedSpecs(root: string, file: string, room: string): readonly string[] {
  const selftests = path.join(root, 'tests', 'selftest');
  const all = readdirSync(selftests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(specEnding))
    .map((name) => `tests/selftest/${name.replaceAll(path.sep, '/')}`)
    .sort();
  const ofRoom = [room, path.posix.basename(room)].find((name) => existsSync(path.join(selftests, name)));
  if (ofRoom !== undefined) return all.filter((spec) => spec.startsWith(`tests/selftest/${ofRoom}/`));
  const folder = path.posix.dirname(file);
  // The nearest alone: through what tests share, nearly all of them reach nearly every folder.
  const ways: readonly ((spec: string) => boolean)[] = [
    (spec) => importsOf(root, spec).some((other) => path.posix.dirname(other) === folder),
    (spec) => reachedFrom(root, spec).includes(file),
    (spec) => importsOf(root, spec).some((other) => other.startsWith(`src/${room}/`)),
  ];
  return ways.map((isNear) => all.filter(isNear)).find((specs) => specs.length > 0) ?? [];
}

/** The modules that a test imports for more than their types, by path below the root. */
function importsOf(root: string, file: string): readonly string[] {
  const source = path.join(root, file);
  if (!existsSync(source)) return [];
  const found = readFileSync(source, 'utf8').matchAll(
    /^(?!import type )(?:import|export|\}).* from '(\.[^']*)\.js';$/gm,
  );
  return [...found].map(([, to = '']) => `${path.posix.join(path.posix.dirname(file), to)}.ts`);
}

/** All that a test imports, by itself or through other modules of the tests. */
function reachedFrom(root: string, spec: string): readonly string[] {
  const reached = new Set([spec]);
  for (const file of reached) {
    if (!file.startsWith('tests/')) continue;
    for (const imported of importsOf(root, file)) reached.add(imported);
  }
  return [...reached];
}
