import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { default as Ajv04 } from 'ajv-draft-04';
import formats from 'ajv-formats';
import { renderSarif } from '../../src/report/sarif.js';
import { expect } from './cli.js';
import { kinds, test } from './finished-runs.js';

/** The schema of the standard itself (OASIS SARIF 2.1.0, draft-04), as Microsoft's SDK ships it. */
const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');

// Strict mode is for schemas of our own; one pattern of this one is no regular expression under the flag u.
const ajv = new Ajv04.default({ allErrors: true, strict: false, unicodeRegExp: false });
formats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

for (const kind of kinds) {
  test(`results.sarif of a ${kind} run is valid against the schema of SARIF 2.1.0`, ({ runs }) => {
    const log: unknown = JSON.parse(renderSarif(runs[kind]));
    validate(log);
    expect(validate.errors ?? []).toEqual([]);
  });
}

test('the schema refuses what is no SARIF', ({ runs }) => {
  const log = JSON.parse(renderSarif(runs.conformant)) as { runs: Record<string, unknown>[] };
  expect(validate({ ...log, runs: log.runs.map((run) => ({ ...run, tool: undefined, results: 1 })) })).toBe(false);
  expect(validate({ ...log, version: '2.0.0' })).toBe(false);
});
