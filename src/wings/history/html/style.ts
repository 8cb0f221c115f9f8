/** What the page of a history needs beyond the style of a report; the same rules hold for it. */
export const historyStyle = `
.now dd { max-width: none; }
.runs-by-row { overflow-wrap: normal; width: auto; }
.runs-by-row tbody th, .runs-by-row thead th:first-child { position: sticky; left: 0; z-index: 1; width: 22rem; min-width: 22rem; padding-right: 1rem; background: var(--ground); border-right: 1px solid var(--line); white-space: normal; }
.runs-by-row thead .run { height: 11rem; min-width: 1.75rem; padding: 0.3rem 0; white-space: normal; }
.runs-by-row thead .run a, .runs-by-row thead .run span { display: inline-block; min-width: 1.5rem; }
.runs-by-row thead .run em { color: var(--text); font-style: normal; font-weight: 600; }
.runs-by-row td { min-width: 1.75rem; padding: 0.45rem 0; border-left: 0; }
.runs-by-row .changed { border-right: 2px solid var(--text); }
.runs-by-row .state { display: block; color: var(--text); font-weight: 600; }
.runs-by-row tr.outcomes td { border-top: 0; }
@media screen and (max-width: 46rem) {
  .runs-by-row tbody th, .runs-by-row thead th:first-child { width: 10rem; min-width: 10rem; padding-right: 0.5rem; font-size: 0.8rem; }
}
`;
