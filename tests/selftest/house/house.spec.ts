import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import type { ESLint } from 'eslint';
import { packageRoot } from '../../../src/engine/package.js';
import { test } from '../support/temporary-folder.js';

const rule = 'house/rooms';
const rooms = readdirSync(path.join(packageRoot, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

let linter: Promise<ESLint> | null = null;

/** Loaded by whoever lints, and not by whoever merely lists the tests. */
async function load(): Promise<ESLint> {
  const [eslint, { default: tseslint }] = await Promise.all([import('eslint'), import('typescript-eslint')]);
  // The boundaries look at the text of an import alone; without types a file need not exist to be linted.
  return new eslint.ESLint({ cwd: packageRoot, overrideConfig: tseslint.configs.disableTypeChecked });
}

/** What the linter says about the boundaries in a file with this code. */
async function objectionsTo(file: string, code: string): Promise<readonly string[]> {
  linter ??= load();
  const [result] = await (await linter).lintText(code, { filePath: path.join(packageRoot, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return messages.filter(({ ruleId }) => ruleId === rule).map(({ message }) => message);
}

/** What the linter says when a file imports from a place. */
const objections = (file: string, from: string): Promise<readonly string[]> =>
  objectionsTo(file, `import { something } from '${from}';\nexport const other = something;\n`);

const oneDoor = 'has one door: its index.ts';

test.describe('import boundaries', () => {
  // In one worker, which loads the linter once.
  test.describe.configure({ mode: 'default' });

  for (const [file, from, says] of [
    ['src/emulators/endpoint/x.ts', '../../cancel/cases/index.js', 'src/emulators may import from: '],
    ['src/emulators/endpoint/faults/x.ts', '../../../cancel/verbs/refusal.js', 'src/emulators may import from: '],
    ['src/emulators/x.ts', '../cancel/personas-of-others.js', 'src/emulators may import from: '],
    ['src/report/x.ts', '../hosts/prepare.js', 'src/report may import from: '],
    ['src/report/html/x.tsx', '../../cancel/cases/index.js', 'src/report may import from: '],
    ['src/cancel/x.ts', '../emulators/endpoint/server.js', 'src/cancel may import from: engine.'],
    ['src/engine/evidence/x.ts', '../../cancel/personas.js', 'src/engine may import from: no other room'],
    ['src/engine/x.ts', '../index.js', 'src/engine may import from: no other room'],
    ['src/hosts/x.ts', '../cli/options.js', 'src/hosts may import from: '],
    ['src/hosts/x.ts', '../wings/doc/index.js', 'src/hosts may import from: '],
    ['src/wings/doc/x.ts', '../compare/model.js', `src/wings/compare ${oneDoor}`],
    ['src/wings/doc/page/x.ts', '../../../cli/options.js', 'src/wings may import from: '],
    ['src/cli/commands/x.ts', '../../wings/doc/html/write.js', `src/wings/doc ${oneDoor}`],
    ['src/cli/x.ts', '../wings/doc/html/index.js', `src/wings/doc ${oneDoor}`],
    ['src/index.ts', './wings/prove/subject.js', `src/wings/prove ${oneDoor}`],
    ['scripts/x.ts', '../src/wings/prove/subject.js', `src/wings/prove ${oneDoor}`],
    ['bench/x.ts', '../src/wings/prove/subject.js', `src/wings/prove ${oneDoor}`],
  ] as const) {
    test(`${file} may not import ${from}`, async () => {
      expect(await objections(file, from)).toEqual([expect.stringContaining(says)]);
    });
  }

  for (const [file, from] of [
    ['src/emulators/endpoint/x.ts', '../../engine/contract/types.js'],
    ['src/emulators/endpoint/x.ts', '../../cancel/personas.js'],
    ['src/emulators/endpoint/faults/x.ts', '../seams.js'],
    ['src/emulators/endpoint/x.ts', './server.js'],
    ['src/report/html/x.tsx', '../../engine/verdict/outcome.js'],
    ['src/report/x.ts', '../cancel/verbs/index.js'],
    ['src/hosts/x.ts', '../emulators/endpoint/server.js'],
    ['src/wings/doc/x.ts', '../compare/index.js'],
    ['src/wings/doc/page/x.ts', '../model.js'],
    ['src/wings/prove/x.ts', '../../hosts/in-process.js'],
    ['src/cli/commands/x.ts', '../../hosts/options.js'],
    ['src/cli/commands/x.ts', '../../wings/doc/index.js'],
    ['src/cancel/x.ts', 'node:crypto'],
    ['scripts/x.ts', '../src/wings/prove/index.js'],
    ['tests/selftest/x.ts', '../../src/wings/prove/subject.js'],
  ] as const) {
    test(`${file} may import ${from}`, async () => {
      expect(await objections(file, from)).toEqual([]);
    });
  }

  for (const [how, code] of [
    ['when it is used', "export const load = () => import('../cli/main.js');\n"],
    ['for a type', "export type Flags = import('../cli/options.js').ContractFlags;\n"],
    ['as a type', "import type { ContractFlags } from '../cli/options.js';\nexport type Flags = ContractFlags;\n"],
    ['to hand it on', "export { main } from '../cli/main.js';\n"],
    ['to hand all of it on', "export * from '../cli/main.js';\n"],
    ['for what it does', "import '../cli/main.js';\n"],
  ] as const) {
    test(`hold however a module is imported: ${how}`, async () => {
      expect(await objectionsTo('src/engine/x.ts', code)).toEqual([expect.stringContaining('src/engine may import')]);
    });
  }

  for (const room of rooms) {
    test(`${room} stands in the table, and may import from itself`, async () => {
      expect(await objections(`src/${room}/x.ts`, '../no-room/y.js')).toHaveLength(1);
      expect(await objections(`src/${room}/z/x.ts`, room === 'wings' ? '../z/y.js' : '../y.js')).toEqual([]);
    });
  }

  for (const wing of readdirSync(path.join(packageRoot, 'src', 'wings'))) {
    test(`the wing ${wing} has a door`, () => {
      expect(existsSync(path.join(packageRoot, 'src', 'wings', wing, 'index.ts'))).toBe(true);
    });
  }
});

const run = promisify(execFile);

function breakFile(file: string, [from, to]: readonly [string, string]): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${from}: the test breaks nothing`);
  writeFileSync(file, text.replace(from, to));
}

// That all of them are sound is a check of the gate: npm run check:openapi.
test('published descriptions are found wanting, each by its name, and schemas before all that refers to them', async ({
  folder,
}) => {
  for (const part of ['specs', 'schemas', 'targets']) {
    cpSync(path.join(packageRoot, part), path.join(folder, part), { recursive: true });
  }
  const { checkPublished } = await import('../../../scripts/published.js');
  const wanting = async (): Promise<Readonly<Record<string, string>>> => {
    const checked = await checkPublished(folder);
    expect(checked.find(({ file }) => file === 'schemas/wire/control-token.schema.json')).toBeDefined();
    const wrong = checked.filter(({ problems }) => problems.length > 0);
    return Object.fromEntries(wrong.map(({ file, problems }) => [file, problems.join('\n')]));
  };
  breakFile(path.join(folder, 'specs', 'openapi.yaml'), ['[CANCEL-RESP-', '[CANCEL-NONE-']);
  breakFile(path.join(folder, 'specs', 'control.openapi.yaml'), ["$ref: '#/components/", "$ref: '#/component/"]);
  breakFile(path.join(folder, 'specs', 'csdl.yaml'), ['returnType: null', 'returnType: Edm.String']);
  breakFile(path.join(folder, 'targets', 'embedded.yaml'), ['embedded: {}', 'embeded: {}']);
  expect(await wanting()).toEqual({
    'specs/openapi.yaml': expect.stringContaining('no requirement or contested clause CANCEL-NONE-'),
    'specs/control.openapi.yaml': expect.stringContaining('(no-unresolved-refs)'),
    'specs/csdl.yaml': expect.stringContaining('success-content: the action returns Edm.String, a success of '),
    'targets/embedded.yaml': expect.stringContaining('embeded: unknown key; did you mean embedded?'),
  });
  breakFile(path.join(folder, 'schemas', 'wire', 'error.schema.json'), ['"type": "object"', '"type": "objekt"']);
  expect(Object.keys(await wanting())).toEqual(['schemas/wire/error.schema.json']);
});

test('no file names a path of a machine', async () => {
  const arguments_ = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await run('git', arguments_, { cwd: packageRoot });
  const files = stdout.split('\0').filter((file) => file !== '' && existsSync(path.join(packageRoot, file)));
  expect(files).toContain('tests/selftest/house/house.spec.ts');
  // Put together here, so that this file names none either.
  const paths = new RegExp(`(?<![\\w.])[\\\\/](?:${['home', 'root', 'Users'].join('|')})[\\\\/]`);
  expect(`x ${['', 'home', 'x'].join('/')}`).toMatch(paths);
  const naming = files.filter((file) => paths.test(readFileSync(path.join(packageRoot, file), 'utf8')));
  expect(naming).toEqual([]);
});

/** A command as only somebody who has it in a search path could type it; what begins a tag or a title is none. */
const bareCommand =
  /(?<![\w/.-]|--no |npx )cancel-conformance (?:run|plan|doctor|prepare|recover|night|accept|init|serve|judge|waive|report|prove|compare|annotate) (?!')/;

test('a command that is told works as typed: it begins as it was started, or with npx', () => {
  const source = path.join(packageRoot, 'src');
  const told = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) =>
      readFileSync(path.join(source, name), 'utf8')
        .split('\n')
        .filter((line) => bareCommand.test(line) && !/^\s*(?:\*|\/)/.test(line))
        .map((line) => `src/${name}: ${line.trim()}`),
    );
  expect(told, 'Take typedCommand() or, for what stands in reports, installedCommand: src/engine/typed.ts').toEqual([]);
  expect(bareCommand.test('clean up with: cancel-conformance recover x')).toBe(true);
});
