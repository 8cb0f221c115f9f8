import { type ComponentChild, h } from 'preact';
import { render } from 'preact-render-to-string';
import { againCommand, optionsOf } from './again.js';
import { digest, type Digest, filedUnder, groupBy, isCovered, levelOf, reasonOf } from './digest.js';
import { exchangeText } from './exchange-text.js';
import { excerptOfBytes } from './excerpt.js';
import type { CheckReport, Report } from './model.js';
import { visibleReport } from './visible.js';
import { waiversOf, waiverWords } from './waived.js';
import { areaTitle, shareWords } from './words.js';

/** What a check becomes in JUnit's own vocabulary. */
type Kind = 'passed' | 'failure' | 'skipped' | 'waived' | 'warning';

/** CI systems show a message in one line of a table. */
const messageBytes = 2000;
const textBytes = 20_000;
/** Of each request and each answer; of more failures than these none is shown, since evidence.jsonl has them all. */
const wireBytes = 4000;
const mostWithWire = 200;

/**
 * `junit.xml`: a test suite per area, a test case per check, so that CI systems can list them. JUnit has no word for
 * a warning: a failed SHOULD (or MAY) is therefore **not** a failure, because that would turn a job red which the gate
 * lets pass; it is a passing test case that says so in its `system-out`. Inconclusive and not applicable checks are
 * skipped, with their reason. So is a waived failure, with its waiver and its findings: as a failure it would turn a job
 * red which the gate lets pass, and as anything else it would read as passed. Faults of the suite itself are errors. The time of a case is counted once, with the
 * first of its checks, so that the sums are true.
 */
export function renderJunit(report: Report): string {
  const all = digest(visibleReport(report));
  const suites = [...areaSuites(all), ...faultSuite(all.report)];
  const attributes = { name: all.report.target.name, time: seconds(all.report.run.durationMs) };
  const xml = render(h('testsuites', attributes, suites));
  // The library escapes what HTML needs. XML also forbids this sequence in text, and no markup here contains it.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml.replaceAll(']]>', ']]&gt;')}\n`;
}

function areaSuites(all: Digest): ComponentChild[] {
  const timed = new Set<string>();
  const byArea = groupBy(all.report.checks, (check) => all.requirementById.get(filedUnder(check))?.area);
  return Array.from(byArea, ([area, checks]) => {
    const cases = checks.map((check) => {
      const durationMs = timed.has(check.caseId) ? 0 : (all.caseById.get(check.caseId)?.durationMs ?? 0);
      timed.add(check.caseId);
      return { check, kind: kindOf(check, all), durationMs };
    });
    const attributes = {
      name: area === undefined ? 'other' : `${area}: ${areaTitle(area)}`,
      timestamp: all.report.run.startedAt,
      tests: checks.length,
      failures: cases.filter(({ kind }) => kind === 'failure').length,
      errors: 0,
      skipped: cases.filter(({ kind }) => kind === 'skipped' || kind === 'waived').length,
      time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
    };
    const children = cases.map(({ check, kind, durationMs }) => testcase(check, all, { kind, durationMs }));
    return h('testsuite', attributes, properties(all.report), children);
  });
}

function testcase(check: CheckReport, all: Digest, result: { kind: Kind; durationMs: number }): ComponentChild {
  const caseTitle = all.caseById.get(check.caseId)?.title ?? check.caseId;
  const id = filedUnder(check);
  const demanded = all.requirementById.get(id)?.title;
  const attributes = {
    classname: id,
    name: `${[id, demanded].join(' ').trim()}: ${check.title} [${caseTitle}] (${check.caseId})`,
    time: seconds(result.durationMs),
  };
  const wire = result.kind === 'failure' ? wireOf(check, all) : null;
  return h('testcase', attributes, resultElement(check, result.kind, all), wire && h('system-out', null, wire));
}

/** What was sent and answered, of as many failures as a file of this kind has room for. */
function wireOf(check: CheckReport, all: Digest): string | null {
  if (all.report.totals.checks.failed > mostWithWire) return null;
  const own = all.exchangesByCase.get(check.caseId) ?? [];
  const shown = own.filter(({ id }) => check.findings.some(({ exchangeId }) => exchangeId === id));
  const texts = (shown.length > 0 ? shown : own).map((exchange) => exchangeText(exchange, wireBytes));
  return texts.length === 0 ? null : text(texts.join('\n\n'));
}

function resultElement(check: CheckReport, kind: Kind, all: Digest): ComponentChild {
  switch (kind) {
    case 'passed':
      return null;
    case 'failure':
      return h('failure', { message: shortMessage(check), type: 'finding' }, findingsText(check, all));
    case 'skipped':
      return h('skipped', { message: line(`${check.verdict}: ${reasonOf(check)}`) }, reasonOf(check));
    case 'waived':
      return h('skipped', { message: line(`waived: ${shortMessage(check)}`) }, waivedText(check, all));
    case 'warning':
      return h(
        'system-out',
        null,
        `warning, not a failure: ${levelOf(check, all)} failed\n${findingsText(check, all)}`,
      );
  }
}

function kindOf(check: CheckReport, all: Digest): Kind {
  if (check.verdict === 'passed') return 'passed';
  if (check.verdict !== 'failed') return 'skipped';
  if (isCovered(check, all)) return 'waived';
  return levelOf(check, all) === 'MUST' ? 'failure' : 'warning';
}

function waivedText(check: CheckReport, all: Digest): string {
  const waivers = waiversOf(check, all.report).map(
    (waiver) => `waived for ${waiver.requirement}: ${waiverWords(waiver)}`,
  );
  return text(['failed, and waived:', ...waivers, findingsText(check, all)].join('\n'));
}

function faultSuite(report: Report): ComponentChild[] {
  const faults = report.suiteFaults;
  if (faults.length === 0) return [];
  const attributes = { name: 'suite', tests: faults.length, failures: 0, errors: faults.length, skipped: 0, time: 0 };
  const cases = faults.map((fault, index) =>
    h(
      'testcase',
      { classname: 'suite', name: `the suite runs without a fault of its own (${index + 1})`, time: 0 },
      h('error', { message: line(fault), type: 'suite-fault' }, text(fault)),
    ),
  );
  return [h('testsuite', attributes, properties(report), cases)];
}

function properties({ run, target, provable, proven }: Report): ComponentChild {
  const values = {
    outcome: run.outcome,
    partial: String(run.partial),
    edition: target.edition,
    provable: shareWords(provable),
    proven: shareWords(proven),
  };
  const children = Object.entries(values).map(([name, value]) => h('property', { name, value }));
  return h('properties', null, children);
}

function shortMessage(check: CheckReport): string {
  return line(check.findings[0]?.message ?? 'failed without a finding');
}

function findingsText(check: CheckReport, { report }: Digest): string {
  const parts = check.findings.map(
    ({ message, expected, actual, exchangeId }) =>
      `${message}\n  expected: ${expected}\n  actual:   ${actual}\n  evidence: ${exchangeId ?? 'status readings'}`,
  );
  const again = againCommand([{ id: filedUnder(check) }], optionsOf(report));
  return text([...parts, `persona: ${check.persona}`, `again: ${again}`].join('\n'));
}

function line(value: string): string {
  return excerptOfBytes(value, messageBytes).text;
}

function text(value: string): string {
  return excerptOfBytes(value, textBytes).text;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}
