import { expect } from '@playwright/test';
import { typedCommand } from '../../../src/engine/typed.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import type { Report } from '../../../src/report/model.js';
import { test } from '../support/finished-runs.js';

const plain = { colour: false, reportPath: 'reports/index.html' };

/** Lines joined again, as they were before they were broken. */
const unbroken = (text: string): string => text.replaceAll(/\s+/g, ' ');

const reason = `answered 403 where 200 is due ${'because nobody granted it the role that it would have to have '.repeat(3)}end`;

const untold = (report: Report): Report => ({
  ...report,
  requirements: report.requirements.map((row) => ({ ...row, verdict: 'inconclusive' as const, reason })),
});

for (const width of [40, 80, 120, undefined]) {
  test(`breaks a verdict and a reason on ${width ?? 'no'} columns, and cuts neither`, ({ runs }) => {
    const text = renderTerminal(untold(runs.conformant), { ...plain, ...(width === undefined ? {} : { width }) });
    const lines = text.split('\n').filter((line) => !line.startsWith('  Report '));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width ?? 120);
    // A reason that takes more than four lines is of a target that says too much.
    expect(unbroken(text)).toContain(width === 40 ? 'answered 403 where 200 is due' : reason.trim());
    expect(unbroken(text)).toContain(unbroken(runs.conformant.run.explanation));
  });
}

test('says how to carry out again what failed, with the options of the run, in one piece', ({ runs }) => {
  const failed = runs.nonconformant.requirements.filter(
    ({ level, verdict }) => level === 'MUST' && verdict === 'failed',
  );
  const rows = failed.slice(0, 2).map(({ id }) => id);
  const report = {
    ...runs.nonconformant,
    requirements: runs.nonconformant.requirements.filter(
      ({ id, verdict }) => verdict !== 'failed' || rows.includes(id),
    ),
  };
  const text = renderTerminal(report, {
    ...plain,
    width: 40,
    runOptions: ['--target', 'my target.yaml', '--reading', 'C-1=200'],
  });
  expect(text).toContain(
    `  Again     cancel-conformance run --target 'my target.yaml' --reading 'C-1=200' --only ${rows.join(',')}\n`,
  );
  expect(renderTerminal(runs.conformant, plain)).not.toContain('Again');
});

test('commands are printed as their reader has started this one', () => {
  for (const [started, folder, command] of [
    ['/checkout/dist/src/cli/main.js', '/checkout', 'node dist/src/cli/main.js'],
    ['/my checkout/dist/src/cli/main.js', '/target', "node '../my checkout/dist/src/cli/main.js'"],
    ['/target/node_modules/.bin/cancel-conformance', '/target', 'npx cancel-conformance'],
    ['/opt/cache/_npx/4711/node_modules/.bin/cancel-conformance', '/target', 'npx cancel-conformance'],
    ['/target/node_modules/.bin/playwright', '/target', 'npx cancel-conformance'],
    ['/usr/local/bin/cancel-conformance', '/target', 'cancel-conformance'],
    ['', '/target', 'cancel-conformance'],
  ] as const) {
    expect(typedCommand(['/usr/bin/node', started], folder), started).toBe(command);
  }
});
