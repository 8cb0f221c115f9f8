import type { Case } from '../../engine/case.js';
import type { Proof } from '../../engine/contract/kill-matrix.js';
import type { Remarks } from '../../engine/perform/provider.js';
import type { Tested } from '../../engine/perform/session.js';
import { isFiltered } from '../../engine/plan/plan.js';
import type { JudgedCheck } from '../../engine/judge/facts.js';
import type { Contract, SourcePointer } from '../../engine/contract/types.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import type { CaseReport, CheckReport, Report, RequirementReport, WaiverReport } from '../model.js';
import { observe, observeContested } from '../../engine/verdict/observe.js';
import { otherReadings } from '../../engine/verdict/other-readings.js';
import { countVerdicts, isSignal, type Ending } from '../../engine/verdict/outcome.js';
import type { RunEvidence, RunVerdict } from '../../engine/verdict/judge-run.js';
import { causesIn } from './causes.js';
import { reproducersOf } from './reproducers.js';

/** What a report says besides evidence and verdicts. */
export interface RunCircumstances {
  readonly runId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly target: Pick<
    Tested,
    'name' | 'edition' | 'readings' | 'expensive' | 'fewestCases' | 'gatewayStatuses' | 'between' | 'at'
  > & {
    readonly configuration: Readonly<Record<string, string>>;
  };
  readonly baseUrl: string;
  /** What looks wrong with the claims of a persona's token. */
  readonly claimHints: Readonly<Record<string, readonly string[]>>;
  /** What the arranging side remarks on its part at the end; null when that is nothing, or it is not known. */
  readonly remarks: Remarks | null;
  /** Ids of the faults that each check is known to catch, by its id. */
  readonly knownToCatch: ReadonlyMap<string, readonly string[]>;
  /** By what the run was carried out; left out where it was not written down. */
  readonly provenance?: Report['provenance'];
  /** What known mistakes leave behind; null where that is not known. */
  readonly proof: Proof | null;
}

/** Puts a judged run into the one model from which every report is rendered. */
export function assembleReport(evidence: RunEvidence, verdict: RunVerdict, run: RunCircumstances): Report {
  const { plan, contract } = evidence;
  const records = inPlanOrder(evidence);
  const byId = new Map(records.map((record) => [record.caseId, record]));
  const checks = verdict.checks.map((check) =>
    toCheckReport(check, { evidence, records: byId, verdict, knownToCatch: run.knownToCatch }),
  );
  // Where requests are spared, cases share exchanges.
  const exchanges = [...new Map(records.flatMap((record) => record.exchanges).map((one) => [one.id, one])).values()];
  const { target } = run;
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: contract.version },
    run: {
      id: run.runId,
      startedAt: run.startedAt,
      durationMs: run.durationMs,
      outcome: verdict.outcome,
      explanation: verdict.explanation,
      exitCode: verdict.exitCode,
      partial: isFiltered(plan) || evidence.ending !== 'complete',
      areas: plan.areas,
      ...(plan.only === null ? {} : { only: plan.only }),
    },
    target: {
      name: target.name,
      baseUrl: run.baseUrl,
      ...(target.at && { at: target.at }),
      edition: target.edition,
      readings: target.readings,
      configuration: { ...target.configuration, ...seenOfConfiguration(run, plan) },
    },
    totals: {
      requirements: countVerdicts(verdict.requirements),
      must: countVerdicts(verdict.requirements, 'MUST'),
      should: countVerdicts(verdict.requirements, 'SHOULD'),
      may: countVerdicts(verdict.requirements, 'MAY'),
      checks: countVerdicts(verdict.checks),
      cases: plan.cases.size,
      exchanges: exchanges.length,
    },
    provable: verdict.provable,
    proven: verdict.proven,
    requirements: verdict.requirements.map((row) => toRequirementReport(row, contract)),
    checks,
    cases: toCaseReports(evidence, byId),
    exchanges,
    reproducers: reproducersOf(checks, records, {
      cases: plan.cases,
      contract,
      baseUrl: run.baseUrl,
      between: target.between ?? [],
    }),
    observations: observe(contract, { cases: plan.cases, records }),
    contested: contestedOf(evidence, verdict, records),
    waivers: verdict.waivers.map(toWaiverReport),
    suiteFaults: verdict.suiteFaults,
    ...(run.provenance && { provenance: run.provenance }),
    ...causesIn(checks, plan.cases, run.proof),
    basis: {
      provider: evidence.provider,
      sharedRequests: target.expensive,
      ...(target.fewestCases ? { fewestCases: true } : {}),
      ...(target.gatewayStatuses && { gatewayStatuses: target.gatewayStatuses }),
      ...(target.between && { between: target.between }),
      interrupted: isSignal(evidence.ending),
      ...endingOf(evidence.ending),
      unfinished: evidence.unfinished,
      noticedFaults: evidence.suiteFaults,
    },
  };
}

/** How each clause was read, what the target did, and what its other readings would have made of the run. */
function contestedOf(evidence: RunEvidence, verdict: RunVerdict, records: readonly CaseRecord[]): Report['contested'] {
  const others = otherReadings(evidence, verdict);
  const { contract } = evidence;
  return observeContested(contract, { cases: evidence.plan.cases, records }).map((clause) => {
    const stated = contract.contested.find(({ id }) => id === clause.id);
    return {
      ...clause,
      ...(stated && {
        disagreement: stated.disagreement,
        source: stated.source.map((pointer) => toSourceReport(pointer, contract)),
      }),
      others: others.get(clause.id) ?? [],
    };
  });
}

/** How the run ended, where `interrupted` does not say it. */
const endingOf = (ending: Ending): Pick<NonNullable<Report['basis']>, 'ending'> =>
  ending === 'complete' || ending === 'SIGINT' ? {} : { ending };

/** What the run found out about its own configuration. */
function seenOfConfiguration(
  { claimHints, remarks }: RunCircumstances,
  { spared }: RunEvidence['plan'],
): Readonly<Record<string, string>> {
  const hints = Object.entries(claimHints).map(([persona, found]) => `${persona}: ${found.join(', ')}`);
  const listed = (ids: readonly string[]): string => [ids.length, ids.slice(0, 50).join(' ')].join(': ');
  return {
    ...(spared.size > 0 ? { 'cases spared': listed([...spared.keys()]) } : {}),
    ...(hints.length > 0 ? { 'claims that look wrong': hints.join('; ') } : {}),
    ...remarks,
  };
}

/** Records in the order of the plan, whatever order they came in. */
function inPlanOrder(evidence: RunEvidence): readonly CaseRecord[] {
  const byId = new Map(evidence.records.map((record) => [record.caseId, record]));
  return casesInOrder(evidence).flatMap(({ entry }) => byId.get(entry.id) ?? []);
}

interface PlacedCase {
  readonly entry: Case;
  readonly area: CaseReport['area'];
  readonly group: string;
}

function casesInOrder({ plan, contract }: Pick<RunEvidence, 'plan' | 'contract'>): readonly PlacedCase[] {
  const placed = plan.groups.flatMap(({ area, title, cases }) => cases.map((entry) => ({ entry, area, group: title })));
  const judged = new Set(placed.map(({ entry }) => entry.id));
  const unjudged = plan.controls.filter(({ id }) => !judged.has(id));
  // A control that is judged nowhere is filed under the first area, where most controls are.
  const [first = ''] = Object.keys(contract.endpoint.areas);
  return [...unjudged.map((entry) => ({ entry, area: first, group: 'controls' })), ...placed];
}

interface CheckContext {
  readonly evidence: RunEvidence;
  readonly records: ReadonlyMap<string, CaseRecord>;
  readonly verdict: RunVerdict;
  readonly knownToCatch: RunCircumstances['knownToCatch'];
}

function toCheckReport(check: JudgedCheck, { evidence, records, verdict, knownToCatch }: CheckContext): CheckReport {
  const entry = evidence.plan.cases.get(check.caseId);
  const record = records.get(check.caseId);
  const shown = check.findings.flatMap(({ exchangeId }) => (exchangeId === null ? [] : [exchangeId]));
  const own = record?.exchanges.map((exchange) => exchange.id) ?? [];
  return {
    id: check.id,
    caseId: check.caseId,
    requirementIds: check.requirementIds,
    title: titleOf(check, evidence.contract),
    verdict: check.verdict,
    ...(check.reason === null ? {} : { reason: check.reason }),
    ...(check.unscored === undefined ? {} : { unscored: check.unscored }),
    persona: personaOf(record, entry),
    findings: check.findings,
    ...failureOf(check, verdict),
    exchanges: own.length > 0 ? own : shown,
    knownToCatch: knownToCatch.get(check.id) ?? [],
  };
}

/** Who called first: as it was sent, else as it was meant. */
const personaOf = (record: CaseRecord | undefined, entry: Case | undefined): string =>
  record?.exchanges.find(({ role }) => role !== 'opening')?.persona ?? entry?.when[0].persona ?? 'all callers';

/** What a failed check carries besides its findings. */
function failureOf({ id }: JudgedCheck, { fingerprints, waivers }: RunVerdict): Partial<CheckReport> {
  const fingerprint = fingerprints.get(id);
  const waivedFor = waivers
    .filter(({ check, state }) => check === id && state === 'applied')
    .map(({ requirement }) => requirement);
  return {
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(waivedFor.length === 0 ? {} : { waivedFor }),
  };
}

const toWaiverReport = (waiver: RunVerdict['waivers'][number]): WaiverReport => {
  const { requirement, check, edition, fingerprint, reason, owner, expires, at, state, message } = waiver;
  return { requirement, check, edition, fingerprint, reason, owner, expires, at, state, message };
};

function titleOf({ verb, member }: JudgedCheck, { endpoint: { verbs, wholeRun } }: Contract): string {
  const title = verb === wholeRun.verb ? wholeRun.title : (verbs[verb]?.title ?? verb);
  return member === undefined ? title : title.replace('a member of the resource', member);
}

function toRequirementReport(row: RunVerdict['requirements'][number], contract: Contract): RequirementReport {
  const { id, area, title, statement, line, source } = row.requirement;
  return {
    id,
    level: row.level,
    area,
    title,
    statement,
    line,
    source: source.map((pointer) => toSourceReport(pointer, contract)),
    verdict: row.verdict,
    ...(row.waived ? { waived: true } : {}),
    ...(row.reason === null ? {} : { reason: row.reason }),
    checks: row.checks.map((check) => check.id),
  };
}

function toSourceReport(
  pointer: SourcePointer,
  { documents, links }: Pick<Contract, 'documents' | 'links'>,
): RequirementReport['source'][number] {
  const { document, section } = pointer;
  const url = links[document]?.replace('{section}', section).replace('{number}', section.replaceAll(/\D/g, ''));
  return { ...pointer, document: documents[document] ?? document, ...(url === undefined ? {} : { url }) };
}

function toCaseReports(evidence: RunEvidence, records: ReadonlyMap<string, CaseRecord>): readonly CaseReport[] {
  const cases = casesInOrder(evidence).map(({ entry, area, group }): CaseReport => {
    const record = records.get(entry.id);
    return {
      id: entry.id,
      area,
      group,
      title: entry.title,
      status: entry.given.status,
      persona: personaOf(record, entry),
      control: entry.control?.caseId ?? null,
      mutates: entry.control?.mutates ?? [],
      ...(entry.cell && { cell: entry.cell }),
      blocked: record ? record.blocked : 'not carried out',
      ...(record?.absent ? { absent: true as const } : {}),
      ...(record?.excluded ? { excluded: true as const } : {}),
      startedAt: record?.startedAt ?? '',
      durationMs: record?.durationMs ?? 0,
      looks: record?.looks ?? [],
      ...(record?.beside ? { beside: record.beside } : {}),
    };
  });
  const whole = {
    status: null,
    persona: personaOf(undefined, undefined),
    control: null,
    mutates: [],
    blocked: null,
    startedAt: '',
    durationMs: 0,
    looks: [],
  };
  return [...cases, { ...evidence.contract.endpoint.wholeRun.case, ...whole }];
}
