import type { VNode } from 'preact';
import type { Exchange } from '../../evidence/records.js';
import { type Digest, filedUnder, levelOf } from '../digest.js';
import { cut } from '../excerpt.js';
import type { CheckReport } from '../model.js';
import { type Mark, markOf } from '../words.js';
import { linkTo } from './anchors.js';
import { MarkView } from './marks.js';

/** The part of an answer that a finding is about. */
type AnswerPlace = 'status' | 'headers' | 'body';

/** Where to look, by the end of a check's id; what is not listed is about the status, or shows in the status readings. */
const PLACES: readonly (readonly [suffix: RegExp, place: AnswerPlace])[] = [
  [/(?:request-id|content-length|without-length|challenge-on-401|allow-on-405)$/, 'headers'],
  [
    /(?:is-json|has-code|has-message|not-empty|inner-error|without-content|stray-bytes|stack-trace|source-path|no-token)$/,
    'body',
  ],
];

const placeOf = (checkId: string): AnswerPlace => PLACES.find(([suffix]) => suffix.test(checkId))?.[1] ?? 'status';

/** A finding at the place of the answer that it is about. */
export interface Marked {
  readonly place: AnswerPlace;
  readonly mark: Mark;
  readonly message: string;
  readonly check: CheckReport;
}

/** One target may break twenty rows with one answer. */
const MOST_MARKS = 12;
/** The check itself has the whole message. */
const MARK_WIDTH = 160;

/** The findings that an exchange shows. */
export function marksOf(exchange: Exchange, all: Digest): readonly Marked[] {
  const checks = all.checksByFinding.get(exchange.id) ?? [];
  const marks = checks.flatMap((check) =>
    check.findings
      .filter(({ exchangeId }) => exchangeId === exchange.id)
      .map(({ message }) => ({
        place: placeOf(check.id),
        mark: markOf('failed', levelOf(check, all)),
        message,
        check,
      })),
  );
  return marks.slice(0, MOST_MARKS);
}

interface MarksProps {
  readonly marks: readonly Marked[];
  readonly place: AnswerPlace;
}

/** The findings at one place. */
export function Marks({ marks, place }: MarksProps): VNode {
  return (
    <>
      {marks
        .filter((marked) => marked.place === place)
        .map(({ mark, message, check }) => (
          <p class={`at ${mark.tone}`}>
            <MarkView mark={mark} /> <a href={linkTo('check', check.id)}>{filedUnder(check)}</a>{' '}
            {cut(message, MARK_WIDTH)}
          </p>
        ))}
    </>
  );
}
