import type { Consequence } from '../engine/endpoint.js';
import { consequenceOf, consequenceOfRow, demandsSuccess, graver } from './consequences.js';
import { doctorCommand } from './again.js';
import { isAboutTokens } from './shopping.js';
import { successPattern } from './success-pattern.js';
import { causesOf, checksOf, firstFinding, gravestCheckOf, type Digest } from './digest.js';
import type { CheckReport, Finding, Report, RequirementReport } from './model.js';

/** What stands where no set of known mistakes explains a failure. */
export const unlikeAny = 'like no known mistake';
export const unlikeAnyWords =
  'Like no known mistake, beside all else that failed here. Carried out alone, with --only and --verbose, it may be like one; what is like none then, the authors of the suite would like to know.';

type Found = NonNullable<Report['causes']>['found'][number];

/** What is known of why: a cause, that it is like no known mistake, or null where mistakes were not looked for. */
type Likely = Found | typeof unlikeAny | null;

/** One likely mistake of the target, and all that it breaks. */
export interface Card {
  readonly consequence: Consequence;
  /** What happened, in a line. */
  readonly title: string;
  /** The gravest first; the card shows this one. */
  readonly rows: readonly [RequirementReport, ...RequirementReport[]];
  /** The check that it is shown on. */
  readonly check: CheckReport | undefined;
  readonly finding: Finding | undefined;
  readonly likely: Likely;
  /** Which success is answered how, where they are not all answered alike; null: the card is not about that. */
  readonly pattern: string | null;
}

/** The requirement that all successes have one status. */
const patternRow = 'CANCEL-RESP-002';

/** Failed requirements by likely cause, the worst consequence first. */
export function cardsOf(rows: readonly RequirementReport[], all: Digest): readonly Card[] {
  const { causes } = all.report;
  const found = (causes?.found ?? []).map((likely) => ({ likely, checks: new Set(likely.checks) }));
  const causeOf = new Map(rows.map((row) => [row, bestOf(found, row, all)]));
  const explained = found.flatMap((one) => {
    const own = rows.filter((row) => causeOf.get(row) === one);
    return cardOf(own, one.likely, all);
  });
  const unlike = causes === undefined ? null : unlikeAny;
  const left = rows.filter((row) => causeOf.get(row) === undefined);
  const others = causesOf(left, all).flatMap(({ requirements }) => cardOf(requirements, unlike, all));
  return [...explained, ...others].toSorted(
    (a, b) => graver(a.consequence, b.consequence) || b.rows.length - a.rows.length,
  );
}

interface Explaining {
  readonly likely: Found;
  readonly checks: ReadonlySet<string>;
}

/** A requirement belongs to a cause that explains the failure that it is told with, and of several to the one that explains most of it, and least besides. */
function bestOf(found: readonly Explaining[], row: RequirementReport, all: Digest): Explaining | undefined {
  const shown = gravestCheckOf(row, all);
  const failed = checksOf(row, all).filter(({ verdict }) => verdict === 'failed');
  const shareOf = ({ checks }: Explaining): number => failed.filter(({ id }) => checks.has(id)).length;
  return found
    .filter((one) => (shown === undefined ? shareOf(one) > 0 : one.checks.has(shown.id)))
    .toSorted((a, b) => shareOf(b) - shareOf(a) || a.checks.size - b.checks.size)[0];
}

function cardOf(rows: readonly RequirementReport[], likely: Likely, all: Digest): readonly Card[] {
  const [first, ...others] = rows
    .map((row) => ({ row, consequence: consequenceOfRow(row, all) }))
    .toSorted((a, b) => graver(a.consequence, b.consequence));
  if (first === undefined) return [];
  const check = gravestCheckOf(first.row, all);
  const pattern = first.row.id === patternRow ? successPattern(all) : null;
  return [
    {
      consequence: first.consequence,
      title: titleOf(first.row, check, all),
      rows: [first.row, ...others.map(({ row }) => row)],
      check,
      finding: firstFinding(first.row, all),
      // What decides it tells more than mistakes that have this trace, and may refute them.
      likely: pattern?.decides === true ? null : likely,
      pattern: pattern?.words ?? null,
    },
  ];
}

/** What somebody did who had to be refused; else what is demanded, which is broken. */
function titleOf(row: RequirementReport, check: CheckReport | undefined, all: Digest): string {
  const consequence = check === undefined ? 'answer' : worstShown(check, all);
  const looks = (all.caseById.get(check?.caseId ?? '')?.looks ?? []).filter(({ role }) => role === 'subject');
  const [before, after] = [looks.find(({ when }) => when === 'before'), looks.findLast(({ when }) => when === 'after')];
  if (consequence === 'changed' && check !== undefined) {
    const isCancelled = after?.status === 'cancelled';
    if (row.area === 'STATE' && before?.status != null) {
      return `A request that was ${before.status} was ${isCancelled ? 'cancelled' : 'changed'}`;
    }
    const did = isCancelled ? 'cancelled a request' : 'changed a request';
    return `A call as ${check.persona} ${did}: such a call has to be refused`;
  }
  if (consequence === 'touched' && check !== undefined) return `A call as ${check.persona} changed another request`;
  if (check !== undefined && demandsSuccess(check)) {
    return `A call as ${check.persona} did not cancel: such a call has to succeed`;
  }
  return `Broken: ${row.title}`;
}

/**
 * The failed checks that a check is shown with, itself first: those of its case that fail the same requirement, and those that saw a change
 * of the request, which is the gravest that a call can do. What else went wrong in the case has a card of its own.
 */
export function shownWith(check: CheckReport, all: Digest): readonly CheckReport[] {
  const others = (all.checksByCase.get(check.caseId) ?? []).filter(
    (one) =>
      one !== check &&
      one.verdict === 'failed' &&
      (one.requirementIds.some((id) => check.requirementIds.includes(id)) || consequenceOf(one) === 'changed'),
  );
  return [check, ...others];
}

/** The gravest of what a check is shown with. */
export const worstShown = (check: CheckReport, all: Digest): Consequence =>
  shownWith(check, all).map(consequenceOf).toSorted(graver)[0] ?? 'form';

/** `2 of 535 known mistakes fail exactly these checks`. */
export function likelyWords({ alike }: Found, { causes }: Report): string {
  const many = alike === 1 ? '1' : String(alike);
  const what = causes?.near === true ? 'nearly these checks' : 'exactly these checks';
  return `${many} of ${causes?.known ?? 0} known mistakes ${alike === 1 ? 'fails' : 'fail'} ${what}`;
}

/** So many mistakes are named on a card. */
const mostNamed = 3;

/**
 * The mistakes that are named: those that fail the very checks, and where these are few what would explain as much in their place. That
 * may be where one mistake hides what another one would leave: one alone has left the whole of its trace.
 */
export function namedMistakes(
  { mistakes, alike }: Found,
  { causes }: Pick<Report, 'causes'>,
): {
  readonly exact: Found['mistakes'];
  readonly instead: Found['mistakes'];
} {
  const exact = mistakes.slice(0, Math.min(alike, mostNamed));
  const isAlone = causes?.found.length === 1 && causes.near !== true && causes.unexplained.length === 0;
  return { exact, instead: isAlone ? [] : mistakes.slice(alike, alike + mostNamed - exact.length) };
}

/** Stands before what would explain as much. */
export const insteadWords = 'As much would be explained by:';

/** What to look at before any mistake of the target, and the command that tells: a target that does not take the tokens of the run answers so, too. */
export const toRuleOut = (report: Report): { readonly words: string; readonly command: string } | null =>
  isAboutTokens(report)
    ? { words: 'Whether the target takes the tokens of this run', command: doctorCommand(report) }
    : null;

/** Why a card may be, in a sentence. */
export function likelySentence(likely: NonNullable<Likely>, report: Report): string {
  if (likely === unlikeAny) return unlikeAnyWords;
  const { exact, instead } = namedMistakes(likely, report);
  const named = (mistakes: Found['mistakes']): string =>
    mistakes.map(({ id, sentence }) => `${sentence} (${id})`).join(' Or: ');
  const more = instead.length === 0 ? '' : ` ${insteadWords} ${named(instead)}`;
  return `${named(exact)} (${likelyWords(likely, report)})${more}`;
}
