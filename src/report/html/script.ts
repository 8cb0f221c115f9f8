import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../engine/package.js';

/** Where the build leaves the scripts of pages. */
export const builtScript = (name: string): string =>
  path.join(packageRoot, 'dist', 'src', 'report', 'client', `${name}.js`);

const known = new Map<string, string>();

function script(name: string): string {
  const text = known.get(name) ?? readFileSync(builtScript(name), 'utf8');
  known.set(name, text);
  return text;
}

/** The script of a page, as the build compiled `src/report/client/page.ts`. It must not contain the end of a script element. */
export const pageScript = (): string => script('page');

/** The judge that a page carries, as the build bundled `src/wings/rejudge/in-page.ts`, and what has it judge. The same holds. */
export const judgeScript = (): string => script('judge');

/** A page without its scripts: these are the same in every page, and hold nothing of a run. */
export const withoutScripts = (page: string): string => page.split(pageScript()).join('').split(judgeScript()).join('');
