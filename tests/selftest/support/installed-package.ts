import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Lockfile } from '../../../scripts/licences.js';
import { packageRoot } from '../../../src/engine/package.js';
import { environmentOf, test as base } from './cli.js';
import { madeOnce } from './made-once.js';

export { expect } from './cli.js';

const execute = promisify(execFile);

/** The package as a user has it: packed, unpacked beside its dependencies, and nothing in it may be written. */
export interface InstalledPackage {
  /** The project that depends on it. */
  readonly project: string;
  /** The package itself. */
  readonly root: string;
  /** The command. */
  readonly main: string;
  /** Places of the packages that were installed with it, below the project. */
  readonly dependencies: readonly string[];
  /** What it is as long as nobody has written anything. */
  readonly state: readonly string[];
}

/** Where the packages stand that this one needs, below the folder of a project. */
const needed = (): readonly string[] => {
  const { packages } = JSON.parse(readFileSync(path.join(packageRoot, 'package-lock.json'), 'utf8')) as Lockfile;
  return Object.entries(packages)
    .filter(([place, { dev, devOptional }]) => place !== '' && dev !== true && devOptional !== true)
    .map(([place]) => place);
};

/** What `npm install <tarball>` does, with the dependencies of this checkout: a test may ask no registry. */
async function install(project: string): Promise<InstalledPackage> {
  const packed = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    cwd: packageRoot,
    env: environmentOf({}),
  });
  const [{ filename } = { filename: '' }] = JSON.parse(packed.stdout) as readonly { readonly filename: string }[];
  const root = path.join(project, 'node_modules', 'cancel-conformance');
  mkdirSync(root, { recursive: true });
  await execute('tar', ['-xzf', path.join(project, filename), '-C', root, '--strip-components=1']);
  await rm(path.join(project, filename));
  // The folder of packages may be a link.
  const modules = realpathSync(path.join(packageRoot, 'node_modules'));
  const dependencies = needed();
  const archive = path.join(project, 'dependencies.tar');
  await execute('tar', ['-cf', archive, '-C', path.dirname(modules), ...dependencies]);
  await execute('tar', ['-xf', archive, '-C', project]);
  await rm(archive);
  for (const entry of everythingBelow(project)) chmodSync(entry, statSync(entry).mode & ~0o222);
  const main = path.join(root, 'dist', 'src', 'cli', 'main.js');
  return { project, root, main, dependencies, state: stateOf(project) };
}

/** Every file and folder below a folder, itself included. */
export function everythingBelow(folder: string): readonly string[] {
  return [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name))];
}

/**
 * All that writing would change: names, sizes, times. To somebody whom no permission stops, such as the root of a container,
 * this alone shows that nothing was written.
 */
export const stateOf = (folder: string): readonly string[] =>
  everythingBelow(folder).map((entry) => {
    const { size, mtimeMs, ctimeMs } = statSync(entry);
    return [entry, size, mtimeMs, ctimeMs].join(' ');
  });

/** Tests of the package as it is installed, once for all. */
export const test = base.extend<{ installed: InstalledPackage }>({
  installed: async ({}, use) => {
    await use(await madeOnce('installed package', install));
  },
});
