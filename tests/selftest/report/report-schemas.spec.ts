import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { renderCtrf } from '../../../src/report/ctrf.js';
import { renderHar } from '../../../src/report/har.js';
import { writeBundle } from '../support/bundles.js';
import { expect, runCli } from '../support/cli.js';
import { kinds, test } from '../support/finished-runs.js';

const require = createRequire(import.meta.url);

const jsonIn = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;

/** Schemas of others need not be strict. */
function others(): Ajv {
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  return ajv;
}

/** The schema of the Common Test Report Format, as its reference implementation ships it. */
function ctrfSchema(): ValidateFunction {
  return others().compile(jsonIn(path.join(path.dirname(require.resolve('ctrf')), 'ctrf-schema-0.0.json')));
}

/** The schema of HTTP Archives. */
function harSchema(): ValidateFunction {
  const ajv = others();
  ajv.addMetaSchema(jsonIn(require.resolve('ajv/dist/refs/json-schema-draft-06.json')));
  const folder = path.dirname(require.resolve('har-schema'));
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'har.json');
  for (const name of names) ajv.addSchema(jsonIn(path.join(folder, name)));
  return ajv.compile(jsonIn(path.join(folder, 'har.json')));
}

interface Ctrf {
  readonly results: {
    readonly summary: Readonly<Record<string, number>>;
    readonly tests: readonly { readonly testId: string; readonly status: string; readonly message?: string }[];
  };
}

for (const kind of kinds) {
  test(`ctrf.json of a ${kind} run is valid, and says of each requirement what the report says`, ({ runs }) => {
    const report = runs[kind];
    const document: unknown = JSON.parse(renderCtrf(report));
    const validate = ctrfSchema();
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    const { summary, tests } = (document as Ctrf).results;
    const failed = report.requirements.filter(
      ({ verdict, level, waived }) => verdict === 'failed' && level === 'MUST' && waived !== true,
    );
    const rows = tests.filter(({ testId }) => testId !== 'suite-fault');
    expect(rows.map(({ testId }) => testId)).toEqual(report.requirements.map(({ id }) => id));
    expect(rows.filter(({ status }) => status === 'failed').map(({ testId }) => testId)).toEqual(
      failed.map(({ id }) => id),
    );
    const passed = report.requirements.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id);
    expect(rows.filter(({ status }) => status === 'passed').map(({ testId }) => testId)).toEqual(passed);
    expect(summary).toMatchObject({
      tests: tests.length,
      failed: failed.length + report.suiteFaults.length,
      passed: passed.length,
    });
    expect(rows.filter(({ status, message }) => (status === 'passed') === (message !== undefined))).toEqual([]);
  });

  test(`an archive of the exchanges of a ${kind} run is valid, and holds each of them`, ({ runs }) => {
    const report = runs[kind];
    const document: unknown = JSON.parse(renderHar(report));
    const validate = harSchema();
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    const { entries, pages } = (document as Har).log;
    expect(entries.map(({ response }) => response.status)).toEqual(
      report.exchanges.map(({ response }) => response?.status ?? 0),
    );
    expect(entries.map(({ comment }) => comment.split(',')[0])).toEqual(report.exchanges.map(({ id }) => id));
    const titled = new Set(pages.map(({ id }) => id));
    expect(entries.filter(({ pageref }) => !titled.has(pageref))).toEqual([]);
  });
}

interface Har {
  readonly log: {
    readonly pages: readonly { readonly id: string }[];
    readonly entries: readonly {
      readonly pageref: string;
      readonly comment: string;
      readonly response: { readonly status: number };
    }[];
  };
}

test('the command writes the archive beside the page when it is asked to', async ({ folder, runs }) => {
  const place = writeBundle(folder, runs.nonconformant, runs.nonconformant.exchanges);
  const asked = await runCli(['report', place], { cwd: folder });
  expect([asked.exitCode, existsSync(path.join(place, 'evidence.har'))]).toEqual([0, false]);
  const { exitCode, stdout } = await runCli(['report', place, '--har'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('evidence.har');
  expect(readFileSync(path.join(place, 'evidence.har'), 'utf8')).toBe(renderHar(runs.nonconformant));
});
