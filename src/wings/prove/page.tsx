import type { VNode } from 'preact';
import type { CrossingResult, FaultResult, KillMatrix, VariantResult } from '../../engine/contract/kill-matrix.js';
import type { Requirement } from '../../engine/contract/types.js';
import { renderPage } from '../../report/html/document.js';
import { pageStyle } from '../../report/html/stylesheet.js';
import { groupBy } from '../../engine/plan/group-by.js';
import { problemsOf } from './matrix.js';
import { byRequirement, Overview, overviewStyle } from './overview.js';
import { acrossInWords } from './terminal.js';
import { Pages } from '../../report/html/orders.js';

interface MatrixProps {
  readonly matrix: KillMatrix;
  /** The rows of the edition, in their order. */
  readonly rows: readonly Pick<Requirement, 'id' | 'title' | 'level' | 'area'>[];
}

/** `kill-matrix.html`: faults against requirements, as one offline page. */
export function renderMatrix(props: MatrixProps): string {
  const { matrix } = props;
  return renderPage({
    title: `Kill matrix of ${matrix.suite.name} ${matrix.suite.version}, ${matrix.edition}`,
    stylesheet: pageStyle + overviewStyle + '.below { margin-top: 0.75rem; }',
    children: (
      <>
        <main>
          <Head {...props} />
          <Overview rows={byRequirement(matrix, props.rows)} />
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
      <Pages here="matrix" />
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
        {rows.length} requirements; {byRequirement(matrix, rows).filter(({ kills }) => kills.length >= 2).length} of
        them are failed by two faults or more that name them.
      </p>
    </header>
  );
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
