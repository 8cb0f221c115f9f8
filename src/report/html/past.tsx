import type { VNode } from 'preact';
import type { PastRun } from '../../engine/models/report.js';
import { pageAddress } from '../history/page.js';
import { asPastRun } from '../history/past-run.js';
import { historySentence } from '../history/words.js';
import type { Report } from '../model.js';
import { counted, outcomeMark, startedWords } from '../words.js';

/** The last runs as a strip, this one framed, and in a sentence what is another than before. */
export function Past({ report }: { readonly report: Report }): VNode {
  const { history = [] } = report;
  const count = counted(history.length + 1, 'run');
  return (
    <div class="past">
      <p id="past">
        {history.length === 0 ? count : `${count}${spanOf(report)}, the latest last`}
        {history.some(({ page }) => page !== undefined) ? '; each square opens the page of its run' : ''}
      </p>
      <ol class="strip" aria-labelledby="past">
        {history.map((run) => (
          <li>
            <Bar run={run} />
          </li>
        ))}
        <li aria-current="true">
          <Bar run={asPastRun(report)} isOwn />
        </li>
      </ol>
      <p>{historySentence(report)}</p>
    </div>
  );
}

/** From which day to which the strip goes; nothing where all of it is of one. */
function spanOf({ history = [], run }: Report): string {
  const [first, last] = [history[0]?.startedAt ?? run.startedAt, run.startedAt].map((at) =>
    at.slice(0, 'YYYY-MM-DD'.length),
  );
  return first === last ? ` of ${first}` : ` from ${first} to ${last}`;
}

function Bar({ run, isOwn = false }: { readonly run: PastRun; readonly isOwn?: boolean }): VNode {
  const { outcome, waived, partial, page } = run;
  const { symbol, word, tone } = outcomeMark(outcome, waived.length > 0);
  const words = `${startedWords(run)}: ${word}${partial ? ', partial' : ''}`;
  const bar = (
    <>
      <b class={`${tone} ${outcome}`} aria-hidden="true">
        {symbol}
      </b>
      <span class="hidden">{words}</span>
    </>
  );
  if (isOwn) return <span title={`${words}; this run`}>{bar}</span>;
  if (page === undefined) return <span title={`${words}; its page was not there`}>{bar}</span>;
  return (
    <a href={pageAddress(page)} title={words}>
      {bar}
    </a>
  );
}
