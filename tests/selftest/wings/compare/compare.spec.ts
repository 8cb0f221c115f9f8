import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { renderComparison } from '../../../../src/wings/compare/html/page.js';
import { renderComparisonMarkdown } from '../../../../src/wings/compare/markdown.js';
import type { Comparison } from '../../../../src/wings/compare/model.js';
import { renderComparisonTerminal } from '../../../../src/wings/compare/terminal.js';
import { schemaValidator } from '../../../../src/engine/contract/schemas.js';
import type { Exchange } from '../../../../src/engine/evidence/records.js';
import type { Report } from '../../../../src/report/model.js';
import { visible } from '../../../../src/report/visible.js';
import { expect, runCli } from '../../support/cli.js';
import { comparisonOf, leave, test } from '../../support/compared-runs.js';
import { hostileText } from '../../support/finished-runs.js';

const rowOf = ({ requirements }: Comparison, id: string) => requirements.find((row) => row.id === id);
const kindsOf = ({ changes }: Comparison): readonly string[] => [
  ...new Set(changes.flatMap(({ causes }) => causes.map(({ kind }) => kind))),
];
const schemaErrors = (model: unknown): unknown => {
  const validate = schemaValidator('suite/comparison');
  return validate(model) ? [] : validate.errors;
};

test('the same target twice is the same', async ({ runs, others, folder }) => {
  const args = ['compare', leave(folder, 'a', runs.conformant), leave(folder, 'b', others.again)];
  const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
  expect(stderr).toBe('');
  expect(stdout).toContain('THE SAME (exit code 0)');
  expect(exitCode).toBe(0);
  const written = ['html', 'json', 'md'].map((ending) => path.join(folder, 'reports', `comparison.${ending}`));
  expect(written.filter((file) => !existsSync(file))).toEqual([]);
  const model = JSON.parse(readFileSync(path.join(folder, 'reports', 'comparison.json'), 'utf8')) as Comparison;
  expect(schemaErrors(model)).toEqual([]);
  expect(model).toMatchObject({ same: true, changes: [], drift: [], circumstances: [] });
  expect(model.totals.requirements.same).toBe(runs.conformant.requirements.length);
});

test('a run of any kind is the same as itself', ({ runs, others }) => {
  for (const report of [...(Object.values(runs) as Report[]), ...(Object.values(others) as Report[])]) {
    const { same, changes, drift } = comparisonOf(report, structuredClone(report));
    expect({ same, changes, drift }).toEqual({ same: true, changes: [], drift: [] });
  }
});

test('names what drifted though every verdict stayed', async ({ runs, others, folder }) => {
  const args = ['compare', leave(folder, 'a', runs.conformant), leave(folder, 'b', others.drifted), '--out', 'x'];
  const { exitCode, stdout } = await runCli(args, { cwd: folder });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('Every verdict stayed, but answers drifted');
  expect(stdout).toMatch(/status code: 403 → 404, in \d+ places/);
  const model = comparisonOf(runs.conformant, others.drifted);
  expect(model.changes).toEqual([]);
  expect(model.totals.requirements).toMatchObject({ differing: 0, differingBelow: 0 });
  const status = model.drift.find(({ aspect }) => aspect === 'status');
  expect(status).toMatchObject({ values: ['403', '404'] });
  expect(status?.silentPlaces).toBeGreaterThan(2);
  expect(status?.places).toContain('perm-refuses-otherUser.1');
  expect(model.drift.map(({ aspect, name }) => [aspect, name])).toEqual(
    expect.arrayContaining([
      ['error-code', ''],
      ['contested', 'C-8'],
    ]),
  );
});

test('says that a target behaved differently, and shows how', ({ runs, others }) => {
  const model = comparisonOf(runs.conformant, others.faulty);
  expect(schemaErrors(model)).toEqual([]);
  expect(rowOf(model, 'CANCEL-PERM-008')).toMatchObject({
    state: 'differs',
    causes: ['target-behaved-differently'],
    runs: [{ verdict: 'passed' }, { verdict: 'failed' }],
  });
  const change = model.changes.find(({ id }) => id === 'perm-refuses-similarScopeUser/answers-accepted-status');
  expect(change?.runs[1]?.finding).toContain('answered 204');
  expect(change?.causes[0]?.detail).toContain('status code 403 → 204');
  expect(kindsOf(model)).toEqual(['target-behaved-differently']);
});

test('tells another reading from another behaviour', ({ runs, others }) => {
  const model = comparisonOf(runs.conformant, others.otherReading);
  expect(kindsOf(model)).toEqual(['edition-or-reading-changed']);
  expect(rowOf(model, 'CANCEL-RESP-001')?.causes).toEqual(['edition-or-reading-changed']);
  expect(model.circumstances).toEqual([{ name: 'reading C-1', values: ['either', '200'], counts: true }]);
  expect(model.drift).toEqual([]);
});

test('tells a persona that is missing from another behaviour, and quotes the reason', ({ runs, others }) => {
  const model = comparisonOf(runs.conformant, others.withoutPersona);
  expect(kindsOf(model)).toEqual(['fixture-missing']);
  const row = rowOf(model, 'CANCEL-PERM-003');
  expect(row).toMatchObject({ state: 'differs', causes: ['fixture-missing'] });
  const change = model.changes.find(({ id }) => row?.changes.includes(id));
  expect(change?.causes[0]?.detail).toContain('“no token for the persona otherUser');
  expect(model.drift).toEqual([]);
});

test('tells another rule from another behaviour', ({ runs, others }) => {
  const { conformant } = runs;
  const restated = {
    ...others.again,
    requirements: others.again.requirements.map((row) =>
      row.id === 'CANCEL-PERM-008' ? { ...row, level: 'SHOULD' as const, statement: 'Another one.' } : row,
    ),
    checks: others.again.checks.slice(1),
  };
  const model = comparisonOf(conformant, restated);
  expect(rowOf(model, 'CANCEL-PERM-008')).toMatchObject({ state: 'differs-below', causes: ['rule-changed'] });
  const gone = model.changes.find(({ id }) => id === conformant.checks[0]?.id);
  expect(gone).toMatchObject({ causes: [{ kind: 'rule-changed', detail: 'the check is gone' }] });
  const upgraded = comparisonOf(conformant, {
    ...others.faulty,
    suite: { name: 'cancel-conformance', version: '9.9.9' },
  });
  expect(kindsOf(upgraded)).toEqual(['rule-changed']);
});

test('tells that only a waiver changed', ({ runs }) => {
  const model = comparisonOf(runs.nonconformant, runs.waived);
  expect(kindsOf(model)).toEqual(['waiver-changed']);
  expect(rowOf(model, 'CANCEL-RESP-002')).toMatchObject({ state: 'differs', causes: ['waiver-changed'] });
});

test('holds three runs against the first', ({ runs, others }) => {
  const model = comparisonOf(runs.conformant, others.drifted, others.faulty);
  expect(schemaErrors(model)).toEqual([]);
  expect(model.runs.map(({ letter }) => letter)).toEqual(['A', 'B', 'C']);
  expect(rowOf(model, 'CANCEL-PERM-008')?.runs.map(({ verdict }) => verdict)).toEqual(['passed', 'passed', 'failed']);
  expect(new Set(model.changes.flatMap(({ causes }) => causes.map(({ run }) => run)))).toEqual(new Set([2]));
  const all = model.drift.filter(({ aspect }) => aspect === 'status').map(({ values }) => values);
  expect(all).toEqual(
    expect.arrayContaining([
      ['403', '404', '403'],
      ['403', '403', '204'],
    ]),
  );
});

test('a partial run says so, and what it left out is no difference', ({ runs, others }) => {
  for (const model of [comparisonOf(runs.conformant, others.partial), comparisonOf(others.partial, runs.conformant)]) {
    expect(model).toMatchObject({ same: true, changes: [], drift: [] });
    expect(model.totals.requirements.leftOut).toBeGreaterThan(50);
    expect(rowOf(model, 'CANCEL-STATE-001')?.state).toBe('left-out');
    const texts = [renderComparison(model), renderComparisonMarkdown(model), terminal(model)];
    for (const text of texts) expect(text).toMatch(/Run [AB] is partial: only PERM, AUTH ran/);
  }
  const model = comparisonOf(runs.conformant, others.partial, others.faulty);
  expect(rowOf(model, 'CANCEL-ERR-001')?.runs.map(({ verdict }) => verdict)).toEqual(['passed', 'left-out', 'passed']);
});

/** The report with every answer to a call changed. */
const answered = (report: Report, change: (response: NonNullable<Exchange['response']>) => object): Report => ({
  ...report,
  exchanges: report.exchanges.map((one) =>
    one.response === null ? one : { ...one, response: { ...one.response, ...change(one.response) } },
  ),
});

test('ids, times, ports and tokens are no difference; headers, their values and members are', ({ runs }) => {
  const base = answered(runs.conformant, ({ headers }) => ({
    headers: [
      ...headers,
      ['Retry-After', '120'],
      ['WWW-Authenticate', 'Bearer realm="http://127.0.0.1:4010", nonce="a1"'],
    ],
  }));
  const passing = answered(runs.conformant, ({ headers }) => ({
    headers: [
      ...headers,
      ['retry-after', '7'],
      ['www-authenticate', 'Bearer realm="http://127.0.0.1:4999", nonce="zz"'],
    ],
  }));
  expect(comparisonOf(base, passing).same).toBe(true);
  const told = answered(runs.conformant, ({ headers, status, body }) => ({
    headers: [
      ...headers.filter(([name]) => name !== 'request-id'),
      ['Retry-After', '1'],
      ['WWW-Authenticate', 'Basic'],
    ],
    body: status < 400 ? body : { ...body, text: body.text.replace('"innerError"', '"inner"') },
  }));
  const seen = comparisonOf(base, told).drift.map(({ aspect, name, values }) => [aspect, name, ...values]);
  expect(seen).toEqual(
    expect.arrayContaining([
      ['headers', '', 'request-id', 'absent'],
      ['header-value', 'www-authenticate', 'Bearer realm="http://‹number›", nonce="‹token›"', 'Basic'],
    ]),
  );
  const members = seen.filter(([aspect]) => aspect === 'error-members').map(([, , before, after]) => [before, after]);
  expect(members[0]?.[0]).toContain('error.innerError');
  expect(members[0]?.[1]).toContain('error.inner,');
});

test('a body of another form is a difference: none, no JSON, another kind of JSON', ({ runs }) => {
  const withBody = (text: string): Report =>
    answered(runs.conformant, ({ body }) => ({ body: { ...body, text, bytes: text.length } }));
  const forms = ['{', '1', '[]', 'null', '"x"'].map((text) => {
    const drifted = comparisonOf(withBody(''), withBody(text)).drift.filter(({ aspect }) => aspect === 'body');
    return [...new Set(drifted.map(({ values }) => values.join(' to ')))];
  });
  expect(forms).toEqual([
    ['empty to not JSON'],
    ['empty to JSON number'],
    ['empty to JSON array'],
    ['empty to JSON null'],
    ['empty to JSON string'],
  ]);
});

test('answers to calls made at once have no order', ({ runs }) => {
  const { exchanges } = runs.conformant;
  const [first, second] = exchanges.filter(({ id }) => id.startsWith('state-two-cancels-at-once-administrator.'));
  const swapped = exchanges.map((one) =>
    one.id === first?.id
      ? { ...one, response: second?.response ?? null }
      : one.id === second?.id
        ? { ...one, response: first?.response ?? null }
        : one,
  );
  expect(first?.response?.status).not.toBe(second?.response?.status);
  expect(comparisonOf(runs.conformant, { ...runs.conformant, exchanges: swapped }).drift).toEqual([]);
});

const terminal = (model: Comparison): string =>
  renderComparisonTerminal(model, { colour: false, pagePath: 'reports/comparison.html' });

test('hostile text is inert everywhere', ({ runs, others }) => {
  const model = comparisonOf(others.again, runs.hostile);
  expect(schemaErrors(model)).toEqual([]);
  expect(model.same).toBe(false);
  const page = renderComparison(model);
  expect(page).not.toMatch(/<script|<img/);
  expect(page.split('\n').join('')).toBe(visible(page.split('\n').join('')));
  const markdown = renderComparisonMarkdown(model);
  expect(markdown.replaceAll('<!-- -->', '')).not.toMatch(/<|\]\(/);
  for (const text of [markdown, terminal(model)]) {
    const lines = text.split('\n');
    expect(lines.map(visible)).toEqual(lines);
  }
  expect(JSON.stringify(model)).toContain(JSON.stringify(hostileText.slice(0, 40)).slice(1, -1));
});

test('all projections count alike', ({ runs, others }) => {
  for (const other of [
    others.again,
    others.drifted,
    others.faulty,
    others.withoutPersona,
    others.partial,
    runs.hostile,
  ]) {
    const model = comparisonOf(runs.conformant, other);
    const page = renderComparison(model);
    const markdown = renderComparisonMarkdown(model);
    const { requirements, drift } = model.totals;
    expect(page.match(/<tr id="CANCEL-/g)?.length).toBe(requirements.all);
    expect(page.match(/<tr id="CANCEL-[^>]*class="differs"/g)?.length ?? 0).toBe(requirements.differing);
    expect(page.match(/<li class="(?:silent|known)">/g)?.length ?? 0).toBe(drift.all);
    expect(markdown).toContain(
      `- Requirements: ${requirements.same} the same, ${requirements.differing} differ, ${requirements.differingBelow} differ below the verdict, ${requirements.leftOut} left out`,
    );
    expect(markdown).toContain(`- Drift: ${drift.all}, ${drift.silent} of it`);
    // A long list ends with how many more there are.
    const rows = requirements.differing + requirements.differingBelow;
    expect(markdown.match(/^\| CANCEL-/gm)?.length ?? 0).toBe(Math.min(rows, 100));
    expect(requirements.same + requirements.differing + requirements.differingBelow + requirements.leftOut).toBe(
      model.requirements.length,
    );
    expect(markdown.split('\n').length).toBeLessThan(1000);
  }
});

test('the Markdown stays small for the most runs that differ all over', ({ runs, others }) => {
  const many = Array.from({ length: 13 }, () => [runs.hostile, others.withoutPersona]).flat();
  const markdown = renderComparisonMarkdown(comparisonOf(...many));
  expect(markdown.split('\n').length).toBeLessThan(1000);
  expect(Buffer.byteLength(markdown)).toBeLessThan(1024 * 1024);
});

test('bad input ends with exit code 2 and a message that names the file', async ({ others, folder }) => {
  const good = leave(folder, 'good', others.partial);
  const bad: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [[good], /only one run is named/],
    [[good, 'nowhere'], /^nowhere: no such file/],
    [[good, folder], /report\.json: no such file/],
    [[good, leave(folder, 'text', 'not json')], /text.report\.json:1: not JSON;/],
    [[good, leave(folder, 'null', 'null')], /null.report\.json: not a report/],
    [
      [good, leave(folder, 'other', { ...others.partial, schemaVersion: 2 })],
      /other.report\.json: a report of schema version 2/,
    ],
    [[good, leave(folder, 'extra', { ...others.partial, more: true })], /extra.report\.json: not a report/],
  ];
  for (const [args, said] of bad) {
    const { exitCode, stdout, stderr } = await runCli(['compare', ...args], { cwd: folder });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^ +at /m);
  }
  expect(existsSync(path.join(folder, 'reports'))).toBe(false);
});

test('runs that have nothing in common are bad input', ({ others }) => {
  const state = {
    ...others.partial,
    run: { ...others.partial.run, areas: ['STATE' as const] },
  };
  const only = (area: string, report: Report): Report => ({
    ...report,
    requirements: report.requirements.filter((row) => row.area === area),
  });
  expect(() => comparisonOf(only('STATE', others.partial), only('PERM', state))).toThrow(
    /no requirement was carried out/,
  );
});
