import picocolors from 'picocolors';
import { cut } from './excerpt.js';
import { digest, type Digest, firstFinding } from './digest.js';
import type { Outcome, Report } from './model.js';
import { visible, visibleReport } from './visible.js';
import { counted, headline, OUTCOME_MEANINGS, partialNote, shareWords } from './words.js';

type Colours = ReturnType<typeof picocolors.createColors>;
type Paint = (text: string) => string;

/** How the summary is to be written. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** Where the HTML report stands, as the user should open it. */
  readonly reportPath: string;
  /** Columns; longer lines are cut. Default 120. */
  readonly width?: number;
}

/** A line before it is cut and painted: painting adds characters that take no column. */
interface Line {
  readonly text: string;
  readonly paint?: Paint;
  /** True for what is useless when cut: a path. */
  readonly isWhole?: boolean;
}

const DEFAULT_WIDTH = 120;
/** These bounds keep the worst case, everything at once, at 30 lines. */
const MOST_EXPLANATION = 2;
const MOST_FAILED = 7;
/** Up to here each failed row has room for what was seen, on a line of its own. */
const FAILED_WITH_FINDING = 4;
const MOST_REASONS = 4;
const MOST_WARNINGS = 4;

const SYMBOLS: Readonly<Record<Outcome, string>> = {
  conformant: '✓',
  nonconformant: '✗',
  incomplete: '?',
  'suite-fault': '!',
  interrupted: '?',
};

const NEXT: Readonly<Record<Outcome, string>> = {
  conformant: 'Keep the reports as the record of this run; gate your CI on the exit code.',
  nonconformant: 'Open the report: each failed requirement shows what was sent, what came back and what is demanded.',
  incomplete: 'Supply what was missing (see above and in the report), then run again.',
  'suite-fault': 'Mend or report the fault named above, then run again; do not judge the target by this run.',
  interrupted: 'Run again without interrupting; what was judged until then is in the report.',
};

/** The summary that a run prints: at most 30 lines, and nothing in it but text and, if wanted, our own colours. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const all = digest(visibleReport(report));
  const colours = picocolors.createColors(options.colour);
  const width = options.width ?? DEFAULT_WIDTH;
  const troubles = [...failedLines(all, colours), ...warningLines(all, colours), ...untoldLines(all, colours)];
  const lines: readonly Line[] = [
    ...outcomeLines(all.report, colours, width),
    ...(troubles.length === 0 ? [] : [{ text: '' }, ...troubles]),
    { text: '' },
    { text: `  Report    ${visible(options.reportPath)}`, isWhole: true },
    { text: `  Next      ${NEXT[all.report.run.outcome]}` },
  ];
  return `${lines.map((line) => finish(line, width)).join('\n')}\n`;
}

function outcomeLines(report: Report, colours: Colours, width: number): readonly Line[] {
  const { run, target, provable, proven } = report;
  const title = `${SYMBOLS[run.outcome]} ${run.outcome.toUpperCase()}${run.partial ? ', PARTIAL' : ''}`;
  const meaning = OUTCOME_MEANINGS[run.outcome];
  return [
    { text: `${title} (exit code ${run.exitCode}: ${meaning})`, paint: outcomePaint(run.outcome, colours) },
    { text: `  ${headline(report)}`, paint: colours.bold },
    ...wrapped(run.explanation, width - 2).map((text) => ({ text: `  ${text}` })),
    ...(run.partial ? [{ text: `  ${partialNote(report)}`, paint: colours.yellow }] : []),
    ...faultLine(report, colours),
    { text: `  Target    ${target.name}  ${target.baseUrl}` },
    { text: `  Edition   ${target.edition}; ${successWords(report)}` },
    { text: `  Provable  ${shareWords(provable)} of the applicable MUST requirements could be checked` },
    { text: `  Proven    ${shareWords(proven)} of the applicable MUST requirements passed` },
  ];
}

function faultLine({ suiteFaults }: Report, colours: Colours): readonly Line[] {
  const [first, ...others] = suiteFaults;
  if (first === undefined) return [];
  const more = others.length > 0 ? `(first of ${suiteFaults.length}) ` : '';
  return [{ text: `  ! ${more}${first}`, paint: colours.red }];
}

/** The text broken at spaces into at most `MOST_EXPLANATION` lines; the last one may be too long and is cut later. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const room = last === undefined ? 0 : width - last.length - 1;
    if (last !== undefined && (word.length <= room || lines.length === MOST_EXPLANATION)) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** C-1 is the clause that every user asks about: which status does a success have? */
function successWords({ contested }: Report): string {
  const clause = contested.find(({ id }) => id === 'C-1');
  if (clause === undefined) return 'no reading of C-1';
  return `success status (C-1) read as ${clause.reading}, observed: ${clause.observed ?? 'nothing'}`;
}

function failedLines(all: Digest, colours: Colours): readonly Line[] {
  const { failedMust } = all;
  if (failedMust.length === 0) return [];
  const withFinding = failedMust.length <= FAILED_WITH_FINDING;
  const rows = failedMust.slice(0, MOST_FAILED).flatMap((row): Line[] => {
    const finding = withFinding ? firstFinding(row, all) : undefined;
    return [
      { text: `  ✗ ${row.id}  ${row.title}`, paint: colours.red },
      ...(finding === undefined ? [] : [{ text: `      ${finding.message}` }]),
    ];
  });
  const more = failedMust.length - MOST_FAILED;
  return [
    { text: '  Failed MUST requirements', paint: colours.bold },
    ...rows,
    ...(more > 0 ? [{ text: `    and ${more} more` }] : []),
  ];
}

function warningLines({ warnings }: Digest, colours: Colours): readonly Line[] {
  if (warnings.length === 0) return [];
  const ids = warnings.slice(0, MOST_WARNINGS).map(({ id }) => id);
  const more = warnings.length > MOST_WARNINGS ? [`${warnings.length - MOST_WARNINGS} more`] : [];
  const text = `  ! ${counted(warnings.length, 'warning')} (failed SHOULD): ${[...ids, ...more].join(', ')}`;
  return [{ text, paint: colours.yellow }];
}

function untoldLines({ untold }: Digest, colours: Colours): readonly Line[] {
  if (untold.length === 0) return [];
  const rows = untold
    .slice(0, MOST_REASONS)
    .map(({ reason, requirements }) => ({ text: `  ? ${counted(requirements.length, 'requirement')}: ${reason}` }));
  const more = untold.length - MOST_REASONS;
  return [
    { text: '  What could not be told', paint: colours.bold },
    ...rows,
    ...(more > 0 ? [{ text: `    and ${counted(more, 'more reason')}` }] : []),
  ];
}

function outcomePaint(outcome: Outcome, colours: Colours): Paint {
  const paints: Partial<Record<Outcome, Paint>> = { conformant: colours.green, nonconformant: colours.red };
  const paint = paints[outcome] ?? colours.yellow;
  return (text) => colours.bold(paint(text));
}

function finish({ text, paint, isWhole }: Line, width: number): string {
  const short = isWhole === true ? text : cut(text, width);
  return paint === undefined ? short : paint(short);
}
