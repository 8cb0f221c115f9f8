import { sections } from '../tests/selftest/support/mistakes/index.js';
import { code, table } from './markdown.js';

/** The page of the docs that is made from the mistakes that the self-tests make, below the root of the package. */
export const mistakesPage = 'docs/mistakes.md';

/** Every mistake of a table, what is printed there and the exit code, as a page of the docs. */
export function renderMistakes(): string {
  const count = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  return [
    '# Mistakes, and what is said of them',
    '',
    '<!-- Made by `npm run pages` from tests/selftest/support/mistakes. Edits are lost. -->',
    '',
    `${count} mistakes and poor surroundings, each made by one line of a self-test: the line that is printed of it, in which \`…\` stands`,
    'for what differs, and the [exit code](exit-codes.md). Only a judged target and its waivers end in 1, and only a fault of the suite in 4.',
    '',
    ...sections.flatMap(({ title, tests, rows }) => [
      `## ${title}`,
      '',
      `Made by ${tests.map((name) => code(name)).join(', ')}.`,
      '',
      ...table(
        ['mistake', 'is told', 'code'],
        rows.map(({ what, says, code: exitCode }) => [what, says === '' ? 'nothing: it works' : code(says), exitCode]),
      ),
      '',
    ]),
  ].join('\n');
}
