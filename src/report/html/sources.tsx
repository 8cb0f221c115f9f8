import type { VNode } from 'preact';
import type { RequirementReport } from '../model.js';

/** An address that a reader may be sent to: of those that the contract names, and nothing but a page. */
const isPage = (url: string): boolean => /^https:\/\/[!-~]+$/.test(url);

/** Where a clause stands, as links where the document can be read today. */
export function Sources({ row }: { readonly row: Pick<RequirementReport, 'source'> }): VNode {
  return (
    <>
      {row.source.map(({ document, section, segment, url }, at) => (
        <>
          {at === 0 ? '' : '; '}
          {url !== undefined && isPage(url) ? (
            <a href={url}>
              {document}, {section}
            </a>
          ) : (
            `${document}, ${section}`
          )}
          {segment === undefined ? null : `, segment ${segment}`}
        </>
      ))}
    </>
  );
}
