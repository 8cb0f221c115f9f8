import type { PageContract } from '../contract/model.js';
import { segmentsOf, type Segment } from '../page/segments.js';
import { factPlace, type Page } from '../page/page.js';
import { displacement } from './displaced.js';
import { damagedNames } from './names.js';
import { finding } from './inside.js';
import type { DocFinding } from './model.js';
import { tokensOf, type Token } from './tokens.js';

/** What a translation did to the code tokens of its source, segment by segment; nothing for a page in its own language. */
export function findingsBetweenLanguages(page: Page, contract: PageContract): readonly DocFinding[] {
  const segments = segmentsOf(page.root);
  const both = segments.filter(({ source, translation }) => source.length > 0 && translation.length > 0);
  return [
    ...segments.flatMap(standsAlone),
    ...differencesBetween(both),
    ...both.flatMap(displaced),
    ...damagedNames(page, contract),
  ].sort((a, b) => a.line - b.line || a.column - b.column);
}

function standsAlone({ id, source, translation }: Segment): readonly DocFinding[] {
  const [place] = source.length > 0 ? source : translation;
  if (!place || (source.length > 0 && translation.length > 0)) return [];
  const missing = source.length > 0 ? 'translation' : 'source';
  return [finding('segment-alone', { ...place, segment: id }, `Segment ${id} has no ${missing}`)];
}

/** A token that one side of a segment has and the other lacks. */
interface Difference {
  readonly segment: string;
  readonly token: Token;
  /** Where its counterpart should stand. */
  readonly beside: Segment['source'][number];
}

function differencesBetween(segments: readonly Segment[]): readonly DocFinding[] {
  const missing: Difference[] = [];
  const added: Difference[] = [];
  for (const { id, source, translation } of segments) {
    const [before, after] = [tokensOf(source, 'source'), tokensOf(translation, 'translation')];
    const [besideSource, besideTranslation] = [source[0], translation[0]];
    if (!besideSource || !besideTranslation) continue;
    missing.push(...without(before, after).map((token) => ({ segment: id, token, beside: besideTranslation })));
    added.push(...without(after, before).map((token) => ({ segment: id, token, beside: besideSource })));
  }
  return paired(missing, added);
}

/** The tokens of a list that another one lacks, each counted as often as it stands. */
function without(tokens: readonly Token[], others: readonly Token[]): readonly Token[] {
  const left = [...others];
  return tokens.filter(({ kind, value }) => {
    const index = left.findIndex((other) => other.kind === kind && other.value === value);
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
}

/** What is missing in one place and too much in another was changed or moved; the rest was lost or made up. */
function paired(missing: readonly Difference[], added: readonly Difference[]): readonly DocFinding[] {
  const left = [...added];
  const take = (fits: (candidate: Difference) => boolean): Difference | undefined => {
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const gone = missing.map((lost) => {
    const { value, kind } = lost.token;
    const changed = take(
      ({ segment, token }) =>
        segment === lost.segment && token.kind === kind && token.value.toLowerCase() === value.toLowerCase(),
    );
    if (changed) return sideBySide('token-changed', lost, changed);
    const elsewhere = take(({ token }) => token.kind === kind && token.value === value);
    if (elsewhere) return sideBySide('token-elsewhere', lost, elsewhere);
    const message = `${words(lost.token)} of the source is missing in the translation`;
    const place = { ...lost.beside, segment: lost.segment };
    return finding('token-lost', place, {
      message,
      also: { ...lost.token, segment: lost.segment, message: 'the source' },
    });
  });
  const made = left.map(({ token, beside, segment }) => {
    const message = `${words(token)} stands in the translation and not in the source`;
    return finding(
      'token-lost',
      { ...token, segment },
      { message, also: { ...factPlace(beside), message: 'the source' } },
    );
  });
  return [...gone, ...made];
}

function sideBySide(rule: 'token-changed' | 'token-elsewhere', lost: Difference, found: Difference): DocFinding {
  const message =
    rule === 'token-changed'
      ? `${words(lost.token)} of the source reads ${found.token.value} in the translation`
      : `${words(lost.token)} belongs to segment ${lost.segment} and stands in ${found.segment}`;
  const also = { ...lost.token, segment: lost.segment, message: 'the source' };
  return finding(rule, { ...found.token, segment: found.segment }, { message, also });
}

const kinds = { code: 'The code', strong: 'The name', link: 'The link to', word: 'The name' } as const;
const words = ({ kind, value }: Token): string => `${kinds[kind]} ${value}`;

function displaced({ id, source, translation }: Segment): readonly DocFinding[] {
  const found = displacement(source, translation);
  const [before] = source;
  if (!found || !before) return [];
  const also = { ...factPlace(before), message: 'the source' };
  return [finding('token-displaced', { ...found.place, segment: id }, { message: found.words, also })];
}
