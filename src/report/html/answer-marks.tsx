import type { VNode } from 'preact';
import { verbs } from '../../cancel/verbs/index.js';
import { partsOfCheckId } from '../../engine/case.js';
import type { AnswerPlace, VerbRule } from '../../engine/endpoint.js';
import type { Exchange } from '../../engine/evidence/records.js';
import { type Digest, filedUnder, isCovered, levelOf } from '../digest.js';
import { cut } from '../excerpt.js';
import type { CaseReport, CheckReport } from '../model.js';
import { type Mark, markOf } from '../words.js';
import { linkTo } from './anchors.js';
import { MarkView } from './marks.js';

/** What a finding is about: a part of the answer, or how the watched requests read. */
type Place = AnswerPlace | 'frame';

const rules: Readonly<Record<string, VerbRule>> = verbs;

/** Where to look; a check of a verb that this version does not know is taken for one on the status. */
const placeOf = (checkId: string): Place => rules[partsOfCheckId(checkId).verb]?.place ?? 'status';

/** A finding at the place that it is about. */
export interface Marked {
  readonly place: Place;
  readonly mark: Mark;
  readonly message: string;
  readonly check: CheckReport;
}

/** One target may break twenty rows with one answer. */
const mostMarks = 12;
/** The check itself has the whole message. */
const markWidth = 160;

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
  return marks.slice(0, mostMarks);
}

interface MarksProps {
  readonly marks: readonly Marked[];
  readonly place: Place;
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
            {cut(message, markWidth)}
          </p>
        ))}
    </>
  );
}
