import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const selftests = 'tests/selftest';

/**
 * The self-tests that are likeliest to see a mistake in a file, the likeliest first: those that import it, and those of its room that
 * import something of its folder; then the others of its room.
 * @param root the project
 * @returns paths below the root, with `/`
 */
export function relatedSpecs(root: string, file: string): readonly (readonly string[])[] {
  const all = readdirSync(path.join(root, selftests), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => `${selftests}/${name.replaceAll(path.sep, '/')}`)
    .sort();
  const folder = path.posix.dirname(file);
  const room = roomOfTests(root, folder);
  const isOfRoom = (spec: string): boolean => room !== null && spec.startsWith(`${room}/`);
  const isNear = (spec: string): boolean => {
    const imported = importsOf(root, spec);
    return (
      imported.includes(file) || (isOfRoom(spec) && imported.some((other) => path.posix.dirname(other) === folder))
    );
  };
  const near = all.filter(isNear);
  return [near, all.filter((spec) => isOfRoom(spec) && !near.includes(spec))].filter((specs) => specs.length > 0);
}

/** The folder of self-tests that is called after a folder of src, or after the nearest one above; null when none is. */
function roomOfTests(root: string, folder: string): string | null {
  for (let room = folder; room.includes('/'); room = path.posix.dirname(room)) {
    const tests = room.replace(/^src\//, `${selftests}/`);
    if (existsSync(path.join(root, tests))) return tests;
  }
  return null;
}

/** Whether tests ask for runs that are made once for all: what that takes is seen at whoever asks first, and nobody else. */
export function asksForRuns(root: string, spec: string): boolean {
  const known =
    asking.get(spec) ?? /\b(?:runs|others|embeddedRun|partialRun)\b/.test(readFileSync(path.join(root, spec), 'utf8'));
  asking.set(spec, known);
  return known;
}

const asking = new Map<string, boolean>();

/** What tests import, by file: each mutant asks for all. */
const known = new Map<string, readonly string[]>();

/** The modules of ours that a test imports for more than their types, by path below the root. */
function importsOf(root: string, spec: string): readonly string[] {
  const file = path.join(root, spec);
  const imported = known.get(file) ?? readImports(file, spec);
  known.set(file, imported);
  return imported;
}

function readImports(file: string, spec: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/^(?!import type )(?:import|export|\}).* from '(\.[^']*)\.js';$/gm);
  return [...found].map(([, to = '']) => `${path.posix.join(path.posix.dirname(spec), to)}.ts`);
}
