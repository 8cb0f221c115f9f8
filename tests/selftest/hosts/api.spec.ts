import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError, run } from '../../../src/index.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import { expect, failedRows, readReport, test, verdictsOf, writeTarget } from '../support/cli.js';

test.describe('run, called from a program', () => {
  test('gives the report that the command gives', async ({ embeddedRun }) => {
    const report = await run();
    expect(verdictsOf(report)).toEqual(verdictsOf(embeddedRun.report));
    const known = ({ checks }: typeof report): readonly (readonly string[])[] => checks.map((one) => one.knownToCatch);
    expect(known(report)).toEqual(known(embeddedRun.report));
    expect(schemaValidator('suite/report')(JSON.parse(JSON.stringify(report)))).toBe(true);
    expect(process.exitCode).toBeUndefined();
  });

  test('writes its files where it is told to, and nowhere else', async ({ folder }) => {
    const out = path.join(folder, 'reports');
    const report = await run({ edition: 'v1.0-2023', readings: { 'C-1': '204' }, areas: ['RESP'], out });
    expect(readdirSync(folder)).toEqual(['reports']);
    expect(readReport(out)).toEqual(JSON.parse(JSON.stringify(report)));
    expect([report.target.edition, report.target.readings['C-1'], report.run.areas]).toEqual([
      'v1.0-2023',
      '204',
      ['RESP'],
    ]);
  });

  test('runs twice at the same time, each on its own target', async ({ serve }) => {
    const { origin } = await serve(['--fault', 'scope-compared-by-prefix']);
    const areas = ['PERM'] as const;
    const [sound, faulty] = await Promise.all([run({ areas }), run({ areas, target: origin })]);
    expect([sound, faulty].map(failedRows)).toEqual([[], ['CANCEL-PERM-008']]);
    expect(faulty.run.outcome).toBe('nonconformant');
  });

  test('tells in the report that the target is gone', async ({ folder }) => {
    const target = writeTarget(folder, { baseUrl: 'http://127.0.0.1:9/beta', requests: { provider: 'control' } });
    const { run: ended, provable } = await run({ target });
    expect([ended.outcome, ended.exitCode, provable.count]).toEqual(['incomplete', 3, 0]);
  });

  test('ends when its time is over, and says so', async ({ folder }) => {
    const target = writeTarget(folder, {
      embedded: { variant: 'effect-within-settle-time' },
      settleMs: 1000,
      totalMs: 1000,
    });
    const { run: ended, cases } = await run({ target });
    expect(ended.outcome).toBe('incomplete');
    expect(ended.explanation).toContain('total time bound');
    expect(cases.some(({ startedAt }) => startedAt === '')).toBe(true);
  });

  for (const [what, options, says] of [
    ['an edition that there is not', { edition: 'v1.0-2032' }, 'no edition v1.0-2032'],
    ['a reading that there is not', { readings: { 'C-1': '202' } }, 'C-1 has no reading 202'],
    ['a file that is missing', { target: 'nowhere.yaml' }, 'nowhere.yaml'],
    ['a waiver file that is missing', { waivers: 'nowhere.yaml' }, 'nowhere.yaml'],
    ['tokens in the clear', { target: 'http://target.test/beta' }, 'https'],
    ['no area', { areas: [] }, 'nothing to run'],
  ] as const) {
    test(`refuses ${what}`, async () => {
      await expect(run(options)).rejects.toThrow(ConfigurationError);
      await expect(run(options)).rejects.toThrow(says);
    });
  }

  test('says before the first call that reports cannot be written there', async ({ folder }) => {
    const out = path.join(folder, 'taken');
    writeFileSync(out, 'a file');
    const tried = run({ areas: ['RESP'], out });
    await expect(tried).rejects.toThrow(ConfigurationError);
    await expect(tried).rejects.toThrow(`out ${out}: cannot be written (EEXIST); choose a folder that can`);
  });
});
