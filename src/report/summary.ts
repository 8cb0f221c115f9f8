import { againCommand, someAgain, optionsOf } from './again.js';
import { cardsOf, likelySentence, toRuleOut, type Card } from './cards.js';
import { decisionOf } from './decision.js';
import { digest, type Digest, firstFinding } from './digest.js';
import { historySentence } from './history/words.js';
import { blank, cell, code, list, type Markdown, markdownFile, line, table } from './markdown.js';
import type { Report, RequirementReport, VerdictCounts } from './model.js';
import { changingReadings, otherReadingWords } from './other-readings.js';
import { errandsOf, lackWords, reasonWithGain } from './shopping.js';
import { sealOf, type Seal } from './seal.js';
import { aloneText, controlWords, folded, foldedWords, sideBySide, type SideBySide } from './side-by-side.js';
import { visibleReport } from './visible.js';
import { waiverStates } from './waived.js';
import {
  byLevel,
  counted,
  markOf,
  outcomeAdditions,
  outcomeMeaning,
  partialNote,
  shareWords,
  unscoredNote,
} from './words.js';

/** So that the whole stays below 300 lines whatever the run found. */
const bounds = { most: 40, file: 'index.html' };
const mostIds = 12;
const mostCards = 3;

/** `summary.line`: what a reader of a CI job wants to know, in Markdown. */
export function renderSummary(report: Report): string {
  const all = digest(visibleReport(report));
  return markdownFile([
    ...outcomeLines(all, sealOf(report)),
    ...cardsOf(all.failedMust, all)
      .slice(0, mostCards)
      .flatMap((card) => cardLines(card, all)),
    ...requirementLines('Fix first: failed MUST requirements', all.failedMust, all),
    ...againLines(all),
    ...requirementLines('Warnings: failed SHOULD requirements', all.warnings, all),
    ...requirementLines('Failed and waived, which is not the same as met', all.waived, all),
    ...waiverLines(all.report),
    ...totalsLines(all.report),
    ...unscoredLines(all.report),
    ...untoldLines(all),
    ...list(
      'What would let more be told',
      errandsOf(all).map((lack) => line`${cell(lackWords(lack, all.report))}`),
      bounds,
    ),
    ...contestedLines(all.report),
    ...list('Faults of the suite', all.report.suiteFaults.map(cell), bounds),
    line`The whole report, with every request and answer, is in \`index.html\` beside this file.`,
  ]);
}

function outcomeLines(all: Digest, { evidence, root }: Seal): readonly Markdown[] {
  const { report } = all;
  const { run, target, suite } = report;
  const { word, headline, extent } = decisionOf(all);
  const additions = outcomeAdditions(report).map((addition) => ` (${addition})`);
  const history = historySentence(report);
  return [
    line`# Conformance: ${run.outcome}${additions.join('')}`,
    blank,
    line`**${word.toUpperCase()}. ${headline}** ${extent}`,
    blank,
    line`Why: ${run.explanation}`,
    blank,
    ...(run.partial ? [line`${partialNote(report)}`, blank] : []),
    line`- Target: ${target.name}, ${code(target.baseUrl)}`,
    line`- Edition: ${target.edition}`,
    line`- Run: ${run.startedAt}, ${suite.name} ${suite.version}`,
    line`- Evidence: SHA-256 ${code(evidence)}, root of the chain ${code(root)}`,
    line`- Exit code: ${run.exitCode} (${outcomeMeaning(report)})`,
    ...(history === null ? [] : [line`- History: ${history}`]),
    line`- Provable: ${shareWords(report.provable)} of the applicable MUST requirements could be checked`,
    line`- Proven: ${shareWords(report.proven)} of the applicable MUST requirements passed`,
    blank,
  ];
}

function totalsLines({ totals }: Report): readonly Markdown[] {
  const right = ['passed', 'failed', 'inconclusive', 'not applicable'];
  const rows = [
    totalsRow('MUST requirements', totals.must),
    totalsRow('SHOULD requirements', totals.should),
    totalsRow('MAY requirements', totals.may),
    totalsRow('Checks', totals.checks),
  ];
  return [
    ...table('Totals', { head: ['', ...right], right, rows }, bounds),
    line`${counted(totals.cases, 'case')}, ${counted(totals.exchanges, 'exchange')}.`,
    blank,
  ];
}

const totalsRow = (name: string, counts: VerdictCounts): readonly string[] => [
  name,
  ...[counts.passed, counts.failed, counts.inconclusive, counts['not-applicable']].map(String),
];

/** A likely mistake: the call that shows it beside the one that vouches for it, and the way to see it again. */
function cardLines(card: Card, all: Digest): readonly Markdown[] {
  const { title, check, likely, pattern, rows } = card;
  const pair = check === undefined ? null : sideBySide(check, all);
  const ids = rows.slice(0, mostIds).map(({ id }) => id);
  const more = rows.length > mostIds ? [`and ${rows.length - mostIds} more`] : [];
  const first = toRuleOut(all.report);
  return [
    ...(pair === null ? [line`## ${cell(title)}`, blank] : pairLines(title, pair)),
    line`${[...ids, ...more].join(', ')}. Again: ${code(someAgain(rows, optionsOf(all.report)))}`,
    blank,
    ...(pattern !== null ? [line`Pattern: ${cell(pattern)}`, blank] : []),
    ...(first === null ? [] : [line`See first: ${first.words}: ${code(first.command)}`, blank]),
    ...(likely === null ? [] : [line`Likely cause: ${likelySentence(likely, all.report)}`, blank]),
  ];
}

function pairLines(title: string, pair: SideBySide): readonly Markdown[] {
  const { control, probe, lines, expectedAnswer, expectedChange, further } = pair;
  const expected = (text: string | null): string => (text === null ? '' : ` (expected: ${text})`);
  const told = folded(lines).flatMap((own) =>
    own[0]?.kind === 'same'
      ? [['', '', foldedWords(own, pair)]]
      : own.map((one) => ['sent', one.control ?? '', one.probe ?? '']),
  );
  const rows = [
    ...(pair.alone === null ? [] : [['', '', aloneText(pair.alone)]]),
    ...(pair.before === null ? [] : [['before', '', pair.before]]),
    ...told,
    ['answered', control?.answer ?? '', `${probe.answer}${expected(expectedAnswer)}`],
    ...(probe.change === null
      ? []
      : [['request', control?.change ?? '', `${probe.change}${expected(expectedChange)}`]]),
    ...further.map((one) => ['seen', '', `${one.seen}${expected(one.expected)}`]),
  ];
  const ofControl = control === null ? 'No control' : controlWords(control);
  return table(title, { head: ['', ofControl, `Probe, as ${probe.persona}`], rows }, bounds);
}

function requirementLines(heading: string, rows: readonly RequirementReport[], all: Digest): readonly Markdown[] {
  const cells = rows.map((row) => [
    `${markOf(row.verdict, row.level).symbol} ${row.id}`,
    row.title,
    firstFinding(row, all)?.message ?? '',
  ]);
  return table(heading, { head: ['Requirement', 'Title', 'What was seen'], rows: cells }, bounds);
}

/** How to carry out again what failed; the target is the reader's to name. */
const againLines = ({ failedMust: failed, report }: Digest): readonly Markdown[] =>
  failed.length === 0
    ? []
    : [line`These again, alone, with the options of this run: ${code(againCommand(failed, optionsOf(report)))}`, blank];

function waiverLines({ waivers }: Report): readonly Markdown[] {
  const rows = waivers.map(({ state, requirement, check, owner, expires, reason, message }) => [
    waiverStates[state],
    requirement,
    check,
    owner,
    expires,
    reason,
    message,
  ]);
  const head = ['State', 'Requirement', 'Check', 'Owner', 'Expires', 'Reason', 'What became of it'];
  return table('Waivers', { head, rows }, bounds);
}

function unscoredLines(report: Report): readonly Markdown[] {
  const note = unscoredNote(report);
  return note === null ? [] : [line`${note}.`, blank];
}

function untoldLines(all: Digest): readonly Markdown[] {
  const items = all.untold.map((group) => {
    const { requirements } = group;
    const ids = requirements.slice(0, mostIds).map(({ id }) => id);
    const more = requirements.length > mostIds ? [`and ${requirements.length - mostIds} more`] : [];
    return line`${byLevel(requirements)}: ${cell(reasonWithGain(group, all))} (${[...ids, ...more].join(', ')})`;
  });
  return list('What could not be told, by reason', items, bounds);
}

function contestedLines({ contested }: Report): readonly Markdown[] {
  const rows = contested.map(({ id, title, reading, observed }) => [
    `${id}: ${title}`,
    reading,
    observed ?? 'not seen in this run',
  ]);
  const head = ['Clause', 'Read as', 'Observed'];
  return [...table('Clauses on which the sources disagree', { head, rows }, bounds), ...otherwiseLines(contested)];
}

/** What other readings would have changed: one line, and none where nothing would. */
function otherwiseLines(contested: Report['contested']): readonly Markdown[] {
  const changes = contested.flatMap((clause) =>
    changingReadings(clause).map((other) => `${clause.id}=${otherReadingWords(other)}`),
  );
  return changes.length === 0 ? [] : [line`Read otherwise: ${changes.join(' · ')}.`, blank];
}
