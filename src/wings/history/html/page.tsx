import type { VNode } from 'preact';
import { anchor, linkTo } from '../../../report/html/anchors.js';
import { renderPage } from '../../../report/html/document.js';
import { pageStyle } from '../../../report/html/stylesheet.js';
import { pageAddress } from '../../../report/history/page.js';
import type { RowState } from '../../../report/history/states.js';
import { visibleModel } from '../../../report/visible.js';
import { outcomeMark, startedWords, type Mark } from '../../../report/words.js';
import type { Column, Row, Timeline } from '../timeline.js';
import { cellMark, columnWords, headlineOf, leftOutWords, rowWords } from '../words.js';
import { historyStyle } from './style.js';
import { Pages } from '../../../report/html/orders.js';

/** `history.html`: the runs of a target as one offline page without a script. */
export function renderTimeline(model: Timeline): string {
  const timeline = visibleModel(model);
  return renderPage({
    title: `${headlineOf(timeline)} History of runs`,
    stylesheet: pageStyle + historyStyle,
    children: <Page timeline={timeline} />,
  });
}

interface Props {
  readonly timeline: Timeline;
}

function Page({ timeline }: Props): VNode {
  return (
    <>
      <a class="skip" href="#matrix">
        Skip to the runs
      </a>
      <main>
        <Head timeline={timeline} />
        <Now timeline={timeline} />
        <Matrix timeline={timeline} />
      </main>
      <footer>
        <p>
          A view of the lines that <code>run --history</code> keeps. A page that is linked lay there when this one was
          written.
        </p>
      </footer>
    </>
  );
}

function Head({ timeline }: Props): VNode {
  const { columns, sentence } = timeline;
  const last = columns.at(-1);
  const { symbol, word } = outcomeMark(last?.outcome ?? 'incomplete', (last?.waived.length ?? 0) > 0);
  return (
    <header>
      <Pages here="history" links={last?.page === undefined ? {} : { report: pageAddress(last.page) }} />
      <p class="eyebrow">
        History of runs <span>{timeline.target}</span>
      </p>
      <div class={`outcome ${last?.outcome ?? ''}${(last?.waived.length ?? 0) > 0 ? ' waived' : ''}`}>
        <p class="word">
          {symbol} {word} <span>the last run, {last === undefined ? '' : startedWords(last)}</span>
        </p>
        <h1>{headlineOf(timeline)}</h1>
        <p>{sentence}</p>
        {leftOutWords(timeline).map((words) => (
          <p>{words}</p>
        ))}
      </div>
    </header>
  );
}

const isIn =
  (state: RowState) =>
  (row: Row): boolean =>
    row.state === state && (row.fails || row.untold === 0);

const stateHeadings: readonly (readonly [words: string, isMeant: (row: Row) => boolean])[] = [
  ['New', isIn('new')],
  ['Back again', isIn('back')],
  ['Failing', isIn('failing')],
  ['Flaky', isIn('flaky')],
  ['Untold', ({ fails, untold }) => !fails && untold > 0],
  ['Repaired', isIn('repaired')],
];

/** Where the rows stand that somebody may have to do something about. */
function Now({ timeline: { rows, columns } }: Props): VNode | null {
  const groups = stateHeadings.flatMap(([words, isMeant]) => {
    const own = rows.filter((row) => isMeant(row) && row.level !== 'MAY');
    return own.length === 0 ? [] : [{ words, own }];
  });
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="now">
      <h2 id="now">Where it stands</h2>
      <dl class="facts now">
        {groups.map(({ words, own }) => (
          <div>
            <dt>{words}</dt>
            <dd>
              <ul>
                {own.map((row) => (
                  <li>
                    {row.title ?? 'A requirement that this version does not know'}{' '}
                    <a class="id" href={linkTo('requirement', row.id)}>
                      {row.id}
                    </a>{' '}
                    <small>{rowWords(row, columns)}</small>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The requirements that ever changed, or can be told no longer, against the runs. The latest stands first, where it is seen without scrolling. */
function Matrix({ timeline }: Props): VNode {
  const latestFirst = timeline.columns.toReversed();
  return (
    <section aria-labelledby="matrix">
      <h2 id="matrix">What changed in which run</h2>
      <p>
        A row for each requirement that ever went from passed to failed or back, or can be told no longer, the latest
        run first. A line between two runs says by what else the later one was judged. † marks a run whose page no
        longer lies there.
      </p>
      <div class="wide" role="region" aria-label="Requirements by run" tabIndex={0}>
        <table class="matrix runs-by-row">
          <thead>
            <tr>
              <th scope="col">Requirement</th>
              {latestFirst.map((column) => (
                <th scope="col" class={`run${edge(column)}`}>
                  <RunHead column={column} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr class="outcomes">
              <th scope="row">Outcome</th>
              {latestFirst.map((column) => (
                <Cell mark={outcomeMark(column.outcome, column.waived.length > 0)} column={column} />
              ))}
            </tr>
            {timeline.rows.map((row) => (
              <RowView row={row} timeline={timeline} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const edge = ({ changes }: Column): string => (changes.length === 0 ? '' : ' changed');

function RunHead({ column }: { readonly column: Column }): VNode {
  const { page, isGone, changes } = column;
  const words = startedWords(column).replace(' UTC', '');
  return (
    <>
      {page === undefined ? (
        <span title={columnWords(column)}>
          {words}
          {isGone ? (
            <>
              {' '}
              <span aria-hidden="true">†</span>
              <span class="hidden">its page no longer lies there</span>
            </>
          ) : null}
        </span>
      ) : (
        <a href={pageAddress(page)} title={columnWords(column)}>
          {words}
        </a>
      )}
      {changes.length === 0 ? null : <em> {changes.join(', ')}</em>}
    </>
  );
}

function RowView({ row, timeline: { columns } }: { readonly row: Row; readonly timeline: Timeline }): VNode {
  return (
    <tr id={anchor('requirement', row.id)}>
      <th scope="row">
        {row.title} <span class="id">{row.id}</span> <small>{row.level}</small>
        <span class="state">{rowWords(row, columns)}</span>
      </th>
      {columns
        .map((column, at) => <Cell mark={cellMark(row.verdicts[at] ?? 'absent', row, column)} column={column} />)
        .toReversed()}
    </tr>
  );
}

function Cell({ mark, column }: { readonly mark: Mark; readonly column: Column }): VNode {
  return (
    <td class={`${mark.tone}${edge(column)}`} title={`${startedWords(column)}: ${mark.word}`}>
      <span aria-hidden="true">{mark.symbol}</span>
      <span class="hidden">{mark.word}</span>
    </td>
  );
}
