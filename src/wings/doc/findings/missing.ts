import type { PageContract } from '../contract/model.js';
import type { Page } from '../page/page.js';
import type { SectionKey } from '../page/sections.js';
import type { DocFinding } from './model.js';

/** What must stand on a page, and in which part it is looked for. */
const parts: readonly {
  readonly what: string;
  readonly in: SectionKey;
  readonly isThere: (contract: PageContract) => boolean;
}[] = [
  { what: 'cancellable states as code', in: 'introduction', isThere: ({ cancellable }) => cancellable.length > 0 },
  { what: 'permission table or its include', in: 'permissions', isThere: ({ permissions }) => permissions !== null },
  { what: 'HTTP request', in: 'http-request', isThere: ({ requests }) => requests.length > 0 },
  { what: 'request headers', in: 'request-headers', isThere: ({ headers }) => headers.length > 0 },
  { what: 'rule about the request body', in: 'request-body', isThere: ({ body }) => body.rule !== null },
  { what: 'success status in the prose', in: 'response', isThere: ({ success }) => success.length > 0 },
  { what: 'example request', in: 'examples', isThere: ({ exampleRequest }) => exampleRequest !== null },
  { what: 'example response', in: 'examples', isThere: ({ exampleResponse }) => exampleResponse !== null },
];

/** What a page does not say, or not where it is looked for: a page that is cut off, or that left its template. */
export function missingParts(page: Page, contract: PageContract): readonly DocFinding[] {
  const lastLine = page.file.text.split(/\r\n|\r|\n/).length;
  return parts
    .filter(({ isThere }) => !isThere(contract))
    .map(({ what, in: key }) => {
      const section = page.sections.find((candidate) => candidate.key === key);
      return {
        rule: 'part-missing',
        line: section?.line ?? lastLine,
        column: section?.column ?? 1,
        message: section
          ? `No ${what} in the part ${key}`
          : `No ${what}: the page has no part ${key}, or ends before it`,
      };
    });
}
