import type { VNode } from 'preact';
import { renderPage } from '../../../report/html/document.js';
import { pageStyle } from '../../../report/html/stylesheet.js';
import { pageAddress } from '../../../report/history/page.js';
import { visibleModel } from '../../../report/visible.js';
import { counted, shareWords, startedWords } from '../../../report/words.js';
import type { CauseKind, ComparedRun, Comparison } from '../model.js';
import { causeMeanings, headline, isSilent, newRows, notes } from '../words.js';
import { Circumstances, DriftTable } from './drift.js';
import { Changes, LeftOut, Matrix, Same } from './rows.js';
import { comparisonStyle } from './style.js';
import { linkTo } from '../../../report/html/anchors.js';
import { Pages } from '../../../report/html/orders.js';

/** `comparison.html`: the comparison as one offline page without a script. */
export function renderComparison(model: Comparison): string {
  const comparison = visibleModel(model);
  return renderPage({
    title: `${headline(comparison)} Runs of ${[...new Set(comparison.runs.map(({ target }) => target.name))].join(', ')}`,
    stylesheet: pageStyle + comparisonStyle,
    children: <Page comparison={comparison} />,
  });
}

interface Props {
  readonly comparison: Comparison;
}

function Page({ comparison }: Props): VNode {
  const { suite } = comparison;
  return (
    <>
      <a class="skip" href="#runs">
        Skip to the runs
      </a>
      <main>
        <Head comparison={comparison} />
        <Runs comparison={comparison} />
        <Circumstances comparison={comparison} />
        <Matrix comparison={comparison} />
        <Changes comparison={comparison} />
        <DriftTable comparison={comparison} />
        <Same comparison={comparison} />
        <LeftOut comparison={comparison} />
      </main>
      <footer>
        <p>
          Written by {suite.name} {suite.version}. This page is a view of <code>comparison.json</code> beside it. Ids,
          times, durations, ports and tokens are no part of the comparison.
        </p>
      </footer>
    </>
  );
}

function Head({ comparison }: Props): VNode {
  const { same, runs, drift } = comparison;
  const silent = drift.filter(isSilent).length;
  const fresh = newRows(comparison);
  const names = [...new Set(runs.map(({ target }) => target.name))];
  return (
    <header>
      <Pages here="comparison" />
      <p class="eyebrow">
        Comparison{' '}
        <span>
          {counted(runs.length, 'run')} of {names.join(', ')}
        </span>
      </p>
      <div class={`outcome ${same ? 'conformant' : 'waived'}`}>
        <p class="word">
          {same ? '= The same' : '≠ Different'}
          <span>exit code {same ? 0 : 1}</span>
        </p>
        {fresh.length === 0 ? <h1>{headline(comparison)}</h1> : <New rows={fresh} comparison={comparison} />}
        {notes(comparison).map((note) => (
          <p class="partial">{note}</p>
        ))}
        <Causes comparison={comparison} />
        {silent === 0 ? null : (
          <p>{counted(silent, 'drift')} beneath verdicts that stayed: the exit code of none of the runs tells.</p>
        )}
      </div>
      <Navigation comparison={comparison} />
    </header>
  );
}

/** So many sentences stand in the head; the rows below have all. */
const mostNew = 6;

/** What fails and did not in the base leads: whoever watches asks for that. */
function New({ rows, comparison }: Props & { readonly rows: ReturnType<typeof newRows> }): VNode {
  const base = comparison.runs[0]?.letter ?? 'the base';
  return (
    <>
      <h1>
        {counted(rows.length, 'requirement')} {rows.length === 1 ? 'fails' : 'fail'} that did not in {base}.
      </h1>
      <ul class="new">
        {rows.slice(0, mostNew).map(({ id, title, runs }) => (
          <li>
            In {runs}: {title} <a href={linkTo('requirement', id)}>{id}</a>
          </li>
        ))}
        {rows.length > mostNew ? <li>And {rows.length - mostNew} more.</li> : null}
      </ul>
      <p>{headline(comparison)}</p>
    </>
  );
}

/** How many requirements differ for each cause; the target itself stands first. */
function Causes({ comparison }: Props): VNode | null {
  const found = (Object.entries(causeMeanings) as [CauseKind, string][]).filter(
    ([kind]) => comparison.totals.causes[kind] > 0,
  );
  if (found.length === 0) return null;
  return (
    <ul>
      {found.map(([kind, words]) => (
        <li>
          {counted(comparison.totals.causes[kind], 'requirement')}: {words} <code>{kind}</code>
        </li>
      ))}
    </ul>
  );
}

function Navigation({ comparison: { totals } }: Props): VNode {
  const { requirements, drift } = totals;
  const links: readonly (readonly [string, string, number])[] = [
    ['matrix', 'What differs', requirements.differing + requirements.differingBelow],
    ['drift', 'Drift', drift.all],
    ['same', 'The same', requirements.same],
    ['left-out', 'Left out', requirements.leftOut],
  ];
  return (
    <nav aria-label="Parts of this page">
      {links
        .filter(([, , count]) => count > 0)
        .map(([id, words, count]) => (
          <a href={`#${id}`}>
            {words} ({count})
          </a>
        ))}
    </nav>
  );
}

function Runs({ comparison }: Props): VNode {
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">The runs</h2>
      <ul class="runs">
        {comparison.runs.map((run, index) => (
          <li>
            <Run run={run} isBase={index === 0} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Run({ run, isBase }: { readonly run: ComparedRun; readonly isBase: boolean }): VNode {
  const facts: readonly (readonly [string, string])[] = [
    ['Outcome', `${run.outcome}${run.partial ? ', partial' : ''} (exit code ${run.exitCode})`],
    ['Started', startedWords(run)],
    ['Judged by', `${run.edition}, suite ${run.suiteVersion}`],
    ['Proven', shareWords(run.proven)],
  ];
  return (
    <>
      <h3>
        <b class="letter">{run.letter}</b> {run.target.name} {isBase ? <small>the base</small> : null}
      </h3>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>Report</dt>
          <dd>{run.page === undefined ? run.file : <a href={pageAddress(run.page)}>{run.file}</a>}</dd>
        </div>
      </dl>
    </>
  );
}
