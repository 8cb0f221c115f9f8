import type { VNode } from 'preact';
import type { Exchange } from '../../engine/evidence/records.js';
import { type Digest, filedUnder, isCovered, levelOf } from '../digest.js';
import { cut } from '../excerpt.js';
import type { CaseReport, CheckReport } from '../model.js';
import { type Mark, markOf } from '../words.js';
import { linkTo } from './anchors.js';
import { MarkView } from './marks.js';

/** What a finding is about: a part of the answer, or how the watched requests read. */
type AnswerPlace = 'status' | 'headers' | 'body' | 'frame';

/** Where to look, by the end of a check's id; what is not listed is about the status, or shows in the status readings. */
const PLACES: readonly (readonly [suffix: RegExp, place: AnswerPlace])[] = [
  [/(?:request-id|content-length|without-length|challenge-on-401|allow-on-405)$/, 'headers'],
  [
    /(?:is-json|has-code|has-message|not-empty|inner-error|without-content|stray-bytes|stack-trace|source-path|no-token)$/,
    'body',
  ],
];

const placeOf = (checkId: string): AnswerPlace => PLACES.find(([suffix]) => suffix.test(checkId))?.[1] ?? 'status';

/** A finding at the place that it is about. */
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
export function marksOf({ id }: Exchange, all: Digest): readonly Marked[] {
  return markedIn(all.checksByFinding.get(id) ?? [], id, all);
}

/** The findings of a case that rest on no exchange: they show in how the requests read that it watched. */
export function frameMarksOf({ id }: CaseReport, all: Digest): readonly Marked[] {
  return markedIn(all.checksByCase.get(id) ?? [], null, all);
}

function markedIn(checks: readonly CheckReport[], exchangeId: string | null, all: Digest): readonly Marked[] {
  const marks = checks.flatMap((check) =>
    check.findings
      .filter((finding) => finding.exchangeId === exchangeId)
      .map(({ message }) => ({
        place: exchangeId === null ? ('frame' as const) : placeOf(check.id),
        mark: markOf('failed', levelOf(check, all), isCovered(check, all)),
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
