import type { Night } from '../../engine/models/nights.js';
import { steady } from '../../engine/verdict/fingerprint.js';
import { groupBy } from '../../report/digest.js';
import { cut, cutWithin } from '../../report/excerpt.js';
import { counted } from '../../report/words.js';
import type { Movement } from './movement.js';

/** Something that moved and is not accepted, with the night in which that began; null where that is tonight. */
export interface OpenMovement extends Movement {
  readonly since: string | null;
}

interface Told extends Pick<Night, 'state' | 'told' | 'of' | 'outcome'> {
  readonly leastPercent: number;
  readonly base: string | null;
  /** Why most of what was not told was not. */
  readonly reason: string | null;
  /** The new first, and of these what weighs most. */
  readonly moved: readonly OpenMovement[];
  readonly isEnough: boolean;
}

/** It begins with who is concerned and a long address or path, and ends with what is the matter and what to do. */
const columnsOfReason = { head: 50, tail: 230 };

/** A night as whoever is woken by it reads it. */
export function lineOf(night: Told): string {
  const parts = [headOf(night), ...(night.outcome === 'nonconformant' ? ['nonconformant'] : [])];
  return parts.join('; ');
}

function headOf({ state, told, of, leastPercent, base, reason, moved, isEnough, outcome }: Told): string {
  const share = `${told} of ${of} checks told`;
  const tooLittle = `could not tell: ${share}${base === null ? '' : `, and at least ${leastPercent} % have to be`}${ended(outcome)}${reason === null ? '' : `: ${cutWithin(reason, columnsOfReason)}`}`;
  if (state === 'untold') return base === null ? tooLittle : `${tooLittle}; the base stays ${dayInWords(base)}`;
  if (state === 'base') return `the first night: ${share}; it is the base`;
  if (state === 'same') return `as on ${dayInWords(base ?? '')}: ${share}`;
  const [fresh, known] = [moved.filter(({ since }) => since === null), moved.filter(({ since }) => since !== null)];
  const [earliest = ''] = known.map(({ since }) => since ?? '').toSorted();
  return [
    ...(fresh.length > 0 ? [`${fresh.length} new: ${namesOf(fresh)}`] : []),
    ...(known.length > 0 ? [`${known.length} not accepted yet, since ${dayInWords(earliest)}: ${namesOf(known)}`] : []),
    ...(isEnough ? [] : [tooLittle]),
  ].join('; ');
}

/** A pager shows a few lines: this many columns of names, and of each this many. */
const columnsOfNames = 160;
const columnsOfOne = 72;

/** What moved, by name, and what the checks among it have in common. One thing alone is said in full. */
function namesOf(moved: readonly OpenMovement[]): string {
  const [only] = moved;
  if (only !== undefined && moved.length === 1) return cut(only.words, columnsOfNames);
  const groups = [...groupBy(moved, ({ name }) => name)].map(([name, { length }]) => ({
    text: `${cut(name, columnsOfOne)}${length > 1 ? ` ×${length}` : ''}`,
    count: length,
  }));
  let columns = 0;
  const named = groups.filter(({ text }, index) => {
    columns += text.length + ', '.length;
    return index === 0 || columns <= columnsOfNames;
  });
  const left = moved.length - named.reduce((sum, { count }) => sum + count, 0);
  const names = named.map(({ text }) => text).join(', ');
  return `${names}${left > 0 ? ` and ${left} more` : ''}${inCommon(moved)}`;
}

/** What the checks that fail, or else all checks, came to alike; empty where that is nothing. */
function inCommon(moved: readonly OpenMovement[]): string {
  const checks = moved.filter(({ turned }) => turned !== undefined);
  const failing = checks.filter(({ turned = '' }) => turned.endsWith('-> failed'));
  const told = failing.length > 0 ? failing : checks;
  const [first] = told;
  if (first?.turned === undefined) return '';
  if (told.some(({ turned }) => turned !== first.turned))
    return failing.length > 0 ? ` (${counted(failing.length, 'check')} fail)` : '';
  const why = whyOf(told);
  return ` (${counted(told.length, 'check')} ${first.turned}${why === undefined ? '' : `, ${why}`})`;
}

/** Why all of them came to that: each for one reason, up to the numbers and ids in it, or else the first. */
function whyOf([first, ...others]: readonly OpenMovement[]): string | undefined {
  if (first?.why === undefined) return undefined;
  const all = [first.why, ...others.map(({ why = '' }) => why)];
  const isSteady = new Set(all.map(steady)).size === 1;
  const shown = cut(isSteady && new Set(all).size > 1 ? steady(first.why) : first.why, columnsOfOne);
  return others.length === 0 ? shown : `${isSteady ? 'each' : 'the first'}: ${shown}`;
}

const ended = (outcome: Night['outcome']): string =>
  outcome === 'suite-fault' ? ', the suite was at fault' : outcome === 'interrupted' ? ', the run was interrupted' : '';

const months = 'January February March April May June July August September October November December'.split(' ');

/** `2026-11-27` is 27 November 2026. */
export function dayInWords(night: string): string {
  const [year = '', month = '', day = '', number] = night.split('-');
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}${number === undefined ? '' : ` (${number})`}`;
}
