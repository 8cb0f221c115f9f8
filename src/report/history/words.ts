import type { Level } from '../../engine/contract/types.js';
import type { PastRun } from '../../engine/models/report.js';
import { groupBy } from '../digest.js';
import type { Report } from '../model.js';
import { startedWords } from '../words.js';
import { asPastRun } from './past-run.js';
import { rowHistories, type RowHistory } from './states.js';

/** Ids in one part of the sentence. */
const mostIds = 4;
/** Parts that tell since when something fails, or is untold. */
const mostLasting = 3;

/**
 * What is another than in the run before, and what has failed for how long, in one sentence; null where the report has no history.
 * Of requirements that only MAY be met it says nothing.
 */
export function historySentence(report: Report): string | null {
  const { history } = report;
  if (history === undefined) return null;
  const levels = new Map(report.requirements.map(({ id, level }) => [id, level]));
  return sentenceOf([...history, asPastRun(report)], (id) => levels.get(id) ?? 'MAY');
}

/** As `historySentence`, of runs of which the last one is told. @param levelOf of a requirement */
export function sentenceOf(runs: readonly PastRun[], levelOf: (id: string) => Level): string {
  const [before, own] = [runs.at(-2), runs.at(-1)];
  if (before === undefined || own === undefined) return 'This is the first run of its history.';
  const rows = rowHistories(runs).filter(({ id }) => levelOf(id) !== 'MAY');
  const waived = new Set(own.waived);
  const marked = (id: string): string => (levelOf(id) === 'SHOULD' ? `${id} (SHOULD)` : id);
  const parts = partsOf(rows, runs, (id) => (waived.has(id) ? `${id} (waived)` : marked(id)));
  const text = [...parts, ...judgedOtherwise(before, own)].join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

type Named = (id: string) => string;

function partsOf(rows: readonly RowHistory[], runs: readonly PastRun[], named: Named): readonly string[] {
  const told = rows.filter(isToldNow);
  const inState = (...states: readonly RowHistory['state'][]): readonly RowHistory[] =>
    told.filter(({ state }) => states.includes(state));
  const flaky = inState('flaky').filter(({ fails, runs }) => fails || runs === 1);
  const lost = rows.filter((row) => row.fails && !isToldNow(row));
  const untold = rows.filter(({ fails, verdicts }) => !fails && isLost(verdicts));
  const moved = [
    part('new in this run', inState('new'), named),
    part('back again', inState('back'), named),
    part('repaired', inState('repaired'), named),
    ...[true, false].map((fails) =>
      part(
        `flaky, ${fails ? 'failing' : 'passing'} now`,
        flaky.filter((row) => row.fails === fails),
        named,
      ),
    ),
    part('could not be told, and failed before', lost, named),
    untold.length === 0 ? [] : [`${untold.length} passed in the run before and could not be told now`],
  ].flat();
  const none = [
    ...(inState('repaired').length === 0 ? ['repaired'] : []),
    ...(inState('flaky').length === 0 ? ['flaky'] : []),
  ];
  return [
    ...(moved.length === 0 ? ['as before, nothing new'] : moved),
    ...lasting('failing', inState('failing').map(asLasting), { named, all: runs }),
    // What was not asked for is untold by intent.
    ...(runs.at(-1)?.partial === true ? [] : lasting('untold', rows.flatMap(asUntold), { named, all: runs })),
    ...(none.length === 0 ? [] : [`none ${none.join(' or ')}`]),
  ];
}

/** What the run before this one told, and this one tried in vain. */
const isLost = (verdicts: RowHistory['verdicts']): boolean =>
  verdicts.at(-1) === 'inconclusive' && verdicts.at(-2) === 'passed';

const isToldNow = ({ verdicts }: RowHistory): boolean => ['passed', 'failed'].includes(verdicts.at(-1) ?? '');

const part = (words: string, rows: readonly Pick<RowHistory, 'id'>[], named: Named): readonly string[] =>
  rows.length === 0 ? [] : [`${words}: ${idsInWords(rows.map(({ id }) => named(id)))}`];

const idsInWords = (ids: readonly string[]): string =>
  [...ids.slice(0, mostIds), ...(ids.length > mostIds ? [`and ${ids.length - mostIds} more`] : [])].join(', ');

/** What has been so in the last runs, one after the other. */
interface Lasting {
  readonly id: string;
  readonly runs: number;
  /** Which of all runs was the first of them. */
  readonly since: number;
}

const asLasting = ({ id, runs, since }: RowHistory): Lasting => ({ id, runs, since: since ?? -1 });

/** A requirement that several runs tried in vain, this one the last. */
const asUntold = ({ id, fails, verdicts, untold }: RowHistory): readonly Lasting[] =>
  fails || untold < 2 ? [] : [{ id, runs: untold, since: verdicts.length - untold }];

interface Telling {
  readonly named: Named;
  readonly all: readonly PastRun[];
}

/** What has been so for the longest time comes first. */
function lasting(how: string, rows: readonly Lasting[], { named, all }: Telling): readonly string[] {
  const groups = [...groupBy(rows, ({ runs }) => runs)].toSorted(([a], [b]) => b - a);
  const rest = groups.slice(mostLasting).flatMap(([, own]) => own);
  return [
    ...groups.slice(0, mostLasting).flatMap(([runs, own]) => {
      const begun = begunWords(all[own[0]?.since ?? -1]?.startedAt, all.at(-1)?.startedAt);
      return part(`${how} for ${runs} runs${begun === undefined ? '' : ` since ${begun}`}`, own, named);
    }),
    ...(rest.length === 0 ? [] : [`${rest.length} more ${how} as before`]),
  ];
}

/** The day on which something began; where that is the day of the last run, with the time. */
function begunWords(begun: string | undefined, last = ''): string | undefined {
  const length = 'YYYY-MM-DD'.length;
  return begun?.startsWith(last.slice(0, length)) ? startedWords({ startedAt: begun }) : begun?.slice(0, length);
}

/** By what else than the run before this one was judged. */
function judgedOtherwise(before: PastRun, now: PastRun): readonly string[] {
  const changes = judgingChanges(before, now);
  return changes.length === 0 ? [] : [`judged otherwise than the run before: ${changes.join(', ')}`];
}

/** What makes two runs hard to compare, each as `edition beta-2021-05 → beta-2024`. */
export function judgingChanges(before: PastRun, now: PastRun): readonly string[] {
  const clauses = [...new Set([...Object.keys(before.readings), ...Object.keys(now.readings)])];
  const pairs: readonly (readonly [name: string, was: string, is: string])[] = [
    ['suite', before.suiteVersion, now.suiteVersion],
    ['edition', before.edition, now.edition],
    ...clauses.map(
      (clause) => [`reading ${clause}`, before.readings[clause] ?? 'none', now.readings[clause] ?? 'none'] as const,
    ),
  ];
  return pairs.filter(([, was, is]) => was !== is).map(([name, was, is]) => `${name} ${was} → ${is}`);
}

/** Where a requirement stands, as its row says it. */
export function stateWords({ state, changes, fails, runs }: RowHistory): string {
  switch (state) {
    case 'new':
      return 'new';
    case 'back':
      return 'back again';
    case 'failing':
      return `failing for ${runs} runs`;
    case 'flaky':
      return `flaky: changed ${changes} times, ${fails ? 'fails' : 'passes'} now`;
    case 'repaired':
      return 'repaired';
    case 'passing':
      return `passes${changes > 0 ? ` for ${runs} runs` : ''}`;
    case 'untold':
      return 'never told';
  }
}
