import type { VNode } from 'preact';
import type { Level } from '../../engine/contract/types.js';
import type { RequirementReport, VerdictWord } from '../model.js';
import { type Mark, markOf } from '../words.js';
import { linkTo } from './anchors.js';

/** A verdict as symbol and word; colour only underlines it. */
export function MarkView({ mark }: { readonly mark: Mark }): VNode {
  return (
    <b class={`mark ${mark.tone}`}>
      <span aria-hidden="true">{mark.symbol}</span> {mark.word}
    </b>
  );
}

interface VerdictMarkProps {
  readonly verdict: VerdictWord;
  readonly level: Level;
  readonly isWaived?: boolean;
}

/** The mark of a verdict on a requirement of this level, or on one of its checks. */
export function VerdictMark({ verdict, level, isWaived = false }: VerdictMarkProps): VNode {
  return <MarkView mark={markOf(verdict, level, isWaived)} />;
}

/** So few requirements are told with their titles. */
const fewRows = 3;

/** Links to requirements: a few with their titles, more by their ids in one flowing line. */
export function RequirementLinks({ rows }: { readonly rows: readonly RequirementReport[] }): VNode {
  if (rows.length <= fewRows) {
    return (
      <ul class="plain">
        {rows.map(({ id, title }) => (
          <li>
            <a href={linkTo('requirement', id)}>{title}</a> <span class="id">{id}</span>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <p class="ids">
      {rows.map(({ id, title }) => (
        <>
          <a href={linkTo('requirement', id)} title={title}>
            {id}
          </a>{' '}
        </>
      ))}
    </p>
  );
}
