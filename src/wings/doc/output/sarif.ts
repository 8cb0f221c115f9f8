import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, ReportingDescriptor, Result } from 'sarif';
import { renderLog } from '../../../report/sarif.js';
import { visibleModel } from '../../../report/visible.js';
import { exitCodes, foundExitCode } from '../../../engine/verdict/outcome.js';
import { ruleOf, rules, type RuleId } from '../findings/model.js';
import type { DocReport, PageFinding } from '../model.js';

const ruleIds = Object.keys(rules) as RuleId[];

/** The findings as SARIF 2.1.0, each at its line and column, with the place that it disagrees with. */
export function renderDocSarif(model: DocReport): string {
  const report = visibleModel(model);
  const results = report.pages.flatMap(({ file, findings }) => findings.map((found) => resultOf(file, found)));
  return renderLog({
    tool: { driver: { ...report.suite, name: `${report.suite.name} doc`, rules: ruleIds.map(descriptor) } },
    invocations: [{ executionSuccessful: true, exitCode: results.length === 0 ? exitCodes.conformant : foundExitCode }],
    columnKind: 'utf16CodeUnits',
    results,
  });
}

function descriptor(id: RuleId): ReportingDescriptor {
  const { title, level, about, clause } = ruleOf(id);
  return {
    id,
    shortDescription: { text: title },
    defaultConfiguration: { level },
    properties: { about, ...(clause === undefined ? {} : { clause }) },
  };
}

function resultOf(file: string, found: PageFinding): Result {
  const { rule, level, message, segment, also, about } = found;
  return {
    ruleId: rule,
    ruleIndex: ruleIds.indexOf(rule),
    kind: 'fail',
    level,
    message: { text: message },
    locations: [locationIn(file, found)],
    ...(also ? { relatedLocations: [{ ...locationIn(file, also), message: { text: also.message } }] } : {}),
    partialFingerprints: { 'finding/v1': `${rule} ${segment ?? message}` },
    properties: { about, ...(segment === undefined ? {} : { segment }) },
  };
}

const locationIn = (file: string, { line, column }: { readonly line: number; readonly column: number }): Location => ({
  physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, startColumn: column } },
});

/** Relative where the file lies below the working directory, as its name then is. */
const uriOf = (file: string): string =>
  path.isAbsolute(file) ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/');
