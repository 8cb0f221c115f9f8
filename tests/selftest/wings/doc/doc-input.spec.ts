import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../../support/cli.js';
import { doc, foundIn, pageText, placePages, readDoc } from '../../support/doc-pages.js';

const sound = pageText('sound.en-US.md');
const bytes = Buffer.from(sound);

/** Files that are no page, and what is said about them. */
const refused: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['an empty file', '', /page\.md: no title/],
  ['a binary file', Buffer.concat([bytes, Buffer.from([0])]), /page\.md: a binary file \(byte \d+ is zero\)/],
  ['another encoding', Buffer.concat([bytes.subarray(0, 300), Buffer.from([0xff, 0xfe])]), /page\.md:10: not UTF-8/],
  ['10 MiB', sound + 'words '.repeat((10 * 1024 * 1024) / 6), /page\.md: larger than 256 KiB, the most that a page/],
  ['quotes in quotes', `${sound}\n${'>'.repeat(2000)} deep\n`, /page\.md: line 88 nests deeper than 60 levels/],
  ['lists in lists', `${sound}\n${listsInLists(200)}`, /page\.md: line \d+ nests deeper than 60 levels/],
  [
    'what its parser cannot bear',
    `${sound}\n${'**'.repeat(60_000)}a${'**'.repeat(60_000)}`,
    /page\.md: .*could not be parsed within 10 seconds/,
  ],
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

for (const [what, content, message] of refused) {
  test(`refuses ${what} with exit code 2 and a reason`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'page.md'), content);
    const { exitCode, stdout, stderr } = await doc(folder, 'page.md');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
}

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
  const exits: (number | null)[] = [];
  for (const cut of cuts) {
    writeFileSync(path.join(folder, 'page.md'), bytes.subarray(0, cut));
    const { exitCode, stdout, stderr } = await doc(folder, 'page.md');
    expect(`${stdout}${stderr}`).toMatch(exitCode === 1 ? /part-missing, in the page/ : /^page\.md[:: ]/);
    exits.push(exitCode);
  }
  // Without its title it is no page; from then on there is always a part missing, for the last line is the example's.
  const firstRead = exits.indexOf(1);
  expect(firstRead).toBeGreaterThan(0);
  expect(exits.slice(0, firstRead).filter((exitCode) => exitCode !== 2)).toEqual([]);
  expect(exits.slice(firstRead).filter((exitCode) => exitCode !== 1 && exitCode !== 2)).toEqual([]);
  expect(exits.filter((exitCode) => exitCode === 1).length).toBeGreaterThan(cuts.length / 2);
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
  const report = await readDoc(folder, 'page.md');
  expect(foundIn(report)).toEqual([]);
  const ends = await Promise.all(
    ['text', 'yaml', 'json', 'sarif'].map((format) => doc(folder, 'page.md', '--format', format)),
  );
  for (const { exitCode, stdout, stderr } of ends) {
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(controls(stdout)).toEqual([]);
  }
});

test('metadata full of aliases is refused as metadata, and the page is read', async ({ folder }) => {
  const layers = Array.from({ length: 30 }, (_, index) => `k${index + 1}: &k${index + 1} [*k${index}, *k${index}]`);
  const page = sound.replace('author: "nobody"', ['k0: &k0 [x]', ...layers].join('\n'));
  writeFileSync(path.join(folder, 'page.md'), page);
  expect(foundIn(await readDoc(folder, 'page.md'))).toEqual(['1:1 front-matter']);
});
