import type { VNode } from 'preact';
import { digest, type Digest } from '../digest.js';
import type { Report } from '../model.js';
import { sealOf, type Seal } from '../seal.js';
import { visibleReport } from '../visible.js';
import { outcomeAdditions } from '../words.js';
import { Areas, Requirements } from './areas.js';
import { Configuration, Key, Observations, ProvenanceView } from './annex.js';
import { renderPage } from './document.js';
import { Evidence } from './evidence.js';
import { Filters } from './filters.js';
import { FirstScreen } from './first-screen.js';
import { GateMatrices } from './cells.js';
import { StatusMatrix, Timeline } from './pictures.js';
import { pageScript } from './script.js';
import { pageStyle } from './stylesheet.js';

/** `index.html`: the whole report as one offline page. */
export function renderHtml(report: Report): string {
  const all = digest(visibleReport(report));
  const { target, run } = all.report;
  const additions = [run.outcome, ...outcomeAdditions(all.report)].join(', ');
  return renderPage({
    title: `${target.name}: ${additions}, conformance of accessPackageAssignmentRequest: cancel`,
    stylesheet: pageStyle,
    script: pageScript(),
    children: <Page all={all} seal={sealOf(report)} />,
  });
}

function Page({ all, seal }: { readonly all: Digest; readonly seal: Seal }): VNode {
  return (
    <>
      <a class="skip" href="#requirements">
        Skip to the requirements
      </a>
      <main>
        <FirstScreen all={all} />
        <Areas all={all} />
        <StatusMatrix all={all} />
        <GateMatrices all={all} />
        <Timeline all={all} />
        <Filters all={all} />
        <Requirements all={all} />
        <Evidence all={all} />
        <Observations report={all.report} />
        <ProvenanceView report={all.report} seal={seal} />
        <Configuration report={all.report} />
        <Key />
      </main>
      <Footer report={all.report} />
    </>
  );
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
