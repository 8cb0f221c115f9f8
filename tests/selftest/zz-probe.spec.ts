import { test, expect } from '@playwright/test';
import { resolveTarget } from '../../src/target/target.js';
import { planRun } from '../../src/plan/plan.js';
import { runInProcess } from '../../src/run/engine.js';
import { renderHtml } from '../../src/report/html/page.js';
test('probe', async () => {
  let t = performance.now();
  const { target, contract } = resolveTarget({});
  console.log('resolve', performance.now() - t); t = performance.now();
  const plan = planRun(contract, target);
  console.log('plan', performance.now() - t, plan.counts); t = performance.now();
  const report = await runInProcess({ target, contract, plan });
  console.log('run', performance.now() - t, report.run, report.totals); t = performance.now();
  const html = renderHtml(report);
  console.log('html', performance.now() - t, html.length, html.slice(0, 300));
  expect(html).toContain('<main>');
});
