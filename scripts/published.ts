import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  BaseResolver,
  ResolveError,
  createConfig,
  getLineColLocation,
  isAbsoluteUrl,
  lint,
  type Config,
  type Source,
} from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { OpenAPIV3_1 } from 'openapi-types';
import { ConfigurationError } from '../src/engine/errors.js';
import { readDataFile } from '../src/engine/data-file.js';
import { assertMatches, type SchemaName } from '../src/engine/contract/schemas.js';
import { problemsWithCsdl, type CsdlFacts } from './csdl.js';

const dialect = 'https://json-schema.org/draft/2020-12/schema';
const schemaBase = 'https://cancel-conformance.example/';

type JsonObject = Record<string, unknown>;

/** A published file, by its path below the root, and what is wrong with it. */
interface Checked {
  readonly file: string;
  readonly problems: readonly string[];
}

/** Where in the repository something is wrong, and what. */
interface Problem {
  /** File with line and column where they are known, or the keys that lead there. */
  readonly place: string;
  readonly message: string;
}

/** The strictest preset, and rules on top that it leaves off. Nothing is switched off. */
function lintRules(): Promise<Config> {
  return createConfig({
    extends: ['recommended-strict'],
    rules: {
      'component-name-unique': 'error',
      'operation-description': 'error',
      'operation-singular-tag': 'error',
      'operation-tag-defined': 'error',
      'parameter-description': 'error',
      'path-params-defined': 'error',
      'spec-example-values': 'error',
    },
  });
}

/** Resolves files only: a reference to an address would make the check depend on the network. */
class OfflineResolver extends BaseResolver {
  override loadExternalRef(absoluteRef: string): Promise<Source> {
    return isAbsoluteUrl(absoluteRef)
      ? Promise.reject(new ResolveError(new Error(`${absoluteRef} is not a file of this repository`)))
      : super.loadExternalRef(absoluteRef);
  }
}

async function checkOpenApi(root: string, file: string): Promise<readonly Problem[]> {
  const document = readDataFile(file).value as JsonObject;
  const found = await lint({ ref: file, config: await lintRules(), externalRefResolver: new OfflineResolver() });
  const linted = found.map((problem) => {
    const [location] = problem.location;
    const message = `${problem.message} (${problem.ruleId})`;
    if (!location) return { place: file, message };
    const { line, col } = getLineColLocation(location).start;
    return { place: `${location.source.absoluteRef}:${line}:${col}`, message };
  });
  return [...linted, ...(await checkAgainstOpenApiSchema(file, document)), ...checkPointers(root, file)];
}

async function checkAgainstOpenApiSchema(file: string, document: JsonObject): Promise<readonly Problem[]> {
  const { valid, errors } = await new Validator({ allErrors: true }).validate(
    withoutExternalRefs(document) as JsonObject,
  );
  if (valid) return [];
  if (!Array.isArray(errors)) return [{ place: file, message: `${errors ?? 'invalid'} (OpenAPI schema)` }];
  return errors.map((error) => ({
    place: `${file}: ${error.instancePath || '/'}`,
    message: `${error.message ?? error.keyword} (OpenAPI schema)`,
  }));
}

/**
 * Puts the empty schema in place of each reference to another file, which the validator cannot follow. That they
 * resolve is the linter's to say; a reference where no schema may stand is still found, for the empty schema does not
 * fit there either.
 */
function withoutExternalRefs(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutExternalRefs);
  if (typeof node !== 'object' || node === null) return node;
  const reference = (node as JsonObject)['$ref'];
  if (typeof reference === 'string' && !reference.startsWith('#')) return {};
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutExternalRefs(value)]));
}

/** Every requirement and contested clause that an `x-` member names must exist. */
function checkPointers(root: string, file: string): readonly Problem[] {
  const data = readDataFile(file);
  const known = new Set([
    ...idsIn(root, 'specs/requirements.yaml', 'requirements'),
    ...idsIn(root, 'specs/contested.yaml', 'contested'),
  ]);
  const walk = (node: unknown, keys: readonly (string | number)[]): readonly Problem[] => {
    const last = String(keys.at(-1) ?? '');
    if (last.startsWith('x-requirements') || last === 'x-contested') {
      const ids = Array.isArray(node) ? node.map(String) : [String(node)];
      const missing = ids.filter((id) => !known.has(id));
      return missing.map((id) => ({ place: data.locate(keys), message: `no requirement or contested clause ${id}` }));
    }
    if (Array.isArray(node)) return node.flatMap((value, index) => walk(value, [...keys, index]));
    if (typeof node !== 'object' || node === null) return [];
    return Object.entries(node).flatMap(([key, value]) => walk(value, [...keys, key]));
  };
  return walk(data.value, []);
}

function idsIn(root: string, file: string, list: string): readonly string[] {
  const rows = (readDataFile(path.join(root, file)).value as Record<string, readonly { id: string }[]>)[list];
  return rows?.map((row) => row.id) ?? [];
}

/**
 * Compiles all schemas together, for they refer to each other.
 * @returns the problems of each file
 */
function checkSchemas(root: string, files: readonly string[]): ReadonlyMap<string, readonly Problem[]> {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  formats.default(ajv);
  const read = files.map((file) => {
    const name = path.relative(root, file).split(path.sep).join('/');
    return { file, key: schemaBase + name, problems: attempt(file, () => addSchema(ajv, file, schemaBase + name)) };
  });
  // Only now, when all of them are known, can the references between them be followed.
  const compile = (file: string, key: string): readonly Problem[] =>
    attempt(file, () => {
      ajv.getSchema(key);
      return [];
    });
  return new Map(
    read.map(({ file, key, problems }) => [file, problems.length > 0 ? problems : compile(file, key)] as const),
  );
}

function addSchema(ajv: Ajv2020, file: string, id: string): readonly Problem[] {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
  const wanted: readonly (readonly [string, boolean, string])[] = [
    ['$schema', schema['$schema'] === dialect, `must be ${dialect}`],
    ['$id', schema['$id'] === id, `must be ${id}`],
    ['title', typeof schema['title'] === 'string', 'must be a text'],
    ['description', typeof schema['description'] === 'string', 'must be a text'],
  ];
  const missing = wanted.filter(([, right]) => !right);
  if (missing.length === 0) ajv.addSchema(schema);
  return missing.map(([key, , message]) => ({ place: `${file}: ${key}`, message }));
}

function checkData(file: string, schema: SchemaName): readonly Problem[] {
  return attempt(file, () => {
    assertMatches(readDataFile(file), schema);
    return [];
  });
}

/** Turns what a check throws about its file into a problem of that file. */
function attempt(file: string, check: () => readonly Problem[]): readonly Problem[] {
  try {
    return check();
  } catch (error) {
    return [asProblem(file, error)];
  }
}

function asProblem(file: string, error: unknown): Problem {
  // A ConfigurationError begins with the place by itself.
  if (error instanceof ConfigurationError) return { place: '', message: error.message };
  return { place: file, message: error instanceof Error ? error.message : String(error) };
}

function list(root: string, folder: string, ending: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => path.join(root, folder, name));
}

/** The schema of a data file; null for an OpenAPI document. */
function schemaOf(file: string): SchemaName | null {
  if (file.endsWith('openapi.yaml')) return null;
  const folder = path.basename(path.dirname(file));
  if (folder === 'editions') return 'suite/edition';
  if (file.endsWith('requests.example.yaml')) return 'suite/inventory';
  if (folder === 'targets') return 'suite/target';
  return `suite/${path.basename(file, '.yaml')}`;
}

/** The metadata's facts against the interface description. */
function checkAgreement(root: string): readonly Problem[] {
  const file = path.join(root, 'specs', 'csdl.yaml');
  const openapi = readDataFile(path.join(root, 'specs', 'openapi.yaml')).value as OpenAPIV3_1.Document;
  const clauses = idsIn(root, 'specs/contested.yaml', 'contested');
  const found = problemsWithCsdl(readDataFile(file).value as CsdlFacts, openapi, clauses);
  return found.map((message) => ({ place: file, message }));
}

/**
 * Checks every description that the suite publishes, without touching the network: the JSON Schemas, the OpenAPI documents, and the
 * data files that have a schema. When a schema is wrong, nothing that refers to the schemas is checked.
 * @param root of the checkout
 */
export async function checkPublished(root: string): Promise<readonly Checked[]> {
  const told = (file: string, problems: readonly Problem[]): Checked => ({
    file: path.relative(root, file),
    problems: problems.map(({ place, message }) =>
      (place === '' ? message : `${place}: ${message}`).replaceAll(root + path.sep, ''),
    ),
  });
  const schemas = [...checkSchemas(root, list(root, 'schemas', '.schema.json'))].map(([file, found]) =>
    told(file, found),
  );
  if (schemas.some(({ problems }) => problems.length > 0)) return schemas;
  const others: Checked[] = [];
  for (const file of [...list(root, 'specs', '.yaml'), ...list(root, 'targets', '.yaml')]) {
    others.push(told(file, await checkOne(root, file).catch((error: unknown) => [asProblem(file, error)])));
  }
  return [...schemas, ...others];
}

async function checkOne(root: string, file: string): Promise<readonly Problem[]> {
  const schema = schemaOf(file);
  if (schema === null) return checkOpenApi(root, file);
  const problems = checkData(file, schema);
  return problems.length === 0 && schema === 'suite/csdl' ? checkAgreement(root) : problems;
}
