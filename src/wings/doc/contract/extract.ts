import { ConfigurationError } from '../../../engine/errors.js';
import { normative, textOf, type Piece } from '../page/inline.js';
import { assertTitled, blocksOf, factPlace, includesIn, isComplete, type Page } from '../page/page.js';
import {
  blockTypesIn,
  cellsOf,
  codesIn,
  paragraphsIn,
  tablesIn,
  type Section,
  type SectionKey,
} from '../page/sections.js';
import { exampleRequestIn, exampleResponseIn, linesOf, requestsIn } from './messages.js';
import type { BodyRule, Fact, ListedHeader, ListedRequest, PageContract, Success } from './model.js';
import { isSameFile, permissionsOf, type GivenInclude } from './permissions.js';
import { saysRequired } from './words.js';

/** The resource whose action it is. */
const resource = 'accessPackageAssignmentRequest';
const action = 'cancel';

/**
 * Reads what a page says about its operation.
 * @param given includes that were given as files of their own
 * @throws ConfigurationError when it is no page of this operation
 */
export function extractContract(page: Page, given: readonly GivenInclude[]): PageContract {
  assertTitled(page);
  const requests = listedRequests(page);
  assertOperation(page, requests);
  const { title, frontMatter } = page;
  const { text, line, column, segment } = title;
  const examples = codesIn(blocksOf(page, 'examples')).map((code) => linesOf(code, sourceLines(page)));
  const exampleRequest = examples.map(exampleRequestIn).find((found) => found !== null) ?? null;
  return {
    file: page.file.name,
    title: { value: text, line, column, ...(segment === null ? {} : { segment }) },
    language: page.language,
    bilingual: page.bilingual,
    frontMatter: frontMatter.values,
    sections: page.sections.slice(1).map((section) => sectionFact(section)),
    api: exampleRequest && apiOf(exampleRequest),
    permissions: permissionsOf(page, given),
    requests,
    retiring: retiringOf(page, requests),
    headers: headersOf(page),
    cancellable: codesOf(page, 'introduction').filter(({ value }) => /^\p{Ll}\p{L}*$/u.test(value)),
    body: bodyOf(page),
    success: successOf(page),
    content: contentOf(page),
    exampleRequest,
    exampleResponse: examples.map(exampleResponseIn).find((found) => found !== null) ?? null,
    blockTypes: blockTypesIn(page.root.children).map((comment) => ({
      value: comment.fields,
      line: comment.line,
      column: comment.column,
    })),
    includes: page.sections
      .flatMap(({ blocks }) => includesIn(blocks))
      .map((include) => ({
        value: { path: include.path, given: given.some(({ name }) => isSameFile(include.path, name)) },
        line: include.line,
        column: include.column,
      })),
  };
}

const sourceLines = ({ file }: Page): readonly string[] => file.text.split(/\r\n|\r|\n/);

const sectionFact = ({ key, title, line, column }: Section): PageContract['sections'][number] => ({
  value: key,
  title,
  line,
  column,
});

function listedRequests(page: Page): readonly Fact<ListedRequest>[] {
  return codesIn(blocksOf(page, 'http-request')).flatMap((code) => requestsIn(linesOf(code, sourceLines(page))));
}

/** Judged by the requests that it lists; one that lists none, such as a page that is cut off, by its title. */
function assertOperation(page: Page, requests: readonly Fact<ListedRequest>[]): void {
  const [first] = requests;
  if (first && !requests.some(isCancel)) {
    const { method, path } = first.value;
    throw new ConfigurationError(
      `${page.file.name}:${first.line}: a page of ${method} ${path}, and this suite judges POST …/{id}/${action}; give the page of ${resource}: ${action}`,
    );
  }
  const title = page.title?.text ?? '';
  if (first || (title.includes(resource) && title.toLowerCase().endsWith(action))) return;
  throw new ConfigurationError(
    `${page.file.name}: lists no request and is not titled ${resource}: ${action}: not a page of this operation, or one that is cut off`,
  );
}

const isCancel = ({ value }: Fact<ListedRequest>): boolean =>
  value.method === 'POST' && value.path.split('/').at(-1) === action;

function apiOf({ value, line, column }: NonNullable<PageContract['exampleRequest']>): PageContract['api'] {
  const [, version] = /^https?:\/\/[^/]+\/(beta|v1\.0)\//.exec(value.url) ?? [];
  return version === undefined ? null : { value: version as 'beta' | 'v1.0', line, column };
}

/**
 * A note beside the listed requests that sets two of their collections against each other announces the one that is not
 * listed first as retiring.
 */
function retiringOf(page: Page, requests: readonly Fact<ListedRequest>[]): Fact<string> | null {
  const collections = new Set(requests.flatMap(({ value }) => value.collection ?? []));
  const [preferred] = collections;
  const named = quoted(blocksOf(page, 'http-request')).flatMap((piece) => {
    const collection = piece.text.split('/').at(-1) ?? '';
    return piece.code && piece.text.startsWith('/') ? [{ value: collection, ...factPlace(piece) }] : [];
  });
  if (!named.some(({ value }) => value === preferred)) return null;
  return named.find(({ value }) => value !== preferred && collections.has(value)) ?? null;
}

const quoted = (blocks: Section['blocks']): readonly Piece[] =>
  normative(paragraphsIn(blocks.filter(({ type }) => type === 'blockquote')).flatMap(({ pieces }) => pieces));

function headersOf(page: Page): readonly Fact<ListedHeader>[] {
  return tablesIn(blocksOf(page, 'request-headers')).flatMap((table) =>
    cellsOf(table)
      .slice(1)
      .flatMap((cells) => {
        const pieces = normative(cells[0]?.pieces ?? []);
        const name = textOf(pieces);
        const description = textOf(normative(cells.at(-1)?.pieces ?? []));
        if (!pieces[0] || name === '') return [];
        const scheme = /\b(\w+) \{token\}/i.exec(description)?.[1];
        const value = {
          name,
          description,
          ...(scheme === undefined ? {} : { scheme }),
          required: saysRequired(description),
        };
        return [{ value, ...factPlace(pieces[0]) }];
      }),
  );
}

const prose = (page: Page, key: SectionKey): readonly Piece[] =>
  normative(paragraphsIn(blocksOf(page, key)).flatMap(({ pieces }) => pieces));

const codesOf = (page: Page, key: SectionKey): readonly Fact<string>[] =>
  prose(page, key).flatMap((piece) => (piece.code ? [{ value: piece.text, ...factPlace(piece) }] : []));

/**
 * The body rule without understanding the language: a rule names its members in bold, its values as code and the
 * resource by a link; where nothing of that stands, no body is to be sent.
 */
function bodyOf(page: Page): BodyRule {
  const pieces = prose(page, 'request-body');
  const linked = pieces.find(({ href }) => href?.includes('/resources/') === true);
  const members = pieces.flatMap((piece) =>
    piece.strong ? [{ value: memberName(piece.text), ...factPlace(piece) }] : [],
  );
  const values = codesOf(page, 'request-body');
  const isNamed = linked !== undefined || members.length + values.length > 0;
  const silent = pieces.length > 0 && isComplete(page, 'request-body') ? 'none' : null;
  const demandedOf = /\bnon-administrator/i.test(textOf(pieces)) ? 'non-administrators' : null;
  return { rule: isNamed ? 'representation' : silent, resource: linked?.text ?? null, members, values, demandedOf };
}

/** Translations pull punctuation into the bold words beside it. */
const memberName = (text: string): string => text.replace(/[^\p{L}\p{N}_]+$/u, '').replace(/^[^\p{L}\p{N}_]+/u, '');

function successOf(page: Page): readonly Fact<Success>[] {
  return codesOf(page, 'response').flatMap(({ value, ...place }) => {
    const [, status, reason] = /^(2\d\d)\b\s*(.*)$/.exec(value) ?? [];
    return status === undefined ? [] : [{ value: { status: Number(status), reason: reason ?? '' }, ...place }];
  });
}

/** A response that carries something names its resource by a link; where none stands, it carries nothing. */
function contentOf(page: Page): PageContract['content'] {
  const pieces = prose(page, 'response');
  if (pieces.some(({ href }) => href?.includes('/resources/') === true)) return 'resource';
  return pieces.length > 0 && isComplete(page, 'response') ? 'none' : null;
}
