import type { VNode } from 'preact';

/** What only paper shows, and how much of the page it does. A page that is printed has no script: the box works by itself. */
export function OnPaper(): VNode {
  return (
    <>
      <p class="whole-print">
        <label>
          <input type="checkbox" id="print-whole" /> Print the whole report, not only its decision, failures, readings
          and provenance
        </label>
      </p>
      <p class="sign">
        <span>Decided by</span> <span>on</span> <span>signature</span>
      </p>
    </>
  );
}

/**
 * Paper: what is decided on, in two pages where few things failed; the rest where somebody asked for it. What a section of the page is
 * told by is its heading.
 */
export const paperStyle = `
.sign { display: none; }
@media print {
  :root { color-scheme: light; --link: #1c2126; }
  html { font-size: 72%; }
  body { max-width: none; padding: 0; line-height: 1.4; }
  nav, .skip, .filter h2, .fields, .filter button, .repeat button, button, .whole-print, .command, .told-on, .what-if { display: none; }
  main:has(#print-whole:not(:checked)) > :is(section, form):not([aria-labelledby=fix-first], [aria-labelledby=waivers], [aria-labelledby=untold], [aria-labelledby=contested], [aria-labelledby=provenance]) { display: none; }
  main:has(#print-whole:not(:checked)) :is(.pair, .shopping pre, .facts div:has(.readings), [aria-labelledby=contested] > p) { display: none; }
  .judged-here:is(.wrong, .otherwise) { position: static; }
  .sign { display: flex; gap: 2rem; margin-top: 2rem; break-inside: avoid; }
  html:has(.otherwise, .judged-here.wrong) .sign { display: none; }
  .sign span { flex: 1; padding-bottom: 0.2rem; border-bottom: 1px solid; }
  h2 { margin: 1.2rem 0 0.4rem; }
  table.stack { font-size: 7pt; line-height: 1.25; }
  [aria-labelledby=contested] :is(th, td) { width: 16%; }
  [aria-labelledby=contested] :is(th, td):last-child { width: 42%; }
  [aria-labelledby=contested] .plain li { display: inline; }
  [aria-labelledby=contested] .plain li + li::before { content: '; '; }
  .proof { display: none; }
  p, dd { max-width: none; }
  .card summary, .told, .told > div { padding-block: 0.2rem; margin-block: 0; }
  .card { margin-block: 0.4rem; }
  footer { margin-top: 0.5rem; }
  table.stack td, table.stack th { padding: 0.1rem 0.4rem; }
  .filter { margin: 1rem 0 0; padding: 0; background: none; }
  .requirement, .case { content-visibility: visible; }
  .requirement::details-content, .card::details-content { content-visibility: visible; display: block; }
  .outcome, svg.bar, svg.ticks, pre { print-color-adjust: exact; }
  h2, h3, summary { break-after: avoid; }
  .rows > li, .checks li, tr, .card { break-inside: avoid; }
  a { text-decoration: none; }
}
`;
