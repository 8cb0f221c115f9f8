import { againCommand, optionsOf } from './again.js';
import { digest, firstFinding, type Digest } from './digest.js';
import type { Report, RequirementReport } from './model.js';
import type { Pipeline } from './pipelines.js';
import { visible, visibleReport } from './visible.js';
import { counted, headline } from './words.js';

type Severity = 'error' | 'warning';

interface Annotation {
  readonly severity: Severity;
  readonly title: string;
  readonly message: string;
  /** The user's file, and the line, that describes the target. */
  readonly at?: Report['target']['at'];
}

/** What a later step may ask for, by name. */
type Outputs = Readonly<Record<string, string>>;

/** GitHub shows no more of each severity for one step. */
const mostAnnotations = 10;

/**
 * The failed requirements as commands that a pipeline turns into annotations: errors for MUST, warnings for SHOULD. Text of
 * the target is escaped by the rules of the pipeline, so that it can be no command of its own.
 */
export function renderAnnotations(report: Report, pipeline: Pipeline): readonly string[] {
  const all = digest(visibleReport(report));
  const annotations = [...ofRun(all), ...atMost('error', all.failedMust, all), ...atMost('warning', all.warnings, all)];
  return annotations.map(commands[pipeline]);
}

/** What the run came to, for later steps. Percentages are empty where nothing applies. */
export function outputsOf({ run, provable, proven }: Report): Outputs {
  return {
    outcome: run.outcome,
    provable: String(provable.percent ?? ''),
    proven: String(proven.percent ?? ''),
  };
}

/** Lines of the file that GITHUB_OUTPUT names, or commands of Azure Pipelines. Each value is one line. */
export function renderOutputs(outputs: Outputs, pipeline: Pipeline): readonly string[] {
  return Object.entries(outputs).map(([name, value]) =>
    pipeline === 'github'
      ? `${name}=${visible(value)}`
      : `##vso[task.setvariable variable=${name};isOutput=true]${forAzure(visible(value))}`,
  );
}

/** An outcome that no failed requirement explains. */
function ofRun({ report, failedMust }: Digest): readonly Annotation[] {
  const { outcome, explanation } = report.run;
  const explains = outcome === 'conformant' || (outcome === 'nonconformant' && failedMust.length > 0);
  return explains ? [] : [{ severity: 'error', title: headline(report), message: explanation }];
}

function atMost(severity: Severity, rows: readonly RequirementReport[], all: Digest): readonly Annotation[] {
  const shown = rows.length > mostAnnotations ? rows.slice(0, mostAnnotations - 1) : rows;
  const rest = rows.slice(shown.length);
  const annotations = shown.map((row): Annotation => {
    const finding = firstFinding(row, all)?.message;
    const seen = finding === undefined ? row.title : `${row.title}: ${finding}`;
    const message = `${seen}\nAgain: ${againCommand([row], optionsOf(all.report))}`;
    return { severity, at: all.report.target.at, title: `${row.id} (${row.level})`, message };
  });
  if (rest.length === 0) return annotations;
  const message = rest.map(({ id }) => id).join(', ');
  return [...annotations, { severity, title: `${counted(rest.length, 'more requirement')} failed`, message }];
}

const commands: Readonly<Record<Pipeline, (annotation: Annotation) => string>> = {
  github: ({ severity, title, message, at }) => {
    const place = at === undefined ? '' : `file=${forGithubProperty(at.file)},line=${at.line},`;
    return `::${severity} ${place}title=${forGithubProperty(title)}::${forGithub(message)}`;
  },
  azure: ({ severity, title, message, at }) => {
    const place = at === undefined ? '' : `;sourcepath=${forAzure(at.file)};linenumber=${at.line}`;
    return `##vso[task.logissue type=${severity}${place}]${forAzure(`${title}: ${message}`)}`;
  },
};

/** Commands of agents begin with two of these wherever they stand in a line, and so do old ones of GitHub's: none is left. */
const commandMark = /#{2,}/g;

const forGithub = (text: string): string =>
  text.replaceAll(commandMark, '#').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const forGithubProperty = (text: string): string => forGithub(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const forAzure = (text: string): string =>
  text
    .replaceAll('%', '%AZP25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replaceAll(']', '%5D')
    .replaceAll(';', '%3B')
    .replaceAll(commandMark, '#');
