import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { ConfigurationError, suggestion } from './errors.js';
import { packageRoot, type DataFile } from './files.js';

/** Names of the schemas in `schemas/`, as `wire/error` or `suite/target`. */
export type SchemaName = `${'wire' | 'suite'}/${string}`;

const compiled = new Map<SchemaName, ValidateFunction>();

// The schemas themselves are checked against their meta-schema with the project's own checks, not on every start.
const ajv = new Ajv2020({ strict: true, allErrors: true, verbose: true, validateSchema: false });
formats.default(ajv);

/**
 * The validator of one of the published schemas, each of which stands for itself.
 * @param name folder and file name without `.schema.json`
 * @returns an ajv validator (2020-12, strict, all errors), compiled once per process
 */
export function schemaValidator(name: SchemaName): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  const file = path.join(packageRoot, 'schemas', `${name}.schema.json`);
  const validator = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  compiled.set(name, validator);
  return validator;
}

/**
 * Checks a data file against one of the suite's schemas.
 * @throws ConfigurationError that names file, line, key and the likely typo of the first problem, and counts the rest
 */
export function assertMatches(file: Omit<DataFile, 'lineOf'>, schema: SchemaName): void {
  const validate = schemaValidator(schema);
  if (validate(file.value)) return;
  const problems = (validate.errors ?? []).filter((error) => error.keyword !== 'if' && error.keyword !== 'oneOf');
  const messages = [...new Set(problems.map((error) => describe(file, error)))];
  const shown = messages.slice(0, 5).join('\n');
  const rest = messages.length > 5 ? `\n… and ${messages.length - 5} more problems` : '';
  throw new ConfigurationError(shown === '' ? `${file.name}: does not match ${schema}.schema.json` : shown + rest);
}

function describe(file: Omit<DataFile, 'lineOf'>, error: ErrorObject): string {
  const keys = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const parent = error.parentSchema as { properties?: Record<string, unknown>; enum?: unknown[] } | undefined;
  const params = error.params as Record<string, unknown>;
  const unknownKey = params['additionalProperty'] ?? params['unevaluatedProperty'];
  if (typeof unknownKey === 'string') {
    const known = Object.keys(parent?.properties ?? {});
    return `${file.locate([...keys, unknownKey])}: unknown key${suggestion(unknownKey, known)}`;
  }
  if (error.keyword === 'enum') {
    const allowed = (params['allowedValues'] as unknown[]).map(String);
    return `${file.locate(keys)}: ${JSON.stringify(error.data)} is not allowed${suggestion(String(error.data), allowed)}`;
  }
  if (error.keyword === 'propertyNames') {
    return `${file.locate([...keys, String(params['propertyName'])])}: this key is not allowed`;
  }
  const about = (error.parentSchema as { description?: unknown } | undefined)?.description;
  if (error.keyword === 'pattern' && typeof about === 'string') {
    return `${file.locate(keys)}: ${JSON.stringify(error.data)} is not what it has to be: ${about}`;
  }
  return `${file.locate(keys)}: ${error.message ?? 'does not match the schema'}`;
}
