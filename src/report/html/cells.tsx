import type { VNode } from 'preact';
import { type Digest, gravestOf, groupBy } from '../digest.js';
import type { CaseReport } from '../model.js';
import { counted, markOf } from '../words.js';
import { linkTo } from './anchors.js';

type Cell = CaseReport & { readonly cell: NonNullable<CaseReport['cell']> };

const isCell = (item: CaseReport): item is Cell => item.cell !== undefined;

const columnOf = ({ cell }: Cell): string => `${cell.dimension}: ${cell.value}`;

/** Where each gate was tried: what breaks it, by the one value in which the call differs from the documented one. */
export function GateMatrices({ all }: { readonly all: Digest }): VNode | null {
  const cells = all.report.cases.filter(isCell);
  if (cells.length === 0) return null;
  return (
    <section aria-labelledby="gates">
      <h2 id="gates">Where each gate was tried</h2>
      <p>
        A gate that holds for one status, body or spelling need not hold for the next. Each row breaks one gate and
        nothing else; each column is one value in which the call differs from the documented one. A check mark: it held.
        A dash: the target does not serve that column, so a refusal there would have a second reason, or has not whom
        the cell needs.
      </p>
      {Array.from(
        groupBy(cells, ({ cell }) => cell.gate),
        ([gate, own]) => (
          <Matrix gate={gate} cells={own} all={all} />
        ),
      )}
    </section>
  );
}

function Matrix({
  gate,
  cells,
  all,
}: {
  readonly gate: string;
  readonly cells: readonly Cell[];
  readonly all: Digest;
}): VNode {
  const columns = [...new Set(cells.map(columnOf))];
  const rows = groupBy(cells, ({ cell }) => cell.by);
  return (
    <details class="checks">
      <summary>
        {gate} <small>{counted(cells.length, 'cell')}</small>
      </summary>
      <div class="wide" role="region" aria-label={`Cells of the gate ${gate}`} tabIndex={0}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Broken by</th>
              {columns.map((column) => (
                <th scope="col">{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from(rows, ([by, own]) => (
              <tr>
                <th scope="row">{by}</th>
                {columns.map((column) => (
                  <CellView item={own.find((item) => columnOf(item) === column)} all={all} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function CellView({ item, all }: { readonly item: Cell | undefined; readonly all: Digest }): VNode {
  const gravest = item && gravestOf(all.checksByCase.get(item.id) ?? [], all);
  if (item === undefined || gravest === undefined) return <td />;
  const mark = markOf(gravest.check.verdict, gravest.level, gravest.isWaived);
  const sign = (
    <>
      <span aria-hidden="true">{mark.symbol}</span>
      <span class="hidden">{mark.word}</span>
    </>
  );
  const verdict = gravest.check.verdict;
  if (all.quiet.has(item.id))
    return (
      <td class={mark.tone} data-cell={verdict}>
        {mark.symbol}
      </td>
    );
  return (
    <td class={mark.tone} data-cell={verdict}>
      <a href={linkTo('case', item.id)}>{sign}</a>
    </td>
  );
}
