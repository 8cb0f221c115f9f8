import type { VNode } from 'preact';
import { render } from 'preact-render-to-string';
import { digest, type Digest } from '../digest.js';
import type { Report } from '../model.js';
import type { Seal } from '../seal.js';
import { visibleReport } from '../visible.js';
import { Areas, Requirements } from './areas.js';
import { Configuration, Key, Observations, ProvenanceView } from './annex.js';
import { OnPaper } from './paper.js';
import { Orders } from './orders.js';
import { Evidence } from './evidence.js';
import { Filters } from './filters.js';
import { FirstScreen } from './first-screen.js';
import { GateMatrices } from './cells.js';
import { StatusMatrix, Timeline } from './pictures.js';

/** The main part of the page alone, for a page that judges again. */
export const renderMain = (report: Report, seal: Seal): string =>
  render(<Main all={digest(visibleReport(report))} seal={seal} isCarried />);

interface MainProps {
  readonly all: Digest;
  readonly seal: Seal;
  /** Whether the page carries what its verdicts follow from. */
  readonly isCarried: boolean;
}

/** All of the page that is of the run. */
export function Main({ all, seal, isCarried }: MainProps): VNode {
  return (
    <main>
      <FirstScreen all={all} isCarried={isCarried} />
      <Areas all={all} />
      <StatusMatrix all={all} />
      <GateMatrices all={all} />
      <Timeline all={all} />
      <Filters all={all} />
      <Requirements all={all} />
      <Evidence all={all} />
      <Observations report={all.report} />
      <ProvenanceView report={all.report} seal={seal} isCarried={isCarried} />
      <Orders />
      <Configuration report={all.report} />
      <Key />
      <OnPaper />
    </main>
  );
}
