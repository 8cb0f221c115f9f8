import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../engine/package.js';

let known: string | undefined;

/** The page's only script, as the build compiled `src/report/client/page.ts`. It must not contain the end of a script element. */
export function pageScript(): string {
  known ??= readFileSync(path.join(packageRoot, 'dist', 'src', 'report', 'client', 'page.js'), 'utf8');
  return known;
}
