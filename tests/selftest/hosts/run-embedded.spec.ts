import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import { cliMain, expect, readReport, spawnCli, test, verdictsOf, writeTarget } from '../support/cli.js';

const whole = { percent: 100 };

test('finds the embedded target conformant, all of it proven', ({ embeddedRun }) => {
  const { exitCode, report } = embeddedRun;
  expect(exitCode).toBe(0);
  expect(report.run).toMatchObject({ outcome: 'conformant', exitCode: 0, partial: false, areas: null });
  expect(report.provable).toMatchObject(whole);
  expect(report.proven).toMatchObject(whole);
  expect(report.proven.count).toBe(report.totals.must.passed);
  expect(report.totals.must).toMatchObject({ failed: 0, inconclusive: 0 });
  expect(report.suiteFaults).toEqual([]);
});

test('writes every report, and nothing unfinished beside them', ({ embeddedRun }) => {
  const names = readdirSync(embeddedRun.out);
  expect(names).toEqual(
    expect.arrayContaining(['evidence.jsonl', 'index.html', 'junit.xml', 'report.json', 'summary.md']),
  );
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  for (const name of names) expect(readFileSync(path.join(embeddedRun.out, name), 'utf8'), name).toMatch(/\S/);
});

test('writes a report.json that its schema accepts', ({ embeddedRun }) => {
  const validate = schemaValidator('suite/report');
  validate(embeddedRun.report);
  expect(validate.errors ?? []).toEqual([]);
});

/** Two segments of a token in the JSON of which each begins with `{"`. */
const tokenLike = /eyJ[\w-]{8,}\.[\w-]{8,}/;

/** Every text that hides in a text as base64, whatever byte it begins at. */
function decodedIn(content: string): string {
  const runs = content.match(/[\w+/-]{24,}/g) ?? [];
  return runs
    .flatMap((run) => [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString('latin1')))
    .join('\n');
}

test('leaves no token in any file, neither plain nor in base64', ({ embeddedRun }) => {
  for (const name of readdirSync(embeddedRun.out)) {
    const content = readFileSync(path.join(embeddedRun.out, name), 'utf8');
    expect(tokenLike.exec(content), name).toBeNull();
    expect(tokenLike.exec(decodedIn(content)), `${name}, decoded`).toBeNull();
  }
  const evidence = readFileSync(path.join(embeddedRun.out, 'evidence.jsonl'), 'utf8');
  expect(evidence).toContain('‹token:requestor›');
});

test('prints a short summary where nobody watches, and appends it to the step summary', async ({ run, folder }) => {
  const stepSummary = path.join(folder, 'step-summary.md');
  writeFileSync(stepSummary, 'from the step before\n');
  // Where requests are shared, a whole run has the fewest cases.
  const target = writeTarget(folder, { embedded: {}, expensive: true });
  const { stdout, stderr, out } = await run(['--target', target], {
    GITHUB_STEP_SUMMARY: stepSummary,
    CI: 'true',
    FORCE_COLOR: '1',
  });
  expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
  expect(stdout).toMatch(/^✓ CONFORMANT \(exit code 0/);
  expect(stdout).toContain(path.join('report', 'index.html'));
  // No colours, no line that is written over, no progress.
  expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  expect(stderr).toBe('');
  const summary = readFileSync(path.join(out, 'summary.md'), 'utf8');
  expect(summary).toContain('conformant');
  expect(readFileSync(stepSummary, 'utf8')).toBe(`from the step before\n${summary}`);
});

test('is what npm start runs and what the package installs', () => {
  const manifest = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
    readonly bin: Readonly<Record<string, string>>;
  };
  const built = path.relative(packageRoot, cliMain);
  expect(manifest.scripts['start']).toBe(`node ${built} run`);
  expect(manifest.bin['cancel-conformance']).toBe(built);
  expect(readFileSync(cliMain, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('two runs at the same moment agree, whatever their number of workers', async ({ folder, embeddedRun }) => {
  const outs = ['1', '2'].map((workers) => path.join(folder, workers));
  const exits = await Promise.all(
    outs.map((out) =>
      spawnCli(['run', '--out', out, '--workers', path.basename(out), '--area', 'ADDR,RESP'], { cwd: folder }),
    ),
  );
  expect(exits.map(({ exitCode }) => exitCode)).toEqual([3, 3]);
  const reports = outs.map(readReport);
  expect(new Set(reports.map(({ run }) => run.id)).size).toBe(2);
  const whole = verdictsOf(embeddedRun.report);
  for (const { checks } of reports) {
    expect(checks.length).toBeGreaterThan(100);
    expect(checks.filter(({ id, verdict }) => whole[id] !== verdict)).toEqual([]);
  }
});
