import type { VNode } from 'preact';
import { packed } from '../carried.js';
import { digest, hasFailures } from '../digest.js';
import type { Report } from '../model.js';
import { sealOf } from '../seal.js';
import { visibleReport } from '../visible.js';
import { outcomeAdditions } from '../words.js';
import { renderPage } from './document.js';
import { Main } from './main.js';
import { judgeScript, pageScript } from './script.js';
import { pageStyle } from './stylesheet.js';

/** `index.html`: the whole report as one offline page, and what it takes to judge the run again in it. */
export function renderHtml(report: Report): string {
  const all = digest(visibleReport(report));
  const { target, run } = all.report;
  const additions = [run.outcome, ...outcomeAdditions(all.report)].join(', ');
  const carried = packed(report);
  const toFix = hasFailures(all);
  return renderPage({
    title: `${target.name}: ${additions}, conformance of accessPackageAssignmentRequest: cancel`,
    stylesheet: pageStyle,
    scripts: [pageScript()],
    late: carried === null ? null : judgeScript(),
    children: (
      <>
        <a class="skip" href={toFix ? '#fix-first' : '#requirements'}>
          Skip to {toFix ? 'what to fix first' : 'the requirements'}
        </a>
        <Main all={all} seal={sealOf(report)} isCarried={carried !== null} />
        <Footer report={all.report} />
        {carried === null ? null : (
          <script id="carried" type="text/plain">
            {carried}
          </script>
        )}
      </>
    ),
  });
}

function Footer({ report }: { readonly report: Report }): VNode {
  return (
    <footer>
      <p>
        Written by {report.suite.name} {report.suite.version}, run {report.run.id}. This page is a view of{' '}
        <code>report.json</code> beside it; <code>evidence.jsonl</code> holds every exchange as captured.
      </p>
    </footer>
  );
}
