import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../../src/engine/package.js';

const textOf = (...parts: readonly string[]): string => readFileSync(path.join(packageRoot, ...parts), 'utf8');

for (const name of ['conformance.spec.ts', 'playwright.config.ts']) {
  test(`the page on Playwright shows ${name} of the example as it is`, () => {
    const shown = `\`\`\`ts\n// ${name}\n${textOf('docs', 'examples', 'playwright', name)}\`\`\`\n`;
    expect(textOf('docs', 'playwright.md')).toContain(shown);
  });
}
