import type { Area, Level, SourcePointer } from '../engine/contract/types.js';
import type { WaiverEntry } from '../engine/contract/waivers.js';
import type { Exchange, Look } from '../engine/evidence/records.js';
import type { Finding, VerdictWord } from '../engine/evidence/verdicts.js';
import type { ContestedObservation, Observation } from '../engine/verdict/observe.js';
import type { Outcome, Share, VerdictCounts } from '../engine/verdict/outcome.js';
import type { WaiverState } from '../engine/verdict/waivers.js';

export type { Finding, Outcome, Share, VerdictCounts, VerdictWord };

/** One requirement judged on one case. */
export interface CheckReport {
  /** Case id, a slash, the verb of the expectation (and `:member`). Permanent. */
  readonly id: string;
  readonly caseId: string;
  readonly requirementIds: readonly string[];
  readonly title: string;
  readonly verdict: VerdictWord;
  /** Why it is inconclusive or not applicable. */
  readonly reason?: string;
  /** The verdict that it would have, where it came after the edition was frozen: it is shown and does not score. */
  readonly unscored?: VerdictWord;
  /** Whose credential the case used. */
  readonly persona: string;
  readonly findings: readonly Finding[];
  /** What failed, the same in every run that fails in the same way; set exactly when it failed. */
  readonly fingerprint?: string;
  /** Ids of the requirements for which a waiver covers its failure. */
  readonly waivedFor?: readonly string[];
  /** Ids of the exchanges that it was judged on. */
  readonly exchanges: readonly string[];
  /** Ids of the faults that it is known to catch. */
  readonly knownToCatch: readonly string[];
}

export interface RequirementReport {
  readonly id: string;
  readonly level: Level;
  readonly area: Area;
  readonly title: string;
  readonly statement: string;
  /** Where it stands in `specs/requirements.yaml`, from 1. */
  readonly line: number;
  readonly source: readonly SourcePointer[];
  readonly verdict: VerdictWord;
  /** True when it failed and waivers cover all of its failures; it is not met all the same. */
  readonly waived?: true;
  /** Why it is inconclusive or not applicable. */
  readonly reason?: string;
  /** Ids of its checks. */
  readonly checks: readonly string[];
}

/** A waiver that was given, and what became of it. */
export interface WaiverReport extends WaiverEntry {
  /** Where it stands: `file:line`. Missing in reports of before `judge`. */
  readonly at?: string;
  readonly state: WaiverState;
  /** Where it stands, what became of it, and what its owner should do. */
  readonly message: string;
}

/** The frame of one case: the requests it watched and how their status read. */
export interface CaseReport {
  readonly id: string;
  readonly area: Area;
  readonly group: string;
  readonly title: string;
  /** Status of the request before the calls; null for the run as a whole. */
  readonly status: string | null;
  /** Whose credential its first call carries, or what stands in its place, such as `anonymous`. */
  readonly persona: string;
  /** Id of the case that this one differs from in one declared place; null for a case that needs no control. */
  readonly control: string | null;
  /** The declared place or places in which it differs from its control. */
  readonly mutates: readonly string[];
  readonly blocked: string | null;
  /** True when it was not carried out because the target is known not to have what it is about. */
  readonly absent?: true;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly looks: readonly Look[];
  /** What failed where other cases were carried out beside this one; it was then carried out again alone, and judged by that. */
  readonly beside?: readonly string[];
}

/** How to send an exchange again that a finding rests on. */
export interface Reproducer {
  readonly exchangeId: string;
  /** Why curl cannot send the same bytes; `text` then says so and holds no command. Null when it can. */
  readonly obstacle: string | null;
  /** Lines for a POSIX shell, in printable ASCII. */
  readonly text: string;
}

/** What verdicts rest on besides edition, readings, areas, waivers, frames and exchanges, so that they can be recomputed. */
export interface JudgingBasis {
  /** The provider that arranged the requests, by the name that levels of requirements go by. */
  readonly provider: string;
  /** True when requests were hard to come by: cases that send the same calls share one record. */
  readonly sharedRequests: boolean;
  /** True when each created request counted: cases were spared that decide nothing which others do not decide as well. */
  readonly fewestCases?: boolean;
  readonly interrupted: boolean;
  /** How the run came to its end, where that was neither by itself nor by SIGINT. */
  readonly ending?: 'bound' | 'SIGTERM' | 'SIGHUP';
  /** Why cases were not carried out, where some were not. */
  readonly unfinished: string;
  /** Faults of the suite that were noticed while it ran; all others are found by judging. */
  readonly noticedFaults: readonly string[];
}

/** The one model of a finished run. `report.json` is its JSON; every other file is a projection of it. */
export interface Report {
  readonly schemaVersion: 1;
  readonly suite: { readonly name: string; readonly version: string };
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly durationMs: number;
    readonly outcome: Outcome;
    /** One to three sentences for the first screen: why this outcome. */
    readonly explanation: string;
    readonly exitCode: number;
    /** True when a filter or an interruption left cases out: no claim of conformance. */
    readonly partial: boolean;
    /** Set when a filter was given: the areas that ran. */
    readonly areas: readonly Area[] | null;
    /** Set when cases were chosen: their ids. */
    readonly only?: readonly string[];
  };
  readonly target: {
    readonly name: string;
    readonly baseUrl: string;
    readonly edition: string;
    /** Reading in force per contested clause. */
    readonly readings: Readonly<Record<string, string>>;
    /** Effective configuration, secrets replaced by where they come from. */
    readonly configuration: Readonly<Record<string, string>>;
  };
  readonly totals: {
    readonly requirements: VerdictCounts;
    readonly must: VerdictCounts;
    readonly should: VerdictCounts;
    readonly may: VerdictCounts;
    readonly checks: VerdictCounts;
    readonly cases: number;
    readonly exchanges: number;
  };
  /** Share of the applicable MUST rows that this target let the suite check. */
  readonly provable: Share;
  /** Share of the applicable MUST rows that passed. */
  readonly proven: Share;
  readonly requirements: readonly RequirementReport[];
  readonly checks: readonly CheckReport[];
  readonly cases: readonly CaseReport[];
  readonly exchanges: readonly Exchange[];
  /** One for each exchange that a finding rests on; where a finding names none, for the calls of its case. */
  readonly reproducers: readonly Reproducer[];
  readonly observations: readonly Observation[];
  readonly contested: readonly ContestedObservation[];
  /** All waivers that were given, applied or not. */
  readonly waivers: readonly WaiverReport[];
  /** Faults of the suite itself; not empty exactly when the outcome is `suite-fault`. */
  readonly suiteFaults: readonly string[];
  /** Missing in reports of before `judge`. */
  readonly basis?: JudgingBasis;
}
