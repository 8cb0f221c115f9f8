import { createHash } from 'node:crypto';
import { loadContract } from '../../cancel/contract.js';
import { scoringRows } from '../../engine/contract/rows.js';
import type { Area, Contract, Level, Readings } from '../../engine/contract/types.js';
import { onlyCases, planRun } from '../../engine/plan/plan.js';
import type { Fault, Variant } from '../../emulators/endpoint/alterations.js';
import { faults } from '../../emulators/endpoint/faults/index.js';
import { cellsLookingFor, derivedFaults } from './derived.js';
import { variants } from '../../emulators/endpoint/variants/index.js';
import { judgeRun, type RunEvidence, type RunVerdict } from '../../engine/verdict/judge-run.js';
import type { Outcome } from '../../engine/verdict/outcome.js';
import type { VerdictWord } from '../../engine/evidence/verdicts.js';
import { evidenceOf } from '../../report/assemble/report-of.js';
import { performRun } from '../../hosts/in-process.js';
import { resolveTarget } from '../../hosts/target.js';
import type { Target } from '../../target/target.js';

/** What is judged: the embedded target as it is, with one fault or two, with a variant, or with a fault over a variant. */
export interface Subject {
  readonly kind: 'unaltered' | 'fault' | 'pair' | 'variant';
  /** Ids of its faults, or of its variant; empty for the target as it is. */
  readonly ids: readonly string[];
  /** Id of the variant that the faults are laid over; left out: the target as it is. */
  readonly over?: string;
  /** The areas whose rows are judged; null for all. */
  readonly areas: readonly Area[] | null;
  /** The cases that are carried out; left out: all. */
  readonly cases?: readonly string[];
  /** True: without the cells of gates, which derived faults are made of and which cost as much as all else. */
  readonly withoutCells?: true;
}

/** A requirement that did not pass. */
interface Row {
  readonly id: string;
  readonly level: Level;
  /** Ids of its checks that failed. */
  readonly failedChecks: readonly string[];
}

/** What a run against a subject came to, or why there was none. */
export type SubjectResult =
  | {
      readonly outcome: Outcome;
      readonly failed: readonly Row[];
      readonly untold: readonly Row[];
      readonly suiteFaults: readonly string[];
      /**
       * Hash of all answers and readings, but for what differs from call to call; null where a row failed that does not fail
       * without the fault, which tells the two apart.
       */
      readonly behaviour: string | null;
      /** How many checks of each row do not apply, by its id. */
      readonly notApplicable: Readonly<Record<string, number>>;
      /** Status codes of the answers that each row which names accepted ones was judged by. */
      readonly statuses: Readonly<Record<string, readonly number[]>>;
    }
  | { readonly cannotStart: string };

/** One fault never answers, which costs the whole time-out; a machine that is busy must not look like that fault. */
const timeoutMs = 4000;

/** Judges a subject on the engine itself; cases are data and need no test runner. Never throws for the subject's sake. */
export async function judgeSubject(subject: Subject, editionId: string): Promise<SubjectResult> {
  try {
    const { needs = {}, altered } = alteredBy(subject);
    const { target, contract } = embeddedIn(editionId, needs.readings);
    const { settleMs = target.settleMs } = needs;
    const tested: Target = { ...target, timeoutMs, settleMs, embedded: altered };
    const { withoutCells = false } = subject;
    const whole = planRun(contract, { ...tested, withoutCells }, subject.areas);
    const plan = subject.cases === undefined ? whole : onlyCases(whole, subject.cases);
    const parts = { target: tested, contract, plan };
    const isWhole = subject.cases === undefined && !withoutCells;
    // Beside other targets in this process none is the only one that takes its time: one lane, whatever the answers take.
    const { ended } = await performRun(parts, {
      lanes: 1,
      lastLook: subject.kind === 'unaltered' || subject.kind === 'variant' || (subject.over !== undefined && isWhole),
    });
    const evidence = evidenceOf(ended, parts);
    return summarise({ evidence, verdict: judgeRun(evidence) }, subject);
  } catch (error) {
    return { cannotStart: error instanceof Error ? error.message : String(error) };
  }
}

/** The embedded target and the contract by edition and readings: the same for many subjects, and read once. */
const known = new Map<string, ReturnType<typeof resolveTarget>>();

function embeddedIn(edition: string, readings: Readings = {}): ReturnType<typeof resolveTarget> {
  const key = JSON.stringify([edition, readings]);
  const embedded = known.get(key) ?? resolveTarget({ edition, readings });
  known.set(key, embedded);
  return embedded;
}

/** How the target of a subject is altered, and what the target file of a variant of that kind would say. */
function alteredBy({ kind, ids, over }: Subject): {
  readonly altered: NonNullable<Target['embedded']>;
  readonly needs?: Variant['needs'];
} {
  const variant = kind === 'variant' ? ids[0] : over;
  if (variant === undefined) return { altered: { fault: ids } };
  const fault = kind === 'variant' ? [] : ids;
  return { altered: { variant, fault }, needs: variants.find(({ id }) => id === variant)?.needs };
}

interface Judged {
  readonly evidence: RunEvidence;
  readonly verdict: RunVerdict;
}

function summarise(judged: Judged, { kind, over }: Subject): SubjectResult {
  const { requirements, outcome, suiteFaults } = judged.verdict;
  const rows = (verdict: VerdictWord): readonly Row[] =>
    requirements
      .filter((row) => row.verdict === verdict)
      .map(({ requirement: { id }, level, checks }) => {
        return { id, level, failedChecks: checks.flatMap((check) => (check.verdict === 'failed' ? check.id : [])) };
      });
  const failed = rows('failed');
  return {
    outcome,
    failed,
    untold: rows('inconclusive'),
    suiteFaults,
    // A variant may warn by itself, so that a row that fails over it tells nothing of the fault.
    behaviour: failed.length > 0 && kind !== 'variant' && over === undefined ? null : behaviourOf(judged.evidence),
    notApplicable: Object.fromEntries(
      requirements.map(({ requirement: { id }, checks }) => [
        id,
        checks.filter(({ verdict }) => verdict === 'not-applicable').length,
      ]),
    ),
    statuses: statusesOf(judged),
  };
}

function statusesOf({ evidence, verdict }: Judged): Readonly<Record<string, number[]>> {
  const exchanges = new Map(evidence.records.map((record) => [record.caseId, record.exchanges]));
  const naming = verdict.requirements.filter(({ requirement }) => requirement.accepted !== undefined);
  return Object.fromEntries(
    naming.map(({ requirement: { id }, checks }) => {
      const seen = checks.flatMap(({ caseId }) => exchanges.get(caseId) ?? []);
      const statuses = new Set(seen.flatMap(({ response }) => response?.status ?? []));
      return [id, [...statuses].toSorted((a, b) => a - b)];
    }),
  );
}

/** What differs between two calls of the same kind: ids, tokens, times, and the port in an address. */
const passing = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z?|127\.0\.0\.1:\d+/gi;

function behaviourOf({ records, plan }: RunEvidence): string {
  const byCase = new Map(records.map((record) => [record.caseId, record]));
  const seen = [...plan.cases.keys()].map((id) => {
    const { exchanges = [], looks = [] } = byCase.get(id) ?? {};
    const answers = exchanges.map(({ id: exchange, response, noAnswer }) => [
      exchange,
      noAnswer?.reason,
      response?.status,
      response?.headers.map(([name, value]) => (name.toLowerCase() === 'date' ? name : `${name}: ${value}`)),
      response?.body,
    ]);
    return [id, answers, looks.map(({ role, when, status, resource }) => [role, when, status, resource])];
  });
  return createHash('sha256').update(JSON.stringify(seen).replaceAll(passing, '')).digest('hex');
}

/** The faults and variants that concern an edition. */
interface Subjects {
  readonly contract: Contract;
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
  /** The cases that could see a fault that only cells can, by its id. */
  readonly cases: ReadonlyMap<string, readonly string[]>;
}

/**
 * The faults and variants that concern an edition: those of which it has a requirement.
 * @throws ConfigurationError for an unknown edition
 */
export function subjectsOf(editionId?: string): Subjects {
  const contract = loadContract(editionId);
  const known = new Set(scoringRows(contract).map(({ id }) => id));
  const concerned = faults
    .filter(({ breaks }) => breaks.length === 0 || breaks.some((id) => known.has(id)))
    .filter(({ readsBody }) => readsBody !== true || contract.edition.body.rule !== 'none')
    .map((fault) => ({ ...fault, breaks: fault.breaks.filter((id) => known.has(id)) }));
  const derived = derivedFaults(contract);
  return {
    contract,
    faults: [...concerned, ...derived.map(({ fault }) => fault)],
    variants,
    cases: new Map([
      ...concerned.flatMap((fault) => {
        const cells = cellsLookingFor(fault, contract);
        return cells === null ? [] : [[fault.id, cells] as const];
      }),
      ...derived.map(({ fault, cases }) => [fault.id, cases] as const),
    ]),
  };
}

/** Ids of the rows that an edition demands under the readings that a variant needs. */
export function demandedOver({ needs = {} }: Variant, edition: string): ReadonlySet<string> {
  return new Set(scoringRows(embeddedIn(edition, needs.readings).contract).map(({ id }) => id));
}
