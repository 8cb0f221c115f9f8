import type {
  CrossingResult,
  FailedRow,
  FaultResult,
  KillMatrix,
  PairResult,
  VariantResult,
} from '../../engine/contract/kill-matrix.js';
import type { Area } from '../../engine/contract/types.js';
import type { Fault, Variant } from '../../emulators/endpoint/alterations.js';
import type { SubjectResult } from './subject.js';

type Judged = Exclude<SubjectResult, { readonly cannotStart: string }>;

/**
 * What became of a fault. A kill counts only by a requirement that the fault names: a crash, a time-out, an inconclusive
 * requirement or another one failing is none. Pure.
 * @param unaltered the run without any fault, of the same suite
 */
export function judgeFault(fault: Fault, result: SubjectResult, unaltered: Judged): FaultResult {
  const { id, sentence, breaks } = fault;
  const about = { id, sentence, breaks };
  if ('cannotStart' in result) {
    return {
      ...about,
      state: 'cannot-start',
      killedBy: [],
      missed: breaks,
      collateral: [],
      reason: result.cannotStart,
    };
  }
  const [suiteFault] = result.suiteFaults;
  const failed = result.failed.map((row): FailedRow => ({ requirement: row.id, checks: row.failedChecks }));
  const killedBy = failed.filter(({ requirement }) => breaks.includes(requirement));
  const seen = {
    ...about,
    killedBy,
    missed: breaks.filter((row) => !killedBy.some(({ requirement }) => requirement === row)),
    collateral: failed.filter(({ requirement }) => !breaks.includes(requirement)),
  };
  if (suiteFault !== undefined) return { ...seen, state: 'survived', reason: `the suite was at fault: ${suiteFault}` };
  if (fault.derived ? killedBy.length > 0 : breaks.length > 0 && seen.missed.length === 0)
    return { ...seen, state: 'killed' };
  if (result.behaviour === null || result.behaviour !== unaltered.behaviour) return { ...seen, state: 'survived' };
  const reason = 'every answer and every reading was as without it';
  return { ...seen, state: 'changes-nothing', reason };
}

/**
 * What became of a variant: it must not fail or blur any MUST row, nor any SHOULD row but those that it touches. Which rows
 * it answers with another status is seen, not declared, so that no list of rows has to be kept for it. Pure.
 * @param unaltered the run without any variant, of the same suite
 */
export function judgeVariant(variant: Variant, result: SubjectResult, unaltered: Judged): VariantResult {
  const { id, sentence } = variant;
  if ('cannotStart' in result) {
    const about = { id, sentence, touches: variant.touches };
    return { ...about, state: 'cannot-start', failed: [], untold: [], reason: result.cannotStart };
  }
  const otherwise = Object.entries(result.statuses).filter(
    ([row, statuses]) => String(statuses) !== String(unaltered.statuses[row] ?? []),
  );
  const touches = [...new Set([...variant.touches, ...otherwise.map(([row]) => row)])];
  const about = { id, sentence, touches };
  const concerns = (row: { readonly id: string; readonly level: string }): boolean =>
    row.level === 'MUST' || (row.level === 'SHOULD' && !touches.includes(row.id));
  const failed = result.failed.filter(concerns).map((row) => row.id);
  const untold = result.untold.filter(concerns).map((row) => row.id);
  const [suiteFault] = result.suiteFaults;
  const content = failed.length === 0 && untold.length === 0 && result.outcome === 'conformant';
  return {
    ...about,
    state: content ? 'conformant' : 'accused',
    failed,
    untold,
    ...(suiteFault === undefined ? {} : { reason: `the suite was at fault: ${suiteFault}` }),
  };
}

/** Two faults in one target, of which each breaks a row of the area. */
export interface Pair {
  readonly faults: readonly [Fault, Fault];
  readonly area: Area;
}

/**
 * All pairs of faults within an area: a target rarely makes one mistake alone, and one may hide another. Pure.
 * @param areaOf area of a requirement by its id
 */
export function pairsWithin(faults: readonly Fault[], areaOf: (row: string) => Area | undefined): readonly Pair[] {
  const areas = faults.map(({ breaks }) => new Set(breaks.map(areaOf)));
  return faults.flatMap((first, index) =>
    faults.slice(index + 1).flatMap((second, distance) => {
      const area = [...(areas[index] ?? [])].find((own) => areas[index + 1 + distance]?.has(own));
      return area === undefined ? [] : [{ faults: [first, second] as const, area }];
    }),
  );
}

/** Checks of each row by which a fault is known that are enough to look for it beside another fault. */
const checksPerRow = 2;

/**
 * The cases that caught the faults of a pair one by one, and may well catch them together; null where a check on the run
 * as a whole is among the checks, for which all cases count. Pure.
 */
export function likelyCases(
  results: readonly FaultResult[],
  caseOf: (check: string) => string | undefined,
): readonly string[] | null {
  const checks = results.flatMap(({ killedBy }) => killedBy.flatMap((row) => row.checks.slice(0, checksPerRow)));
  const cases = checks.map(caseOf);
  return cases.includes(undefined) || cases.length === 0 ? null : [...new Set(cases.filter((id) => id !== undefined))];
}

/** What became of a pair: killed when a row of the area failed that one of the two names. Pure. */
export function judgePair({ faults, area }: Pair, result: SubjectResult): PairResult {
  const about = { faults: faults.map(({ id }) => id), area };
  if ('cannotStart' in result) return { ...about, state: 'cannot-start', killedBy: [], reason: result.cannotStart };
  const breaks = new Set(faults.flatMap((fault) => fault.breaks));
  const killedBy = result.failed.map(({ id }) => id).filter((id) => breaks.has(id));
  const [suiteFault] = result.suiteFaults;
  if (suiteFault !== undefined) {
    return { ...about, state: 'survived', killedBy, reason: `the suite was at fault: ${suiteFault}` };
  }
  return { ...about, state: killedBy.length > 0 ? 'killed' : 'survived', killedBy };
}

/** A fault laid over a variant. Of the rows that the fault breaks it names those that the variant's readings demand. */
export interface Crossing {
  readonly fault: Fault;
  readonly variant: Variant;
}

/**
 * Every fault over every variant: a mistake has to show however the target uses its freedoms. Where the readings that a variant
 * needs demand none of the rows that a fault breaks, it is no mistake, and left out. Pure.
 * @param demandedOver ids of the rows that are demanded of a target of that variant
 */
export function crossingsOf(
  faults: readonly Fault[],
  variants: readonly Variant[],
  demandedOver: (variant: Variant) => ReadonlySet<string>,
): readonly Crossing[] {
  return variants.flatMap((variant) => {
    const demanded = demandedOver(variant);
    return faults
      .map((fault): Crossing => ({
        fault: { ...fault, breaks: fault.breaks.filter((row) => demanded.has(row)) },
        variant,
      }))
      .filter(({ fault }) => fault.breaks.length > 0 && !fault.harmlessOver?.includes(variant.id));
  });
}

/**
 * What became of a fault over a variant: killed as a fault alone is, and hidden where every answer and every reading was as
 * with the variant alone, so that there was nothing to see. What the variant fails by itself is no kill. Pure.
 * @param alone the run with the variant and without the fault, of the whole suite
 */
export function judgeCrossing(
  { fault, variant }: Crossing,
  result: SubjectResult,
  alone: SubjectResult,
): CrossingResult {
  const about = { fault: fault.id, variant: variant.id };
  if ('cannotStart' in alone) {
    return { ...about, state: 'cannot-start', missed: fault.breaks, reason: `the variant alone: ${alone.cannotStart}` };
  }
  const { state, missed, reason } = judgeFault(fault, withoutThoseOf(result, alone), alone);
  return {
    ...about,
    state: state === 'changes-nothing' ? 'hidden' : state,
    missed,
    ...(reason === undefined ? {} : { reason }),
  };
}

/**
 * The crossing with the rows alone that are demanded of the variant as wholly as of the target as it is. A reading may leave to
 * a target whom it serves, and with that what rests on those callers. Pure.
 * @param alone the run with the variant and without the fault, of the whole suite
 * @param unaltered the run without either, of the whole suite
 */
export function whollyDemanded(crossing: Crossing, alone: SubjectResult, unaltered: Judged): Crossing {
  const { fault, variant } = crossing;
  if ('cannotStart' in alone || variant.needs?.readings === undefined) return crossing;
  const isWhole = (row: string): boolean => (alone.notApplicable[row] ?? 0) <= (unaltered.notApplicable[row] ?? 0);
  return { fault: { ...fault, breaks: fault.breaks.filter(isWhole) }, variant };
}

/** The result with the checks alone that do not fail without the fault. */
function withoutThoseOf(result: SubjectResult, alone: Judged): SubjectResult {
  if ('cannotStart' in result) return result;
  const own = new Set(alone.failed.flatMap(({ failedChecks }) => failedChecks));
  const failed = result.failed.map((row) => ({ ...row, failedChecks: row.failedChecks.filter((id) => !own.has(id)) }));
  return { ...result, failed: failed.filter(({ failedChecks }) => failedChecks.length > 0) };
}

/** What may become of a fault over a variant. */
const explained: readonly CrossingResult['state'][] = ['killed', 'hidden', 'not-demanded'];

/** What is wrong with the proof, in words; empty when every fault was killed and no variant was accused. Pure. */
export function problemsOf({ faults, variants, pairs, across, partial }: KillMatrix): readonly string[] {
  const isEmpty = partial ? faults.length + variants.length === 0 : faults.length === 0 || variants.length === 0;
  return [
    ...(isEmpty ? ['there are no faults, or no variants: nothing was proved'] : []),
    ...faults.filter(({ state }) => state !== 'killed').map(faultInWords),
    ...variants.filter(({ state }) => state !== 'conformant').map(variantInWords),
    ...(pairs?.length === 0 ? ['there are no pairs of faults within an area: nothing was proved of pairs'] : []),
    ...(pairs ?? []).filter(({ state }) => state !== 'killed').map(pairInWords),
    ...(across?.length === 0 ? ['no fault was laid over a variant: nothing was proved across variants'] : []),
    ...(across ?? []).filter(({ state }) => !explained.includes(state)).map(crossingInWords),
  ];
}

const stateWords = {
  killed: 'killed',
  survived: 'survived',
  hidden: 'hidden',
  'not-demanded': 'not demanded',
  'changes-nothing': 'changes nothing',
  'cannot-start': 'cannot start',
} as const;

function faultInWords({ id, state, missed, killedBy, collateral, reason }: FaultResult): string {
  const found =
    killedBy.length > 0 ? ` (it was caught by ${killedBy.map(({ requirement }) => requirement).join(', ')})` : '';
  const others =
    collateral.length > 0 ? `; failed instead: ${collateral.map(({ requirement }) => requirement).join(', ')}` : '';
  const why = reason ?? `${missed.join(', ')} did not fail${found}${others}`;
  return `fault ${id} ${stateWords[state]}: ${why}`;
}

function pairInWords({ faults, area, state, reason }: PairResult): string {
  const why = reason ?? `no requirement of ${area} that one of them names failed`;
  return `the faults ${faults.join(' and ')} together ${stateWords[state]}: ${why}`;
}

function crossingInWords({ fault, variant, state, missed, reason }: CrossingResult): string {
  return `fault ${fault} over the variant ${variant} ${stateWords[state]}: ${reason ?? `${missed.join(', ')} did not fail`}`;
}

function variantInWords({ id, state, failed, untold, reason }: VariantResult): string {
  if (state === 'cannot-start') return `variant ${id} cannot start: ${reason ?? ''}`;
  const what = [
    ...(failed.length > 0 ? [`failed ${failed.join(', ')}`] : []),
    ...(untold.length > 0 ? [`could not tell ${untold.join(', ')}`] : []),
    ...(reason === undefined ? [] : [reason]),
  ];
  return `variant ${id} accused: ${what.length > 0 ? what.join('; ') : 'the outcome was not conformant'}`;
}
