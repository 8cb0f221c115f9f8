import type { Root, Yaml } from 'mdast';
import { parseDocument } from 'yaml';
import { ConfigurationError } from '../../../engine/errors.js';
import { inlineOf, normative, placeOf, textOf, type Piece, type Place } from './inline.js';
import type { SourceFile } from './read.js';
import { isTab, paragraphsIn, sectionsOf, type Section, type SectionKey } from './sections.js';

/** Metadata of a page, or why it cannot be read. */
interface FrontMatter {
  readonly values: Readonly<Record<string, unknown>>;
  readonly problem: (Place & { readonly message: string }) | null;
}

/** A page cut into its parts. */
export interface Page {
  readonly file: SourceFile;
  readonly root: Root;
  readonly frontMatter: FrontMatter;
  readonly title: (Place & { readonly text: string; readonly segment: string | null }) | null;
  readonly sections: readonly Section[];
  /** True when it holds two languages side by side. */
  readonly bilingual: boolean;
  /** The language of the page: of its translation, where it holds two. */
  readonly language: string | null;
}

/** What makes a tree of a file. */
export type Parser = (file: SourceFile) => Promise<Root>;

/**
 * Parses a page.
 * @throws ConfigurationError when its Markdown goes beyond the bounds of the parser
 */
export async function parsePage(file: SourceFile, parse: Parser): Promise<Page> {
  const root = await parse(file);
  const frontMatter = frontMatterOf(root);
  return {
    file,
    root,
    frontMatter,
    title: titleOf(root),
    sections: sectionsOf(root),
    bilingual: paragraphsIn(root.children).some(({ pieces }) => pieces.some(({ side }) => side === 'source')),
    language: languageOf(frontMatter.values, file.name),
  };
}

function frontMatterOf(root: Root): FrontMatter {
  const node = root.children.find((child): child is Yaml => child.type === 'yaml');
  if (!node) return { values: {}, problem: null };
  // Aliases are no part of such metadata, and a few of them can stand for gigabytes.
  const document = parseDocument(node.value, { logLevel: 'silent', stringKeys: true });
  const [error] = document.errors;
  const line = placeOf(node).line + (error?.linePos?.[0].line ?? 1);
  if (error) return { values: {}, problem: { line, column: 1, message: error.message.split('\n')[0] ?? '' } };
  return read(() => document.toJS({ maxAliasCount: 0 }) as unknown, placeOf(node));
}

function read(value: () => unknown, place: Place): FrontMatter {
  try {
    const values = value();
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { values: values as Record<string, unknown>, problem: null };
    }
    return { values: {}, problem: values === null ? null : { ...place, message: 'it is no list of keys and values' } };
  } catch (error) {
    return { values: {}, problem: { ...place, message: error instanceof Error ? error.message : String(error) } };
  }
}

function titleOf(root: Root): Page['title'] {
  for (const node of root.children) {
    if (node.type !== 'heading' || node.depth !== 1 || isTab(node)) continue;
    const pieces = normative(inlineOf(node.children).pieces);
    return { text: textOf(pieces), segment: pieces[0]?.segment ?? null, ...(pieces[0] ?? placeOf(node)) };
  }
  return null;
}

/** A language tag at the end of a file name, as in `name.de-DE.md`. */
const languageInName = /\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})+)\.md$/;

function languageOf(values: Readonly<Record<string, unknown>>, file: string): string | null {
  const declared = values['ms.contentlocale'];
  return typeof declared === 'string' ? declared : (languageInName.exec(file)?.[1] ?? null);
}

/** The blocks of a part; none when the page has no such part. */
export const blocksOf = ({ sections }: Page, key: SectionKey): Section['blocks'] =>
  sections.filter((section) => section.key === key).flatMap(({ blocks }) => blocks);

/** True when another part follows: a page that was cut off ends within its last one, which then proves nothing. */
export function isComplete({ sections }: Page, key: SectionKey): boolean {
  const index = sections.findLastIndex((section) => section.key === key);
  return index >= 0 && index < sections.length - 1;
}

/** An include: the place where the documentation's build puts another file. */
export interface Include extends Place {
  readonly path: string;
}

export const includesIn = (blocks: Section['blocks']): readonly Include[] =>
  paragraphsIn(blocks).flatMap(({ pieces }) =>
    pieces.flatMap((piece, index) => {
      const { href } = piece;
      const isInclude = href !== null && /\[!INCLUDE\s*$/i.test(pieces[index - 1]?.text ?? '');
      return isInclude ? [{ path: href, line: piece.line, column: piece.column }] : [];
    }),
  );

/** A piece as a place with its segment, for facts. */
export const factPlace = ({ line, column, segment }: Piece): Place & { readonly segment?: string } => ({
  line,
  column,
  ...(segment === null ? {} : { segment }),
});

/** @throws ConfigurationError that says why the file is no page of this operation */
export function assertTitled(page: Page): asserts page is Page & { readonly title: NonNullable<Page['title']> } {
  if (page.title) return;
  throw new ConfigurationError(
    `${page.file.name}: no title (a line that begins with "# "): not a page of an operation; give one of the documentation, or together with the page the include that stands in it`,
  );
}
