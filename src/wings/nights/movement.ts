import type { Change, Circumstance, Drift } from '../../engine/models/comparison.js';
import type { Nights } from '../../engine/models/nights.js';
import { packageVersion } from '../../engine/package.js';
import { ConfigurationError } from '../../engine/errors.js';
import { steady } from '../../engine/verdict/fingerprint.js';
import type { Report } from '../../report/model.js';
import { filedUnder, groupBy } from '../../report/digest.js';
import { compareReports } from '../compare/index.js';
import { folderOf, reportFiled } from './book.js';

/** Something that is another tonight than in the night that last told it. */
export interface Movement {
  /** All of it, in words that stay the same from night to night. */
  readonly words: string;
  /** What it is filed under where many are named: the row of a check, or what was seen. */
  readonly name: string;
  /** Of a check: `passed -> failed`. */
  readonly turned?: string;
  /** Why a check came to that, with the numbers and ids of this night. */
  readonly why?: string;
  /** How early it is named: what the others may come of, what fails, what else a check says, what was only seen. */
  readonly rank: number;
}

/** What a night told: every check of which it says anything. Of what it had nobody to try with it says nothing, whatever the verdict. */
export function toldBy({ checks, cases }: Pick<Report, 'checks' | 'cases'>): ReadonlySet<string> {
  const lacking = new Set(cases.filter(({ absent }) => absent === true).map(({ id }) => id));
  const told = checks.filter(
    ({ verdict, caseId }) => verdict !== 'inconclusive' && !(verdict === 'not-applicable' && lacking.has(caseId)),
  );
  return new Set(told.map(({ id }) => id));
}

/** What is another tonight than in the night that last told it. Of what tonight could not tell nothing is said here. */
export function movementOf(
  tonight: Report,
  { told, base, nights }: Pick<Nights, 'told' | 'base' | 'nights'>,
  folder: string,
): readonly Movement[] {
  const tellsNow = toldBy(tonight);
  const bases = groupBy(Object.entries(told), ([, night]) => night);
  return [...bases].flatMap(([night, checks]) => {
    const known = new Set(checks.map(([id]) => id).filter((id) => tellsNow.has(id)));
    return known.size === 0
      ? []
      : movedSince({
          tonight,
          known,
          isBase: night === base,
          folder: folderOf(folder, night),
          runId: nights.find((one) => one.night === night)?.runId,
        });
  });
}

interface Since {
  readonly tonight: Report;
  /** The checks that were last told then, and are told tonight. */
  readonly known: ReadonlySet<string>;
  readonly isBase: boolean;
  readonly folder: string;
  /** Of the run that was filed there, as the book says. */
  readonly runId: string | undefined;
}

function movedSince({ tonight, known, isBase, folder, runId }: Since): readonly Movement[] {
  const then = reportFiled(folder, runId);
  const runs = [
    { file: folder, report: then },
    { file: 'tonight', report: tonight },
  ];
  const { changes, drift, circumstances } = comparisonOf(runs);
  return [
    ...circumstances.filter(({ counts }) => counts && isBase).map(circumstanceMoved),
    ...changes
      .filter(({ id, causes }) => known.has(id) && causes.some(({ kind }) => counting.has(kind)))
      .map(checkMoved),
    // What one of both nights did not see is no movement.
    ...drift
      .filter(({ values, silentPlaces }) => isBase && silentPlaces > 0 && values.every((value) => value !== null))
      .map(sightMoved),
  ];
}

function circumstanceMoved({ name, values }: Circumstance): Movement {
  const words = `${name}: ${inWords(values)}`;
  return { words, name: words, rank: 0 };
}

function checkMoved(change: Change): Movement {
  const { id, causes } = change;
  const [first, latter] = change.runs;
  const after = latter?.verdict ?? 'absent';
  const turned = `${first?.verdict ?? 'absent'} -> ${after}`;
  const why = latter?.finding ?? causes[0]?.detail;
  return {
    words: `${id}: ${turned}${why === undefined ? '' : `, ${steady(why)}`}`,
    name: filedUnder(change).replace(/^CANCEL-/, ''),
    turned,
    ...(why === undefined ? {} : { why }),
    rank: after === 'failed' ? 1 : 2,
  };
}

function sightMoved({ aspect, name, values }: Drift): Movement {
  const what = `${aspect}${name === '' ? '' : ` ${name}`}`;
  const words = `${what}: ${inWords(values)}`;
  // An observation says again, case by case, what its answers say.
  return aspect === 'observation' ? { words, name: what, rank: 4 } : { words, name: words, rank: 3 };
}

/** A fixture that was missing, or a waiver, is of the night or of the reader and not of the target. */
const counting: ReadonlySet<string> = new Set([
  'target-behaved-differently',
  'rule-changed',
  'edition-or-reading-changed',
]);

function comparisonOf(
  runs: Parameters<typeof compareReports>[0],
): Pick<ReturnType<typeof compareReports>, 'changes' | 'drift' | 'circumstances'> {
  try {
    return compareReports(runs, packageVersion());
  } catch (error) {
    // Nothing was carried out by both: then nothing moved that could be told.
    if (error instanceof ConfigurationError) return { changes: [], drift: [], circumstances: [] };
    throw error;
  }
}

const inWords = (values: readonly unknown[]): string =>
  values.map((value) => (Array.isArray(value) ? value.join(', ') : String(value))).join(' -> ');
