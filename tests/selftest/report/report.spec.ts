import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { Log } from 'sarif';
import { create } from 'xmlbuilder2';
import { packageRoot } from '../../../src/engine/package.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import { digest } from '../../../src/report/digest.js';
import { renderBadge } from '../../../src/report/badge.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import { anchor } from '../../../src/report/html/anchors.js';
import { renderJunit } from '../../../src/report/junit.js';
import type { Report, VerdictCounts, VerdictWord } from '../../../src/report/model.js';
import { renderSarif } from '../../../src/report/sarif.js';
import { renderSummary } from '../../../src/report/summary.js';
import { visibleLines } from '../../../src/report/visible.js';
import { kinds, pageOf, test } from '../support/finished-runs.js';

test('the runs are what these tests rest on', ({ runs }) => {
  const facts = (['conformant', 'warned', 'nonconformant', 'waived', 'incomplete'] as const).map((kind) => {
    const { run, requirements } = runs[kind];
    return [run.outcome, ...requirements.flatMap(({ id, verdict }) => (verdict === 'failed' ? [id] : []))];
  });
  expect(facts).toEqual([
    ['conformant'],
    ['conformant', 'CANCEL-RESP-006'],
    ['nonconformant', 'CANCEL-RESP-002'],
    ['conformant', 'CANCEL-RESP-002'],
    ['incomplete'],
  ]);
  expect(runs.waived.waivers.map(({ state }) => state)).toEqual(['applied', 'other-edition']);
  expect(JSON.stringify(runs.hostile)).toContain('<script>alert(1)</script>');
});

const catalogueLines = readFileSync(path.join(packageRoot, 'specs', 'requirements.yaml'), 'utf8').split('\n');

const words: readonly VerdictWord[] = ['passed', 'failed', 'inconclusive', 'not-applicable'];

function countsOf(judged: readonly { readonly verdict: string }[]): VerdictCounts {
  const count = (word: VerdictWord): number => judged.filter(({ verdict }) => verdict === word).length;
  return Object.fromEntries(words.map((word) => [word, count(word)])) as unknown as VerdictCounts;
}

/** Elements of a page: their attributes by name. Enough for markup that a renderer wrote. */
function elements(html: string, tag: string): readonly ReadonlyMap<string, string>[] {
  return [...html.matchAll(new RegExp(`<${tag}((?:\\s+[\\w-]+(?:="[^"]*")?)*)\\s*/?>`, 'g'))].map(
    ([, attributes = '']) =>
      new Map([...attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, value])),
  );
}

const idsWith = (html: string, prefix: string): readonly string[] =>
  [...html.matchAll(/\sid="([^"]*)"/g)].flatMap(([, id = '']) => (id.startsWith(prefix) ? [id] : []));

/** The checks of a page by their anchors, each with the verdict of the list in which it stands. */
function verdictsOfLists(html: string): ReadonlyMap<string, string> {
  const verdicts = new Map<string, string>();
  let current = '';
  for (const [, ofList, id] of html.matchAll(/<ul data-verdict="([^"]*)"|<li id="(check-[^"]*)"/g)) {
    current = ofList ?? current;
    if (id !== undefined) verdicts.set(id, current);
  }
  return verdicts;
}

for (const kind of kinds) {
  test.describe(`${kind} run`, () => {
    test('the model matches its schema', ({ runs }) => {
      const validate = schemaValidator('suite/report');
      validate(JSON.parse(JSON.stringify(runs[kind])));
      expect(validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`) ?? []).toEqual([]);
    });

    test('the totals are counted from the rows and checks', ({ runs }) => {
      const { totals, requirements, checks, cases, exchanges } = runs[kind];
      expect(totals).toEqual({
        requirements: countsOf(requirements),
        must: countsOf(requirements.filter(({ level }) => level === 'MUST')),
        should: countsOf(requirements.filter(({ level }) => level === 'SHOULD')),
        may: countsOf(requirements.filter(({ level }) => level === 'MAY')),
        checks: countsOf(checks),
        // The run as a whole is filed like a case.
        cases: cases.length - 1,
        exchanges: exchanges.length,
      });
    });

    test('index.html shows every requirement, check, case and exchange once, with its verdict', ({ runs }) => {
      const report = runs[kind];
      const html = pageOf(report);
      const rows = elements(html, 'details').filter((element) => element.get('class')?.startsWith('requirement'));
      expect(rows.map((element) => element.get('data-verdict'))).toEqual(report.requirements.map((row) => row.verdict));
      const inside = idsWith(html, 'CANCEL-');
      expect(inside).toEqual(report.requirements.map(({ id }) => anchor('requirement', id)));
      const shown = elements(html, 'li').filter((element) => element.get('id')?.startsWith('check-'));
      const verdicts = verdictsOfLists(html);
      // Cells in which nothing is to be seen stand in the matrix of their gate alone.
      const { quiet } = digest(report);
      const told = report.checks.filter(({ caseId }) => !quiet.has(caseId));
      expect(verdicts).toEqual(new Map(told.map(({ id, verdict }) => [anchor('check', id), verdict])));
      expect(shown).toHaveLength(told.length);
      const cells = report.cases.filter(({ cell }) => cell !== undefined);
      expect(elements(html, 'td').filter((element) => element.get('data-cell') !== undefined)).toHaveLength(
        cells.length,
      );
      const exchanges = report.exchanges.filter(({ id }) => !quiet.has(id.slice(0, id.lastIndexOf('.'))));
      for (const [prefix, ids] of [
        ['case-', report.cases.flatMap(({ id }) => (quiet.has(id) ? [] : [anchor('case', id)]))],
        ['exchange-', exchanges.map(({ id }) => anchor('exchange', id))],
      ] as const) {
        expect([...idsWith(html, prefix)].sort()).toEqual([...ids].sort());
      }
      const all = idsWith(html, '');
      expect(all.filter((id, index) => all.indexOf(id) !== index)).toEqual([]);
    });

    test('every waiver stands in index.html and in summary.md, with its state', ({ runs }) => {
      const report = runs[kind];
      const shown = elements(pageOf(report), 'li').flatMap((element) => element.get('data-waiver') ?? []);
      expect(shown).toEqual(report.waivers.map(({ state }) => state));
      const rows = renderSummary(report).match(/^\| (?:applied|passed over) \| CANCEL-/gm) ?? [];
      expect(rows).toHaveLength(report.waivers.length);
      const waived = report.checks.filter(({ waivedFor = [] }) => waivedFor.length > 0);
      expect(waived.filter(({ verdict }) => verdict === 'passed')).toEqual([]);
    });

    test('every link of index.html leads to an element of it, to the source of a requirement, or to another page beside it', ({
      runs,
    }) => {
      const html = pageOf(runs[kind]);
      const { requirements, contested } = runs[kind];
      const sources = new Set(
        [...requirements, ...contested].flatMap(({ source = [] }) => source.map(({ url }) => url)),
      );
      const known = new Set(idsWith(html, ''));
      const targets = elements(html, 'a').map((element) => element.get('href') ?? '');
      expect(targets.length).toBeGreaterThan(runs[kind].checks.length);
      const [inside, outside] = [targets.filter(isInside), targets.filter((href) => !isInside(href))];
      expect(inside.filter((href) => !known.has(href.slice(1)))).toEqual([]);
      const pages = ['doc.html', 'comparison.html', 'history.html', 'kill-matrix.html'];
      expect(outside.filter((href) => !sources.has(href.replaceAll('&amp;', '&')))).toEqual(pages);
    });

    test('index.html shows the command for every exchange that a finding rests on, whole and in its place', ({
      runs,
    }) => {
      const report = runs[kind];
      const html = pageOf(report);
      const named = report.checks.flatMap(({ findings, exchanges }) =>
        findings.flatMap(({ exchangeId }) => (exchangeId === null ? exchanges : [exchangeId])),
      );
      expect(new Set(report.reproducers.map(({ exchangeId }) => exchangeId))).toEqual(new Set(named));
      for (const { exchangeId, text } of report.reproducers) {
        const from = html.indexOf(`id="${anchor('exchange', exchangeId)}"`);
        const block = html.slice(from, html.indexOf('</section>', from));
        expect(block).toContain(`<pre>${escaped(visibleLines(text))}</pre>`);
      }
    });

    test('junit.xml has every check once, failed and skipped as in the model', ({ runs }) => {
      const report = runs[kind];
      const { cases, sums } = readJunit(renderJunit(report));
      const { checks, faults } = expectedJunit(report);
      expect(cases.filter(({ classname }) => classname !== 'suite')).toHaveLength(checks.length);
      const own = cases.map(({ classname, caseId, result }) => `${classname} ${caseId} ${result}`);
      expect(own.sort()).toEqual([...checks, ...faults].sort());
      const count = (result: string): number => cases.filter((candidate) => candidate.result === result).length;
      const [failures, errors, skipped] = [count('failure'), count('error'), count('skipped')];
      expect(sums).toEqual({ tests: cases.length, failures, errors, skipped });
    });

    test('summary.md has the counts, the failed rows and the clauses', ({ runs }) => {
      const { totals, requirements, contested } = runs[kind];
      const summary = renderSummary(runs[kind]);
      const counts = [...summary.matchAll(/^\| (\w+)(?: requirements)? \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)];
      const expected = Object.entries({
        ...totals,
        requirements: undefined,
        cases: undefined,
        exchanges: undefined,
      }).flatMap(([name, counted]) =>
        counted === undefined ? [] : [[name, ...words.map((word) => String(counted[word]))]],
      );
      expect(counts.map(([, name = '', ...values]) => [name.toLowerCase(), ...values])).toEqual(expected);
      expect(summary).toContain(`${totals.cases} cases, ${totals.exchanges} exchanges.`);
      const failed = requirements.filter(({ verdict, level }) => verdict === 'failed' && level !== 'MAY');
      expect([...summary.matchAll(/^\| [✗!] (\S+) /gm)].map(([, id]) => id)).toEqual(failed.map(({ id }) => id));
      expect([...summary.matchAll(/^\| (C-\d+): /gm)].map(([, id]) => id)).toEqual(contested.map(({ id }) => id));
      expect(summary.split('\n').length).toBeLessThan(300);
    });

    test('results.sarif has every requirement as a rule, and one result for each that failed and is not waived', ({
      runs,
    }) => {
      const report = runs[kind];
      const { rules, results, invocation } = readSarif(renderSarif(report));
      const levels = { MUST: 'error', SHOULD: 'warning', MAY: 'note' };
      expect(rules).toEqual(report.requirements.map(({ id, level }) => `${id} ${levels[level]}`));
      const failed = report.requirements.filter(({ verdict, waived }) => verdict === 'failed' && waived !== true);
      const expected = failed.map(({ id, level }) => `${id} fail ${levels[level]}`);
      expect(results).toEqual(expected);
      const { outcome, exitCode } = report.run;
      const executionSuccessful = ['conformant', 'nonconformant'].includes(outcome);
      expect(invocation).toMatchObject({ executionSuccessful, exitCode });
      expect(invocation.toolExecutionNotifications).toHaveLength(report.suiteFaults.length);
    });

    test('results.sarif points at the line of each row in the catalogue', ({ runs }) => {
      const log = JSON.parse(renderSarif(runs[kind])) as Log;
      for (const { ruleId, relatedLocations } of log.runs[0]?.results ?? []) {
        const line = relatedLocations?.[0]?.physicalLocation?.region?.startLine ?? 0;
        expect(catalogueLines[line - 1]).toBe(`  - id: ${ruleId ?? ''}`);
      }
    });

    test('badge.svg says the outcome and the share of the MUST rows that passed', ({ runs }) => {
      const { run, proven } = runs[kind];
      const badge = create(renderBadge(runs[kind])).root().node;
      expect(badge.nodeName).toBe('svg');
      expect(badge.textContent).toContain(run.outcome);
      expect(badge.textContent).toContain(`${proven.count}/${proven.of}`);
    });

    test('evidence.jsonl is every exchange, in order and without loss', ({ runs }) => {
      const lines = renderEvidence(runs[kind]).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(runs[kind].exchanges);
    });
  });
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

interface JunitCase {
  readonly classname: string;
  readonly caseId: string;
  readonly result: string;
}

interface Sarif {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly SarifRule[] } };
      readonly invocations: readonly [{ readonly toolExecutionNotifications: readonly object[] }];
      readonly results: readonly SarifResult[];
    },
  ];
}

interface SarifRule {
  readonly id: string;
  readonly defaultConfiguration: { readonly level: string };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly properties?: { readonly check: string };
}

/** Rules and results in a line each, and whether the one leads to the other. */
function readSarif(text: string): {
  readonly rules: readonly string[];
  readonly results: readonly string[];
  readonly invocation: { readonly toolExecutionNotifications: readonly object[] };
} {
  const { version, runs } = JSON.parse(text) as Sarif;
  const [{ tool, results, invocations }] = runs;
  const { rules } = tool.driver;
  expect(version).toBe('2.1.0');
  expect(results.map(({ ruleIndex }) => rules[ruleIndex]?.id)).toEqual(results.map(({ ruleId }) => ruleId));
  expect(results.filter(({ message }) => message.text === '')).toEqual([]);
  const prints = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
  expect(new Set(prints).size).toBe(results.length);
  return {
    rules: rules.map(({ id, defaultConfiguration }) => `${id} ${defaultConfiguration.level}`),
    results: results.map(({ ruleId, kind, level }) => [ruleId, kind, level].join(' ')),
    invocation: invocations[0],
  };
}

const isInside = (href: string): boolean => href.startsWith('#');

/** What the model says that JUnit must have: filed under a row, with its case and its result. */
function expectedJunit({ checks, requirements, suiteFaults }: Report): {
  readonly checks: readonly string[];
  readonly faults: readonly string[];
} {
  const levels = new Map(requirements.map(({ id, level }) => [id, level]));
  return {
    checks: checks.map(({ verdict, requirementIds, caseId, waivedFor = [] }) => {
      const open = requirementIds.filter((id) => !waivedFor.includes(id));
      const unwaived = open.some((id) => levels.get(id) === 'MUST') ? 'failure' : 'system-out';
      const failed = waivedFor.length > 0 && unwaived !== 'failure' ? 'skipped' : unwaived;
      const result = verdict === 'passed' ? 'passed' : verdict === 'failed' ? failed : 'skipped';
      return `${requirementIds[0] ?? ''} ${caseId} ${result}`;
    }),
    faults: suiteFaults.map((_, index) => `suite ${index + 1} error`),
  };
}

/** Reads with a parser of its own, which throws when the text is not well-formed. */
function readJunit(xml: string): { readonly cases: readonly JunitCase[]; readonly sums: Record<string, number> } {
  const cases: JunitCase[] = [];
  const sums: Record<string, number> = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  create(xml).each(
    ({ node }) => {
      const element = node as unknown as Element;
      if (element.nodeName === 'testsuite') {
        for (const name of Object.keys(sums)) sums[name] = (sums[name] ?? 0) + Number(element.getAttribute(name));
      }
      if (element.nodeName !== 'testcase') return;
      const caseId = /\(([\w-]+)\)$/.exec(element.getAttribute('name') ?? '')?.[1] ?? '';
      const result = element.firstChild?.nodeName ?? 'passed';
      cases.push({ classname: element.getAttribute('classname') ?? '', caseId, result });
    },
    false,
    true,
  );
  return { cases, sums };
}

/** As much of a DOM element as is read here. */
interface Element {
  readonly nodeName: string;
  readonly firstChild: { readonly nodeName: string } | null;
  getAttribute(name: string): string | null;
}
