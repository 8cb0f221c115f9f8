import type { ComponentChildren, VNode } from 'preact';
import { decisionOf } from '../decision.js';
import { checksOf, hasFailures, type Digest } from '../digest.js';
import type { Report, RequirementReport } from '../model.js';
import { failingWaivers } from '../waived.js';
import {
  byLevel,
  counted,
  markOf,
  outcomeAdditions,
  outcomeMeaning,
  partialNote,
  percentWords,
  unscoredNote,
} from '../words.js';
import { errandsOf, lackWords, reasonWithGain, rootWords, targetThen } from '../shopping.js';
import { againCommand, mostIds } from '../again.js';
import { Cards } from './cards.js';
import { Contested } from './contested.js';
import { Circumstances, Facts } from './facts.js';
import { RequirementLinks, VerdictMark } from './marks.js';
import { Past } from './past.js';
import { Waivers } from './waivers.js';
import { Pages, toOrders } from './orders.js';

/** What a stranger should know before scrolling: the decision, about what, how sure, and then what is wrong, worst first. */
export function FirstScreen({ all, isCarried }: { readonly all: Digest; readonly isCarried: boolean }): VNode {
  const { report } = all;
  return (
    <>
      <Pages here="report" links={toOrders} />
      <header>
        <p class="eyebrow">
          Conformance report <span>accessPackageAssignmentRequest: cancel, Microsoft Graph</span>
        </p>
        <Outcome all={all} />
        <Facts all={all} />
      </header>
      <Contents all={all} />
      <FixFirst all={all} />
      <Untold all={all} />
      <Circumstances report={report} />
      {isCarried ? <JudgedHere /> : null}
      <Waivers all={all} />
      <Contested report={report} />
    </>
  );
}

/** What the judge that a page carries says of it; until then, that it has said nothing. */
function JudgedHere(): VNode {
  return (
    <p id="judged-here" class="judged-here" role="status">
      Not computed again in this page: scripts did not run in it, or somebody changed them. <code>judge</code> tells.
    </p>
  );
}

function Outcome({ all }: { readonly all: Digest }): VNode {
  const { report } = all;
  const { run, suiteFaults } = report;
  const { word, headline, extent } = decisionOf(all);
  const additions = outcomeAdditions(report);
  const unscored = unscoredNote(report);
  const troubles = [...suiteFaults, ...failingWaivers(report).map(({ message }) => message)];
  return (
    <div class={`outcome ${run.outcome}${additions.includes('with waivers') ? ' waived' : ''}`}>
      <Decided report={report}>
        <p class="word">
          <strong class="decision">{word}</strong> {[run.outcome, ...additions].join(', ')}{' '}
          <span title={outcomeMeaning(report)}>exit code {run.exitCode}</span>
        </p>
        <h1>{headline}</h1>
        <RunsBefore all={all} />
        <p>{extent}</p>
      </Decided>
      <Ticks all={all} />
      {all.failedMust.length > 0 || run.outcome === 'suite-fault' ? null : <p>{whatKeeps(all)}</p>}
      {run.partial ? <p class="partial">{partialNote(report)}</p> : null}
      {unscored === null ? null : <p>{unscored}.</p>}
      {report.waivers.length === 0 ? null : (
        <p>
          <a href="#waivers">{counted(report.waivers.length, 'waiver')}</a> given
        </p>
      )}
      {troubles.length === 0 ? null : (
        <ul>
          {troubles.map((trouble) => (
            <li>{trouble}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What keeps more from being said: what to do about it where that is known, else why it is so. */
function whatKeeps(all: Digest): string {
  const [lack, ...more] = all.report.run.partial ? [] : errandsOf(all);
  if (lack === undefined) return all.report.run.explanation;
  return `${lackWords(lack, all.report)}${more.length === 0 ? '.' : `, and ${counted(more.length, 'thing')} more below.`}`;
}

/** Where no run before is known, nothing tells what is new. What is carried out again alone is known. */
function RunsBefore({ all }: { readonly all: Digest }): VNode | null {
  const { run, history } = all.report;
  const hasNews = hasFailures(all) || all.untold.length > 0;
  if (history !== undefined || run.outcome === 'suite-fault' || run.only !== undefined || !hasNews) return null;
  return (
    <p class="meaning">
      New or known? No run before is known; <code>run --history FILE</code> keeps runs.
    </p>
  );
}

/** The decision, and beside it the runs before where they are known. */
function Decided({ report, children }: { readonly report: Report; readonly children: ComponentChildren }): VNode {
  if (report.history === undefined) return <>{children}</>;
  return (
    <div class="decided">
      <div>{children}</div>
      <Past report={report} />
    </div>
  );
}

const weightOf = ({ verdict }: RequirementReport): number => ['failed', 'inconclusive', 'passed'].indexOf(verdict);

/** One mark for each MUST requirement that applies, broken ones first; what else passed is no merit where the target does not conform. */
function Ticks({ all }: { readonly all: Digest }): VNode | null {
  const { report } = all;
  const must = report.requirements.filter(({ level, verdict }) => level === 'MUST' && verdict !== 'not-applicable');
  if (must.length === 0) return null;
  const width = 100 / must.length;
  const { proven, provable } = report;
  return (
    <div class="shares">
      <svg class={`ticks ${report.run.outcome}`} width="100%" height="14" aria-hidden="true">
        {must
          .toSorted((a, b) => weightOf(a) - weightOf(b))
          .map(({ id, verdict, level, waived }, at) => (
            <rect
              class={markOf(verdict, level, waived === true).tone}
              x={`${(at * width).toFixed(3)}%`}
              width={`${(width * 0.8).toFixed(3)}%`}
              height="14"
            >
              <title>{`${id}: ${markOf(verdict, level, waived === true).word}`}</title>
            </rect>
          ))}
      </svg>
      <p class="meaning">
        {proven.count} of {proven.of} MUST requirements that apply passed
        {provable.count === provable.of
          ? ''
          : provable.count === proven.count
            ? ` (${percentWords(proven)})`
            : `; ${provable.count} could be checked (${percentWords(provable)})`}
        .
      </p>
    </div>
  );
}

function Contents({ all }: { readonly all: Digest }): VNode {
  return (
    <nav aria-label="Contents">
      <a href="#find" class="with-script">
        Find <kbd>/</kbd>
      </a>{' '}
      {hasFailures(all) ? (
        <a href="#fix-first">
          {fixHeading(all)} <kbd class="with-script">j</kbd>
        </a>
      ) : null}{' '}
      {all.untold.length > 0 ? <a href="#untold">What could not be told</a> : null}{' '}
      {all.report.waivers.length > 0 ? <a href="#waivers">Waivers</a> : null} <a href="#contested">Contested clauses</a>{' '}
      <a href="#areas">Areas</a> <a href="#status-matrix">Callers and states</a> <a href="#timeline">Timeline</a>{' '}
      <a href="#requirements">Requirements</a> <a href="#evidence">Evidence</a> <a href="#observations">Observations</a>{' '}
      <a href="#provenance">Provenance</a> <a href="#configuration">Configuration</a>{' '}
      <a href="#key">Key to the words</a>
    </nav>
  );
}

const fixHeading = ({ failedMust }: Digest): string => (failedMust.length > 0 ? 'What to fix first' : 'Warnings');

function FixFirst({ all }: { readonly all: Digest }): VNode | null {
  const { failedMust, warnings } = all;
  if (!hasFailures(all)) return null;
  return (
    <section aria-labelledby="fix-first" class="cards">
      <h2 id="fix-first">{fixHeading(all)}</h2>
      <Cards rows={failedMust} all={all} />
      {warnings.length === 0 ? null : (
        <>
          {failedMust.length > 0 ? <h3 class="apart">SHOULD: warnings, which do not decide</h3> : null}
          <Cards rows={warnings} all={all} />
        </>
      )}
    </section>
  );
}

/** What to do so that more can be told, the greatest gain first. */
function Shopping({ all }: { readonly all: Digest }): VNode | null {
  const list = errandsOf(all);
  if (list.length === 0) return null;
  return (
    <ol class="shopping">
      {list.map((lack) => (
        <li>
          {lackWords(lack, all.report)} <small>{byLevel(lack.rows)}</small>
          {lack.lines.length === 0 ? null : <pre>{lack.lines.join('\n')}</pre>}
        </li>
      ))}
    </ol>
  );
}

/** Whether no case about some requirements got so far as to make a call. What is told of all calls together has no case. */
function isNeverSent(rows: readonly RequirementReport[], all: Digest): boolean {
  const cases = rows.flatMap((row) => checksOf(row, all).map(({ caseId }) => caseId));
  return cases.length > 0 && cases.every((id) => all.caseById.has(id) && !all.exchangesByCase.has(id));
}

function Reasons({ all }: { readonly all: Digest }): VNode {
  return (
    <ul class="rows">
      {all.untold.map((group) => (
        <li>
          <VerdictMark verdict="inconclusive" level="MUST" />
          <div>
            {reasonWithGain(group, all)} <small>{byLevel(group.requirements)}</small>
            {isNeverSent(group.requirements, all) ? (
              <p class="note">Nothing was sent for it, so no call can be compared with one that succeeded.</p>
            ) : null}
            <RequirementLinks rows={group.requirements} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Untold({ all }: { readonly all: Digest }): VNode | null {
  if (all.untold.length === 0) return null;
  const rows = all.untold.flatMap(({ requirements }) => requirements);
  const isPart = rows.length <= mostIds;
  return (
    <section aria-labelledby="untold">
      <h2 id="untold">What could not be told</h2>
      <Shopping all={all} />
      {rootWords(all.report) === null ? (
        <Reasons all={all} />
      ) : (
        <>
          <p>As long as no cancel succeeds, next to nothing can be told. That is to be mended first.</p>
          <details class="checks">
            <summary>{counted(all.untold.length, 'reason')}, requirement by requirement</summary>
            <Reasons all={all} />
          </details>
        </>
      )}
      <p class="command">
        <small>Again, when that is mended{isPart ? ' (then the whole run, which decides)' : ''}:</small>
        <code>{againCommand(rows, targetThen(all))}</code>
      </p>
    </section>
  );
}
