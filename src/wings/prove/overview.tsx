import type { VNode } from 'preact';
import { areas } from '../../cancel/areas.js';
import type { FaultResult, KillMatrix } from '../../engine/contract/kill-matrix.js';
import type { Requirement } from '../../engine/contract/types.js';
import { groupBy } from '../../engine/plan/group-by.js';
import { linkTo } from '../../report/html/anchors.js';
import { counted } from '../../report/words.js';
import { short } from './terminal.js';

/** One screen for the whole: a field a requirement, in its area. What it stands for is said where the pointer or the focus is. */
export const overviewStyle = `
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0.75rem 2rem; margin: 1rem 0 0; }
.glance h3 { margin: 0 0 0.3rem; font-size: 0.9rem; }
.glance ul { display: flex; flex-wrap: wrap; gap: 3px; }
.field { display: flex; justify-content: space-between; gap: 0.4rem; width: 4.1rem; min-height: 24px; padding: 0 0.35rem; border-radius: 3px; font: 0.75rem/24px var(--mono); text-decoration: none; color: var(--text); background: var(--good-ground); }
.field b { color: var(--good); }
.field.neutral { background: var(--raised); }
.field.neutral b { color: var(--muted); }
.field.warning { background: var(--warning-ground); }
.field.warning b { color: var(--warning); }
.field.bad { background: var(--bad-ground); }
.field.bad b { color: var(--bad); }
.field .says { display: none; position: fixed; inset: auto 0 0; z-index: 1; padding: 0.75rem 1.5rem; border-top: 3px solid var(--line); background: var(--raised); font: 0.9rem/1.5 system-ui, sans-serif; white-space: normal; }
.field:hover .says, .field:focus-visible .says { display: block; }
.of-row { margin: 0.75rem 0; }
.of-row summary { display: flex; gap: 0.6rem; align-items: baseline; min-height: 24px; }
.of-row li { padding: 0.1rem 0 0.1rem 1.2rem; }
`;

/** Sentences that are said of a field; the list below has all. */
const mostSaid = 3;

interface Row {
  readonly row: Pick<Requirement, 'id' | 'title' | 'level' | 'area'>;
  /** Faults that name it and by which it failed. */
  readonly kills: readonly FaultResult[];
  /** Faults that name it, and it did not fail. */
  readonly missed: readonly FaultResult[];
  /** Faults of others by which it failed as well. */
  readonly beside: readonly FaultResult[];
}

/** The matrix by requirement: what of the faults each of them catches. Pure. */
export function byRequirement({ faults }: KillMatrix, rows: readonly Row['row'][]): readonly Row[] {
  return rows.map((row) => ({
    row,
    kills: faults.filter(({ killedBy }) => killedBy.some(({ requirement }) => requirement === row.id)),
    missed: faults.filter(({ missed }) => missed.includes(row.id)),
    beside: faults.filter(({ collateral }) => collateral.some(({ requirement }) => requirement === row.id)),
  }));
}

const toneOf = ({ kills, missed }: Row): string =>
  missed.length > 0 ? 'bad' : kills.length === 0 ? 'warning' : 'good';

function sentenceOf({ row, kills, missed, beside }: Row): string {
  const some = kills.slice(0, mostSaid).map(({ sentence }) => sentence);
  const more = kills.length > some.length ? ` And ${kills.length - some.length} more.` : '';
  return [
    `${row.id}: ${row.title}.`,
    kills.length === 0
      ? row.level === 'MAY'
        ? 'A MAY: nothing to break.'
        : 'No fault names it.'
      : `Killed ${counted(kills.length, 'fault')}: ${some.join(' ')}${more}`,
    ...(missed.length === 0 ? [] : [`Missed ${counted(missed.length, 'fault')}.`]),
    ...(beside.length === 0 ? [] : [`Failed by ${counted(beside.length, 'other')} as well.`]),
  ].join(' ');
}

/** All of the matrix on a screen, and below it the same with every sentence. */
export function Overview({ rows }: { readonly rows: readonly Row[] }): VNode {
  const byArea = groupBy(rows, ({ row }) => row.area);
  return (
    <>
      <h2 id="matrix">Requirements, and how many faults each has killed</h2>
      <div class="glance">
        {[...byArea].map(([area, of]) => (
          <section>
            <h3>{titleOf(area)}</h3>
            <ul>
              {of.map((one) => (
                <li>
                  <a
                    class={`field ${toneOf(one)}`}
                    href={linkTo('requirement', one.row.id)}
                    aria-label={sentenceOf(one)}
                  >
                    {one.row.id.slice(-3)} <b>{one.missed.length > 0 ? '✗' : one.kills.length}</b>
                    <span class="says" aria-hidden="true">
                      {sentenceOf(one)}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <h2 id="rows">By requirement</h2>
      <p class="note">
        <b>●</b> named by the fault and failed; <b>✗</b> named and not failed; <b>·</b> failed too, without being named.
      </p>
      {[...byArea].map(([area, of]) => (
        <section>
          <h3>{titleOf(area)}</h3>
          {of.map((one) => (
            <RowView {...one} />
          ))}
        </section>
      ))}
    </>
  );
}

const titleOf = (area: string): string => (area in areas ? areas[area as keyof typeof areas] : area);

function RowView({ row, kills, missed, beside }: Row): VNode {
  const marked = [
    ...missed.map((fault) => ['✗', 'missed', fault] as const),
    ...kills.map((fault) => ['●', 'killed', fault] as const),
  ];
  return (
    <details class="of-row" id={row.id}>
      <summary>
        <span class="id">
          {short(row.id)} {row.level}
        </span>{' '}
        {row.title} <small>{counted(kills.length, 'fault')} killed</small>
      </summary>
      <ul class="of-faults">
        {marked.map(([mark, state, { id, sentence }]) => (
          <li class={state}>
            <b>{mark}</b> {sentence} <a href={`#fault-${id}`}>{id}</a>
          </li>
        ))}
        {beside.length === 0 ? null : (
          <li class="collateral">
            <b>·</b> {beside.map(({ id }) => id).join(', ')}
          </li>
        )}
      </ul>
    </details>
  );
}
