import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { packageRoot } from '../../src/engine/files.js';
import { test } from './temporary-folder.js';

const rule = 'no-restricted-imports';
const stages = readdirSync(path.join(packageRoot, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'cli')
  .map(({ name }) => name)
  .sort();

// The boundaries look at the text of an import alone; without types a file need not exist to be linted.
const eslint = new ESLint({ cwd: packageRoot, overrideConfig: tseslint.configs.disableTypeChecked });

/** What the linter says about the boundaries when a file imports from a place. */
async function objections(file: string, from: string): Promise<readonly string[]> {
  const code = `import { something } from '${from}';\nexport const other = something;\n`;
  const [result] = await eslint.lintText(code, { filePath: path.join(packageRoot, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return messages.filter(({ ruleId }) => ruleId === rule).map(({ message }) => message);
}

test.describe('import boundaries', () => {
  for (const [file, from, says] of [
    ['src/reference/x.ts', '../checks/catalogue.js', 'src/reference may import from: '],
    ['src/reference/faults/x.ts', '../../checks/judge/judge.js', 'src/reference may import from: '],
    ['src/report/x.ts', '../run/engine.js', 'src/report may import from: '],
    ['src/report/html/x.tsx', '../../run/engine.js', 'src/report may import from: '],
    ['src/checks/x.ts', '../reference/server.js', 'src/checks may import from: '],
    ['src/evidence/x.ts', '../contract/load.js', 'src/evidence may import from: no other stage'],
    ['src/run/x.ts', '../cli/options.js', 'src/run may import from: '],
  ] as const) {
    test(`${file} may not import ${from}`, async () => {
      expect(await objections(file, from)).toEqual([expect.stringContaining(says)]);
    });
  }

  for (const [file, from] of [
    ['src/reference/x.ts', '../contract/types.js'],
    ['src/reference/faults/x.ts', '../seams.js'],
    ['src/reference/x.ts', './server.js'],
    ['src/report/html/x.tsx', '../../verdict/outcome.js'],
    ['src/run/x.ts', '../reference/server.js'],
    ['src/cli/commands/x.ts', '../../run/options.js'],
    ['src/checks/x.ts', 'node:crypto'],
  ] as const) {
    test(`${file} may import ${from}`, async () => {
      expect(await objections(file, from)).toEqual([]);
    });
  }

  test('are drawn for every folder of src but cli, and for no other', async () => {
    const { default: config } = (await import(pathToFileURL(path.join(packageRoot, 'eslint.config.js')).href)) as {
      readonly default: readonly { readonly files?: readonly string[]; readonly rules?: object }[];
    };
    const drawn = config.flatMap(({ files, rules }) => (rules && rule in rules ? (files ?? []) : []));
    expect([...drawn].sort()).toEqual(stages.map((stage) => `src/${stage}/**/*.{ts,tsx}`));
  });

  for (const stage of stages) {
    test(`${stage} may import from itself and not from cli`, async () => {
      expect(await objections(`src/${stage}/x.ts`, '../cli/main.js')).toHaveLength(1);
      expect(await objections(`src/${stage}/x.ts`, `../${stage}/y.js`)).toEqual([]);
    });
  }
});

const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs the check of the published descriptions below a folder. */
async function checkOpenApi(root: string): Promise<Ended> {
  try {
    const { stdout } = await run(process.execPath, [path.join(root, 'dist', 'scripts', 'check-openapi.js')], {
      cwd: root,
    });
    return { code: 0, output: stdout };
  } catch (error) {
    const { code, stdout = '' } = error as { readonly code?: unknown; readonly stdout?: string };
    if (typeof code !== 'number') throw error;
    return { code, output: stdout };
  }
}

function breakFile(file: string, [from, to]: readonly [string, string]): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}: the test breaks nothing`);
  writeFileSync(file, text.replace(from, to));
}

/** A copy of all that the check looks at, to be broken. */
function copyInto(folder: string): void {
  for (const part of ['specs', 'schemas', 'targets', 'package.json', 'dist/src', 'dist/scripts']) {
    cpSync(path.join(packageRoot, part), path.join(folder, part), { recursive: true });
  }
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
}

test.describe('published descriptions', () => {
  test('are sound', async () => {
    const { code, output } = await checkOpenApi(packageRoot);
    expect(output).not.toContain('FAIL');
    expect(output).toContain('ok   specs/openapi.yaml');
    expect(code).toBe(0);
  });

  test('are found wanting, each by its name', async ({ folder }) => {
    copyInto(folder);
    breakFile(path.join(folder, 'specs', 'openapi.yaml'), ['[CANCEL-RESP-', '[CANCEL-NONE-']);
    breakFile(path.join(folder, 'specs', 'control.openapi.yaml'), ["$ref: '#/components/", "$ref: '#/component/"]);
    breakFile(path.join(folder, 'specs', 'csdl.yaml'), ['returnType: null', 'returnType: Edm.String']);
    breakFile(path.join(folder, 'targets', 'embedded.yaml'), ['embedded: {}', 'embeded: {}']);
    const { code, output } = await checkOpenApi(folder);
    expect(output).toMatch(/^FAIL specs\/openapi\.yaml\n.*no requirement or contested clause CANCEL-NONE-/m);
    expect(output).toMatch(/^FAIL specs\/control\.openapi\.yaml\n(?: .*\n)*.*\(no-unresolved-refs\)/m);
    expect(output).toMatch(/^FAIL targets\/embedded\.yaml\n(?: .*\n)*.*embeded: unknown key; did you mean embedded\?/m);
    expect(output).toMatch(
      /^FAIL specs\/csdl\.yaml\n(?: .*\n)*.*success-content: the action returns Edm\.String, a success of /m,
    );
    expect(output).toContain('ok   specs/requirements.yaml');
    expect(code).toBe(1);
  });

  test('are found wanting when a schema is none', async ({ folder }) => {
    copyInto(folder);
    breakFile(path.join(folder, 'schemas', 'wire', 'error.schema.json'), ['"type": "object"', '"type": "objekt"']);
    const { code, output } = await checkOpenApi(folder);
    expect(output).toContain('FAIL schemas/wire/error.schema.json');
    expect(output).toContain('mend the schemas first');
    expect(code).toBe(1);
  });
});

test('no file names a path of a machine', async () => {
  const arguments_ = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await run('git', arguments_, { cwd: packageRoot });
  const files = stdout.split('\0').filter((file) => file !== '' && existsSync(path.join(packageRoot, file)));
  expect(files).toContain('tests/selftest/house.spec.ts');
  // Put together here, so that this file names none either.
  const paths = new RegExp(`(?<![\\w.])[\\\\/](?:${['home', 'root', 'Users'].join('|')})[\\\\/]`);
  expect(`x ${['', 'home', 'x'].join('/')}`).toMatch(paths);
  const naming = files.filter((file) => paths.test(readFileSync(path.join(packageRoot, file), 'utf8')));
  expect(naming).toEqual([]);
});
