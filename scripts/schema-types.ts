import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import prettier from 'prettier';
import ts from 'typescript';
import { areaIds } from '../src/cancel/areas.js';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';

/** The schemas whose models the code works on; each gives a module of types of the same name. */
export const modelled = [
  'comparison',
  'contested',
  'edition',
  'history-line',
  'kill-matrix',
  'nights',
  'report',
  'requirements',
  'target',
  'waivers',
] as const;

/** Where the types of a schema stand. */
export const typesFile = (name: string): string => path.join('src', 'engine', 'models', `${name}.ts`);

const banner = (name: string): string =>
  `// Made from schemas/suite/${name}.schema.json by: npm run types. Change the schema, and the words in it, not this file.\n\n`;

/** The types that a schema takes from others, as the first lines of a module. */
function importsOf(schema: string): string {
  const taken = new Set(
    Array.from(
      schema.matchAll(/"\$ref": "[^"#]*\/([\w-]+)\.schema\.json#([^"]+)"/g),
      ([, from = '', ref = '']) => `import type { ${nameOf(ref)} } from './${from}.js';\n`,
    ),
  );
  return taken.size === 0 ? '' : `${[...taken].join('')}\n`;
}

/** What the generator says of where a type is referred to. */
const references = /(?:\s*\*\n)?\s*\* This interface was referenced by .*\n\s*\* via the `\w+` .*/g;

/** The types of a schema, read-only all the way down, as the text of a module. */
export async function typesOf(name: string): Promise<string> {
  const text = readFileSync(path.join(packageRoot, 'schemas', 'suite', `${name}.schema.json`), 'utf8');
  const made = await compile(shapeOf(JSON.parse(text) as Json) as JSONSchema, name, {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    unreachableDefinitions: true,
  });
  const file = path.join(packageRoot, typesFile(name));
  const options = await prettier.resolveConfig(file);
  return prettier.format(banner(name) + importsOf(text) + readOnly(made.replaceAll(references, '')), {
    ...options,
    filepath: file,
  });
}

/**
 * Writes types below a folder.
 * @returns the names of the files
 */
export async function makeTypes(root: string, names: readonly string[] = modelled): Promise<readonly string[]> {
  for (const name of names) {
    const file = path.join(root, typesFile(name));
    mkdirSync(path.dirname(file), { recursive: true });
    writeWhole(file, await typesOf(name));
  }
  return names.map(typesFile);
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const combinations: readonly string[] = ['allOf', 'anyOf', 'oneOf'];

/** A type is called after its definition; members of these names are objects. */
const boundsAndNames: readonly string[] = ['$id', 'title', 'minItems', 'maxItems'];

/**
 * What a schema says of shapes alone. Bounds and combinations that a type cannot tell are left out, and a reference becomes the name
 * of its type: beside a description it would be taken for another type each time.
 */
function shapeOf(schema: Json): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map(shapeOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, prefixItems, ...kept } = schema as Readonly<Record<string, Json>>;
  if (typeof $ref === 'string') return { ...kept, tsType: nameOf($ref) };
  const isLeftOut = (key: string, value: Json): boolean =>
    (key === 'enum' && isOfEndpoint(value)) ||
    (boundsAndNames.includes(key) && typeof value !== 'object') ||
    ('type' in kept && combinations.includes(key));
  const shape = Object.fromEntries(
    Object.entries(kept)
      .filter(([key, value]) => !isLeftOut(key, value))
      .map(([key, value]) => [key, shapeOf(value)]),
  );
  if (!Array.isArray(prefixItems)) return shape;
  return { ...shape, items: prefixItems.map(shapeOf), minItems: prefixItems.length, maxItems: prefixItems.length };
}

/** Words of the endpoint are any text to the engine. */
const isOfEndpoint = (words: Json): boolean => Array.isArray(words) && areaIds.every((area) => words.includes(area));

/** `#/$defs/failed-row` is the type FailedRow. */
const nameOf = ($ref: string): string =>
  $ref.slice($ref.lastIndexOf('/') + 1).replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Makes every member, index and list of a module read-only. */
function readOnly(module: string): string {
  const { factory } = ts;
  const source = ts.createSourceFile('types.ts', module, ts.ScriptTarget.Latest, true);
  const transformer: ts.TransformerFactory<ts.SourceFile> = (context) => {
    const visit = (node: ts.Node): ts.Node => {
      const seen = ts.visitEachChild(node, visit, context);
      const modifiers = [factory.createModifier(ts.SyntaxKind.ReadonlyKeyword)];
      if (ts.isPropertySignature(seen)) {
        return factory.updatePropertySignature(seen, modifiers, seen.name, seen.questionToken, seen.type);
      }
      if (ts.isIndexSignatureDeclaration(seen)) {
        return factory.updateIndexSignature(seen, modifiers, seen.parameters, seen.type);
      }
      const isList = ts.isArrayTypeNode(seen) || ts.isTupleTypeNode(seen);
      return isList ? factory.createTypeOperatorNode(ts.SyntaxKind.ReadonlyKeyword, seen) : seen;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
  const [made = source] = ts.transform(source, [transformer]).transformed;
  return ts.createPrinter().printFile(made);
}
