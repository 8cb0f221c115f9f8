import type { Invocation, Location, Log, Result, Run, ToolComponent } from 'sarif';
import type { Consequence } from '../engine/endpoint.js';
import { againCommand, optionsOf } from './again.js';
import { consequenceOfRow, gravestPossible } from './consequences.js';
import { checksOf, type Digest, digest, firstFinding } from './digest.js';
import type { CheckReport, Report, RequirementReport } from './model.js';
import { visibleReport } from './visible.js';
import { isWaivedFor } from './waived.js';

const schemaUrl = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The catalogue of requirements, where every rule stands; relative to the suite's root. */
const catalogue = { uri: 'specs/requirements.yaml', uriBaseId: 'SUITE' };

/** How SARIF weighs a failed requirement. */
const levels = { MUST: 'error', SHOULD: 'warning', MAY: 'note' } as const;

/**
 * `results.sarif` (SARIF 2.1.0), for services that show results of analyses: a rule per requirement, with help; a result per
 * requirement that failed and that nobody answers for. What passed, does not apply, could not be told or is waived has none: such a
 * service shows each result as something to mend. Results stand where the target is described: in a file of the user's own.
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

function driver(all: Digest): ToolComponent {
  const { report } = all;
  const rules = report.requirements.map((row) => ({
    id: row.id,
    shortDescription: { text: row.title },
    fullDescription: { text: row.statement },
    help: { text: helpText(row, report) },
    ...(row.source[0]?.url === undefined ? {} : { helpUri: row.source[0].url }),
    defaultConfiguration: { level: levels[row.level] },
    properties: { area: row.area, level: row.level, ...weightOf(row, all) },
  }));
  return { name: report.suite.name, version: report.suite.version, rules };
}

/** What is demanded, where that stands, and how to see whether it is so. */
function helpText(row: RequirementReport, report: Report): string {
  const sources = row.source.map(({ document, section, url }) => `${document}, ${section}${url ? `: ${url}` : ''}`);
  const again = againCommand([row], optionsOf(report));
  return [`${row.level}: ${row.statement}`, ...sources.map((one) => `Source: ${one}`), `Again: ${again}`].join('\n');
}

/** Scores by which GitHub sorts what it shows as security; such a failure is one whatever else the requirement is about. */
const severities: Partial<Record<Consequence, string>> = { changed: '9.1', touched: '8.1', leaked: '5.3' };

/** Tags, and how grave a failure is where it is one of security: of a requirement that failed, else by what its checks can show. */
function weightOf(
  row: RequirementReport,
  all: Digest,
): { readonly tags: string[]; readonly 'security-severity'?: string } {
  const consequence = row.verdict === 'failed' ? consequenceOfRow(row, all) : gravestPossible(row, all);
  const severity = severities[consequence];
  const tags = ['conformance', row.area, row.level, ...(severity === undefined ? [] : ['security'])];
  return { tags, ...(severity === undefined ? {} : { 'security-severity': severity }) };
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
  if (row.verdict !== 'failed' || row.waived === true) return [];
  const failed = checksOf(row, all).filter((check) => check.verdict === 'failed' && !isWaivedFor(check, row.id));
  return [
    {
      ruleId: row.id,
      ruleIndex,
      kind: 'fail',
      level: levels[row.level],
      message: { text: messageOf(row, failed, all) },
      locations: [location(row, all.report)],
      relatedLocations: [ofCatalogue(row)],
      partialFingerprints: { 'requirement/v1': row.id },
      properties: {
        checks: failed.map(({ id }) => id),
        personas: [...new Set(failed.map(({ persona }) => persona))],
        exchanges: [...new Set(failed.flatMap(({ exchanges }) => exchanges))].slice(0, mostExchanges),
      },
    },
  ];
}

/** So many findings are told; report.json has them all. */
const mostFindings = 5;
const mostExchanges = 20;

/** Where the target is described, in a file of the user's; of a target without one, the catalogue of requirements. */
function location(row: RequirementReport, { target }: Report): Location {
  const { at } = target;
  if (at === undefined) return ofCatalogue(row);
  const uri = at.file.split('/').map(encodeURIComponent).join('/');
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: at.line } }, ...logical(row) };
}

const ofCatalogue = (row: RequirementReport): Location => ({
  physicalLocation: { artifactLocation: catalogue, region: { startLine: row.line } },
  ...logical(row),
});

const logical = ({ id, title }: RequirementReport): Pick<Location, 'logicalLocations'> => ({
  logicalLocations: [{ name: id, fullyQualifiedName: `${id}: ${title}`, kind: 'resource' }],
});

function messageOf(row: RequirementReport, failed: readonly CheckReport[], all: Digest): string {
  const found = failed.flatMap((check) =>
    check.findings.map(
      ({ message, expected, actual, exchangeId }) =>
        `${message}; expected: ${expected}; actual: ${actual}; as ${check.persona}; evidence: ${exchangeId ?? 'status readings'}.`,
    ),
  );
  const seen = firstFinding(row, all)?.message ?? 'failed without a finding';
  const more = found.length > mostFindings ? [`and ${found.length - mostFindings} more findings in report.json`] : [];
  return [
    `${row.title}: ${seen}.`,
    ...found.slice(0, mostFindings),
    ...more,
    `Again: ${againCommand([row], optionsOf(all.report))}`,
  ].join('\n');
}
