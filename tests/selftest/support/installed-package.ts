import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/engine/package.js';
import { environmentOf, test as base } from './cli.js';

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
  /** Folders of the packages that were installed with it. */
  readonly dependencies: readonly string[];
}

/** What `npm install <tarball>` does, with the dependencies of this checkout: a test may ask no registry. */
async function install(project: string): Promise<InstalledPackage> {
  const environment = environmentOf({});
  const packed = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    cwd: packageRoot,
    env: environment,
  });
  const [{ filename } = { filename: '' }] = JSON.parse(packed.stdout) as readonly { readonly filename: string }[];
  const root = path.join(project, 'node_modules', 'cancel-conformance');
  mkdirSync(root, { recursive: true });
  await execute('tar', ['-xzf', path.join(project, filename), '-C', root, '--strip-components=1']);
  await rm(path.join(project, filename));
  const listed = await execute('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: packageRoot,
    env: environment,
  });
  const [, ...dependencies] = listed.stdout.trim().split('\n');
  // The folder of packages may be a link.
  const modules = realpathSync(path.join(packageRoot, 'node_modules'));
  const installed = dependencies.map((from) => {
    const to = path.join(project, 'node_modules', path.relative(modules, realpathSync(from)));
    cpSync(from, to, { recursive: true });
    return to;
  });
  allow(project, false);
  return { project, root, main: path.join(root, 'dist', 'src', 'cli', 'main.js'), dependencies: installed };
}

/** Every file and folder below a folder, itself included. */
export function everythingBelow(folder: string): readonly string[] {
  return [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name))];
}

function allow(folder: string, writing: boolean): void {
  for (const entry of everythingBelow(folder)) {
    const { mode } = statSync(entry);
    chmodSync(entry, writing ? mode | 0o200 : mode & ~0o222);
  }
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

/** Tests of the package as it is installed. */
export const test = base.extend<object, { installed: InstalledPackage }>({
  installed: [
    async ({}, use) => {
      const project = await mkdtemp(path.join(tmpdir(), 'cancel-conformance-project-'));
      await use(await install(project));
      allow(project, true);
      await rm(project, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
});
