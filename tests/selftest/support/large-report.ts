import type { Exchange } from '../../../src/engine/evidence/records.js';
import type { CaseReport, CheckReport, Finding, Report, Reproducer, VerdictCounts } from '../../../src/report/model.js';

/** An id of the original as a copy has it; the first copy is the original itself. */
type Copy = (caseId: string) => string;

const exchangeId = (id: string, copy: Copy): string => {
  const dot = id.lastIndexOf('.');
  return copy(id.slice(0, dot)) + id.slice(dot);
};

/** Id of a check: id of its case, a slash, what is demanded. */
const checkId = (id: string, copy: Copy): string => {
  const slash = id.indexOf('/');
  return copy(id.slice(0, slash)) + id.slice(slash);
};

const findingOf = (finding: Finding, copy: Copy): Finding => ({
  ...finding,
  exchangeId: finding.exchangeId === null ? null : exchangeId(finding.exchangeId, copy),
});

const checkOf = (check: CheckReport, copy: Copy): CheckReport => ({
  ...check,
  id: checkId(check.id, copy),
  caseId: copy(check.caseId),
  findings: check.findings.map((finding) => findingOf(finding, copy)),
  exchanges: check.exchanges.map((id) => exchangeId(id, copy)),
});

const caseOf = (item: CaseReport, copy: Copy): CaseReport => ({
  ...item,
  id: copy(item.id),
  control: item.control === null ? null : copy(item.control),
});

const exchangeOf = (one: Exchange, copy: Copy): Exchange => ({ ...one, id: exchangeId(one.id, copy) });

const reproducerOf = (one: Reproducer, copy: Copy): Reproducer => ({
  ...one,
  exchangeId: exchangeId(one.exchangeId, copy),
});

const multiply = (counts: VerdictCounts, times: number): VerdictCounts => ({
  passed: counts.passed * times,
  failed: counts.failed * times,
  inconclusive: counts.inconclusive * times,
  'not-applicable': counts['not-applicable'] * times,
});

/** The report of a real run with every case, its checks and exchanges so many times: large, and still all of one piece. */
function multiplied(report: Report, times: number): Report {
  const copies = Array.from(
    { length: times },
    (_, index): Copy =>
      (id) =>
        index === 0 ? id : `${id}-again-${index}`,
  );
  const each = <Item>(items: readonly Item[], of: (item: Item, copy: Copy) => Item): readonly Item[] =>
    copies.flatMap((copy) => items.map((item) => of(item, copy)));
  const { totals } = report;
  return {
    ...report,
    totals: {
      ...totals,
      checks: multiply(totals.checks, times),
      cases: totals.cases * times,
      exchanges: totals.exchanges * times,
    },
    requirements: report.requirements.map((row) => ({ ...row, checks: each(row.checks, checkId) })),
    checks: each(report.checks, checkOf),
    cases: each(report.cases, caseOf),
    exchanges: each(report.exchanges, exchangeOf),
    reproducers: each(report.reproducers, reproducerOf),
  };
}

/** The report with as many checks as a very large run has. */
export const withChecks = (report: Report, least: number): Report =>
  multiplied(report, Math.ceil(least / report.checks.length));
