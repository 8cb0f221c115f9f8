import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { configurationPage, renderConfiguration } from '../../../scripts/configuration-page.js';
import type { SchemaNode } from '../../../scripts/schema-tables.js';
import { packageRoot } from '../../../src/engine/package.js';
import { readSchema } from '../../../src/engine/contract/schemas.js';
import { bounds } from '../../../src/target/environment.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { embeddedTarget } from '../../../src/target/target.js';
import { readTargetFile } from '../../../src/target/target-file.js';
import { expect, test, writeTarget } from '../support/cli.js';

const textOf = (...file: readonly string[]): string => readFileSync(path.join(packageRoot, ...file), 'utf8');
const page = textOf(configurationPage);
const schema = JSON.parse(readSchema('suite/target')) as SchemaNode;

/** Cells of the rows of all tables of the page whose first cell is code, without the bars that stand in code. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .replaceAll(String.raw`\|`, '¦')
      .split('|')
      .slice(1, -1),
  )
  .map((cells) => cells.map((cell) => cell.trim()));

const nameIn = (cell = ''): string => cell.replaceAll('`', '');

test('the page of the docs is made from schema, variables and options as they are', () => {
  expect(page, 'npm run pages makes it anew').toBe(renderConfiguration());
});

/** Names of all keys that an object of a schema may have, wherever in the schema it stands. */
function keysIn(node: SchemaNode): readonly string[] {
  const { properties = {}, items, $defs = {} } = node;
  const below = [...Object.values(properties), ...(items ? [items] : []), ...Object.values($defs)];
  return [...Object.keys(properties), ...below.flatMap(keysIn)];
}

test('every key of the schema is on the page, with a type and a meaning', () => {
  const [target = '', variables = ''] = page.split('\n## ').slice(1);
  expect([target.split('\n')[0], variables.split('\n')[0]]).toEqual(['Target file', 'Variables']);
  const ofTarget = rows.filter(([first = '']) => target.includes(`| ${first} |`));
  const last = ofTarget.map(([first]) => nameIn(first).split('.').at(-1));
  const keys = keysIn(schema);
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter((key) => !last.includes(key))).toEqual([]);
  expect(ofTarget.filter(([, type, , , meaning]) => type === '' || meaning === '')).toEqual([]);
});

test('defaults and bounds of the schema are those of the code', ({ folder }) => {
  const tenant = '5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30';
  const file = writeTarget(folder, {
    baseUrl: 'https://target.example/beta',
    requests: { provider: 'graph', tenant },
    identities: { administrator: { token: { env: 'CANCEL_TOKEN_ADMINISTRATOR' } } },
  });
  const { target } = resolveTarget({ target: file }, {});
  const inSchema = (properties: SchemaNode['properties'] = {}): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(properties).flatMap(([key, node]) => ('default' in node ? [[key, node.default]] : [])),
    );
  const { expensive, ...defaults } = inSchema(schema.properties);
  expect(Object.keys(defaults)).toEqual(['edition', 'settleMs', 'timeoutMs', 'totalMs']);
  expect(target).toMatchObject(defaults);
  const ofRequests = inSchema(schema.properties?.['requests']?.properties);
  expect(Object.keys(ofRequests)).toHaveLength(8);
  expect({
    ...target.requests,
    state: path.relative(folder, 'state' in target.requests ? target.requests.state : ''),
  }).toMatchObject(ofRequests);
  expect(resolveTarget({ target: 'http://127.0.0.1:9' }, {}).target.expensive).toBe(expensive);

  for (const [key, [least, most]] of Object.entries(bounds)) {
    expect(schema.properties?.[key], key).toMatchObject({ minimum: least, maximum: most });
  }
});

/** A place where a variable is read: its name, or null where the name comes from elsewhere. */
interface Reading {
  readonly name: string | null;
  readonly text: string;
}

/**
 * Compiles what a reading of the environment rests on: the files that say they have to do with it, what these import, and the
 * type of the environment. All else would take the compiler long; a name that it then does not know is no literal, which tells.
 */
function compiled(files: readonly string[]): ts.Program {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    jsx: ts.JsxEmit.Preserve,
    strict: true,
    noEmit: true,
    lib: ['lib.es5.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, importer) =>
    literals.map(({ text }) =>
      files.includes(importer) && text.startsWith('.')
        ? ts.resolveModuleName(text, importer, options, host)
        : { resolvedModule: undefined },
    );
  const environment = path.join(packageRoot, 'node_modules', '@types', 'node', 'process.d.ts');
  return ts.createProgram([...files, environment], options, host);
}

/** Every place below src where a variable of the environment is read, by what the compiler knows of the name. */
function readings(): readonly Reading[] {
  const files = readdirSync(path.join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith(path.join('report', 'client')))
    .map((file) => path.join(packageRoot, 'src', file))
    .filter((file) => /\bprocess\b[^]*\benv\b|\benv\b[^]*\bprocess\b|ProcessEnv/.test(readFileSync(file, 'utf8')));
  const program = compiled(files);
  const checker = program.getTypeChecker();
  const found: Reading[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) {
      const { symbol } = checker.getTypeAtLocation(node.expression) as { symbol?: ts.Symbol };
      if (symbol?.name === 'ProcessEnv') found.push(...namesOf(node, checker));
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) {
    const source = program.getSourceFile(file);
    if (source) visit(source);
  }
  return found;
}

function namesOf(
  node: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  checker: ts.TypeChecker,
): readonly Reading[] {
  const text = node.getText();
  if (ts.isPropertyAccessExpression(node)) return [{ name: node.name.text, text }];
  const type = checker.getTypeAtLocation(node.argumentExpression);
  const types = type.isUnion() ? type.types : [type];
  return types.map((one) => ({ name: one.isStringLiteral() ? one.value : null, text }));
}

test('every variable that the code reads is on the page, and no other', () => {
  const read = readings();
  const names = read.flatMap(({ name }) => name ?? []);
  expect(names).toContain('CANCEL_SETTLE_MS');
  // Names that a target file gives, and what a file of variables says of them.
  expect(new Set(read.filter(({ name }) => name === null).map(({ text }) => text))).toEqual(
    new Set(['process.env[source.env]', 'process.env[key.env]', 'process.env[name]']),
  );
  expect([...new Set(names)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);

  const proposed = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name ?? '');
  expect(proposed).toContain('CANCEL_TENANT_SECRET');
  expect(proposed.filter((name) => !name.startsWith('CANCEL_TOKEN_') && !page.includes(`\`${name}\``))).toEqual([]);

  const ofLibraries = ['NO_COLOR', 'TERM', 'DOTENV_PATH', 'NODE_DISABLE_COMPILE_CACHE'];
  const ofTheWay = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];
  const known = [...names, ...ofLibraries, ...ofTheWay, 'CANCEL_TOKEN_ADMINISTRATOR'];
  const told = [...page.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)`/g)].map(([, name]) => name ?? '');
  expect(told.length).toBeGreaterThan(20);
  expect([...new Set(told)].filter((name) => !known.includes(name))).toEqual([]);
});

test('the target that is tested when nobody names one is the example that says the same', () => {
  const example = path.join(packageRoot, 'targets', 'embedded.yaml');
  const { edition, ...rest } = readTargetFile(example).value;
  expect(rest).toEqual(embeddedTarget);
  expect(edition).toBe(resolveTarget({}).target.edition);
});
