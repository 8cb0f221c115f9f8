import type { Area, Level } from '../engine/contract/types.js';
import type { Exchange } from '../engine/evidence/records.js';
import { kindOfMessage } from '../engine/verdict/outcome.js';
import type {
  CaseReport,
  CheckReport,
  Finding,
  Report,
  Reproducer,
  RequirementReport,
  VerdictCounts,
  VerdictWord,
} from './model.js';
import { isWaivedFor } from './waived.js';

/** Requirements that share the reason for their verdict. */
export interface ReasonGroup {
  readonly reason: string;
  readonly requirements: readonly RequirementReport[];
}

/** The requirements of one area, in the order of the catalogue. */
export interface AreaDigest {
  readonly area: Area;
  readonly requirements: readonly RequirementReport[];
  readonly counts: VerdictCounts;
  /** How many of the failed ones decide nothing, because they are no MUST. */
  readonly mild: number;
}

/** Failed MUST rows whose first findings say the same: likely one mistake. */
export interface Cause {
  /** The finding of the first of them. */
  readonly finding: Finding | undefined;
  readonly requirements: readonly RequirementReport[];
}

/** What every projection asks of a report: the rows that matter first, and who belongs to whom. */
export interface Digest {
  readonly report: Report;
  /** MUST rows that failed and are not waived. */
  readonly failedMust: readonly RequirementReport[];
  /** SHOULD rows that failed and are not waived. */
  readonly warnings: readonly RequirementReport[];
  /** MUST and SHOULD rows that failed and are waived. */
  readonly waived: readonly RequirementReport[];
  /** Inconclusive rows by reason, the commonest reason first. */
  readonly untold: readonly ReasonGroup[];
  /** Rows that do not apply, by reason. */
  readonly excluded: readonly ReasonGroup[];
  readonly areas: readonly AreaDigest[];
  readonly requirementById: ReadonlyMap<string, RequirementReport>;
  readonly checkById: ReadonlyMap<string, CheckReport>;
  readonly caseById: ReadonlyMap<string, CaseReport>;
  readonly checksByCase: ReadonlyMap<string, readonly CheckReport[]>;
  /** Ids of cells in which nothing is to be seen: shown in their matrix alone. */
  readonly quiet: ReadonlySet<string>;
  readonly exchangesByCase: ReadonlyMap<string, readonly Exchange[]>;
  /** Checks with a finding that an exchange shows, by its id. */
  readonly checksByFinding: ReadonlyMap<string, readonly CheckReport[]>;
  /** By id of the exchange. */
  readonly reproducers: ReadonlyMap<string, Reproducer>;
}

/** Heaviest first. */
const levelsByWeight = ['MUST', 'SHOULD', 'MAY'] as const;

/** Whether anything failed that is not waived and could be fixed. */
export const hasFailures = ({ failedMust, warnings }: Digest): boolean => failedMust.length + warnings.length > 0;

const digests = new WeakMap<Report, Digest>();

/** Sorts and indexes a report, once for all projections. */
export function digest(report: Report): Digest {
  const known = digests.get(report) ?? digestOf(report);
  digests.set(report, known);
  return known;
}

function digestOf(report: Report): Digest {
  const { requirements } = report;
  const allFailed = requirements.filter((row) => row.verdict === 'failed');
  const failed = allFailed.filter((row) => !row.waived);
  const checkById = new Map(report.checks.map((check) => [check.id, check]));
  const checksByCase = groupBy(report.checks, (check) => check.caseId);
  return {
    report,
    failedMust: failed.filter((row) => row.level === 'MUST'),
    warnings: failed.filter((row) => row.level === 'SHOULD'),
    waived: allFailed.filter((row) => row.waived && row.level !== 'MAY'),
    untold: byReason(requirements, 'inconclusive'),
    excluded: byReason(requirements, 'not-applicable'),
    areas: Array.from(
      groupBy(requirements, (row) => row.area),
      ([area, rows]) => areaDigest(area, rows),
    ),
    requirementById: new Map(requirements.map((row) => [row.id, row])),
    checkById,
    caseById: new Map(report.cases.map((item) => [item.id, item])),
    checksByCase,
    quiet: new Set(quietCells(report, checksByCase)),
    exchangesByCase: groupBy(report.exchanges, caseOfExchange),
    checksByFinding: findingsByExchange(report),
    reproducers: new Map(report.reproducers.map((reproducer) => [reproducer.exchangeId, reproducer])),
  };
}

/** Hundreds of cells that hold tell less than the one that does not. */
function quietCells({ cases }: Report, checksByCase: Digest['checksByCase']): readonly string[] {
  const isTold = ({ verdict }: CheckReport): boolean => verdict === 'passed' || verdict === 'not-applicable';
  return cases
    .filter(({ id, cell }) => cell !== undefined && (checksByCase.get(id) ?? []).every(isTold))
    .map(({ id }) => id);
}

/** The checks of a requirement; ids that the report does not hold are left out. */
export function checksOf(requirement: RequirementReport, { checkById }: Digest): readonly CheckReport[] {
  return requirement.checks.flatMap((id) => checkById.get(id) ?? []);
}

/**
 * The finding of a failed requirement that says what is wrong, one that is not waived if there is any: an answer, and the change to a
 * request that it came with, if any of the failures changed one. Nothing less grave stands in its place.
 */
export function firstFinding(requirement: RequirementReport, all: Digest): Finding | undefined {
  const { shown, changed } = gravestFailure(requirement, all);
  const finding = shown?.findings[0];
  const change = changed === shown ? undefined : changed?.findings.find(isChange);
  return finding && change ? { ...finding, message: `${finding.message}, and ${change.message}` } : finding;
}

/** Id of the exchange that shows the first finding; where that was seen in the status readings, of what was sent before. */
export function proofOf(requirement: RequirementReport, all: Digest): string | undefined {
  const { shown } = gravestFailure(requirement, all);
  return shown?.findings[0]?.exchangeId ?? shown?.exchanges[0];
}

/** The failed check that a requirement is told with. */
export const gravestCheckOf = (requirement: RequirementReport, all: Digest): CheckReport | undefined =>
  gravestFailure(requirement, all).shown;

/** What requests became is seen in no answer, but in what they read before and after it. */
const isChange = ({ exchangeId }: Finding): boolean => exchangeId === null;

/** The failed checks of a requirement that say most of it: of one case, if any changed a request of one that did. */
function gravestFailure(
  requirement: RequirementReport,
  all: Digest,
): { readonly shown: CheckReport | undefined; readonly changed: CheckReport | undefined } {
  const failed = checksOf(requirement, all).filter((check) => check.verdict === 'failed');
  const open = failed.filter((check) => !isWaivedFor(check, requirement.id));
  const candidates = open.length > 0 ? open : failed;
  const changed = candidates.find(({ findings }) => findings.some(isChange));
  const shown = changed && candidates.find(({ caseId }) => caseId === changed.caseId);
  return { shown: shown ?? candidates[0], changed };
}

/** Failed rows by likely common cause, the one that breaks most rows first. */
export function causesOf(rows: readonly RequirementReport[], all: Digest): readonly Cause[] {
  const byMessage = groupBy(rows, (row) => kindOfMessage(firstFinding(row, all)?.message ?? row.id));
  const causes = Array.from(byMessage.values(), (group): Cause => {
    const [first] = group;
    return { finding: first === undefined ? undefined : firstFinding(first, all), requirements: group };
  });
  return causes.sort((a, b) => b.requirements.length - a.requirements.length);
}

/** A check and the heaviest level that it speaks for. */
export interface GravestCheck {
  readonly check: CheckReport;
  readonly level: Level;
  /** True when it failed and waivers cover that. */
  readonly isWaived: boolean;
}

/**
 * The check that weighs most: a failed MUST that nobody answers for, else one that is waived, else another failure, else one
 * that could not be told, else any.
 */
export function gravestOf(checks: readonly CheckReport[], all: Digest): GravestCheck | undefined {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  const must = failed.filter((check) => levelOf(check, all) === 'MUST');
  const worst = must.find((check) => !isCovered(check, all)) ?? must[0] ?? failed[0];
  const check =
    worst ??
    checks.find(({ verdict }) => verdict === 'inconclusive') ??
    checks.find(({ verdict }) => verdict === 'passed') ??
    checks[0];
  return check === undefined ? undefined : { check, level: levelOf(check, all), isWaived: isCovered(check, all) };
}

/** True when waivers cover the failure for every requirement that it fails, or leave none that weighs as much. */
export function isCovered(check: CheckReport, { requirementById }: Digest): boolean {
  if (check.waivedFor === undefined) return false;
  const failed = check.requirementIds.flatMap((id) => requirementById.get(id) ?? []);
  const open = failed.filter(({ id, verdict }) => verdict === 'failed' && !isWaivedFor(check, id));
  return open.every(({ level }) => level !== 'MUST');
}

/** Id of the requirement that a check is filed under: the first of those that it speaks for. */
export function filedUnder(check: Pick<CheckReport, 'id' | 'requirementIds'>): string {
  return check.requirementIds[0] ?? check.id;
}

/** The heaviest level among the requirements of a check; MUST when none is known: nothing broken may read as harmless. */
export function levelOf(check: CheckReport, { requirementById }: Digest): Level {
  const levels = check.requirementIds.map((id) => requirementById.get(id)?.level ?? 'MUST');
  return levelsByWeight.find((level) => levels.includes(level)) ?? 'MUST';
}

/** Why a verdict is inconclusive or not applicable. */
export function reasonOf(judged: { readonly reason?: string }): string {
  return judged.reason ?? 'no reason was recorded';
}

/** Groups items by a key; groups and their items keep the order of first appearance. */
export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function findingsByExchange({ checks }: Report): ReadonlyMap<string, readonly CheckReport[]> {
  const shown = checks.flatMap((check) =>
    [...new Set(check.findings.map(({ exchangeId }) => exchangeId))].map((exchangeId) => ({ check, exchangeId })),
  );
  const groups = groupBy(shown, ({ exchangeId }) => exchangeId ?? '');
  return new Map(Array.from(groups, ([id, group]) => [id, group.map(({ check }) => check)]));
}

function byReason(requirements: readonly RequirementReport[], verdict: VerdictWord): readonly ReasonGroup[] {
  const rows = requirements.filter((row) => row.verdict === verdict);
  const groups = [...groupBy(rows, (row) => kindOfMessage(reasonOf(row))).values()].flatMap((group) =>
    group.slice(0, 1).map((row) => ({ reason: reasonOf(row), requirements: group })),
  );
  return groups.sort((a, b) => b.requirements.length - a.requirements.length);
}

function areaDigest(area: Area, requirements: readonly RequirementReport[]): AreaDigest {
  const counts = { passed: 0, failed: 0, inconclusive: 0, 'not-applicable': 0 };
  for (const row of requirements) counts[row.verdict] += 1;
  const mild = requirements.filter(({ verdict, level }) => verdict === 'failed' && level !== 'MUST').length;
  return { area, requirements, counts, mild };
}

/** An exchange id is the id of its case, a dot and a serial number. */
function caseOfExchange(exchange: Pick<Exchange, 'id'>): string {
  return exchange.id.slice(0, exchange.id.lastIndexOf('.'));
}
