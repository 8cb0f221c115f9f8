import { consequences, type Consequence } from '../engine/endpoint.js';
import { consequenceOfRow, consequenceWords } from './consequences.js';
import { checksOf, type Digest } from './digest.js';
import { cut } from './excerpt.js';
import { asPastRun } from './history/past-run.js';
import { rowHistories, type RowState } from './history/states.js';
import type { Outcome, Report, RequirementReport } from './model.js';
import { rootWords } from './shopping.js';
import { failingWaivers, waivedMust } from './waived.js';
import { counted, headline } from './words.js';

/** Whether to rely on the target, in a word. */
type DecisionWord = 'do not ship' | 'ship' | 'ship with waivers' | 'cannot say';

/** What a reader who has ten seconds is told. */
export interface Decision {
  readonly word: DecisionWord;
  /** What is worst, in the target's terms. */
  readonly headline: string;
  /** How much is broken, of what kind, and whether anything was left out. */
  readonly extent: string;
}

/** A name longer than this would bury the sentence it stands in. */
const nameWidth = 60;

const words: Readonly<Record<Outcome, DecisionWord>> = {
  conformant: 'ship',
  nonconformant: 'do not ship',
  incomplete: 'cannot say',
  'suite-fault': 'cannot say',
  interrupted: 'cannot say',
};

export function decisionOf(all: Digest): Decision {
  const { report } = all;
  const { outcome } = report.run;
  const isWaived = outcome === 'conformant' && waivedMust(report).length > 0;
  return {
    word: isWaived ? 'ship with waivers' : words[outcome],
    headline: outcome === 'nonconformant' && all.failedMust.length > 0 ? worstOf(all) : headline(report),
    extent: extentOf(all),
  };
}

/** The worst that the target does, as a sentence about it. */
function worstOf(all: Digest): string {
  const name = cut(all.report.target.name, nameWidth);
  const graded = all.failedMust.map((row) => ({ row, consequence: consequenceOfRow(row, all) }));
  const worst = consequences.find((one) => graded.some(({ consequence }) => consequence === one)) ?? 'form';
  const rows = graded.filter(({ consequence }) => consequence === worst).map(({ row }) => row);
  // A part of a run tried but some of them.
  const nothingCancelled = worst === 'denied' && !all.report.run.partial && rootWords(all.report) !== null;
  return `${name} ${nothingCancelled ? 'cancels nothing at all' : doesWrong(worst, rows, all)}.`;
}

const isOf = (rows: readonly RequirementReport[], areas: readonly string[]): boolean =>
  rows.some(({ area }) => areas.includes(area));

const failuresOf = (rows: readonly RequirementReport[], all: Digest): number =>
  rows.flatMap((row) => checksOf(row, all)).filter(({ verdict }) => verdict === 'failed').length;

function doesWrong(consequence: Consequence, rows: readonly RequirementReport[], all: Digest): string {
  switch (consequence) {
    case 'changed':
      // Either alone would name but half of it.
      if (isOf(rows, ['PERM', 'AUTH'])) {
        return isOf(rows, ['STATE']) ? 'cancels requests that it must not' : 'lets the wrong caller cancel a request';
      }
      return isOf(rows, ['STATE'])
        ? 'changes a request that is past cancelling'
        : 'carries out a call that it has to refuse';
    case 'touched':
      return failuresOf(rows, all) > 1
        ? 'changes requests that the call was not about'
        : 'changes a request that the call was not about';
    case 'leaked':
      return 'lets out what has to stay inside';
    case 'denied':
      return 'does not cancel for somebody who may';
    case 'answer':
      return 'gives answers that the documentation rules out';
    case 'form':
      return 'gives its answers in a form that the documentation rules out';
  }
}

/** `2 of 68 MUST requirements are broken, both new: 1 security hole, 1 wrong answer.`, and what could not be told. */
function extentOf(all: Digest): string {
  const { report, failedMust } = all;
  const { must } = report.totals;
  const applicable = report.provable.of;
  if (report.run.outcome === 'suite-fault') return report.run.explanation;
  const waived = must.failed - failedMust.length;
  const root = rootWords(report);
  // Where that is broken the headline has said it, and how much is comes first.
  const isHeadline = report.run.outcome === 'nonconformant';
  const parts = [
    ...(root === null || isHeadline ? [] : [root]),
    must.failed === 0
      ? `None of ${counted(applicable, 'MUST requirement')} is known to be broken.`
      : `${must.failed} of ${counted(applicable, 'MUST requirement')} ${must.failed === 1 ? 'is' : 'are'} broken${newsOf(failedMust, report)}${kindsOf(failedMust, all)}.`,
    ...(waived > 0 ? [`${waived} of these ${waived === 1 ? 'is' : 'are'} waived.`] : []),
    ...(must.inconclusive > 0 ? [`${must.inconclusive} could not be told${untoldBefore(report)}.`] : []),
    ...(root !== null && isHeadline ? [root] : []),
    ...(all.warnings.length > 0
      ? [
          `Besides, ${counted(all.warnings.length, 'SHOULD requirement')} failed${newsOf(all.warnings, report)}${kindsOf(all.warnings, all)}.`,
        ]
      : []),
    ...waiverTrouble(report),
    ...addressDoubt(report),
  ];
  return parts.join(' ');
}

/** A target may serve the action at more addresses than its own: then nothing but the address tells that another one was meant. */
function addressDoubt({ target }: Report): readonly string[] {
  const [version = ''] = target.edition.split('-');
  if (target.baseUrl.endsWith(`/${version}`)) return [];
  return [`Look at baseUrl: it does not end in /${version}, below which ${target.edition} has its paths.`];
}

function waiverTrouble(report: Report): readonly string[] {
  const failing = failingWaivers(report).length;
  return failing === 0 ? [] : [`${counted(failing, 'waiver')} did not hold.`];
}

/** How many of some failed requirements are new, as the history has it; nothing where no run before is known. */
function newsOf(rows: readonly RequirementReport[], report: Report): string {
  const { history = [] } = report;
  if (history.length === 0 || rows.length === 0) return '';
  const states = new Map(rowHistories([...history, asPastRun(report)]).map(({ id, state }) => [id, state]));
  const inState = (wanted: RowState): number => rows.filter(({ id }) => states.get(id) === wanted).length;
  const [fresh, all] = [inState('new'), rows.length];
  if (inState('failing') === all) return all === 1 ? ', as before' : ', all as before';
  if (fresh === 0) return all === 1 ? ', not new' : ', none of them new';
  if (fresh < all) return `, ${fresh} of them new`;
  return all === 1 ? ', which is new' : `, ${all === 2 ? 'both' : 'all'} new`;
}

/** Whether what could not be told of MUST requirements was told before; nothing where no run before is known, or no more was asked for. */
function untoldBefore(report: Report): string {
  const { history = [], run, requirements } = report;
  if (history.length === 0 || run.partial) return '';
  const untold = new Set(
    requirements.flatMap(({ id, level, verdict }) => (level === 'MUST' && verdict === 'inconclusive' ? [id] : [])),
  );
  const rows = rowHistories([...history, asPastRun(report)]).filter(({ id }) => untold.has(id));
  const lost = rows.filter(({ verdicts }) => ['passed', 'failed'].includes(verdicts.at(-2) ?? '')).length;
  if (lost === 0) return rows.every(({ verdicts }) => verdicts.at(-2) === 'inconclusive') ? ', as before' : '';
  if (lost < untold.size) return `, ${lost} of them told before`;
  return lost === 1 ? ', but was before' : ', but were before';
}

/** `: 1 security hole, 1 wrong answer`, gravest first. */
function kindsOf(rows: readonly RequirementReport[], all: Digest): string {
  const found = rows.map((row) => consequenceOfRow(row, all));
  const kinds = consequences.flatMap((one) => {
    const count = found.filter((consequence) => consequence === one).length;
    return count === 0 ? [] : [counted(count, consequenceWords[one].noun)];
  });
  return kinds.length === 0 ? '' : `: ${kinds.join(', ')}`;
}
