import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { packageRoot } from '../../../src/engine/package.js';
import { documents } from '../support/documented-commands.js';

const files = documents().map(({ file }) => file);

const below = (node: Nodes): readonly Nodes[] => [node, ...('children' in node ? node.children.flatMap(below) : [])];

/** The nodes of documents, by file: each is asked for by all that link to it. */
const known = new Map<string, readonly Nodes[]>();

function nodesOf(file: string): readonly Nodes[] {
  const nodes = known.get(file) ?? parsed(file);
  known.set(file, nodes);
  return nodes;
}

function parsed(file: string): readonly Nodes[] {
  const markdown = readFileSync(path.join(packageRoot, file), 'utf8');
  return below(fromMarkdown(markdown, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] }));
}

/** Where the links and pictures of a document lead to, within the project. */
const linksIn = (file: string): readonly string[] =>
  nodesOf(file)
    .flatMap((node) => (node.type === 'link' || node.type === 'image' || node.type === 'definition' ? node.url : []))
    .filter((url) => !/^[a-z]+:/i.test(url));

const textIn = (node: Nodes): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(textIn).join('') : '';

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(file: string): readonly string[] {
  const given = new Map<string, number>();
  return nodesOf(file)
    .filter((node) => node.type === 'heading')
    .map((heading) => {
      const slug = textIn(heading)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
        .replaceAll(' ', '-');
      const times = given.get(slug) ?? 0;
      given.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    });
}

/** What is wrong with a link; null when it leads somewhere. */
function problemOf(file: string, url: string): string | null {
  const [place = '', anchor] = url.split('#');
  const target = place === '' ? file : path.join(path.dirname(file), place);
  if (!existsSync(path.join(packageRoot, target))) return `${file}: ${url}: there is no ${target}`;
  if (anchor === undefined || anchorsOf(target).includes(anchor)) return null;
  return `${file}: ${url}: ${target} has no heading for #${anchor}`;
}

for (const file of files) {
  test(`every link of ${file} leads somewhere`, () => {
    expect(linksIn(file).flatMap((url) => problemOf(file, url) ?? [])).toEqual([]);
  });
}

test('links that lead nowhere are found', () => {
  expect(problemOf('README.md', 'docs/none.md')).toBe('README.md: docs/none.md: there is no docs/none.md');
  expect(problemOf('docs/ci.md', 'exit-codes.md#none')).toBe(
    'docs/ci.md: exit-codes.md#none: docs/exit-codes.md has no heading for #none',
  );
  expect(problemOf('docs/ci.md', '#any-shell')).toBeNull();
  expect(linksIn('README.md')).toContain('docs/screenshots/conformant.png');
});

test('the index leads to every document, and the README to the index', () => {
  const listed = linksIn('docs/README.md').map((url) => path.join('docs', url));
  const unlisted = files.filter((file) => !listed.includes(file) && !file.endsWith('README.md'));
  expect(unlisted, 'npm run pages lists every page in docs/README.md; below a reader it is put by hand').toEqual([]);
  expect(linksIn('README.md')).toContain('docs/README.md');
});
