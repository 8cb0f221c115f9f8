import { declaredChecks, type DeclaredCheck } from '../plan/coverage.js';
import type { JudgedCheck } from '../judge/facts.js';
import { nearest, suggestion } from '../errors.js';
import { applicableRows, rowOf } from '../contract/rows.js';
import type { Area, Contract } from '../contract/types.js';
import type { Waiver } from '../contract/waivers.js';
import type { JudgedRequirement } from './requirements.js';

/** What became of a waiver in a run. */
export type WaiverState =
  /** The check failed as the waiver says. */
  | 'applied'
  /** The check was judged and did not fail. */
  | 'stale'
  /** The check failed in another way. */
  | 'different-failure'
  /** Its last day is over. */
  | 'expired'
  /** The edition has no such requirement or check, or the check does not judge the requirement. */
  | 'unmatched'
  /** It is for another edition than the run's. */
  | 'other-edition'
  /** The check could not be judged, or was left out: neither applied nor stale. */
  | 'not-told';

/** A waiver, judged. */
export interface JudgedWaiver extends Waiver {
  readonly state: WaiverState;
  /** Where it stands, what became of it, and what its owner should do. */
  readonly message: string;
}

/** What waivers are judged on. */
export interface WaiverContext {
  readonly contract: Contract;
  /** The areas that were asked for; null for all. */
  readonly areas: readonly Area[] | null;
  /** Day of the run in UTC: `YYYY-MM-DD`. */
  readonly today: string;
  readonly checks: readonly JudgedCheck[];
  /** Fingerprint of every failed check, by its id. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

const failing: ReadonlySet<WaiverState> = new Set(['stale', 'different-failure', 'expired', 'unmatched']);

/** True when a waiver in this state fails the run, even one in which every MUST passed. */
export const failsRun = ({ state }: { readonly state: WaiverState }): boolean => failing.has(state);

/** Holds every waiver against what the run showed. Pure. */
export function judgeWaivers(waivers: readonly Waiver[], context: WaiverContext): readonly JudgedWaiver[] {
  if (waivers.length === 0) return [];
  const known = checksOfEdition(context.contract);
  const judged = new Map(context.checks.map((check) => [check.id, check]));
  return waivers.map((waiver) => {
    const { state, says } = judgeWaiver(waiver, { ...context, known, judged });
    return { ...waiver, state, message: `${waiver.at}: ${says}` };
  });
}

/** The rows, marked waived where every failure is covered by a waiver that applied. */
export function markWaived(
  rows: readonly JudgedRequirement[],
  waivers: readonly JudgedWaiver[],
): readonly JudgedRequirement[] {
  const covered = new Set(waivers.filter(({ state }) => state === 'applied').map(pairOf));
  return rows.map((row) => {
    const failed = row.verdict === 'failed' ? row.checks.filter(({ verdict }) => verdict === 'failed') : [];
    const isWaived = ({ id }: JudgedCheck): boolean =>
      covered.has(pairOf({ requirement: row.requirement.id, check: id }));
    return failed.length > 0 && failed.every(isWaived) ? { ...row, waived: true } : row;
  });
}

const pairOf = ({ requirement, check }: { readonly requirement: string; readonly check: string }): string =>
  `${requirement} ${check}`;

interface Known extends WaiverContext {
  readonly known: ReadonlyMap<string, DeclaredCheck>;
  readonly judged: ReadonlyMap<string, JudgedCheck>;
}

interface Judgement {
  readonly state: WaiverState;
  readonly says: string;
}

function judgeWaiver(waiver: Waiver, context: Known): Judgement {
  const { owner, requirement, check, expires, edition } = waiver;
  const current = context.contract.edition.id;
  if (edition !== current) {
    return {
      state: 'other-edition',
      says: `passed over: it is for the edition ${edition}, this run judges by ${current}`,
    };
  }
  const mismatch = mismatchOf(waiver, context);
  if (mismatch !== null) {
    return { state: 'unmatched', says: `matches nothing: ${mismatch} (owner ${owner}: correct or delete this waiver)` };
  }
  if (expires >= context.today) return judgeCurrent(waiver, context);
  const verdict = context.judged.get(check)?.verdict;
  const advice =
    verdict === 'failed' ? 'repair the target, or renew it with a reason' : 'delete this waiver, or renew it';
  return {
    state: 'expired',
    says: `expired after ${expires} (owner ${owner}: ${advice}): ${requirement} on ${check}`,
  };
}

function judgeCurrent(waiver: Waiver, { contract, areas, judged, fingerprints }: Known): Judgement {
  const { owner, requirement, check, fingerprint, expires } = waiver;
  const area = rowOf(contract, requirement)?.area;
  const found = judged.get(check);
  if (!found || (areas !== null && area !== undefined && !areas.includes(area))) {
    return { state: 'not-told', says: `not told: ${requirement} on ${check} was left out of this run` };
  }
  const reason = found.reason ?? 'no reason given';
  if (found.verdict === 'inconclusive') {
    return { state: 'not-told', says: `not told: ${requirement} on ${check} is inconclusive: ${reason}` };
  }
  if (found.verdict !== 'failed') {
    const how = found.verdict === 'passed' ? 'passed' : `is not applicable, because ${reason}`;
    return {
      state: 'stale',
      says: `stale (owner ${owner}: delete this waiver): ${requirement} on ${check} ${how}`,
    };
  }
  const actual = fingerprints.get(check) ?? 'unknown';
  if (actual !== fingerprint) {
    return {
      state: 'different-failure',
      says: `different failure (owner ${owner}: look at it, then repair the target or waive ${actual}): ${requirement} on ${check} no longer fails as ${fingerprint}`,
    };
  }
  return {
    state: 'applied',
    says: `applied: ${requirement} fails on ${check}; ${owner} answers for it until ${expires}`,
  };
}

/** Why a waiver can match nothing in this edition; null when it can. */
function mismatchOf({ requirement, check }: Waiver, { contract, known }: Known): string | null {
  const rows = applicableRows(contract).map(({ id }) => id);
  if (!rows.includes(requirement)) {
    return `the edition ${contract.edition.id} has no requirement ${requirement}${nearest(requirement.toUpperCase(), rows)}`;
  }
  const declared = known.get(check);
  if (!declared) return `no check ${check}${nearest(check, [...known.keys()])}`;
  if (declared.requirementIds.includes(requirement)) return null;
  return `${check} does not judge ${requirement}${suggestion(requirement, declared.requirementIds)}`;
}

/** Every check of the edition, whatever areas a run is narrowed to. A case that rests on a row of another edition is that edition's. */
function checksOfEdition(contract: Contract): ReadonlyMap<string, DeclaredCheck> {
  const { endpoint } = contract;
  const rows = new Set(applicableRows(contract).map(({ id }) => id));
  const groups = endpoint.groups.map((group) => ({
    ...group,
    cases: group.cases.filter(({ then }) =>
      then.every(({ requirementIds }) => requirementIds.every((id) => rows.has(id))),
    ),
  }));
  return new Map(declaredChecks({ ...endpoint, groups }).map((check) => [check.id, check]));
}
