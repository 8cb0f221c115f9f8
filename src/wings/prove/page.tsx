import type { VNode } from 'preact';
import type { CrossingResult, FaultResult, KillMatrix, VariantResult } from '../../engine/contract/kill-matrix.js';
import type { Requirement } from '../../engine/contract/types.js';
import { renderPage } from '../../report/html/document.js';
import { pageStyle } from '../../report/html/stylesheet.js';
import { groupBy } from '../../engine/plan/group-by.js';
import { problemsOf } from './matrix.js';
import { acrossInWords, short } from './terminal.js';

/** What the kill matrix needs beyond a report's style: a table that scrolls by itself, under a head that stays. */
const matrixStyle = `
.below { margin-top: 0.75rem; }
.wide { overflow: auto; max-height: 85vh; border: 1px solid var(--line); border-radius: 4px; }
.matrix { width: auto; border-collapse: separate; border-spacing: 0; font-size: 0.8rem; overflow-wrap: normal; }
.matrix th, .matrix td { padding: 0.15rem 0.3rem; white-space: nowrap; }
.matrix thead th { position: sticky; top: 0; z-index: 1; background: var(--ground); writing-mode: vertical-rl; padding: 0.4rem 0.15rem; vertical-align: bottom; }
.matrix tbody th { position: sticky; left: 0; background: var(--ground); font: 0.75rem/1.5 var(--mono); padding-right: 0.75rem; }
.matrix thead th:first-child { left: 0; z-index: 2; writing-mode: horizontal-tb; }
.matrix td { text-align: center; border-left: 1px solid var(--line); min-width: 1.35rem; }
.matrix .killed { color: var(--good); background: var(--good-ground); font-weight: 700; }
.matrix .missed { color: var(--bad); background: var(--bad-ground); font-weight: 700; }
.matrix .collateral { color: var(--muted); }
@media (max-width: 40rem) { .matrix tbody th { max-width: 9rem; overflow: hidden; text-overflow: ellipsis; } }
`;

interface MatrixProps {
  readonly matrix: KillMatrix;
  /** The rows of the edition, in their order. */
  readonly rows: readonly Pick<Requirement, 'id' | 'title' | 'level'>[];
}

/** `kill-matrix.html`: faults against requirements, as one offline page. */
export function renderMatrix(props: MatrixProps): string {
  const { matrix } = props;
  return renderPage({
    title: `Kill matrix of ${matrix.suite.name} ${matrix.suite.version}, ${matrix.edition}`,
    stylesheet: pageStyle + matrixStyle,
    children: (
      <>
        <main>
          <Head {...props} />
          <Matrix {...props} />
          <Faults faults={matrix.faults} />
          <Variants variants={matrix.variants} />
          {matrix.across === undefined ? null : <Across across={matrix.across} />}
        </main>
        <footer>
          <p>
            This page is a view of <code>kill-matrix.json</code> beside it. Stamp of contract, checks and faults:{' '}
            <code>{matrix.stamp}</code>
          </p>
        </footer>
      </>
    ),
  });
}

function Head({ matrix, rows }: MatrixProps): VNode {
  const { faults, variants } = matrix;
  const problems = problemsOf(matrix);
  const killed = faults.filter(({ state }) => state === 'killed').length;
  const conformant = variants.filter(({ state }) => state === 'conformant').length;
  const proved = problems.length === 0;
  return (
    <header>
      <p class="eyebrow">
        Kill matrix{' '}
        <span>
          {matrix.suite.name} {matrix.suite.version}, edition {matrix.edition}
        </span>
      </p>
      <div class={`outcome ${proved ? 'conformant' : 'nonconformant'}`}>
        <p class="word">
          {proved ? '✓ Proved' : '✗ Not proved'}
          {matrix.partial ? <span>partial: only some faults or variants were run</span> : null}
        </p>
        <h1>
          {killed} of {faults.length} faults killed, {conformant} of {variants.length} variants conformant
        </h1>
        <p>
          A fault is a mistake laid over the embedded target. It counts as killed only when every requirement that it
          names fails; a crash, a time-out or another requirement failing is no kill. A variant is different and right,
          and must pass.
        </p>
        {problems.length === 0 ? null : (
          <ul>
            {problems.map((problem) => (
              <li>{problem}</li>
            ))}
          </ul>
        )}
      </div>
      <p class="note below">
        {matrix.pairs === undefined
          ? null
          : `All ${matrix.pairs.length} pairs of faults within an area were laid over the target together; ${matrix.pairs.filter(({ state }) => state === 'killed').length} of them were caught. `}
        {rows.length} requirements; {rows.filter((row) => killersOf(row.id, faults).length >= 2).length} of them are
        failed by two faults or more that name them.
      </p>
    </header>
  );
}

const killersOf = (row: string, faults: readonly FaultResult[]): readonly FaultResult[] =>
  faults.filter(({ killedBy }) => killedBy.some(({ requirement }) => requirement === row));

function Matrix({ matrix, rows }: MatrixProps): VNode {
  return (
    <>
      <h2 id="matrix">Faults against requirements</h2>
      <p class="note">
        <b>●</b> named by the fault and failed; <b>✗</b> named and not failed; <b>·</b> failed too, without being named.
      </p>
      <div class="wide" role="region" aria-labelledby="matrix" tabIndex={0}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Fault</th>
              {rows.map(({ id, title, level }) => (
                <th scope="col" title={`${level}: ${title}`}>
                  {short(id)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.faults.map((fault) => (
              <tr>
                <th scope="row" title={fault.sentence}>
                  {fault.id}
                </th>
                {rows.map((row) => (
                  <Cell row={row.id} fault={fault} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Cell({ row, fault }: { readonly row: string; readonly fault: FaultResult }): VNode {
  if (fault.killedBy.some(({ requirement }) => requirement === row)) return <td class="killed">●</td>;
  if (fault.missed.includes(row)) return <td class="missed">✗</td>;
  if (fault.collateral.some(({ requirement }) => requirement === row)) return <td class="collateral">·</td>;
  return <td />;
}

function Faults({ faults }: { readonly faults: readonly FaultResult[] }): VNode {
  return (
    <>
      <h2 id="faults">Faults</h2>
      <ul class="rows">
        {faults.map(({ id, sentence, state, killedBy, collateral, reason }) => (
          <li id={`fault-${id}`}>
            <Mark isGood={state === 'killed'} word={state.replace('-', ' ')} />
            <div>
              <span class="id">{id}</span> {sentence}
              <p>
                {killedBy.length === 0 ? 'No requirement that it names failed.' : `Killed by ${listed(killedBy)}.`}
                {collateral.length === 0 ? null : ` Failed too: ${listed(collateral)}.`}
                {reason === undefined ? null : ` ${reason}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

const listed = (rows: FaultResult['killedBy']): string =>
  rows
    .map(({ requirement, checks }) => `${requirement} (${checks.length} check${checks.length === 1 ? '' : 's'})`)
    .join(', ');

function Variants({ variants }: { readonly variants: readonly VariantResult[] }): VNode {
  return (
    <>
      <h2 id="variants">Variants</h2>
      <ul class="rows">
        {variants.map(({ id, sentence, touches, state, failed, untold, reason }) => (
          <li id={`variant-${id}`}>
            <Mark isGood={state === 'conformant'} word={state.replace('-', ' ')} />
            <div>
              <span class="id">{id}</span> {sentence}
              <p>
                Uses the freedom of {touches.join(', ')}.{failed.length === 0 ? null : ` Failed: ${failed.join(', ')}.`}
                {untold.length === 0 ? null : ` Could not be told: ${untold.join(', ')}.`}
                {reason === undefined ? null : ` ${reason}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function Across({ across }: { readonly across: readonly CrossingResult[] }): VNode {
  const unseen = groupBy(
    across.filter(({ state }) => state === 'hidden' || state === 'not-demanded'),
    ({ variant, state }) => `${variant} ${state === 'hidden' ? 'hides' : 'leaves to the target:'}`,
  );
  return (
    <>
      <h2 id="across">Faults across variants</h2>
      <p class="note">
        {acrossInWords(across)}. Hidden: every answer was as with the variant alone, so that there was nothing to see.
      </p>
      <ul>
        {[...unseen].map(([words, results]) => (
          <li>
            {words} {results.map(({ fault }) => fault).join(', ')}
          </li>
        ))}
      </ul>
    </>
  );
}

function Mark({ isGood, word }: { readonly isGood: boolean; readonly word: string }): VNode {
  return (
    <b class={`mark ${isGood ? 'good' : 'bad'}`}>
      <span aria-hidden="true">{isGood ? '✓' : '✗'}</span> {word}
    </b>
  );
}
