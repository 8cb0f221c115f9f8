import { expect } from '@playwright/test';
import { toRuleOut } from '../../../src/report/cards.js';
import { decisionOf } from '../../../src/report/decision.js';
import { digest } from '../../../src/report/digest.js';
import { withoutScripts } from '../../../src/report/html/script.js';
import { renderHtml } from '../../../src/report/html/page.js';
import type { Report } from '../../../src/report/model.js';
import { lackWords, rootWords, shoppingList } from '../../../src/report/shopping.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { grouped } from '../../../src/report/words.js';
import { test } from '../support/finished-runs.js';

const plain = { colour: false, reportPath: 'x' };

/** The report with MUST requirements that could not be told for these reasons, by their place among the MUST ones. */
function lacking(report: Report, reasons: readonly (readonly string[])[]): Report {
  const must = report.requirements.filter(({ level, verdict }) => level === 'MUST' && verdict === 'passed');
  const lacks = new Map(must.slice(0, reasons.length).map(({ id }, at) => [id, reasons[at] ?? []]));
  const checks = [...lacks].flatMap(([id, own]) =>
    own.map((reason, at) => ({
      id: `made-up/${id}-${at}`,
      caseId: 'made-up',
      requirementIds: [id],
      title: 'x',
      verdict: 'inconclusive' as const,
      reason,
      persona: 'x',
      findings: [],
      exchanges: [],
      knownToCatch: [],
    })),
  );
  const { provable } = report;
  return {
    ...report,
    checks: [...report.checks, ...checks],
    requirements: report.requirements.map((row) => {
      const own = lacks.get(row.id);
      if (own === undefined) return row;
      return {
        ...row,
        verdict: 'inconclusive' as const,
        reason: own[0] ?? '',
        checks: own.map((_, at) => `made-up/${row.id}-${at}`),
      };
    }),
    provable: { ...provable, count: provable.count - lacks.size, percent: 74 },
  };
}

const token = (persona: string): string => `no token for the persona ${persona}: the target gives none`;

test('what is missing is listed with what it would bring, the greatest gain first, all tokens as one', ({ runs }) => {
  const report = lacking(runs.conformant, [
    ['no clock'],
    [token('application')],
    [token('personalAccount'), token('application')],
  ]);
  const list = shoppingList(digest(report));
  expect(list.map(({ rows }) => rows.length)).toEqual([2, 1]);
  expect(list.map((lack) => lackWords(lack, report))[0]).toMatch(
    /^Supply tokens for application and personalAccount: provable 74 % → 9\d\.\d %$/,
  );
  expect(list[0]?.lines).toEqual([
    'identities:',
    '  application: { token: { env: CANCEL_TOKEN_APPLICATION } }',
    '  personalAccount: { token: { env: CANCEL_TOKEN_PERSONAL_ACCOUNT } }',
  ]);
  expect(list[1]).toMatchObject({ what: 'Mend this: no clock', lines: [] });
  for (const text of [
    renderHtml(report),
    renderSummary(report),
    renderTerminal({ ...report, run: { ...report.run, outcome: 'incomplete' } }, plain),
  ])
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'Supply tokens for application and personalAccount: provable 74 % → 9',
    );
});

test('a target that was named by its address gets a whole target file, and is named by that from then on', ({
  runs,
}) => {
  const configuration = {
    ...runs.conformant.target.configuration,
    target: 'http://127.0.0.1:9 (flag)',
    'requests.provider': 'control at http://127.0.0.1:9/conformance/v1',
  };
  const { target } = runs.conformant;
  const report = lacking({ ...runs.conformant, target: { ...target, configuration } }, [[token('application')]]);
  expect(shoppingList(digest(report))[0]?.lines.slice(0, 5)).toEqual([
    '# save as target.yaml',
    `name: "${target.name}"`,
    `baseUrl: ${target.baseUrl}`,
    'requests: { provider: control, url: http://127.0.0.1:9/conformance/v1 }',
    'identities:',
  ]);
  const incomplete: Report = { ...report, run: { ...report.run, outcome: 'incomplete' } };
  expect(withoutScripts(renderHtml(incomplete))).toMatch(/<code>[^<]* run --target target\.yaml --only /);
});

test('a reason is said once, with what mending it would bring beside it', ({ runs }) => {
  const report = lacking(runs.incomplete, [['no clock']]);
  const reported = { ...report, run: { ...report.run, outcome: 'incomplete' as const } };
  const gain = /no clock\s+\(?once mended: provable 74 % → \d+\.\d %/g;
  const texts = [withoutScripts(renderHtml(reported)), renderSummary(reported), renderTerminal(reported, plain)];
  for (const text of texts) {
    expect(text.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).match(gain)).toHaveLength(1);
    expect(text).not.toContain('Mend this');
  }
});

test('a requirement that two things stand in the way of is promised by neither of them', ({ runs }) => {
  const report = lacking(runs.conformant, [['no clock', token('application')]]);
  expect(shoppingList(digest(report))).toEqual([]);
  expect(shoppingList(digest(runs.conformant))).toEqual([]);
});

test('where no cancel succeeded at all, that is said first, with what most calls were answered', ({ runs }) => {
  const refused: Report = {
    ...lacking(runs.incomplete, [['x']]),
    exchanges: runs.incomplete.exchanges.map((one, at) => ({
      ...one,
      response: one.response && { ...one.response, status: at === 0 ? 503 : 401 },
    })),
  };
  const probes = refused.exchanges.filter(({ role }) => role === 'probe').length;
  const words = `No cancel succeeded; it refuses everybody, or does not take the tokens of this run: ${grouped(probes - 1)} of ${grouped(probes)} calls were answered 401.`;
  expect(rootWords(refused)).toBe(words);
  expect(decisionOf(digest(refused)).extent.startsWith(words)).toBe(true);
  // That somebody who may is refused says too little of it.
  const checks = refused.checks.map((one) =>
    one.id.endsWith('/cancels') ? { ...one, verdict: 'failed' as const } : one,
  );
  const failing = new Set(checks.flatMap(({ id, verdict }) => (verdict === 'failed' ? [id] : [])));
  const wrong: Report = {
    ...refused,
    run: { ...refused.run, outcome: 'nonconformant', partial: false },
    checks,
    requirements: refused.requirements.map((row) =>
      row.checks.some((id) => failing.has(id)) ? { ...row, verdict: 'failed' } : row,
    ),
  };
  // Whatever else a card says of why, this is to be looked at before.
  expect(toRuleOut(wrong)).toEqual({
    words: 'Whether the target takes the tokens of this run',
    command: 'npx --no cancel-conformance doctor',
  });
  expect(toRuleOut(runs.incomplete)).toBeNull();
  for (const text of [withoutScripts(renderHtml(wrong)), renderSummary(wrong)]) {
    expect(text).toContain('Whether the target takes the tokens of this run');
    expect(text).toMatch(/(?:<code>|`)npx --no cancel-conformance doctor(?:<\/code>|`)/);
  }
  expect(decisionOf(digest(wrong)).headline).toMatch(/ cancels nothing at all\.$/);
  const part: Report = { ...wrong, run: { ...wrong.run, partial: true } };
  expect(decisionOf(digest(part)).headline).toMatch(/ does not cancel for somebody who may\.$/);
  expect(rootWords(runs.incomplete)).toBeNull();
});

test('what was left out on purpose is nothing to be mended', ({ runs }) => {
  const report = lacking(runs.conformant, [['left out by the choice of cases'], ['escalating takes a day']]);
  expect(shoppingList(digest(report)).map(({ what }) => what)).toEqual(['Mend this: escalating takes a day']);
});

test('what is the same but for the request that it was seen on is one errand', ({ runs }) => {
  const closed = (id: string): string => `no answer to POST http://127.0.0.1/requests/${id}/cancel (connection-closed)`;
  const [one, other] = [closed('11111111-1111-4111-8111-111111111111'), closed('22222222-2222-4222-8222-222222222222')];
  const report = lacking(runs.conformant, [[one], [other, one]]);
  expect(shoppingList(digest(report)).map(({ what, rows }) => [what, rows.length])).toEqual([[`Mend this: ${one}`, 2]]);
});
