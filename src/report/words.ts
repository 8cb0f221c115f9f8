import { areas } from '../cancel/areas.js';
import type { Area, Level } from '../engine/contract/types.js';
import type { FrameRole, NoAnswerReason } from '../engine/evidence/records.js';
import { cut } from './excerpt.js';
import type { CheckReport, Outcome, Report, RequirementReport, Share, VerdictWord } from './model.js';

import { failingWaivers, waivedMust } from './waived.js';

/** How a verdict is to be felt; colour may underline it, but symbol and word always say it. */
type Tone = 'good' | 'bad' | 'warning' | 'unknown' | 'neutral';

/** A verdict as a reader sees it. */
export interface Mark {
  readonly symbol: string;
  readonly word: string;
  readonly tone: Tone;
}

const marks: Readonly<Record<VerdictWord, Mark>> = {
  passed: { symbol: '✓', word: 'passed', tone: 'good' },
  failed: { symbol: '✗', word: 'failed', tone: 'bad' },
  inconclusive: { symbol: '?', word: 'inconclusive', tone: 'unknown' },
  'not-applicable': { symbol: '–', word: 'not applicable', tone: 'neutral' },
};
const warningMark: Mark = { symbol: '!', word: 'warning', tone: 'warning' };
const notedMark: Mark = { symbol: '•', word: 'noted', tone: 'neutral' };

const waived = ({ symbol, word }: Mark): Mark => ({ symbol, word: `${word}, waived`, tone: 'warning' });

/** The mark for a verdict; a failure weighs as much as the level of its requirement, and a waived one still shows. */
export function markOf(verdict: VerdictWord, level: Level, isWaived = false): Mark {
  const mark = plainMarkOf(verdict, level);
  return isWaived && verdict === 'failed' ? waived(mark) : mark;
}

function plainMarkOf(verdict: VerdictWord, level: Level): Mark {
  if (verdict !== 'failed' || level === 'MUST') return marks[verdict];
  return level === 'SHOULD' ? warningMark : notedMark;
}

const outcomeMarks: Readonly<Record<Outcome, Mark>> = {
  conformant: { symbol: '✓', word: 'conformant', tone: 'good' },
  nonconformant: { symbol: '✗', word: 'nonconformant', tone: 'bad' },
  incomplete: { symbol: '?', word: 'incomplete', tone: 'unknown' },
  'suite-fault': { symbol: '!', word: 'fault of the suite', tone: 'warning' },
  interrupted: { symbol: '?', word: 'interrupted', tone: 'neutral' },
};

/** The mark of a whole run; one that conforms with waivers only is no plain success. */
export const outcomeMark = (outcome: Outcome, isWaived = false): Mark =>
  isWaived && outcome === 'conformant'
    ? { symbol: '✓', word: 'conformant with waivers', tone: 'warning' }
    : outcomeMarks[outcome];

/** Every mark and what it means, in the order of the key. */
export const markMeanings: readonly { readonly mark: Mark; readonly meaning: string }[] = [
  { mark: marks.passed, meaning: 'It was checked, and the target did what is demanded.' },
  { mark: marks.failed, meaning: 'It was checked, and the target broke a MUST requirement.' },
  {
    mark: waived(marks.failed),
    meaning: 'It failed, and somebody answers for that until a day. It is never counted as passed.',
  },
  { mark: warningMark, meaning: 'A SHOULD requirement failed. This never makes a target nonconformant.' },
  { mark: notedMark, meaning: 'A MAY requirement: the behaviour differs and is recorded, never a failure.' },
  {
    mark: marks.inconclusive,
    meaning: 'It applies but could not be told, for the reason given. It counts as neither passed nor failed.',
  },
  {
    mark: marks['not-applicable'],
    meaning: 'The edition, the readings or a declared absence excludes it, for the reason given.',
  },
];

/** The verdict words in the order in which counts of them are given. */
export const verdictWords: readonly VerdictWord[] = ['failed', 'inconclusive', 'passed', 'not-applicable'];

export const levelMeanings: Readonly<Record<Level, string>> = {
  MUST: 'Decides: one failure makes the target nonconformant.',
  SHOULD: 'Recommended: a failure is a warning.',
  MAY: 'Left open by the sources: the behaviour is recorded and never fails.',
};

/** The title of an area; a report may have one that this version does not know. */
export const areaTitle = (area: Area): string => titles[area] ?? area;

const titles: Readonly<Record<Area, string>> = areas;

export const frameRoles: Readonly<Record<FrameRole, string>> = {
  subject: 'the request itself',
  sibling: "bystander, same requestor's",
  stranger: "bystander, another requestor's",
};

export const noAnswerWords: Readonly<Record<NoAnswerReason, string>> = {
  timeout: 'No complete answer came in time',
  'connection-refused': 'The connection was refused',
  'connection-closed': 'The connection was closed before the answer was complete',
  'protocol-error': 'What came back was not HTTP',
  unreachable: 'The target could not be reached',
};

/** What each outcome means. */
export const outcomeMeanings: Readonly<Record<Outcome, string>> = {
  conformant: 'every MUST requirement that applies passed',
  nonconformant: 'a MUST requirement failed',
  incomplete: 'a MUST requirement could not be told or was left out: neither yes nor no',
  'suite-fault': 'the suite itself is at fault: nothing is held against the target',
  interrupted: 'the run was stopped before its end: neither yes nor no',
};

/** What the outcome of this run means: waivers take part in it. */
export function outcomeMeaning(report: Report): string {
  const { outcome } = report.run;
  const waivedRows = waivedMust(report).length;
  if (outcome === 'conformant' && waivedRows > 0) {
    return 'every MUST requirement that applies passed, or its failure is waived';
  }
  if (outcome === 'nonconformant' && report.totals.must.failed === waivedRows) return 'a waiver does not hold';
  return outcomeMeanings[outcome];
}

/** What stands beside the outcome, that nobody may overlook: a partial run, waivers. */
export function outcomeAdditions(report: Report): readonly string[] {
  const { outcome, partial } = report.run;
  const isWaived = outcome === 'conformant' && waivedMust(report).length > 0;
  return [...(partial ? ['partial'] : []), ...(isWaived ? ['with waivers'] : [])];
}

/** Exit code 2 has no report of its own, but belongs in every key. */
export const usageExit = { exitCode: 2, meaning: 'the command line or the configuration was wrong; nothing ran' };

/** A name longer than this would bury the sentence it stands in. */
const nameWidth = 60;

/** The outcome in one plain sentence for a reader who has never seen the suite. */
export function headline(report: Report): string {
  const name = shortName(report);
  switch (report.run.outcome) {
    case 'conformant':
      return conformantHeadline(report);
    case 'nonconformant':
      return nonconformantHeadline(report);
    case 'incomplete':
      if (isChosenMet(report)) return `Nothing that was chosen failed; such a run makes no claim about ${name}.`;
      return `The run is incomplete: it cannot say whether ${name} conforms.`;
    case 'suite-fault':
      return `The suite itself is at fault: this run says nothing about ${name}.`;
    case 'interrupted':
      return `The run was interrupted: it cannot say whether ${name} conforms.`;
  }
}

/** Whether all that certain cases were chosen for was told, and nothing of it failed. */
const isChosenMet = ({ run, totals, checks }: Report): boolean =>
  run.only !== undefined && totals.requirements.failed === 0 && !checks.some(isUntold);

const isUntold = ({ verdict }: CheckReport): boolean => verdict === 'inconclusive';

function nonconformantHeadline(report: Report): string {
  const name = shortName(report);
  const { failed } = report.totals.must;
  const waivedRows = waivedMust(report).length;
  if (failed > waivedRows) {
    const part = waivedRows === 0 ? '' : `, ${waivedRows} of them waived`;
    return `${name} does not conform: it breaks ${brokenWords(report)}${part}.`;
  }
  const waivers = counted(failingWaivers(report).length, 'waiver');
  const rest =
    failed === 0 ? 'no MUST requirement failed' : `its ${counted(failed, 'failed MUST requirement')} are waived`;
  return `${name} does not pass: ${rest}, but ${waivers} did not hold.`;
}

/** `2 of the 70 MUST requirements that could be checked`. */
const brokenWords = ({ totals, provable }: Report): string =>
  `${totals.must.failed} of the ${counted(provable.count, 'MUST requirement')} that could be checked`;

function conformantHeadline(report: Report): string {
  const { proven } = report;
  const name = shortName(report);
  if (waivedMust(report).length > 0) {
    return `${name} passes with waivers only: it breaks ${brokenWords(report)}, and each failure is waived.`;
  }
  if (proven.count === proven.of)
    return `${name} conforms: it passed all ${counted(proven.of, 'MUST requirement')} that apply.`;
  return `${name} conforms: ${proven.count} of the ${counted(proven.of, 'MUST requirement')} that apply passed, none failed.`;
}

function shortName({ target }: Report): string {
  return cut(target.name, nameWidth);
}

/** What a partial run is, in a sentence. */
export function partialNote(report: Report): string {
  const { areas, only } = report.run;
  const chosen = only === undefined ? 'Not every case ran' : `Only ${counted(only.length, 'chosen case')} ran`;
  const ran = areas === null ? chosen : `Only these areas ran: ${areas.join(', ')}`;
  return `Partial run. ${ran}; whatever the counts say, this makes no claim of conformance.`;
}

/** What was seen where cases were carried out side by side, and not when they were alone; null where nothing was. */
export function besideNote({ cases, checks }: Report): string | null {
  const failing = new Set(checks.filter(({ verdict }) => verdict === 'failed').map(({ caseId }) => caseId));
  const alone = cases.filter(({ id, beside }) => beside !== undefined && !failing.has(id));
  if (alone.length === 0) return null;
  const ids = alone.map(({ id }) => id).join(', ');
  return `${counted(alone.length, 'case')} failed or could not be told beside other cases, and did not fail alone, which is what is judged: ${ids}`;
}

/** What ran without weight, in a sentence; null when nothing did. */
export function unscoredNote({ checks, target }: Report): string | null {
  const unscored = checks.filter((check) => check.unscored !== undefined);
  const failing = unscored.filter((check) => check.unscored === 'failed');
  if (unscored.length === 0) return null;
  const seen = failing.length === 0 ? 'none of them would fail' : `${failing.length} would fail`;
  const named = (failing.length === 0 ? unscored : failing).slice(0, 3).map(({ id }) => id);
  return `${counted(unscored.length, 'check')} ran unscored, ${seen}: newer than the frozen requirements of ${target.edition} (${named.join(', ')})`;
}

/** `1 check`, `2 checks`, with thousands separated. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2 MUST and 1 SHOULD requirements`: what weighs differently is never counted together. */
export function byLevel(rows: readonly Pick<RequirementReport, 'level'>[]): string {
  const counts = (['MUST', 'SHOULD', 'MAY'] as const).flatMap((level) => {
    const count = rows.filter((row) => row.level === level).length;
    return count === 0 ? [] : [`${grouped(count)} ${level}`];
  });
  return `${inSeries(counts)} requirement${rows.length === 1 ? '' : 's'}`;
}

/** `a, b and c`. */
export const inSeries = (parts: readonly string[]): string =>
  [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter((part) => part !== '').join(' and ');

/** An integer with its thousands separated, the same in every locale. */
export function grouped(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `92.3 %`, or a dash where nothing applies. */
export function percentWords(share: Share): string {
  return share.percent === null ? '–' : `${share.percent} %`;
}

/** `92.3 % (72 of 78)`. */
export function shareWords(share: Share): string {
  return `${percentWords(share)} (${share.count} of ${share.of})`;
}

/** A duration for people: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function durationWords(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  return `${Math.floor(durationMs / 60_000)} min ${Math.floor((durationMs % 60_000) / 1000)} s`;
}

/** When a run began, to the minute, in UTC. */
export const startedWords = ({ startedAt }: { readonly startedAt: string }): string =>
  `${startedAt.slice(0, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ')} UTC`;

/** A size for people, with the exact number of bytes. */
export function sizeWords(bytes: number): string {
  const exact = counted(bytes, 'byte');
  if (bytes < 1024) return exact;
  return bytes < 1024 * 1024
    ? `${exact} (${(bytes / 1024).toFixed(1)} KiB)`
    : `${exact} (${(bytes / 1024 / 1024).toFixed(1)} MiB)`;
}
