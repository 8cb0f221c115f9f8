import type { Invocation, Location, Log, Result, Run, Suppression, ToolComponent } from 'sarif';
import { type Digest, digest, reasonOf } from './digest.js';
import type { CheckReport, Report, RequirementReport } from './model.js';
import { visibleReport } from './visible.js';
import { waiversOf, waiverWords } from './waived.js';

const schemaUrl = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The catalogue of requirements, where every rule stands; relative to the suite's root. */
const catalogue = { uri: 'specs/requirements.yaml', uriBaseId: 'SUITE' };

/** What the requirements are about. */
const endpointLocation: Location = {
  physicalLocation: { artifactLocation: { uri: 'specs/openapi.yaml', uriBaseId: 'SUITE' } },
  message: { text: 'The endpoint as OpenAPI describes it' },
};

/** How SARIF weighs a failed requirement. */
const levels = { MUST: 'error', SHOULD: 'warning', MAY: 'note' } as const;

/**
 * `results.sarif` (SARIF 2.1.0), for services that show results of analyses: a rule per requirement; a result per
 * requirement and check that failed, and one per requirement that could not be told, of the kind `open` and without a
 * level. What passed or does not apply has no result.
 */
export function renderSarif(report: Report): string {
  const all = digest(visibleReport(report));
  const { requirements } = all.report;
  const run: Run = {
    tool: { driver: driver(all) },
    originalUriBaseIds: { SUITE: { description: { text: `Root folder of ${all.report.suite.name}` } } },
    automationDetails: { id: `${all.report.target.name}/${all.report.run.id}`, guid: all.report.run.id },
    invocations: [invocation(all.report)],
    columnKind: 'utf16CodeUnits',
    results: requirements.flatMap((row, ruleIndex) => [...resultsOf(row, ruleIndex, all)]),
  };
  return renderLog(run);
}

/** A SARIF log of one run, as text. Its messages hold data and no link, and no place to be filled. */
export function renderLog(run: Run): string {
  const log: Log = { $schema: schemaUrl, version: '2.1.0', runs: [run] };
  const inert = (key: string, value: unknown): unknown =>
    key === 'text' && typeof value === 'string' ? asMessage(value) : value;
  return `${JSON.stringify(log, inert, 2)}\n`;
}

/** A message that says what the text says: links stand in brackets (section 3.11.6), places to be filled in braces (3.11.5). */
const asMessage = (text: string): string =>
  text.replaceAll(/[\\[\]]/g, String.raw`\$&`).replaceAll(/\{(\d+)\}/g, '{{$1}}');

function driver({ report }: Digest): ToolComponent {
  const rules = report.requirements.map(({ id, level, area, title, statement }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: statement },
    defaultConfiguration: { level: levels[level] },
    properties: { area, level },
  }));
  return { name: report.suite.name, version: report.suite.version, rules };
}

function invocation({ run, suiteFaults, target }: Report): Invocation {
  const end = new Date(Date.parse(run.startedAt) + run.durationMs);
  return {
    executionSuccessful: run.outcome === 'conformant' || run.outcome === 'nonconformant',
    exitCode: run.exitCode,
    exitCodeDescription: run.explanation,
    startTimeUtc: run.startedAt,
    endTimeUtc: end.toISOString(),
    toolExecutionNotifications: suiteFaults.map((text) => ({ level: 'error', message: { text } })),
    properties: { outcome: run.outcome, partial: run.partial, edition: target.edition, baseUrl: target.baseUrl },
  };
}

function resultsOf(row: RequirementReport, ruleIndex: number, all: Digest): readonly Result[] {
  const rule = { ruleId: row.id, ruleIndex, locations: [location(row)], relatedLocations: [endpointLocation] };
  if (row.verdict === 'inconclusive') {
    const message = { text: `Could not be told: ${reasonOf(row)}` };
    return [{ ...rule, kind: 'open', level: 'none', message, partialFingerprints: { 'requirement/v1': row.id } }];
  }
  if (row.verdict !== 'failed') return [];
  return row.checks
    .flatMap((id) => all.checkById.get(id) ?? [])
    .filter(({ verdict }) => verdict === 'failed')
    .map((check) => ({
      ...rule,
      kind: 'fail',
      level: levels[row.level],
      message: { text: findingsText(check, all) },
      suppressions: suppressionsOf(check, row, all),
      partialFingerprints: { 'check/v1': `${row.id} ${check.id}` },
      properties: { check: check.id, persona: check.persona, exchanges: check.exchanges },
    }));
}

/** A waived failure is shown as suppressed, with who answers for it; an empty list says that none is (section 3.27.23). */
function suppressionsOf(check: CheckReport, row: RequirementReport, { report }: Digest): Suppression[] {
  return waiversOf(check, report)
    .filter(({ requirement }) => requirement === row.id)
    .map((waiver) => ({ kind: 'external', status: 'accepted', justification: waiverWords(waiver) }));
}

function location({ id, title, line }: RequirementReport): Location {
  return {
    physicalLocation: { artifactLocation: catalogue, region: { startLine: line } },
    logicalLocations: [{ name: id, fullyQualifiedName: `${id}: ${title}`, kind: 'resource' }],
  };
}

function findingsText(check: CheckReport, { caseById }: Digest): string {
  const about = `${check.title} (${caseById.get(check.caseId)?.title ?? check.caseId}).`;
  const found = check.findings.map(
    ({ message, expected, actual, exchangeId }) =>
      `${message}; expected: ${expected}; actual: ${actual}; evidence: ${exchangeId ?? 'status readings'}.`,
  );
  return [about, ...found].join('\n');
}
