import picocolors from 'picocolors';
import { againCommand } from './again.js';
import { decisionOf } from './decision.js';
import { typedCommand } from '../engine/typed.js';
import { cut } from './excerpt.js';
import { digest, type Digest, firstFinding } from './digest.js';
import { historySentence } from './history/words.js';
import type { Outcome, Report, RequirementReport } from './model.js';
import { errandsOf, gainOf, lackWords } from './shopping.js';
import { renderCards } from './terminal-cards.js';
import { visible, visibleReport } from './visible.js';
import { failingWaivers } from './waived.js';
import {
  byLevel,
  counted,
  outcomeAdditions,
  outcomeMark,
  outcomeMeaning,
  partialNote,
  shareWords,
  besideNote,
  unscoredNote,
} from './words.js';

type Colours = ReturnType<typeof picocolors.createColors>;
type Paint = (text: string) => string;

/** How the summary is to be written. */
export interface TerminalOptions {
  readonly colour: boolean;
  /** Where the HTML report stands, as the user should open it. */
  readonly reportPath: string;
  /** Columns; longer lines are broken. Default 120. */
  readonly width?: number;
  /** The options of the run, as words, for the command that repeats a part of it. */
  readonly runOptions?: readonly string[];
  /** True: each failed MUST with what was demanded, likely cause, and both calls side by side. */
  readonly verbose?: boolean;
}

/** A line before it is broken and painted: painting adds characters that take no column. */
interface Line {
  readonly text: string;
  readonly paint?: Paint;
  /** True for what is useless in pieces: a path, a command. */
  readonly isWhole?: boolean;
}

const defaultWidth = 120;
/** A verdict or a reason is told whole, but for what a target made long. */
const mostLines = 4;
const leastRoom = 20;
/** Lines for failed rows and waivers together. Where they suffice, each row has one more for what was seen. */
const mostFailedLines = 8;
const mostFailingWaivers = 2;
const mostReasons = 3;
const mostIds = 4;

const nextSteps: Readonly<Record<Outcome, string>> = {
  conformant: 'Keep the reports as the record of this run; gate your CI on the exit code.',
  nonconformant: 'Open the report: each failed requirement shows what was sent, what came back and what is demanded.',
  incomplete: 'Supply or mend what stands above and in the report, then run again.',
  'suite-fault': 'Mend or report the fault named above, then run again; do not judge the target by this run.',
  interrupted: 'Run again without interrupting; what was judged until then is in the report.',
};

/** The summary that a run prints: a screen at most, and nothing in it but text and, if wanted, our own colours. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const all = digest(visibleReport(report));
  const colours = picocolors.createColors(options.colour);
  const width = options.width ?? defaultWidth;
  const waivers = waiverLines(all, colours);
  const room = mostFailedLines - waivers.length;
  const troubles = [
    ...failedLines(all, colours, room),
    ...againLine(all, options.runOptions),
    ...waivers,
    ...warningLines(all, colours),
    ...unscoredLine(all.report),
    ...besideLine(all.report, colours),
    ...untoldLines(all, colours),
  ];
  if (isMute(all)) return asText(muteLines(all.report, options.reportPath, colours), width);
  const lines: readonly Line[] = [
    ...outcomeLines(all, colours),
    ...(troubles.length === 0 ? [] : [{ text: '' }, ...troubles]),
    ...(options.verbose === true ? cardLines(all, width, options.runOptions) : []),
    { text: '' },
    { text: `  Report    ${visible(options.reportPath)}`, isWhole: true },
    { text: `  Next      ${nextWords(all)}` },
  ];
  return asText(lines, width);
}

const asText = (lines: readonly Line[], width: number): string =>
  `${lines.flatMap((line) => finish(line, width)).join('\n')}\n`;

const cardLines = (all: Digest, width: number, runOptions: readonly string[] = []): readonly Line[] =>
  renderCards(all, width, runOptions).map((text) => ({ text, isWhole: / │ |^ {2}Again /.test(text) }));

/**
 * Whether one and the same reason stood before everything, but for the one row on all successes together: then it is all that there is
 * to say.
 */
const isMute = ({ report, untold }: Digest): boolean =>
  report.run.outcome === 'incomplete' &&
  !report.run.partial &&
  report.provable.count === 0 &&
  report.provable.of > 0 &&
  report.provable.of - 1 <= (untold[0]?.requirements.filter(({ level }) => level === 'MUST').length ?? 0);

const muteLines = (report: Report, reportPath: string, colours: Colours): readonly Line[] => [
  titleLine(report, colours),
  { text: `  ${report.run.explanation}` },
  { text: `  Report    ${visible(reportPath)}`, isWhole: true },
];

function nextWords({ report, failedMust }: Digest): string {
  const { outcome, only, areas } = report.run;
  if (outcome === 'incomplete' && (only !== undefined || areas !== null)) {
    return 'A part makes no claim: for a verdict run again without --only and --area.';
  }
  const waiversAlone = outcome === 'nonconformant' && failedMust.length === 0;
  return waiversAlone ? 'Mend the waivers named above, then run again.' : nextSteps[outcome];
}

function outcomeLines(all: Digest, colours: Colours): readonly Line[] {
  const { report } = all;
  const { word, headline, extent } = decisionOf(all);
  const { run, target, provable, proven } = report;
  return [
    titleLine(report, colours),
    { text: `  ${word.toUpperCase()}: ${headline}`, paint: colours.bold },
    { text: `  ${extent}` },
    // What failed, and where, follows below.
    ...(all.failedMust.length > 0 ? [] : [{ text: `  ${run.explanation}` }]),
    ...(run.partial ? [{ text: `  ${partialNote(report)}`, paint: colours.yellow }] : []),
    ...faultLine(report, colours),
    { text: `  Target    ${target.name}  ${target.baseUrl}` },
    { text: `  Edition   ${target.edition}; ${successWords(report)}` },
    ...(provable.count === provable.of
      ? []
      : [{ text: `  Provable  ${shareWords(provable)} of the applicable MUST requirements could be checked` }]),
    { text: `  Proven    ${shareWords(proven)} of the applicable MUST requirements passed` },
    ...historyLine(report),
  ];
}

/** What is another than in the run before. */
function historyLine(report: Report): readonly Line[] {
  const sentence = historySentence(report);
  return sentence === null ? [] : [{ text: `  History   ${sentence}` }];
}

function titleLine(report: Report, colours: Colours): Line {
  const { outcome, exitCode } = report.run;
  const additions = outcomeAdditions(report).map((addition) => `, ${addition.toUpperCase()}`);
  const title = `${outcomeMark(outcome).symbol} ${outcome.toUpperCase()}${additions.join('')}`;
  return { text: `${title} (exit code ${exitCode}: ${outcomeMeaning(report)})`, paint: outcomePaint(outcome, colours) };
}

function faultLine({ suiteFaults }: Report, colours: Colours): readonly Line[] {
  const [first, ...others] = suiteFaults;
  if (first === undefined) return [];
  const more = others.length > 0 ? `(first of ${suiteFaults.length}) ` : '';
  return [{ text: `  ! ${more}${first}`, paint: colours.red }];
}

/** The text broken at spaces; a word that is longer than a line is broken where the line ends. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...pieces(word, width));
  }
  return lines;
}

const columnsOf = (text: string): number => Array.from(text).length;

function pieces(word: string, width: number): readonly string[] {
  const characters = Array.from(word);
  const count = Math.max(1, Math.ceil(characters.length / width));
  return Array.from({ length: count }, (_, at) => characters.slice(at * width, (at + 1) * width).join(''));
}

/** C-1 is the clause that every user asks about: which status does a success have? */
function successWords({ contested }: Report): string {
  const clause = contested.find(({ id }) => id === 'C-1');
  if (clause === undefined) return 'no reading of C-1';
  return `success status (C-1) read as ${clause.reading}, observed: ${clause.observed ?? 'nothing'}`;
}

function failedLines(all: Digest, colours: Colours, room: number): readonly Line[] {
  const { failedMust } = all;
  if (failedMust.length === 0) return [];
  const withFinding = 2 * failedMust.length <= room;
  const rows = failedMust.slice(0, room - 1).flatMap((row): Line[] => {
    const finding = withFinding ? firstFinding(row, all) : undefined;
    return [
      { text: `  ✗ ${row.id}  ${row.title}`, paint: colours.red },
      ...(finding === undefined ? [] : [{ text: `      ${finding.message}` }]),
    ];
  });
  const more = failedMust.length - (room - 1);
  return [
    { text: '  Failed MUST requirements', paint: colours.bold },
    ...rows,
    ...(more > 0 ? [{ text: `    and ${more} more` }] : []),
  ];
}

/** How to carry out again what failed. */
function againLine({ failedMust, report }: Digest, runOptions: readonly string[] = []): readonly Line[] {
  if (failedMust.length === 0 || report.basis?.provider === 'graph') return [];
  return [{ text: `  Again     ${againCommand(failedMust, runOptions, typedCommand())}`, isWhole: true }];
}

function waiverLines({ report, waived }: Digest, colours: Colours): readonly Line[] {
  const failing = failingWaivers(report);
  const more = failing.length - mostFailingWaivers;
  const messages = failing.slice(0, mostFailingWaivers).map(({ message }) => `  ✗ ${message}`);
  return [
    ...messages.map((text) => ({ text, paint: colours.red })),
    ...(more > 0 ? [{ text: `    and ${counted(more, 'more waiver')} that did not hold` }] : []),
    ...(waived.length === 0 ? [] : [{ text: waivedLine(waived), paint: colours.yellow }]),
  ];
}

const waivedLine = (rows: readonly RequirementReport[]): string =>
  `  ! ${counted(rows.length, 'failed requirement')} waived: ${idsInLine(rows)}`;

function idsInLine(rows: readonly RequirementReport[]): string {
  const ids = rows.slice(0, mostIds).map(({ id }) => id);
  const more = rows.length > mostIds ? [`${rows.length - mostIds} more`] : [];
  return [...ids, ...more].join(', ');
}

function warningLines({ warnings }: Digest, colours: Colours): readonly Line[] {
  if (warnings.length === 0) return [];
  const text = `  ! ${counted(warnings.length, 'warning')} (failed SHOULD): ${idsInLine(warnings)}`;
  return [{ text, paint: colours.yellow }];
}

function unscoredLine(report: Report): readonly Line[] {
  const note = unscoredNote(report);
  return note === null ? [] : [{ text: `  • ${note}` }];
}

function besideLine(report: Report, colours: Colours): readonly Line[] {
  const note = besideNote(report);
  return note === null ? [] : [{ text: `  ! ${note}`, paint: colours.yellow }];
}

function untoldLines(all: Digest, colours: Colours): readonly Line[] {
  const { untold } = all;
  if (untold.length === 0) return [];
  const rows = untold.slice(0, mostReasons).flatMap((group) => {
    const gain = gainOf(group, all);
    return [
      { text: `  ? ${byLevel(group.requirements)} (${idsInLine(group.requirements)})` },
      // Each by itself: a reason may be so long that it is cut.
      { text: `    ${group.reason}` },
      ...(gain === null ? [] : [{ text: `    ${gain}` }]),
    ];
  });
  const more = untold.length - mostReasons;
  return [
    { text: '  What could not be told', paint: colours.bold },
    ...rows,
    ...(more > 0 ? [{ text: `    and ${counted(more, 'more reason')}` }] : []),
    ...errandsOf(all)
      .slice(0, 1)
      .map((lack) => ({ text: `  Gain      ${lackWords(lack, all.report)}` })),
  ];
}

function outcomePaint(outcome: Outcome, colours: Colours): Paint {
  const paints: Partial<Record<Outcome, Paint>> = { conformant: colours.green, nonconformant: colours.red };
  const paint = paints[outcome] ?? colours.yellow;
  return (text) => colours.bold(paint(text));
}

/** What begins a line: blanks, a mark, the name of what follows. Further lines begin below what it stands before. */
const lead = /^ *(?:[✗✓?!•] |[A-Z][a-z]+ {2,})?/;

function finish({ text, paint, isWhole }: Line, width: number): readonly string[] {
  const lines = isWhole === true ? [text] : broken(text, width);
  return paint === undefined ? lines : lines.map((line) => (line === '' ? line : paint(line)));
}

function broken(text: string, width: number): readonly string[] {
  const [begin = ''] = lead.exec(text) ?? [];
  const room = Math.max(leastRoom, width - begin.length);
  const lines = wrapped(text.slice(begin.length), room);
  const shown = lines.slice(0, mostLines - 1);
  if (lines.length > shown.length) shown.push(cut(lines.slice(shown.length).join(' '), room));
  return shown.map((line, at) => `${at === 0 ? begin : ' '.repeat(begin.length)}${line}`);
}
