import { expect } from '@playwright/test';
import { renderAnnotations } from '../../../src/report/annotations.js';
import { renderBadge } from '../../../src/report/badge.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { test } from '../support/finished-runs.js';

test('a failure is told with what it did to a request, wherever a requirement is told in a line', async () => {
  const report = await runOn(embeddedWith({ fault: 'read-permission-suffices', expensive: true }));
  const answer = /answered 204, which is no accepted refusal/;
  const effect = /, and the request was \w+ before the call; afterwards it reads cancelled/;
  const both = new RegExp(answer.source + effect.source);
  const terminal = renderTerminal(report, { colour: false, reportPath: 'x' }).replaceAll(/\s+/g, ' ');
  expect(terminal).toMatch(both);
  expect(renderSummary(report)).toMatch(both);
  expect(renderAnnotations(report, 'github').join('\n')).toMatch(both);
  expect(renderHtml(report)).toMatch(both);
});

test('a badge is green only where nobody has to answer for a failure', ({ runs }) => {
  const [green, amber, red] = ['#17693c', '#855000', '#b3261e'];
  const groundOf = (svg: string): string | undefined => [green, amber, red].find((colour) => svg.includes(colour));
  expect(groundOf(renderBadge(runs.conformant))).toBe(green);
  expect(groundOf(renderBadge(runs.waived))).toBe(amber);
  expect(renderBadge(runs.waived)).toContain('with waivers');
  expect(groundOf(renderBadge(runs.nonconformant))).toBe(red);
});
