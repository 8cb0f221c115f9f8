import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Ajv from 'ajv/dist/2020.js';
import type { ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js';
import type * as Formats from 'ajv-formats';
import { wordInWords } from '../address.js';
import { ConfigurationError, suggestion } from '../errors.js';
import { placeOfKey, quoted, type DataFile } from '../data-file.js';
import { packageRoot } from '../package.js';

/** Names of the schemas in `schemas/`, as `wire/error` or `suite/target`. */
export type SchemaName = `${'wire' | 'suite'}/${string}`;

/** A validator that the build has made, as its file exports it. */
interface BuiltValidator {
  readonly default: ValidateFunction;
  /** Of the schema that it was made from, as `hashOfSchema` tells it. */
  readonly schemaHash: string;
}

const require = createRequire(import.meta.url);

const validators = new Map<SchemaName, ValidateFunction>();

/** Where the build leaves the validator of a schema: loading and running the compiler takes longer than most of a start. */
export const builtValidatorFile = (name: SchemaName): string =>
  path.join(packageRoot, 'dist', 'validators', `${name}.cjs`);

/** SHA-256 of the text of a schema. */
export const hashOfSchema = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * What programs write is checked up to its first mistake: a hostile one may have millions, and to gather them takes a time that
 * grows with their square. What people write, which is short, is told all its mistakes.
 */
const byPrograms: readonly SchemaName[] = [
  'suite/report',
  'suite/comparison',
  'suite/kill-matrix',
  'suite/journal-line',
  'suite/told',
  'suite/history-line',
];

/** Take shapes from that of a report; all others stand for themselves. */
const besideReport: readonly SchemaName[] = ['suite/told', 'suite/history-line'];

/** The compiler of a schema: 2020-12, strict. */
export function schemaCompiler(name: SchemaName, code?: Options['code']): Ajv.Ajv2020 {
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof Ajv;
  const { default: addFormats } = require('ajv-formats') as typeof Formats;
  // The schemas themselves are checked against their meta-schema with the project's own checks, not on every start.
  const ajv = new Ajv2020({
    strict: true,
    allErrors: !byPrograms.includes(name) && name.startsWith('suite/'),
    verbose: true,
    validateSchema: false,
    ...(code && { code }),
  });
  addFormats.default(ajv);
  if (besideReport.includes(name)) ajv.addSchema(JSON.parse(readSchema('suite/report')) as object);
  return ajv;
}

/** The text of one of the published schemas. */
export const readSchema = (name: SchemaName): string =>
  readFileSync(path.join(packageRoot, 'schemas', `${name}.schema.json`), 'utf8');

/**
 * The validator of one of the published schemas, each of which stands for itself: as the build made it, or compiled where
 * the schema has changed since.
 * @param name folder and file name without `.schema.json`
 * @returns an ajv validator, made once per process
 */
export function schemaValidator(name: SchemaName): ValidateFunction {
  const known = validators.get(name);
  if (known) return known;
  const text = readSchema(name);
  const validator = readBuiltValidator(name, hashOfSchema(text)) ?? compile(name, text);
  validators.set(name, validator);
  return validator;
}

function readBuiltValidator(name: SchemaName, hash: string): ValidateFunction | null {
  const file = builtValidatorFile(name);
  if (!existsSync(file)) return null;
  const built = require(file) as BuiltValidator;
  return built.schemaHash === hash ? built.default : null;
}

function compile(name: SchemaName, text: string): ValidateFunction {
  return schemaCompiler(name).compile(JSON.parse(text) as object);
}

/**
 * Checks a data file against one of the suite's schemas.
 * @throws ConfigurationError that names file, line, key and the likely typo of the first problem, and counts the rest
 */
export function assertMatches(file: Omit<DataFile, 'lineOf'>, schema: SchemaName): void {
  if (file.value === null || file.value === undefined) {
    throw new ConfigurationError(`${file.name}: nothing stands in it${neededIn(schema)}`);
  }
  const validate = schemaValidator(schema);
  if (validate(file.value)) return;
  const told = (validate.errors ?? []).filter((error) => error.keyword !== 'if' && error.keyword !== 'oneOf');
  // That nothing of a choice fits is said where nothing else is known.
  const problems = told.length > 0 ? told : (validate.errors ?? []);
  // To say where a thing stands takes time: it is done for what is shown.
  const distinct = [...new Map(problems.map((error) => [identityOf(error), error])).values()];
  const shown = [...new Set(distinct.slice(0, mostShown).map((error) => describe(file, error)))].join('\n');
  const rest = distinct.length > mostShown ? `\n… and ${distinct.length - mostShown} more problems` : '';
  throw new ConfigurationError(shown === '' ? `${file.name}: does not match ${schema}.schema.json` : shown + rest);
}

/** Longest word that somebody may have misspelt, in characters: to hold it against others takes their product. */
const longestWord = 100;

/** Problems that are shown. */
const mostShown = 5;

/** What tells two problems apart for whoever reads of them. */
const identityOf = ({ instancePath, keyword, params, message }: ErrorObject): string =>
  JSON.stringify([instancePath, ...(keyword === 'enum' ? ['enum'] : [message, params])]);

/** A file of ours that needs more was made by a program. */
const mostNeeded = 3;

/** What a file cannot do without, in words, where somebody may have written it by hand. */
function neededIn(name: SchemaName): string {
  const { required = [] } = JSON.parse(readSchema(name)) as { readonly required?: readonly string[] };
  return required.length === 0 || required.length > mostNeeded ? '' : `; it needs ${required.join(', ')}`;
}

/** A value without what may be a secret in it. */
const withoutSecrets = (value: unknown): unknown => (typeof value === 'string' ? wordInWords(value) : value);

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
    return `${placeOfKey(file, [...keys, unknownKey])}: unknown key${suggestion(unknownKey, known)}`;
  }
  if (error.keyword === 'enum') {
    const allowed = (params['allowedValues'] as unknown[]).map(String);
    return `${file.locate(keys)}: ${quoted(withoutSecrets(error.data))} is not allowed${suggestion(typeof error.data === 'string' ? error.data.slice(0, longestWord) : '', allowed)}`;
  }
  if (error.keyword === 'propertyNames') {
    return `${placeOfKey(file, [...keys, String(params['propertyName'])])}: this key is not allowed`;
  }
  if (error.keyword === 'required') {
    return `${file.locate(keys)}: ${String(params['missingProperty'])} is missing`;
  }
  if (error.keyword === 'format' && params['format'] === 'date') {
    return `${file.locate(keys)}: ${JSON.stringify(error.data)} is no day of the calendar: write one such as 2026-12-31`;
  }
  // It may be a secret in the wrong place.
  if (keys.at(-1) === 'env' && ['pattern', 'type'].includes(error.keyword)) {
    return `${file.locate(keys)}: not the name of an environment variable; name the one that holds the secret, and put the secret there`;
  }
  if (error.keyword === 'type') {
    return `${file.locate(keys)}: ${ofAnotherType(error.data, String(params['type']), parent?.properties ?? {})}`;
  }
  const about = (error.parentSchema as { description?: unknown } | undefined)?.description;
  if (error.keyword === 'pattern' && typeof about === 'string') {
    const text = withoutSecrets(error.data);
    const meant =
      typeof text === 'string' && /^[\w.-]+:\d+(?:\/|$)/.test(text) && /http/i.test(about)
        ? ` Did you mean http://${text}?`
        : '';
    return `${file.locate(keys)}: ${quoted(text)} is not what it has to be: ${about}${meant}`;
  }
  return `${file.locate(keys)}: ${error.message ?? 'does not match the schema'}`;
}

/** What is wrong with a value of another type, and what to write. The value is told where it can be no secret: it may stand in the wrong place. */
function ofAnotherType(value: unknown, type: string, members: Readonly<Record<string, unknown>>): string {
  if (value === null) return 'nothing stands there: give what belongs there, or leave the key out';
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `${value} is no text as it stands there: quote it, '${value}'`;
  }
  if (type === 'object') {
    const reference = 'env' in members ? ', such as { env: NAME }, and never the secret itself' : '';
    return `must be a mapping of keys to values${reference}`;
  }
  if (type === 'integer' || type === 'number') {
    const digits = typeof value === 'string' && /^-?\d+$/.test(value);
    return digits
      ? `${value} is a text in quotes: leave them out`
      : `must be a ${type === 'integer' ? 'whole ' : ''}number`;
  }
  const words: Readonly<Record<string, string>> = { string: 'text', boolean: 'true or false', array: 'a list' };
  return `must be ${words[type] ?? type.replaceAll(',', ' or ')}`;
}
