import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { makeTypes, modelled, typesFile, typesOf } from '../../../scripts/schema-types.js';
import { packageRoot } from '../../../src/engine/package.js';
import { test } from '../support/temporary-folder.js';

for (const name of modelled) {
  test(`the types of ${name} are what its schema says`, async () => {
    const file = readFileSync(path.join(packageRoot, typesFile(name)), 'utf8');
    expect(file, 'npm run types makes them anew').toBe(await typesOf(name));
  });
}

test('no other types stand beside them', () => {
  const folder = path.join(packageRoot, path.dirname(typesFile('report')));
  expect(readdirSync(folder).sort()).toEqual(modelled.map((name) => `${name}.ts`));
});

test('they are written where they stand', async ({ folder }) => {
  const [file = ''] = await makeTypes(folder, ['waivers']);
  expect(file).toBe(typesFile('waivers'));
  expect(readFileSync(path.join(folder, file), 'utf8')).toBe(readFileSync(path.join(packageRoot, file), 'utf8'));
});
