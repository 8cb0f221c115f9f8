import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { configurationPage } from '../../../scripts/configuration-page.js';
import { listingFiles, renderLists } from '../../../scripts/generated-lists.js';
import { makePages } from '../../../scripts/make.js';
import { areaIds } from '../../../src/cancel/areas.js';
import { personaNames } from '../../../src/cancel/personas.js';
import { packageRoot } from '../../../src/engine/package.js';
import { test } from '../support/temporary-folder.js';

for (const listing of listingFiles) {
  test(`the lists in ${listing.file} are what the tables say`, async () => {
    const { present, due } = await renderLists(listing);
    expect(present, `${listing.file} is stale: npm run pages makes it anew`).toBe(due);
  });
}

test('no other published file lists every persona or every area', () => {
  const made = [...listingFiles.map(({ file }) => file), configurationPage];
  const published = ['schemas', 'specs', 'targets', 'docs'].flatMap((folder) =>
    readdirSync(path.join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:json|ya?ml|md)$/.test(name))
      .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`),
  );
  // Words that stand for a persona and for nothing else.
  const ownWords = personaNames.filter((name) => /[A-Z]/.test(name));
  const quotedAreas = areaIds.map((area) => `"${area}"`);
  const lists = (text: string): boolean =>
    [ownWords, quotedAreas, [areaIds.join('|')]].some((words) => words.every((word) => text.includes(word)));
  const strangers = published
    .filter((file) => !made.includes(file))
    .filter((file) => lists(readFileSync(path.join(packageRoot, file), 'utf8')));
  expect(strangers, 'Give them a line in scripts/generated-lists.ts').toEqual([]);
});

test('all that is not stale is left alone, and the pages are written as they stand', async ({ folder }) => {
  const written = await makePages(folder);
  expect(written).toEqual(
    ['editions', 'readings', 'configuration', 'exit-codes', 'mistakes'].map((page) => `docs/${page}.md`),
  );
  for (const file of written) {
    expect(readFileSync(path.join(folder, file), 'utf8'), file).toBe(
      readFileSync(path.join(packageRoot, file), 'utf8'),
    );
  }
});
