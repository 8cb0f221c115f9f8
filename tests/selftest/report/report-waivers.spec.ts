import { expect } from '@playwright/test';
import { renderHtml } from '../../../src/report/html/page.js';
import { withoutScripts } from '../../../src/report/html/script.js';
import { renderJunit } from '../../../src/report/junit.js';
import { renderSarif } from '../../../src/report/sarif.js';
import type { Report, WaiverReport } from '../../../src/report/model.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { draftWaivers, renderWaiverDraft } from '../../../src/report/waiver-draft.js';
import { parse } from 'yaml';
import { withoutEvidence } from '../support/carried-evidence.js';
import { hostileText, test } from '../support/finished-runs.js';

const plain = { colour: false, reportPath: 'reports/index.html', width: 100 };
const active = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;

/** The report with hostile text behind everything that the author of a waiver writes. */
function withHostileWaivers(report: Report): Report {
  const waivers = report.waivers.map((waiver) => ({
    ...waiver,
    reason: waiver.reason + hostileText,
    owner: waiver.owner + hostileText,
    message: waiver.message + hostileText,
  }));
  return { ...report, waivers };
}

for (const [name, render] of [
  ['index.html', renderHtml],
  ['junit.xml', renderJunit],
  ['summary.md', renderSummary],
] as const) {
  test(`${name} holds the text of a waiver as text`, ({ runs }) => {
    const text = withoutEvidence(withoutScripts(render(withHostileWaivers(runs.waived)))).replaceAll(
      /<script( id="late" type="text\/plain")?><\/script>/g,
      '',
    );
    expect(text).toContain('alert(1)');
    expect(active.exec(text)).toBeNull();
    expect(text).not.toMatch(/<script|<img/);
  });
}

const failing = (report: Report, count: number): Report => {
  const [first] = report.waivers;
  if (!first) throw new Error('the run has no waiver');
  const states = ['stale', 'expired', 'unmatched', 'different-failure'] as const;
  const waivers = Array.from({ length: count }, (_, index): WaiverReport => {
    const state = states[index % states.length] ?? 'stale';
    return { ...first, state, message: `waivers.yaml:${index}: ${hostileText.repeat(9)}` };
  });
  return { ...report, waivers };
};

for (const count of [1, 2, 3, 50]) {
  test(`the terminal has room for ${count} waivers that do not hold`, ({ runs }) => {
    const requirements = runs.waived.requirements.map((row, index) => {
      const rest = { verdict: (['failed', 'inconclusive'] as const)[index % 2] ?? 'failed', reason: `reason ${index}` };
      return { ...row, ...rest, ...(index % 6 === 0 ? { waived: true as const } : {}) };
    });
    const text = renderTerminal({ ...failing(runs.waived, count), requirements }, plain);
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(45);
    expect(lines.filter((line) => Array.from(line).length > 100)).toEqual([]);
    expect(active.exec(text)).toBeNull();
    expect(text.match(/^ {2}✗ waivers\.yaml/gm)).toHaveLength(Math.min(count, 2));
    expect(text.includes('more waiver')).toBe(count > 2);
  });
}

test('a drafted file stays one, whatever a target answered', ({ runs }) => {
  const { waived } = runs;
  const checks = waived.checks.map((check) => ({
    ...check,
    findings: check.findings.map((finding) => ({ ...finding, message: `\nwaivers: x ${hostileText}` })),
  }));
  const entries = draftWaivers(runs.nonconformant, { reason: hostileText, owner: 'x: y # z', expires: '2026-06-30' });
  expect(entries).not.toEqual([]);
  const text = renderWaiverDraft({ ...withHostileWaivers(waived), checks }, entries);
  expect(parse(text)).toEqual({ waivers: entries });
  expect(active.exec(text)).toBeNull();
});

test('results.sarif, which says what is to be mended, has no result for a failure that is waived', ({ runs }) => {
  const idsIn = (report: Report): readonly unknown[] => {
    const log = JSON.parse(renderSarif(report)) as { runs: [{ results: { ruleId: string }[] }] };
    return log.runs[0].results.map(({ ruleId }) => ruleId);
  };
  const applied = runs.waived.waivers.filter(({ state }) => state === 'applied').map(({ requirement }) => requirement);
  expect(applied.length).toBeGreaterThan(0);
  expect(idsIn(runs.nonconformant)).toEqual(expect.arrayContaining(applied));
  expect(idsIn(runs.waived).filter((id) => applied.includes(String(id)))).toEqual([]);
});
