import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { default as Ajv04 } from 'ajv-draft-04';
import formats from 'ajv-formats';

/** The schema of the standard itself (OASIS SARIF 2.1.0, draft-04), as Microsoft's SDK ships it. */
const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

// Strict mode is for schemas of our own; one pattern of this one is no regular expression under the flag u.
const ajv = new Ajv04.default({ allErrors: true, strict: false, unicodeRegExp: false });
formats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

/** What the standard's schema holds against a log; nothing for a valid one. */
export function objectionsToSarif(log: unknown): readonly unknown[] {
  validate(log);
  return validate.errors ?? [];
}
