import { endpoint } from '../../cancel/endpoint.js';
import type { Readings } from '../../engine/contract/types.js';
import { contractOf } from '../../engine/contract/under.js';
import type { VerdictWord } from '../../engine/evidence/verdicts.js';
import type { Carried } from '../../report/carried.js';
import { chosenInstead } from '../../report/again.js';
import { anchor } from '../../report/html/anchors.js';
import { renderMain } from '../../report/html/main.js';
import { judgeRun } from '../../engine/verdict/judge-run.js';
import type { Report } from '../../report/model.js';
import { sealOf } from '../../report/seal.js';
import { changesBetween } from './changes.js';
import { rebuildEvidence, type Judgeable } from './rebuild.js';
import { reportAgain } from './report-again.js';

/** A run as a page carries it, judged in that page. */
interface JudgedInPage {
  /** What the evidence gives, by the place of the page that shows it. */
  readonly verdicts: ReadonlyMap<string, VerdictWord>;
  readonly outcome: Report['run']['outcome'];
  readonly checks: number;
  readonly requirements: number;
  readonly exchanges: number;
  /** The main part of the page as it has to be. */
  readonly main: () => string;
  /** The same run under other readings: the page of it, and what is otherwise. */
  readonly under: (readings: Readings) => Otherwise;
}

interface Otherwise {
  /** The main part of the page. */
  readonly main: string;
  readonly outcome: Report['run']['outcome'];
  /** Requirements that have another verdict, each with both. */
  readonly changes: readonly string[];
}

/**
 * The pure judge as a page carries it: all verdicts anew, and those under other readings. The build makes one script of this module and of
 * all that it needs.
 */
function judgeCarried({ report, contract: data }: Carried): JudgedInPage {
  const { basis } = report;
  if (basis === undefined) throw new Error('a page carries only what can be judged');
  const judgeable: Judgeable = {
    report,
    basis,
    exchanges: report.exchanges,
    contract: contractOf(data, endpoint),
    proof: null,
  };
  const own = report.target.readings;
  const reportUnder = (readings: Readings, given = report): Report =>
    reportAgain(rebuildEvidence(judgeable, readings), { ...judgeable, report: given }, readings);
  // A whole report takes twice the time, and is not needed before somebody asks for another one.
  const { requirements, checks, outcome } = judgeRun(rebuildEvidence(judgeable, own));
  let again: Report | null = null;
  return {
    verdicts: new Map([
      ...requirements.map(({ requirement: { id }, verdict }) => [anchor('requirement', id), verdict] as const),
      ...checks.map(({ id, verdict }) => [anchor('check', id), verdict] as const),
    ]),
    outcome,
    checks: checks.length,
    requirements: requirements.length,
    exchanges: report.exchanges.length,
    main: () => {
      again ??= reportUnder(own);
      return renderMain(again, sealOf(again));
    },
    under: (readings) => {
      again ??= reportUnder(own);
      const { target } = report;
      const { configuration } = target;
      const chosen = { ...configuration, readings: chosenInstead(configuration['readings'] ?? '', readings) };
      // Which mistakes explain what would fail then, nobody has looked up.
      const alone = { ...report, target: { ...target, configuration: chosen } };
      delete alone.causes;
      const other = reportUnder({ ...own, ...readings }, alone);
      const changes = changesBetween(again, other).filter(({ about }) => about === 'requirement');
      return {
        main: renderMain(other, sealOf(again)),
        outcome: other.run.outcome,
        changes: changes.map(({ id, from, to }) => `${id}: ${to} instead of ${from}`),
      };
    },
  };
}

Object.assign(globalThis, { judgeCarried });
