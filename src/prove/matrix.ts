import type { FailedRow, FaultResult, KillMatrix, VariantResult } from '../contract/kill-matrix.js';
import type { Fault, Variant } from '../reference/alterations.js';
import type { SubjectResult } from './subject.js';

type Judged = Exclude<SubjectResult, { readonly cannotStart: string }>;

/**
 * What became of a fault. A kill counts only by a requirement that the fault names: a crash, a time-out, an inconclusive
 * requirement or another one failing is none. Pure.
 * @param reference the run without any fault, of the same suite
 */
export function judgeFault(fault: Fault, result: SubjectResult, reference: Judged): FaultResult {
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
  if (breaks.length > 0 && seen.missed.length === 0) return { ...seen, state: 'killed' };
  if (result.behaviour !== reference.behaviour) return { ...seen, state: 'survived' };
  const reason = 'every answer and every reading was as without it';
  return { ...seen, state: 'changes-nothing', reason };
}

/**
 * What became of a variant: it must not fail or blur any MUST row, nor any SHOULD row but those that it touches. Pure.
 */
export function judgeVariant(variant: Variant, result: SubjectResult): VariantResult {
  const { id, sentence, touches } = variant;
  const about = { id, sentence, touches };
  if ('cannotStart' in result) {
    return { ...about, state: 'cannot-start', failed: [], untold: [], reason: result.cannotStart };
  }
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

/** What is wrong with the proof, in words; empty when every fault was killed and no variant was accused. Pure. */
export function problemsOf({ faults, variants, partial }: KillMatrix): readonly string[] {
  const isEmpty = partial ? faults.length + variants.length === 0 : faults.length === 0 || variants.length === 0;
  return [
    ...(isEmpty ? ['there are no faults, or no variants: nothing was proved'] : []),
    ...faults.filter(({ state }) => state !== 'killed').map(faultInWords),
    ...variants.filter(({ state }) => state !== 'conformant').map(variantInWords),
  ];
}

const stateWords = {
  killed: 'killed',
  survived: 'survived',
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

function variantInWords({ id, state, failed, untold, reason }: VariantResult): string {
  if (state === 'cannot-start') return `variant ${id} cannot start: ${reason ?? ''}`;
  const what = [
    ...(failed.length > 0 ? [`failed ${failed.join(', ')}`] : []),
    ...(untold.length > 0 ? [`could not tell ${untold.join(', ')}`] : []),
    ...(reason === undefined ? [] : [reason]),
  ];
  return `variant ${id} accused: ${what.length > 0 ? what.join('; ') : 'the outcome was not conformant'}`;
}
