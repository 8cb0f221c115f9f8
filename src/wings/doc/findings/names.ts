import type { PageContract } from '../contract/model.js';
import type { Page } from '../page/page.js';
import { piecesIn } from '../page/segments.js';
import { finding } from './inside.js';
import type { DocFinding } from './model.js';

/** A name in three humps or more, of which the first one begins small. */
const names = /\b[a-z]+(?:[A-Z][a-z0-9]+){2,}\b/g;

/**
 * Names of which a translation translated the first part: what is left is the end of a name that the page has whole
 * elsewhere. Looks at the metadata and at all text but that of the source language.
 */
export function damagedNames(page: Page, contract: PageContract): readonly DocFinding[] {
  if (!isTranslation(page)) return [];
  const whole = namesOf(page, contract);
  const inMetadata = linesOfMetadata(page).flatMap(({ text, line }) =>
    remaindersIn(text, whole).map(({ word, name, index }) => told({ line, column: index + 1 }, word, name)),
  );
  const inText = piecesIn([page.root])
    .filter(({ side, code, href }) => side !== 'source' && !code && href === null)
    .flatMap((piece) => remaindersIn(piece.text, whole).map(({ word, name }) => told(piece, word, name)));
  return [...inMetadata, ...inText];
}

const isTranslation = ({ bilingual, language }: Page): boolean =>
  bilingual || (language !== null && !language.toLowerCase().startsWith('en'));

const told = (
  place: { line: number; column: number; segment?: string | null },
  word: string,
  name: string,
): DocFinding => {
  const { line, column, segment } = place;
  const at = { line, column, ...(typeof segment === 'string' ? { segment } : {}) };
  return finding('name-damaged', at, `${word} is what is left of the name ${name}`);
};

/** The names that stand whole in the title and the prose. */
function namesOf(page: Page, { title }: PageContract): readonly string[] {
  const texts = [title.value, ...piecesIn([page.root]).map(({ text }) => text)];
  return [...new Set(texts.flatMap((text) => text.match(names) ?? []))];
}

/** Places in a text where a name stands without its first hump, or with another one. */
function remaindersIn(text: string, whole: readonly string[]) {
  return whole.flatMap((name) => {
    const first = /^[a-z]+/.exec(name)?.[0] ?? '';
    const word = name.slice(first.length);
    return Array.from(text.matchAll(new RegExp(`${word}(?![a-rt-z])`, 'g')), ({ index }) => index)
      .filter((index) => !text.slice(0, index).toLowerCase().endsWith(first))
      .map((index) => ({ word, name, index }));
  });
}

function linesOfMetadata({ root, file }: Page): readonly { readonly text: string; readonly line: number }[] {
  const yaml = root.children.find(({ type }) => type === 'yaml')?.position;
  if (!yaml) return [];
  return file.text
    .split(/\r\n|\r|\n/)
    .map((text, index) => ({ text, line: index + 1 }))
    .slice(yaml.start.line - 1, yaml.end.line);
}
