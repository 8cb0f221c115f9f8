import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../src/engine/package.js';
import { environmentOf, readReport, spawnCli, startServe, verdictsOf } from '../support/cli.js';
import { everythingBelow, expect, stateOf, test, type InstalledPackage } from '../support/installed-package.js';

const execute = promisify(execFile);

/** The JavaScript of the page on the programmatic interface. */
const example = /```js\n(.*?)```/s.exec(readFileSync(path.join(packageRoot, 'docs', 'api.md'), 'utf8'))?.[1] ?? '';

/** A project in an empty folder that sees the installed package. */
function dependOn({ project }: InstalledPackage, folder: string): void {
  symlinkSync(path.join(project, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }');
}

test.describe('the installed package', () => {
  test('holds what it needs, and neither TypeScript nor source maps', ({ installed }) => {
    const files = everythingBelow(installed.root).map((file) => path.relative(installed.root, file));
    for (const part of ['specs', 'schemas', 'proof', 'targets', 'README.md', 'LICENSE']) expect(files).toContain(part);
    expect(files.filter((file) => /(?<!\.d)\.tsx?$|\.map$/.test(file))).toEqual([]);
    expect(existsSync(path.join(installed.project, 'node_modules', 'typescript'))).toBe(false);
  });

  test('runs, from any folder, and writes nothing beside its reports', async ({ installed, folder, embeddedRun }) => {
    const before = stateOf(installed.project);
    const { exitCode, stderr } = await spawnCli(['run', '--out', 'reports'], { cwd: folder, main: installed.main });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(verdictsOf(readReport(path.join(folder, 'reports')))).toEqual(verdictsOf(embeddedRun.report));
    expect(readdirSync(folder)).toEqual(['reports']);
    expect(stateOf(installed.project)).toEqual(before);
  });

  test('examines, and proves', async ({ installed, folder }) => {
    const before = stateOf(installed.project);
    const options = { cwd: folder, main: installed.main };
    const doctor = await spawnCli(['doctor'], options);
    expect([doctor.exitCode, doctor.stderr]).toEqual([0, '']);
    const proof = await spawnCli(['prove', '--fault', 'scope-compared-by-prefix', '--variant', 'success-200'], options);
    expect([proof.exitCode, proof.stdout]).toEqual([0, expect.stringContaining('1 of 1 (100 %) killed')]);
    expect(stateOf(installed.project)).toEqual(before);
  });

  test('serves a target that it finds the fault of', async ({ installed, folder }) => {
    const before = stateOf(installed.project);
    const options = { cwd: folder, main: installed.main };
    const served = await startServe(['--fault', 'scope-compared-by-prefix'], options);
    try {
      const { exitCode, stdout } = await spawnCli(['run', '--target', served.origin], options);
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining('CANCEL-PERM-008')]);
    } finally {
      served.child.kill('SIGTERM');
      await served.exit;
    }
    expect(stateOf(installed.project)).toEqual(before);
  });

  test('gives a harness what the page on it promises', async ({ installed, folder }) => {
    dependOn(installed, folder);
    const before = stateOf(installed.project);
    writeFileSync(path.join(folder, 'harness.js'), example);
    const { stdout, stderr } = await execute(process.execPath, ['harness.js'], { cwd: folder, env: environmentOf({}) });
    const { proven, provable } = readReport(path.join(folder, 'conformance'));
    expect(stderr).toBe('');
    expect(stdout).toBe(
      `conformant, exit code 0\nproven ${proven.count} of ${proven.of}, provable ${provable.count}\n`,
    );
    expect(stateOf(installed.project)).toEqual(before);
  });

  test('has types that hold under the strictest settings', async ({ installed, folder }) => {
    dependOn(installed, folder);
    writeFileSync(
      path.join(folder, 'harness.ts'),
      `${example}\nexport const typo = await run({ editon: 'v1.0-2023' });\n`,
    );
    writeFileSync(
      path.join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'NodeNext',
          target: 'ES2023',
          lib: ['ES2023'],
          types: ['node'],
          typeRoots: [path.join(packageRoot, 'node_modules', '@types')],
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
        },
        include: ['harness.ts'],
      }),
    );
    const tsc = path.join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout = '' } = await execute(process.execPath, [tsc, '--pretty', 'false', '-p', folder]).catch(
      (error: unknown) => error as { readonly stdout?: string },
    );
    const problems = stdout.split('\n').filter((line) => line.includes('error TS'));
    expect(problems).toEqual([expect.stringMatching(/harness\.ts.*'editon' does not exist.*'RunOptions'/)]);
  });

  test('is as small as the README says', ({ installed }) => {
    const readme = readFileSync(path.join(packageRoot, 'README.md'), 'utf8');
    const [, megabytes, packages] = /about (\d+) MB in (\d+) packages/.exec(readme) ?? [];
    const bytes = everythingBelow(path.join(installed.project, 'node_modules'))
      .map((file) => statSync(file))
      .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
    expect(installed.dependencies.length + 1).toBe(Number(packages));
    expect(Math.abs(bytes / 1e6 - Number(megabytes))).toBeLessThan(0.1 * Number(megabytes));
  });
});
