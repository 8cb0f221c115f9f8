import type { Night } from '../../engine/models/nights.js';
import { counted } from '../../report/words.js';

interface Told extends Pick<Night, 'state' | 'told' | 'of' | 'outcome'> {
  readonly leastPercent: number;
  readonly base: string | null;
  /** Why most of what was not told was not. */
  readonly reason: string | null;
  readonly moved: readonly { readonly words: string; readonly since: string | null }[];
  readonly isEnough: boolean;
}

/** A night as whoever is woken by it reads it. */
export function lineOf(night: Told): string {
  const parts = [headOf(night), ...(night.outcome === 'nonconformant' ? ['nonconformant'] : [])];
  return parts.join('; ');
}

function headOf({ state, told, of, leastPercent, base, reason, moved, isEnough, outcome }: Told): string {
  const share = `${told} of ${of} checks told`;
  const tooLittle = `could not tell: ${share}${base === null ? '' : `, and at least ${leastPercent} % have to be`}${ended(outcome)}${reason === null ? '' : `: ${reason}`}`;
  if (state === 'untold') return base === null ? tooLittle : `${tooLittle}; the base stays ${dayInWords(base)}`;
  if (state === 'base') return `the first night: ${share}; it is the base`;
  if (state === 'same') return `as on ${dayInWords(base ?? '')}: ${share}`;
  const fresh = moved.filter(({ since }) => since === null);
  const [first] = fresh.length > 0 ? fresh : moved;
  const old = moved.length - fresh.length;
  const counts = [
    ...(fresh.length > 0 ? [`${fresh.length} new`] : []),
    ...(old > 0
      ? [`${old} not accepted yet, since ${dayInWords(moved.find(({ since }) => since !== null)?.since ?? '')}`]
      : []),
  ];
  const more = moved.length > 1 ? `, and ${counted(moved.length - 1, 'more thing')}` : '';
  return `${counts.join(', ')}: ${first?.words ?? ''}${more}${isEnough ? '' : `; ${tooLittle}`}`;
}

const ended = (outcome: Night['outcome']): string =>
  outcome === 'suite-fault' ? ', the suite was at fault' : outcome === 'interrupted' ? ', the run was interrupted' : '';

const months = 'January February March April May June July August September October November December'.split(' ');

/** `2026-11-27` is 27 November 2026. */
export function dayInWords(night: string): string {
  const [year = '', month = '', day = '', number] = night.split('-');
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}${number === undefined ? '' : ` (${number})`}`;
}
