import { againCommand } from './again.js';
import { cut } from './excerpt.js';
import { digest, type Digest, firstFinding, type ReasonGroup } from './digest.js';
import type { Report, RequirementReport, VerdictCounts } from './model.js';
import { changingReadings, otherReadingWords } from './other-readings.js';
import { visibleReport } from './visible.js';
import { waiverStates } from './waived.js';
import {
  counted,
  headline,
  markOf,
  outcomeAdditions,
  outcomeMeaning,
  partialNote,
  shareWords,
  unscoredNote,
} from './words.js';

/** Rows per list, so that the whole stays below 300 lines whatever the run found. */
const mostRows = 40;
const mostIds = 12;
const cellWidth = 240;

/** `summary.md`: what a reader of a CI job wants to know, in Markdown; data is escaped and stays data. */
export function renderSummary(report: Report): string {
  const all = digest(visibleReport(report));
  const lines = [
    ...outcomeLines(all.report),
    ...totalsLines(all.report),
    ...requirementLines('Fix first: failed MUST requirements', all.failedMust, all),
    ...againLines(all.failedMust),
    ...requirementLines('Warnings: failed SHOULD requirements', all.warnings, all),
    ...requirementLines('Failed and waived, which is not the same as met', all.waived, all),
    ...waiverLines(all.report),
    ...unscoredLines(all.report),
    ...untoldLines(all.untold),
    ...contestedLines(all.report),
    ...faultLines(all.report),
    'The whole report, with every request and answer, is in `index.html` beside this file.',
  ];
  return `${lines.join('\n')}\n`;
}

function outcomeLines(report: Report): readonly string[] {
  const { run, target } = report;
  const meaning = outcomeMeaning(report);
  const additions = outcomeAdditions(report).map((addition) => ` (${addition})`);
  return [
    `# Conformance: ${run.outcome}${additions.join('')}`,
    '',
    `**${markdown(headline(report))}**`,
    '',
    `Why: ${markdown(run.explanation)}`,
    '',
    ...(run.partial ? [markdown(partialNote(report)), ''] : []),
    `- Target: ${markdown(target.name)}, ${markdown(target.baseUrl)}`,
    `- Edition: ${markdown(target.edition)}`,
    `- Exit code: ${run.exitCode} (${meaning})`,
    `- Provable: ${shareWords(report.provable)} of the applicable MUST requirements could be checked`,
    `- Proven: ${shareWords(report.proven)} of the applicable MUST requirements passed`,
    '',
  ];
}

function totalsLines({ totals }: Report): readonly string[] {
  return [
    '## Totals',
    '',
    '| | passed | failed | inconclusive | not applicable |',
    '|---|--:|--:|--:|--:|',
    totalsRow('Requirements', totals.requirements),
    totalsRow('of these MUST', totals.must),
    totalsRow('of these SHOULD', totals.should),
    totalsRow('of these MAY', totals.may),
    totalsRow('Checks', totals.checks),
    '',
    `${counted(totals.cases, 'case')}, ${counted(totals.exchanges, 'exchange')}.`,
    '',
  ];
}

function totalsRow(name: string, counts: VerdictCounts): string {
  return `| ${name} | ${counts.passed} | ${counts.failed} | ${counts.inconclusive} | ${counts['not-applicable']} |`;
}

function requirementLines(heading: string, rows: readonly RequirementReport[], all: Digest): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => {
    const seen = firstFinding(row, all)?.message ?? '';
    return `| ${markOf(row.verdict, row.level).symbol} ${cell(row.id)} | ${cell(row.title)} | ${cell(seen)} |`;
  });
  return [`## ${heading}`, '', '| Requirement | Title | What was seen |', '|---|---|---|', ...atMost(cells), ''];
}

/** How to carry out again what failed; the target is the reader's to name. */
const againLines = (failed: readonly RequirementReport[]): readonly string[] =>
  failed.length === 0
    ? []
    : [`These again, alone, with the options of this run: ${markdown(againCommand(failed))}`, ''];

function waiverLines({ waivers }: Report): readonly string[] {
  if (waivers.length === 0) return [];
  const rows = waivers.map(({ state, requirement, check, owner, expires, reason, message }) => {
    const cells = [waiverStates[state], requirement, check, owner, expires, reason, message];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  return [
    '## Waivers',
    '',
    '| State | Requirement | Check | Owner | Expires | Reason | What became of it |',
    '|---|---|---|---|---|---|---|',
    ...atMost(rows),
    '',
  ];
}

function unscoredLines(report: Report): readonly string[] {
  const note = unscoredNote(report);
  return note === null ? [] : [`${markdown(note)}.`, ''];
}

function untoldLines(groups: readonly ReasonGroup[]): readonly string[] {
  if (groups.length === 0) return [];
  const items = groups.map(({ reason, requirements }) => {
    const ids = requirements.slice(0, mostIds).map(({ id }) => markdown(id));
    const more = requirements.length > mostIds ? [`and ${requirements.length - mostIds} more`] : [];
    return `- ${counted(requirements.length, 'requirement')}: ${cell(reason)} (${[...ids, ...more].join(', ')})`;
  });
  return ['## What could not be told, by reason', '', ...atMost(items, '- '), ''];
}

function contestedLines({ contested }: Report): readonly string[] {
  if (contested.length === 0) return [];
  const rows = contested.map(
    ({ id, title, reading, observed }) =>
      `| ${cell(`${id}: ${title}`)} | ${cell(reading)} | ${cell(observed ?? 'not seen in this run')} |`,
  );
  return [
    '## Clauses on which the sources disagree',
    '',
    '| Clause | Read as | Observed |',
    '|---|---|---|',
    ...atMost(rows),
    '',
    ...otherwiseLines(contested),
  ];
}

/** What other readings would have changed: one line, and none where nothing would. */
function otherwiseLines(contested: Report['contested']): readonly string[] {
  const changes = contested.flatMap((clause) =>
    changingReadings(clause).map((other) => `${clause.id}=${otherReadingWords(other)}`),
  );
  if (changes.length === 0) return [];
  return [`Read otherwise: ${markdown(changes.join(' · '))}.`, ''];
}

function faultLines({ suiteFaults }: Report): readonly string[] {
  if (suiteFaults.length === 0) return [];
  return [
    '## Faults of the suite',
    '',
    ...atMost(
      suiteFaults.map((fault) => `- ${cell(fault)}`),
      '- ',
    ),
    '',
  ];
}

function atMost(rows: readonly string[], prefix = '| '): readonly string[] {
  if (rows.length <= mostRows) return rows;
  return [...rows.slice(0, mostRows), `${prefix}and ${rows.length - mostRows} more in index.html`];
}

/** Data as the text of one table cell, cut where it is long. */
export function cell(text: string): string {
  return markdown(cut(text, cellWidth));
}

/**
 * Data as Markdown text. Everything that Markdown or HTML could take for markup becomes a character reference, which
 * by CommonMark never has a structural meaning, in table cells neither.
 */
export function markdown(text: string): string {
  return text.replace(/[\\`*_~{}[\]<>#|!&$"'^]/g, (character) => `&#${character.charCodeAt(0)};`);
}
