import type { VNode } from 'preact';
import type { Exchange } from '../../engine/evidence/records.js';
import { type Digest, gravestOf, groupBy } from '../digest.js';
import type { CaseReport } from '../model.js';
import { areaTitle, counted, durationWords, markOf } from '../words.js';
import { linkTo } from './anchors.js';

/** Which status was tried by whom, with the gravest verdict of what was tried. */
export function StatusMatrix({ all }: { readonly all: Digest }): VNode | null {
  const cases = all.report.cases.filter(({ id, status }) => status !== null && !all.quiet.has(id));
  if (cases.length === 0) return null;
  const statuses = Array.from(new Set(cases.map(({ status }) => status ?? '')));
  const personas = Array.from(new Set(cases.map(({ persona }) => persona)));
  return (
    <section aria-labelledby="status-matrix">
      <h2 id="status-matrix">Who tried to cancel what</h2>
      <p>
        Each cell holds the cases with one status and one caller: their gravest verdict, their number, and a link to the
        case that has it.
      </p>
      <div class="wide" role="region" aria-label="Statuses and callers" tabIndex={0}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Status before</th>
              {personas.map((persona) => (
                <th scope="col">{persona}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {statuses.map((status) => (
              <tr>
                <th scope="row">{status}</th>
                {personas.map((persona) => (
                  <Cell cases={cases.filter((item) => item.status === status && item.persona === persona)} all={all} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Cell({ cases, all }: { readonly cases: readonly CaseReport[]; readonly all: Digest }): VNode {
  const judged = cases.flatMap((item) => {
    const gravest = gravestOf(all.checksByCase.get(item.id) ?? [], all);
    return gravest === undefined ? [] : [{ item, gravest }];
  });
  const worst = gravestOf(
    judged.map(({ gravest }) => gravest.check),
    all,
  );
  const holder = judged.find(({ gravest }) => gravest.check === worst?.check);
  if (worst === undefined || holder === undefined) return <td />;
  const mark = markOf(worst.check.verdict, worst.level, worst.isWaived);
  return (
    <td class={mark.tone}>
      <a href={linkTo('case', holder.item.id)} title={`${counted(cases.length, 'case')}, gravest: ${mark.word}`}>
        <span aria-hidden="true">{mark.symbol}</span>
        <span class="hidden">{mark.word}: </span> {cases.length}
      </a>
    </td>
  );
}

/** When each exchange took place, by area; where a run spent its time and where answers failed. */
export function Timeline({ all }: { readonly all: Digest }): VNode | null {
  const { cases } = all.report;
  const exchanges = all.report.exchanges.filter(({ id }) => !all.quiet.has(id.slice(0, id.lastIndexOf('.'))));
  if (exchanges.length === 0) return null;
  const areaOf = new Map(cases.map(({ id, area }) => [id, area]));
  const begin = Math.min(...exchanges.map(({ startedAt }) => Date.parse(startedAt)));
  const end = Math.max(...exchanges.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs));
  const span = Math.max(1, end - begin);
  const lanes = groupBy(exchanges, ({ id }) => areaOf.get(id.slice(0, id.lastIndexOf('.'))) ?? '');
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">When it was sent</h2>
      <p>
        {counted(exchanges.length, 'exchange')} within {durationWords(span)}
        {all.quiet.size === 0 ? '' : '; those of cells in which nothing is to be seen are left out'}. Each bar is one,
        as long as its answer took.
      </p>
      <div class="timeline">
        {Array.from(lanes, ([area, own]) => (
          <div class="lane">
            <span>{areaTitle(area)}</span>
            <svg width="100%" height="16" aria-hidden="true">
              {own.map((exchange) => (
                <Bar exchange={exchange} begin={begin} span={span} all={all} />
              ))}
            </svg>
          </div>
        ))}
        <p class="axis">
          <span>0 ms</span> <span>{durationWords(span)}</span>
        </p>
      </div>
    </section>
  );
}

interface BarProps {
  readonly exchange: Exchange;
  /** Start of the first exchange, in ms since 1970. */
  readonly begin: number;
  /** From the first start to the last end, in ms. */
  readonly span: number;
  readonly all: Digest;
}

function Bar({ exchange, begin, span, all }: BarProps): VNode {
  const { id, startedAt, durationMs, response, persona } = exchange;
  const gravest = gravestOf(all.checksByCase.get(id.slice(0, id.lastIndexOf('.'))) ?? [], all);
  const tone = gravest === undefined ? 'neutral' : markOf(gravest.check.verdict, gravest.level, gravest.isWaived).tone;
  const x = (100 * (Date.parse(startedAt) - begin)) / span;
  const width = Math.max(0.3, (100 * durationMs) / span);
  return (
    <a href={linkTo('exchange', id)} tabIndex={-1}>
      <rect class={tone} x={`${x.toFixed(2)}%`} width={`${width.toFixed(2)}%`} height="16">
        <title>{`${id} as ${persona}: ${response?.status ?? 'no answer'}, ${durationWords(durationMs)}`}</title>
      </rect>
    </a>
  );
}
