import type { VNode } from 'preact';
import { anchor, linkTo } from '../../../report/html/anchors.js';
import { MarkView } from '../../../report/html/marks.js';
import { groupBy } from '../../../report/digest.js';
import { areaTitle, counted } from '../../../report/words.js';
import { changeGroups, rowsIn, type ChangeGroup } from '../groups.js';
import type { Cause, ComparedRequirement, ComparedRun, Comparison } from '../model.js';
import { causeMeanings, comparedMark, shared } from '../words.js';
import { Letters } from './letters.js';

interface Props {
  readonly comparison: Comparison;
}

/** More columns would not fit beside each other: the verdicts of a row then stand one after the other, below its title. */
const mostBeside = 4;

interface TableProps {
  readonly rows: readonly ComparedRequirement[];
  readonly runs: readonly ComparedRun[];
  /** True where each row has its reasons further below. */
  readonly withCauses?: boolean;
}

const whyId = ({ id }: ComparedRequirement): string => `why-${anchor('requirement', id)}`;

/** Requirements against runs. */
function Table({ rows, runs, withCauses = false }: TableProps): VNode {
  return (
    <table class={`against${runs.length > mostBeside ? ' many' : ''}`}>
      <thead>
        <tr>
          <th scope="col">Requirement</th>
          {runs.map(({ letter }) => (
            <th scope="col">{letter}</th>
          ))}
          {withCauses ? <th scope="col">Why</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr id={anchor('requirement', row.id)} class={row.state}>
            <th scope="row">
              <span class="id">{withCauses ? <a href={`#${whyId(row)}`}>{row.id}</a> : row.id}</span>{' '}
              <small>{row.level}</small>
              <br />
              {row.title}
            </th>
            {row.runs.map((inRun, index) => (
              <td data-run={runs[index]?.letter} class={isOther(row, index) ? 'other' : undefined}>
                <MarkView mark={comparedMark(inRun, row.level)} />
              </td>
            ))}
            {withCauses ? <td class="why">{whyWords(row)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** True where a run that took part says something else than the first one that did. */
function isOther({ runs }: ComparedRequirement, index: number): boolean {
  const taking = (inRun: ComparedRequirement['runs'][number] | undefined): boolean => inRun?.verdict !== 'left-out';
  const [base, own] = [runs.find(taking), runs[index]];
  return taking(own) && (own?.verdict !== base?.verdict || own?.waived !== base?.waived);
}

function whyWords({ causes, state, changes }: ComparedRequirement): string {
  const words = causes.map((kind) => causeMeanings[kind]).join('; ');
  return state === 'differs-below' && changes.length > 0
    ? `${words} (the verdict stayed; ${counted(changes.length, 'check')} changed)`
    : words;
}

/** The requirements that differ, those first of which the verdict does. */
export function Matrix({ comparison }: Props): VNode | null {
  const { runs } = comparison;
  const rows = rowsIn(comparison, 'differs', 'differs-below');
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="matrix">
      <h2 id="matrix">What differs</h2>
      <div class="wide" role="region" aria-label="Requirements that differ, by run" tabIndex={0}>
        <Table rows={rows} runs={runs} withCauses />
      </div>
    </section>
  );
}

/** Each requirement that differs, with the checks that changed and why. */
export function Changes({ comparison }: Props): VNode | null {
  const rows = rowsIn(comparison, 'differs', 'differs-below');
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="why">
      <h2 id="why">Why it differs</h2>
      {rows.map((row) => (
        <details class="requirement" id={whyId(row)} open={row.state === 'differs'}>
          <summary>
            <h3>
              <span class="id">{row.id}</span> {row.title}
            </h3>
          </summary>
          <div class="inside">
            <p class="note">
              <a class="jump" href={linkTo('requirement', row.id)}>
                In the matrix
              </a>
            </p>
            <CauseList causes={row.own} runs={comparison.runs} />
            {changeGroups(row, comparison).map((group) => (
              <Change group={group} row={row} runs={comparison.runs} />
            ))}
          </div>
        </details>
      ))}
    </section>
  );
}

interface ChangeProps {
  readonly group: ChangeGroup;
  readonly row: ComparedRequirement;
  readonly runs: readonly ComparedRun[];
}

function Change({ group: { example, checks }, row, runs }: ChangeProps): VNode {
  return (
    <div class="change">
      <h4>
        {example.title} <small>{checks.length === 1 ? example.id : counted(checks.length, 'check')}</small>
      </h4>
      <ul class="verdicts">
        {shared(example.runs, runs).map(({ item, letters }) => (
          <li>
            <Letters letters={letters} /> <MarkView mark={comparedMark(item, row.level)} />{' '}
            {item.finding ?? item.reason ?? ''}
          </li>
        ))}
      </ul>
      <CauseList causes={example.causes} runs={runs} />
      {checks.length === 1 ? null : (
        <details class="checks">
          <summary>Which checks</summary>
          <ul>
            {checks.map(({ id }) => (
              <li>
                <code>{id}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function CauseList({
  causes,
  runs,
}: {
  readonly causes: readonly Cause[];
  readonly runs: readonly ComparedRun[];
}): VNode {
  return (
    <>
      {causes.map(({ run, against, kind, detail }) => (
        <p class={`cause-of ${kind}`}>
          <b>
            {runs[against]?.letter} → {runs[run]?.letter}: {causeMeanings[kind]}.
          </b>{' '}
          {detail}
        </p>
      ))}
    </>
  );
}

/** The requirements that are the same in all runs, by area: counted, and reachable. */
export function Same({ comparison }: Props): VNode | null {
  return <Folded id="same" title="The same in all runs" rows={rowsIn(comparison, 'same')} runs={comparison.runs} />;
}

/** The requirements that fewer than two runs carried out. */
export function LeftOut({ comparison }: Props): VNode | null {
  const rows = rowsIn(comparison, 'left-out');
  return <Folded id="left-out" title="Left out" rows={rows} runs={comparison.runs} />;
}

interface FoldedProps extends TableProps {
  readonly id: string;
  readonly title: string;
}

function Folded({ id, title, rows, runs }: FoldedProps): VNode | null {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>
        {title} <small>{counted(rows.length, 'requirement')}</small>
      </h2>
      {Array.from(
        groupBy(rows, ({ area }) => area),
        ([area, own]) => (
          <details class="requirement">
            <summary>
              <h3>
                {areaTitle(area)} <small>{own.length}</small>
              </h3>
            </summary>
            <div class="wide" role="region" aria-label={`${title}: ${areaTitle(area)}`} tabIndex={0}>
              <Table rows={own} runs={runs} />
            </div>
          </details>
        ),
      )}
    </section>
  );
}
