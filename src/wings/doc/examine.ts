import { ConfigurationError } from '../../engine/errors.js';
import { loadContract } from '../../cancel/contract.js';
import { knownEditions } from '../../engine/contract/load.js';
import { packageVersion } from '../../engine/package.js';
import type { Edition } from '../../engine/contract/types.js';
import { extractContract } from './contract/extract.js';
import type { PageContract } from './contract/model.js';
import { isSameFile, type GivenInclude } from './contract/permissions.js';
import { driftFrom } from './findings/drift.js';
import { findingsInside } from './findings/inside.js';
import { findingsBetweenLanguages } from './findings/languages.js';
import { ruleOf, type About, type DocFinding } from './findings/model.js';
import type { DocReport, PageFinding, PageReading } from './model.js';
import { includesIn, parsePage, type Page, type Parser } from './page/page.js';
import { parseMarkdown } from './page/parse.js';
import { readSource } from './page/read.js';
import { tablesIn } from './page/sections.js';

/** Pages that were given, parsed, with the includes that were given beside them. */
export interface ParsedFiles {
  readonly pages: readonly Page[];
  readonly includes: readonly GivenInclude[];
}

/**
 * Reads and parses the files: pages, and includes that stand in one of them.
 * @param parse default: in a thread of its own, with bounds
 * @throws ConfigurationError that names the file: unreadable, beyond the parser's bounds, or an include of none of the pages
 */
export async function parseFiles(
  files: readonly string[],
  parse: Parser = (file) => parseMarkdown(file),
): Promise<ParsedFiles> {
  const parsed: Page[] = [];
  // One after the other: each has a thread of its own, and the bound of time is for one.
  for (const file of files) parsed.push(await parsePage(readSource(file), parse));
  const isInclude = ({ title, root }: Page): boolean => title === null && tablesIn(root.children).length > 0;
  const pages = parsed.filter((page) => !isInclude(page));
  const includes = parsed.filter(isInclude).map((page) => ({ name: page.file.name, page }));
  const wanted = pages.flatMap(({ root }) => includesIn(root.children)).map(({ path }) => path);
  const stray = includes.find(({ name }) => !wanted.some((path) => isSameFile(path, name)));
  if (stray) {
    const among =
      pages.length === 0 ? 'no page is given that includes it' : 'none of the pages includes it by this name';
    throw new ConfigurationError(`${stray.name}: has no title, and ${among}; give it together with its page`);
  }
  return { pages, includes };
}

/**
 * Reads pages of the documentation, and says where each disagrees with itself, its translation and an edition.
 * @param editionId edition to hold the pages against; null: none
 * @throws ConfigurationError when a file is no such page, or the edition is unknown
 */
export function examine({ pages, includes }: ParsedFiles, editionId: string | null): DocReport {
  const edition = editionId === null ? null : loadContract(editionId).edition;
  const editions = knownEditions().map((id) => loadContract(id).edition);
  const read = pages.map((page) => readPage(page, { includes, edition, editions }));
  const count = (about: About): number =>
    read.flatMap(({ findings }) => findings).filter((found) => found.about === about).length;
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: packageVersion() },
    totals: {
      pages: read.length,
      findings: { page: count('page'), languages: count('languages'), edition: count('edition') },
    },
    pages: read,
  };
}

interface Circumstances {
  readonly includes: readonly GivenInclude[];
  readonly edition: Edition | null;
  readonly editions: readonly Edition[];
}

function readPage(page: Page, { includes, edition, editions }: Circumstances): PageReading {
  const contract = extractContract(page, includes);
  const findings = [
    ...findingsInside(page, contract),
    ...findingsBetweenLanguages(page, contract),
    ...(edition ? driftFrom(edition, contract) : []),
  ];
  return {
    file: contract.file,
    closestEditions: closest(contract, editions),
    edition: edition?.id ?? null,
    unresolved: unresolvedIn(contract),
    findings: findings.map(withRule).sort((a, b) => a.line - b.line || a.column - b.column),
    contract,
  };
}

function withRule(found: DocFinding): PageFinding {
  const { about, level, clause } = ruleOf(found.rule);
  return { ...found, about, level, ...(clause === undefined ? {} : { clause }) };
}

/** The editions from which it drifts in the fewest points; several when what tells them apart is not on the page. */
function closest(contract: PageContract, editions: readonly Edition[]): readonly string[] {
  const drifts = editions.map((edition) => ({ id: edition.id, count: driftFrom(edition, contract).length }));
  const least = Math.min(...drifts.map(({ count }) => count));
  return drifts.filter(({ count }) => count === least).map(({ id }) => id);
}

function unresolvedIn({ permissions }: PageContract): readonly string[] {
  if (permissions?.include === undefined || permissions.from !== null) return [];
  return [`permissions: they stand in the include ${permissions.include}; give that file, too`];
}
