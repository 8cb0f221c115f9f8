import { cpSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import type { Report } from '../../../src/report/model.js';
import { readReport as readAny } from '../../../src/report/read.js';
import { expect, runCli, test } from '../support/cli.js';

/** A report of every version that was released, as that version wrote it; `npm run keep-report` adds this one's. */
const kept = path.join(packageRoot, 'tests', 'selftest', 'support', 'released-reports');
const releases = readdirSync(kept);

const { properties } = JSON.parse(
  readFileSync(path.join(packageRoot, 'schemas', 'suite', 'report.schema.json'), 'utf8'),
) as { readonly properties: { readonly schemaVersion: { readonly const: number } } };

test('each version of the schema has a report that is kept', () => {
  const versions = releases.map((name) => name.split('-')[0]);
  const current = properties.schemaVersion.const;
  expect([...new Set(versions)].sort()).toEqual(Array.from({ length: current }, (_, index) => String(index + 1)));
});

for (const name of releases) {
  const folder = path.join(kept, name);
  const report = JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8')) as Report;

  test.describe(`the report of ${name}`, () => {
    test('is what its folder says, and has failures, findings, waivers and reproducers to be read', () => {
      expect(`${report.schemaVersion}-${report.suite.version}`).toBe(name);
      for (const part of [report.waivers, report.reproducers, report.exchanges]) expect(part).not.toEqual([]);
      expect(report.checks.flatMap(({ findings }) => findings)).not.toEqual([]);
      expect(report.requirements.some(({ waived }) => waived)).toBe(true);
    });

    test('matches the schema of today', () => {
      const validate = schemaValidator('suite/report');
      expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
      expect(readAny(folder)).toEqual(report);
    });

    test('can be compared with a run of today', async ({ folder: place, embeddedRun }) => {
      const { exitCode, stdout } = await runCli(['compare', folder, embeddedRun.out, '--out', 'out'], { cwd: place });
      // Two runs of different targets differ, and the comparison says in what.
      expect(exitCode).toBe(1);
      expect(stdout).toContain('CANCEL-RESP-002');
      expect(readdirSync(path.join(place, 'out')).sort()).toEqual([
        'comparison.html',
        'comparison.json',
        'comparison.md',
      ]);
    });

    test('is judged by the version that wrote it, or refused in words by any other', async ({ folder: place }) => {
      cpSync(folder, path.join(place, 'bundle'), { recursive: true });
      const { exitCode, stdout, stderr } = await runCli(['judge', 'bundle'], { cwd: place });
      const told =
        /^✓ EQUAL|^✗ DIFFERENT|written by version \S+ of the suite, and this is|readings\.C-\d+: the reading of/m;
      expect([0, 1, 2]).toContain(exitCode);
      expect(stdout + stderr).toMatch(told);
    });

    test('gives waivers', async ({ folder: place }) => {
      const { exitCode, stderr } = await runCli(['waive', path.join(folder, 'report.json'), '--out', 'waivers.yaml'], {
        cwd: place,
      });
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Nothing to waive')]);
    });
  });
}
