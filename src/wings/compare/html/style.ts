/** What a comparison needs beyond the style of a report; the same rules hold for it. */
export const comparisonStyle = `
.outcome ul { margin: 0.5rem 0; }
.outcome code { color: var(--muted); }
.runs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem; }
.runs > li { padding: 0.9rem 1.1rem; border: 1px solid var(--line); border-radius: 6px; }
.runs h3 { margin: 0 0 0.4rem; }
.runs .facts > div { grid-template-columns: 5.5rem minmax(0, 1fr); padding: 0.15rem 0; font-size: 0.92rem; }
.letter { display: inline-block; min-width: 1.5em; text-align: center; border-radius: 3px; background: var(--raised); border: 1px solid var(--line); font-size: 0.85em; }
.against { overflow-wrap: normal; }
.against tbody th { min-width: 18rem; }
.against td { white-space: nowrap; padding-left: 0.5rem; padding-right: 0.75rem; }
.against thead th + th { padding-left: 0.5rem; }
.against td.other { background: var(--warning-ground); box-shadow: inset 0 -2px 0 var(--warning); }
.against td.why { white-space: normal; min-width: 14rem; padding-right: 0; color: var(--muted); font-size: 0.9rem; }
.requirement > summary h3 { flex: 1; min-width: 0; margin: 0; font-weight: 400; font-size: 1rem; }
.requirement[open] > summary h3 { font-weight: 600; }
.change { margin-bottom: 1.25rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.verdicts { margin: 0.3rem 0; }
.verdicts li { padding: 0.1rem 0; }
.cause-of { font-size: 0.92rem; color: var(--muted); }
.cause-of b { color: var(--text); font-weight: 600; }
.seen > li { padding: 0.75rem 0 0.75rem 1rem; border-left: 3px solid var(--line); margin-bottom: 0.75rem; }
.seen > li.silent { border-left-color: var(--warning); }
.seen h3 { margin: 0; }
.seen h3 small, h2 small { font-weight: 400; }
.against.many thead { display: none; }
.against.many, .against.many tbody, .against.many tr, .against.many th, .against.many td { display: block; width: auto; border: 0; padding: 0; }
.against.many tbody th, .against.many td.why { min-width: 0; }
.against.many tr { padding: 0.6rem 0; border-top: 1px solid var(--line); }
.against.many td[data-run] { display: inline-block; margin-right: 1rem; }
.against.many td.other { padding: 0 0.4rem; }
.against.many td[data-run]::before { content: attr(data-run) '  '; color: var(--muted); font-weight: 600; }
@media screen and (max-width: 46rem) {
  .against thead { display: none; }
  .against, .against tbody, .against tr, .against th, .against td { display: block; width: auto; border: 0; padding: 0; }
  .against tbody th, .against td.why { min-width: 0; }
  .against tr { padding: 0.6rem 0; border-top: 1px solid var(--line); }
  .against td[data-run] { display: inline-block; margin-right: 1rem; }
  .against td.other { padding: 0 0.4rem; }
  .against td[data-run]::before { content: attr(data-run) '  '; color: var(--muted); font-weight: 600; }
}
`;
