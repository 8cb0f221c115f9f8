import { someAgain, optionsOf } from './again.js';
import { likelySentence, toRuleOut, type Card } from './cards.js';
import type { Digest } from './digest.js';
import { blank, cell, code, line, markdownFile } from './markdown.js';
import type { Report, RequirementReport } from './model.js';

/** A failure as an issue for whoever keeps the target, in Markdown that mentions nobody and links nowhere but to the sources. */
export function issueText(
  { title, rows: [row, ...others], finding, check, likely, pattern }: Card,
  { report }: Digest,
): string {
  const { target, run, suite } = report;
  const first = toRuleOut(report);
  return markdownFile([
    line`## ${cell(title)}`,
    blank,
    line`- Target: ${target.name}, ${code(target.baseUrl)}, edition ${target.edition}`,
    line`- Demanded (${row.level} ${row.id}): ${cell(row.statement)}`,
    ...row.source.map(({ document, section }) => line`- Source: ${cell(document)}, ${cell(section)}`),
    line`- Seen: ${cell(finding?.message ?? 'no finding was recorded')}`,
    line`- Expected: ${cell(finding?.expected ?? '')}`,
    line`- Check: ${code(check?.id ?? row.id)}, run ${run.id} of ${run.startedAt}, ${suite.name} ${suite.version}`,
    ...(others.length === 0 ? [] : [line`- Breaks as well: ${others.map(({ id }) => id).join(', ')}`]),
    ...(pattern === null ? [] : [line`- Pattern: ${cell(pattern)}`]),
    ...(first === null ? [] : [line`- See first: ${first.words}: ${code(first.command)}`]),
    ...(likely === null ? [] : [line`- Likely cause: ${likelySentence(likely, report)}`]),
    line`- Again: ${code(someAgain([row, ...others], optionsOf(report)))}`,
  ]);
}

/** The contested clauses by other readings of which a requirement would come to another verdict. */
export const clausesOf = ({ id }: Pick<RequirementReport, 'id'>, { contested }: Report): Report['contested'] =>
  contested.filter(({ others = [] }) => others.some(({ requirements }) => requirements.some((one) => one.id === id)));

/** The beginning of a challenge, to be filled in by whoever makes it. */
export const challengeOf = (what: string, claim: string, { suite, run, target }: Report): string =>
  [
    `## ${what}`,
    '',
    `- ${suite.name} ${suite.version}, edition ${target.edition}, run ${run.id} of ${run.startedAt}`,
    `- ${claim}`,
    '- I read the source otherwise, because: ',
    '- What my target does is right, because: ',
  ].join('\n');

/** The same failure as a challenge to the suite: what it claims, and what its authors have to be told. */
export function challengeText({ rows: [row], finding, check }: Card, { report }: Digest): string {
  const { target, run, suite } = report;
  const readings = clausesOf(row, report).map(({ id, reading }) => `${id} read as ${reading}`);
  return markdownFile([
    line`## ${row.id} is wrong about my target`,
    blank,
    line`- Check: ${code(check?.id ?? row.id)}, fingerprint ${code(check?.fingerprint ?? 'none')}, ${suite.name} ${suite.version}`,
    line`- It claims (${row.level}): ${cell(row.statement)}`,
    ...row.source.map(({ document, section }) => line`- By: ${cell(document)}, ${cell(section)}`),
    line`- Run ${run.id} of ${run.startedAt}`,
    line`- Edition ${target.edition}; readings that would change it: ${readings.length === 0 ? 'none' : readings.join(', ')}`,
    line`- It saw: ${cell(finding?.message ?? 'no finding was recorded')}`,
    line`- I read the source otherwise, because: `,
    line`- What my target does is right, because: `,
  ]);
}
