import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { packageRoot } from '../../../src/engine/package.js';
import {
  environmentOf,
  failedRows,
  readReport,
  runOnDearEmbedded,
  spawnCli,
  startServe,
  verdictsOf,
} from '../support/cli.js';
import { everythingBelow, expect, stateOf, test, type InstalledPackage } from '../support/installed-package.js';

const execute = promisify(execFile);

const fault = 'scope-compared-by-prefix';

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

  test('examines, and proves', async ({ installed, folder }) => {
    const options = { cwd: folder, main: installed.main };
    const doctor = await spawnCli(['doctor'], options);
    expect([doctor.exitCode, doctor.stderr]).toEqual([0, '']);
    const proof = await spawnCli(['prove', '--workers', '1', '--fault', fault], options);
    expect([proof.exitCode, proof.stdout]).toEqual([0, expect.stringContaining('1 of 1 (100 %) killed')]);
    expect(stateOf(installed.project)).toEqual(installed.state);
  });

  test('serves a target that it finds the fault of, from any folder, and writes nothing beside its reports', async ({
    installed,
    folder,
  }) => {
    const options = { cwd: folder, main: installed.main };
    const served = await startServe(['--fault', fault], options);
    try {
      const { exitCode, stdout, stderr } = await spawnCli(
        ['run', '--target', served.origin, '--area', 'PERM'],
        options,
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
      expect(stdout).toContain('CANCEL-PERM-008');
    } finally {
      served.child.kill('SIGTERM');
      await served.exit;
    }
    expect(failedRows(readReport(path.join(folder, 'reports')))).toEqual(['CANCEL-PERM-008']);
    expect(readdirSync(folder)).toEqual(['reports']);
    expect(stateOf(installed.project)).toEqual(installed.state);
  });

  test('gives a harness what the page on it promises, and the verdicts of the checkout', async ({
    installed,
    folder,
  }) => {
    dependOn(installed, folder);
    // Where requests are dear, a whole run has the fewest cases.
    const { out, report: ofCheckout } = await runOnDearEmbedded();
    const named = example.replace('await run({ ', `await run({ target: '${path.join(out, '..', 'target.yaml')}', `);
    expect(named).not.toBe(example);
    writeFileSync(path.join(folder, 'harness.js'), named);
    const { stdout, stderr } = await execute(process.execPath, ['harness.js'], { cwd: folder, env: environmentOf({}) });
    const report = readReport(path.join(folder, 'conformance'));
    const { proven, provable } = report;
    expect(stderr).toBe('');
    expect(stdout).toBe(
      `conformant, exit code 0\nproven ${proven.count} of ${proven.of}, provable ${provable.count}\n`,
    );
    expect(verdictsOf(report)).toEqual(verdictsOf(ofCheckout));
    expect(stateOf(installed.project)).toEqual(installed.state);
  });

  test('has types that hold under the strictest settings', ({ installed, folder }) => {
    dependOn(installed, folder);
    writeFileSync(
      path.join(folder, 'harness.ts'),
      `${example}\nexport const typo = await run({ editon: 'v1.0-2023' });\n`,
    );
    const program = ts.createProgram([path.join(folder, 'harness.ts')], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [path.join(packageRoot, 'node_modules', '@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    });
    // The types of the platform are not ours.
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }) => !/\/node_modules\/(?:typescript|@types)\//.test(fileName));
    expect(ours.map(({ fileName }) => path.basename(fileName))).toEqual(
      expect.arrayContaining(['harness.ts', 'index.d.ts']),
    );
    const diagnostics = [
      ...program.getConfigFileParsingDiagnostics(),
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    ];
    const problems = diagnostics.map(
      ({ file, messageText }) => `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
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
