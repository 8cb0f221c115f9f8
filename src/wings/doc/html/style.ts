/** What the view of a page adds to the report's style sheet; the same rules hold for it. */
export const docStyle = `
.doc-key { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 0.35rem 1.5rem; margin: 1.25rem 0 0; font-size: 0.85rem; }
.doc-key .unit { display: inline-block; padding: 0 0.5rem; }
.doc-heading { margin: 2rem 0 0.6rem; }
.broken { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.75rem 0; padding: 0; border: 0; }
.broken a { min-height: 24px; font-weight: 600; }
.broken a.bad { color: var(--bad); }
.broken a.warning { color: var(--warning); }
.edge { position: fixed; inset: 0 0 0 auto; height: 100vh; }
.edge rect { fill: transparent; }
.edge rect.bad { fill: var(--bad); }
.edge rect.warning { fill: var(--warning); }
.edge rect.unknown { fill: var(--unknown); }
.doc-findings { margin: 0.75rem 0 1.5rem; }
.doc-findings li { padding: 0.2rem 0; }
.row { margin: 0 0 0.9rem; }
.row.quote { border-left: 3px solid var(--line); padding-left: 0.75rem; }
.row.list { padding-left: 1rem; }
.owned { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0.15rem 1.25rem; margin-bottom: 0.35rem; align-items: start; }
.unit { padding: 0.2rem 0.6rem; border-left: 4px solid var(--tone); background: var(--tone-ground); --tone: var(--neutral); --tone-ground: var(--raised); }
.unit.good { --tone: var(--good); --tone-ground: var(--good-ground); }
.unit.bad { --tone: var(--bad); --tone-ground: var(--bad-ground); }
.unit.warning { --tone: var(--warning); --tone-ground: var(--warning-ground); }
.unit.unknown { --tone: var(--unknown); --tone-ground: var(--unknown-ground); }
.unit.excluded { border-left-style: dashed; }
.unit.informative { --tone: transparent; --tone-ground: transparent; }
.unit.unowned { --tone: var(--warning); --tone-ground: var(--ground); border-left-style: double; outline: 1px dashed var(--warning); }
.unit p { margin: 0; max-width: none; }
.owned.both > .unit { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.25rem 1rem; }
.side-translation { color: var(--muted); }
.unit .link { text-decoration: underline dotted; text-underline-offset: 0.15em; }
.margin { font-size: 0.82rem; line-height: 1.45; color: var(--muted); }
.margin li { padding: 0 0 0.15rem; }
.margin p { margin: 0.1rem 0; }
.margin summary { display: flex; }
.row.code { font-size: 0.95rem; }
.doc-findings summary { display: flex; font-weight: 600; }
pre.line, pre.raw { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.unit pre.line { padding: 0; background: none; }
.row.code > pre.line { background: none; padding: 0 0.85rem; color: var(--muted); }
pre.raw { margin: 0 0 0.6rem; padding: 0.2rem 0.6rem; color: var(--muted); border-left: 4px solid var(--line); }
.doc-table { margin: 0 0 1rem; table-layout: fixed; }
.doc-table .owned { grid-template-columns: minmax(0, 1fr); }
@media (max-width: 48rem) {
  .owned, .owned.both > .unit { grid-template-columns: minmax(0, 1fr); }
  .doc-table thead { position: static; }
  .doc-table, .doc-table thead, .doc-table tbody, .doc-table tr, .doc-table th, .doc-table td { display: block; width: auto; }
}
`;
