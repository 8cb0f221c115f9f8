import { groupBy } from '../../report/digest.js';
import { counted, markOf, type Mark } from '../../report/words.js';
import { isNew } from './groups.js';
import type {
  Aspect,
  CauseKind,
  ComparedRequirement,
  ComparedRun,
  ComparedVerdict,
  Comparison,
  Drift,
} from './model.js';

/** What each cause means, in the order in which they are told. */
export const causeMeanings: Readonly<Record<CauseKind, string>> = {
  'target-behaved-differently': 'the target behaved differently',
  'rule-changed': 'the rule changed',
  'edition-or-reading-changed': 'judged by another edition or reading',
  'fixture-missing': 'something that the check needs was missing',
  'waiver-changed': 'a waiver changed',
};

const aspects: Readonly<Record<Aspect, string>> = {
  status: 'status code',
  'error-code': 'error code',
  headers: 'headers present',
  'header-value': 'value of header',
  body: 'body',
  'error-members': 'members of the error body',
  state: 'status read afterwards of the',
  'members-changed': 'members that the cancel changed',
  observation: 'observation',
  contested: 'contested clause',
};

const roles: Readonly<Record<string, string>> = {
  subject: 'request itself',
  sibling: 'bystander of the same requestor',
  stranger: 'bystander of another requestor',
};

/** What a drift is about: `status code`, `value of header allow`. */
export function driftTitle({ aspect, name }: Pick<Drift, 'aspect' | 'name'>): string {
  const shown = aspect === 'state' ? (roles[name] ?? name) : name;
  return shown === '' ? aspects[aspect] : `${aspects[aspect]} ${shown}`;
}

/** A value of a drift as a reader sees it. */
export const valueWords = (value: string | null): string => value ?? 'not seen';

/** The mark of a verdict in one run. */
export function comparedMark(
  { verdict, waived }: { readonly verdict: ComparedVerdict; readonly waived: boolean },
  level: ComparedRequirement['level'],
): Mark {
  if (verdict === 'left-out') return { symbol: '·', word: 'left out', tone: 'neutral' };
  if (verdict === 'absent') return { symbol: '·', word: 'not known', tone: 'neutral' };
  return markOf(verdict, level, waived);
}

/** The result in one sentence. */
export function headline({ runs, totals, same, circumstances }: Comparison): string {
  const { requirements, drift } = totals;
  const compared = requirements.all - requirements.leftOut;
  if (same) return `The ${runs.length} runs are the same in all ${counted(compared, 'requirement')} compared.`;
  const { differing, differingBelow } = requirements;
  const below =
    differingBelow === 0
      ? []
      : [
          `something below it changed in ${differing > 0 ? `${differingBelow} more` : counted(differingBelow, 'requirement')}`,
        ];
  const parts = [
    ...(differing > 0
      ? [`${differing} of ${counted(compared, 'verdict')} ${differing === 1 ? 'differs' : 'differ'}`]
      : []),
    ...below,
    ...(drift.all > 0 ? [`answers drifted in ${counted(drift.all, 'way')}`] : []),
    ...(circumstances.some(({ counts }) => counts) && differing === 0 ? ['the runs were judged differently'] : []),
  ];
  return `${differing === 0 ? 'Every verdict stayed, but ' : ''}${inLine(parts)}.`;
}

/** So many ids are told in the sentence; the rows below have all. */
const mostNew = 6;

/** What fails in a run and did not in the base, and in which. */
export const newRows = ({
  requirements,
  runs,
}: Comparison): readonly { readonly id: string; readonly title: string; readonly runs: string }[] =>
  requirements.filter(isNew).map(({ id, title, runs: inRuns }) => {
    const letters = inRuns.flatMap(({ verdict }, at) =>
      at > 0 && verdict === 'failed' ? [runs[at]?.letter ?? ''] : [],
    );
    return { id, title, runs: inLine(letters) };
  });

/** The same in a line; null where nothing is new. */
export function newWords(comparison: Comparison): string | null {
  const rows = newRows(comparison);
  if (rows.length === 0) return null;
  const words = rows.slice(0, mostNew).map(({ id, runs }) => `${id} in ${runs}`);
  const more = rows.length > mostNew ? `; and ${rows.length - mostNew} more` : '';
  return `New against ${comparison.runs[0]?.letter ?? 'the base'}: ${words.join('; ')}${more}.`;
}

const inLine = (parts: readonly string[]): string =>
  parts.length < 2
    ? parts.join('')
    : `${parts.slice(0, -1).join(', ')}${parts.length > 2 ? ',' : ''} and ${parts.at(-1) ?? ''}`;

/** What a reader must know before the counts: runs that are partial, how many rows they left out. */
export function notes({ runs, totals }: Comparison): readonly string[] {
  const partial = runs.filter((run) => run.partial).map(partialWords);
  const { leftOut } = totals.requirements;
  const left =
    leftOut === 0
      ? []
      : [
          `${counted(leftOut, 'requirement')} left out: fewer than two runs carried ${leftOut === 1 ? 'it' : 'them'} out.`,
        ];
  return [...partial, ...left];
}

function partialWords({ letter, areas, outcome }: ComparedRun): string {
  const what =
    areas === null
      ? outcome === 'interrupted'
        ? 'it was interrupted'
        : 'not every case ran'
      : `only ${areas.join(', ')} ran`;
  return `Run ${letter} is partial: ${what}. What it left out is no difference of behaviour.`;
}

/** What several runs have in common. */
export interface Shared<Item> {
  readonly item: Item;
  readonly letters: readonly string[];
}

/** One item per run as one per different item, with the runs that have it. */
export function shared<Item>(items: readonly Item[], runs: readonly ComparedRun[]): readonly Shared<Item>[] {
  const groups = groupBy([...items.entries()], ([, item]) => JSON.stringify(item));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ item: first[1], letters: group.map(([index]) => runs[index]?.letter ?? '?') }] : [];
  });
}

/** `A: 403; B and C: 404`: which runs saw what. */
export function valuesInWords(values: Drift['values'], runs: readonly ComparedRun[]): string {
  return shared(values, runs)
    .map(({ item, letters }) => `${letters.join(' and ')}: ${valueWords(item)}`)
    .join('; ');
}

/** Whether no verdict tells of a drift. */
export const isSilent = ({ silentPlaces, places }: Drift): boolean => silentPlaces === places.length;

/** Whether the verdicts tell of a drift, in words. */
export function silenceWords(drift: Drift): string {
  const { silentPlaces, places } = drift;
  if (silentPlaces === 0) return 'a verdict changed with it';
  const where = isSilent(drift) ? '' : ` in ${silentPlaces} of ${counted(places.length, 'place')}`;
  return `beneath verdicts that stayed${where}`;
}

/** `12 places, such as state-refuses-delivered-requestor.1`. */
export function placesInWords({ places }: Drift): string {
  const [first = ''] = places;
  return places.length === 1 ? first : `${places.length} places, such as ${first}`;
}
