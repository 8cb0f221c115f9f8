import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../../../src/engine/errors.js';
import { renderDoc, renderDocTerminal } from '../../../../src/wings/doc/index.js';
import { parsedInThread } from '../../../../src/wings/doc/page/parse.js';
import { expect, test } from '../../support/cli.js';
import { doc, foundIn, pageText, placePages, readDoc } from '../../support/doc-pages.js';

const sound = pageText('sound.en-US.md');
const bytes = Buffer.from(sound);

/** Files that are no page, and what is said about them. */
const refused: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['an empty file', '', /page\.md: no title/],
  ['a binary file', Buffer.concat([bytes, Buffer.from([0])]), /page\.md: a binary file \(byte \d+ is zero\)/],
  ['another encoding', Buffer.concat([bytes.subarray(0, 300), Buffer.from([0xff, 0xfe])]), /page\.md:10: not UTF-8/],
  [
    'a file beyond its bound',
    sound + 'words '.repeat((256 * 1024) / 6),
    /page\.md: larger than 256 KiB, the most that a page/,
  ],
  ['quotes in quotes', `${sound}\n${'>'.repeat(2000)} deep\n`, /page\.md: line 88 nests deeper than 60 levels/],
  ['lists in lists', `${sound}\n${listsInLists(40)}`, /page\.md: line \d+ nests deeper than 60 levels/],
  [
    'another page',
    '# accessPackage: delete\n## HTTP request\n```http\nDELETE /a/{id}\n```\n',
    /page\.md:4: a page of DELETE \/a/,
  ],
  ['prose', '# My notes\nNothing to see.\n', /page\.md: lists no request and is not titled/],
  [
    'an include without its page',
    pageText('includes/cancel-permissions.md'),
    /page\.md: has no title, and no page is given/,
  ],
];

function listsInLists(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${'  '.repeat(level)}- item`).join('\n');
}

/** What becomes of a page: the message with which it is refused, or the places and rules of its findings. */
async function outcomeOf(folder: string, content: string | Buffer): Promise<string> {
  writeFileSync(path.join(folder, 'page.md'), content);
  try {
    return foundIn(await readDoc(folder, ['page.md'])).join(', ');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

for (const [what, content, message] of refused) {
  test(`refuses ${what} with a reason`, async ({ folder }) => {
    const said = await outcomeOf(folder, content);
    expect(said).toMatch(message);
    expect(said).not.toContain('\n');
  });
}

test('what is no page ends with exit code 2, and its reason in one line', async ({ folder }) => {
  const content = `${sound}\n${'>'.repeat(2000)} deep\n`;
  const said = await outcomeOf(folder, content);
  expect(await doc(folder, 'page.md')).toMatchObject({ exitCode: 2, stdout: '', stderr: `${said}\n` });
});

const cells = (count: number, text: string): string => `${`|${text}`.repeat(count)}|\n`;
const table = (columns: number, rows: string): string => `\n${cells(columns, 'a')}${cells(columns, '-')}${rows}\n`;

for (const [what, text] of [
  ['heads and rows that are wide', table(100, cells(100, 'b').repeat(60))],
  ['heads that are far wider than the rows', table(2000, 'b\n'.repeat(60_000))],
  ['heads alone', table(20_000, '')],
  ['one column', `\na\n:-\n${'b\n'.repeat(100_000)}`],
  ['tables without number', table(1, '|b|\n').repeat(15_000)],
  ['a table in a quote in a list', table(500, 'b\n'.repeat(100)).replaceAll('\n', '\n - > ')],
] as const) {
  test(`refuses tables of too many cells before they are parsed: ${what}`, async () => {
    const begin = performance.now();
    const answer = await parsedInThread(sound + text);
    expect(answer).toEqual({ problem: 'its tables have more than 4000 cells' });
    expect(performance.now() - begin).toBeLessThan(5000);
  });
}

test('takes tables of many cells', async () => {
  expect(await parsedInThread(sound + table(10, cells(10, 'b').repeat(250)))).toHaveProperty('tree');
});

test('what the parser cannot bear is given up at its bound of time', async () => {
  const text = `${sound}\n${'**'.repeat(60_000)}a${'**'.repeat(60_000)}`;
  expect(await parsedInThread(text, 500)).toEqual({
    problem: 'its Markdown could not be parsed within 0.5 seconds',
  });
});

test('refuses a folder, a file that is not there, and an unknown edition', async ({ folder }) => {
  placePages(folder, 'sound.en-US.md');
  mkdirSync(path.join(folder, 'pages'));
  const ends = await Promise.all([
    doc(folder, 'pages'),
    doc(folder, 'none.md'),
    doc(folder, 'sound.en-US.md', '--edition', 'beta-2020-05'),
    doc(folder),
  ]);
  expect(ends.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2]);
  expect(ends.map(({ stderr }) => stderr.split('\n')[0])).toEqual([
    expect.stringContaining('pages: a folder, no file'),
    expect.stringContaining('none.md: no such file'),
    expect.stringContaining('no edition beta-2020-05; did you mean beta-2021-05?'),
    expect.stringContaining("missing required argument 'files'"),
  ]);
});

test('a page cut off anywhere is told what is missing, or refused', async ({ folder }) => {
  const cuts = Array.from({ length: Math.ceil(bytes.length / 100) }, (_, index) => index * 100);
  const outcomes: string[] = [];
  for (const cut of cuts) outcomes.push(await outcomeOf(folder, bytes.subarray(0, cut)));
  const isRefused = (outcome: string): boolean => /^page\.md[: ]/.test(outcome);
  // Without its title it is no page; from then on there is always a part missing, for the last line is the example's.
  const firstRead = outcomes.findIndex((outcome) => !isRefused(outcome));
  expect(firstRead).toBeGreaterThan(0);
  const read = outcomes.filter((outcome) => !isRefused(outcome));
  expect(read.filter((outcome) => !outcome.includes(' part-missing'))).toEqual([]);
  expect(read.length).toBeGreaterThan(cuts.length / 2);
});

/** Controls but line feeds, and characters that turn the direction of a text. */
const controls = (text: string): readonly string[] =>
  text.match(/[\p{Cc}\p{Cf}]/gu)?.filter((found) => found !== '\n') ?? [];

test('raw HTML, hostile links and control characters change nothing and reach no terminal', async ({ folder }) => {
  const hostile = sound
    .replace(
      'Namespace:',
      '<script>alert(1)</script> <title><span onclick="x">\u001b[31m [x](javascript:alert(1)) Namespace:',
    )
    .replace('A caller needs', '\u202e\u0007 [!INCLUDE [x](javascript:x)] A caller needs');
  writeFileSync(path.join(folder, 'page.md'), hostile);
  const report = await readDoc(folder, ['page.md']);
  expect(foundIn(report)).toEqual([]);
  const texts = await Promise.all([
    renderDocTerminal(report, { colour: false }),
    ...(['yaml', 'json', 'sarif'] as const).map((format) => renderDoc(report, format)),
  ]);
  expect(texts.map(controls)).toEqual([[], [], [], []]);
});

test('metadata full of aliases is refused as metadata, and the page is read', async ({ folder }) => {
  const layers = Array.from({ length: 30 }, (_, index) => `k${index + 1}: &k${index + 1} [*k${index}, *k${index}]`);
  const page = sound.replace('author: "nobody"', ['k0: &k0 [x]', ...layers].join('\n'));
  writeFileSync(path.join(folder, 'page.md'), page);
  expect(foundIn(await readDoc(folder, ['page.md']))).toEqual(['1:1 front-matter']);
});
