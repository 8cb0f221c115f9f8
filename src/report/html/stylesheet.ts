import { paperStyle } from './paper.js';

/**
 * The page's only style sheet. A constant, hashed by the content security policy; it must not contain double quotes,
 * ampersands or less-than signs, which the library would escape. Every pair of text and ground reaches a contrast of
 * 4.5 : 1 in both schemes.
 */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f6f7f8; --line: #d9dde1; --text: #1c2126; --muted: #59626b; --link: #0b57a4;
  --good: #17693c; --bad: #b3261e; --warning: #855000; --unknown: #5c4a9c; --neutral: #59626b; --faint: #aab2ba;
  --good-ground: #eaf5ee; --bad-ground: #fcefed; --warning-ground: #fbf2e2; --unknown-ground: #f1eef9;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', Menlo, Consolas, monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #14171a; --raised: #1c2024; --line: #343a40; --text: #e5e8ea; --muted: #a0a8b0; --link: #86b9f0;
    --good: #74c794; --bad: #f49289; --warning: #e5b25f; --unknown: #b9a9f0; --neutral: #a0a8b0; --faint: #59626b;
    --good-ground: #17281e; --bad-ground: #321b19; --warning-ground: #2e2414; --unknown-ground: #242038;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.75rem 1.5rem 4rem; max-width: 72rem; background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif; overflow-wrap: anywhere;
}
h1, h2, h3, h4, h5 { line-height: 1.25; }
h1 { text-wrap: balance; }
h1 { margin: 0 0 0.75rem; font-size: clamp(1.4rem, 1.1rem + 1.2vw, 1.85rem); font-weight: 650; letter-spacing: -0.015em; }
h2 { margin: 3.5rem 0 0.75rem; font-size: 1.35rem; font-weight: 650; letter-spacing: -0.01em; }
h3 { margin: 2rem 0 0.6rem; font-size: 1.05rem; font-weight: 650; }
h4, h5 { margin: 0; font-size: inherit; font-weight: 550; }
p { margin: 0 0 0.5rem; }
p, dd { max-width: 75ch; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
small { color: var(--muted); font-size: 0.85em; }
code, pre { font-family: var(--mono); font-size: 0.85em; }
dl, dd, ul { margin: 0; padding: 0; }
ul { list-style: none; }
q { quotes: '\\201c' '\\201d'; }
.muted { color: var(--muted); }
.id { font: 0.8rem/1.4 var(--mono); font-weight: 400; color: var(--muted); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.5rem 1rem; background: var(--ground); z-index: 1; }
.skip:focus { top: 0.5rem; }
[id] { scroll-margin-top: 5rem; }
:target { box-shadow: -0.5rem 0 0 var(--ground), calc(-0.5rem - 3px) 0 0 var(--link); }
h2:target, h3:target { box-shadow: none; }

.judged-here { max-width: none; font-size: 0.9rem; color: var(--muted); }
.judged-here:is(.wrong, .otherwise) {
  position: fixed; inset: auto 0 0; z-index: 1; margin: 0; padding: 0.75rem 1.5rem; max-height: 30vh; overflow: auto;
  border-top: 3px solid var(--warning); background: var(--warning-ground); color: var(--text);
}
.judged-here.wrong { border-color: var(--bad); background: var(--bad-ground); font-weight: 600; }
html:has(.otherwise, .wrong) { scroll-padding-bottom: 30vh; }
html:has(.otherwise) .outcome::before { content: 'WHAT IF: not what the run was judged by'; display: block; font-weight: 650; color: var(--warning); }

.card .lasting { color: var(--bad); font-weight: 600; }
.what-if { display: block; color: var(--muted); font-size: 0.85rem; }
.what-if[hidden] { display: none; }

.eyebrow { margin-bottom: 0.7rem; font-size: 0.85rem; font-weight: 600; }
.eyebrow span { color: var(--muted); font-weight: 400; margin-left: 0.5rem; }
.outcome { padding: 1.1rem 1.5rem 0.75rem; border-radius: 6px; border-left: 6px solid var(--tone); background: var(--tone-ground); }
.outcome { --tone: var(--unknown); --tone-ground: var(--unknown-ground); }
.outcome.conformant { --tone: var(--good); --tone-ground: var(--good-ground); }
.outcome.nonconformant { --tone: var(--bad); --tone-ground: var(--bad-ground); }
.outcome.waived { --tone: var(--warning); --tone-ground: var(--warning-ground); }
.outcome.suite-fault { --tone: var(--warning); --tone-ground: var(--warning-ground); }
.outcome .word { max-width: none; margin-bottom: 0.35rem; color: var(--tone); font-weight: 650; }
.outcome .word span { color: var(--muted); font-weight: 400; margin-left: 0.5rem; }
.outcome li { margin-bottom: 0.25rem; padding-left: 1rem; text-indent: -1rem; }
.outcome li::before { content: '! '; font-weight: 700; }
.partial { font-weight: 600; }

.facts.first { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 2rem; margin-top: 0.75rem; font-size: 0.92rem; }
.facts.first > div { grid-template-columns: 8.5rem minmax(0, 1fr); }
.circumstances { margin-top: 1.5rem; font-size: 0.92rem; }
.circumstances dd { max-width: none; }
.facts > div { display: grid; grid-template-columns: 9.5rem minmax(0, 1fr); gap: 0 1rem; padding: 0.3rem 0; }
.facts code { margin-left: 0.35rem; color: var(--muted); }
.readings span { margin-right: 0.5rem; white-space: nowrap; }
.proof { margin-left: 0.35rem; white-space: nowrap; }
.facts dt, .pairs dt { color: var(--muted); }
.shares { margin: 0.6rem 0 0.4rem; }
.shares .meaning { margin: 0.3rem 0 0; color: var(--muted); font-size: 0.9rem; max-width: none; }
.ticks { display: block; }
.ticks .good { fill: var(--good); } .ticks .bad { fill: var(--bad); } .ticks .warning { fill: var(--warning); } .ticks .unknown { fill: var(--unknown); }
/* What passed beside a failure, or in such a run, is no merit of the target. */
.ticks.nonconformant .good, .ticks.suite-fault .good, .ticks.interrupted .good, .ticks.incomplete .good { fill: var(--faint); }
.decision { display: inline-block; margin-right: 0.5rem; padding: 0.1rem 0.6rem; border-radius: 4px; background: var(--tone); color: var(--ground); text-transform: uppercase; letter-spacing: 0.04em; font-size: 0.9rem; }
.decided { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 2rem; }
.past > p { max-width: 22.5rem; margin: 0; color: var(--muted); font-size: 0.9rem; }
.strip { display: grid; grid-template-columns: repeat(15, 1.5rem); margin: 0.3rem 0; padding: 0; list-style: none; }
.strip li::before { content: none; }
.outcome .strip li { margin: 0; padding: 0; text-indent: 0; }
.strip a, .strip li > span { display: flex; align-items: flex-end; width: 1.5rem; height: 1.5rem; padding: 1px 2px; text-decoration: none; }
.strip b { flex: 1; border-radius: 2px; background: var(--neutral); color: var(--ground); font-size: 0.8rem; line-height: 1.35rem; text-align: center; }
.strip .good { background: var(--good); } .strip .bad { background: var(--bad); } .strip .warning { background: var(--warning); } .strip .unknown { background: var(--unknown); }
/* What could not be told is lower, so that not colour alone says it. */
.strip .incomplete, .strip .interrupted { line-height: 0.95rem; }
.strip .suite-fault { line-height: 1.1rem; border-radius: 0; }
.strip [aria-current] { outline: 2px solid var(--text); border-radius: 3px; }
svg.bar { display: block; margin: 0.35rem 0; border-radius: 3px; overflow: hidden; }
.bar .passed { fill: var(--good); }
.bar.nonconformant .passed, .bar.suite-fault .passed, .bar.interrupted .passed, .bar.incomplete .passed { fill: var(--faint); }
.bar .failed { fill: var(--bad); } .bar .mild { fill: var(--warning); }
.bar .inconclusive { fill: var(--unknown); }
.bar .not-applicable { fill: var(--line); }

.card { margin: 0.9rem 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.card > summary { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; padding: 0.7rem 1rem; }
.card > summary::before { margin-top: 0; }
.card > summary h3 { flex: 1 1 20rem; margin: 0; }
.card[open] > summary { border-bottom: 1px solid var(--line); }
.badge { padding: 0.05rem 0.5rem; border-radius: 4px; background: var(--muted); color: var(--ground); text-transform: uppercase; font-size: 0.75rem; letter-spacing: 0.04em; }
.must .badge { background: var(--bad); } .should .badge { background: var(--warning); }
.told { padding: 0.6rem 1rem 0.9rem; }
.told > div { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); gap: 0 1rem; padding: 0.2rem 0; }
.told dt { color: var(--muted); }
.told dd { max-width: none; }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); border-top: 1px solid var(--line); }
.pair.single { grid-template-columns: minmax(0, 1fr); }
.pair p { margin: 0; padding: 0.35rem 0.75rem; max-width: none; background: var(--raised); font-size: 0.9rem; }
.pair code { display: block; padding: 0.15rem 0.75rem; white-space: pre-wrap; }
.pair .of-probe { border-left: 1px solid var(--line); }
.pair.single .of-probe { border-left: 0; }
.pair .declared { background: var(--warning-ground); }
.pair .of-control.declared, .pair .of-control.good { background: var(--good-ground); }
.pair .good { color: var(--good); font-weight: 600; }
.pair .bad { color: var(--bad); background: var(--bad-ground); font-weight: 600; }
.pair .warning { color: var(--warning); font-weight: 600; }
.pair .did { background: none; }
.pair small { margin-left: 1rem; color: inherit; font-weight: 400; }
.pair .alike { grid-column: 1 / -1; margin: 0; padding: 0.1rem 0.75rem; color: var(--muted); }
.pair .alike pre { color: var(--muted); }
.command { display: flex; flex-direction: row-reverse; gap: 0.75rem; align-items: center; margin: 0; padding: 0.6rem 1rem; max-width: none; border-top: 1px solid var(--line); }
.command small { order: 1; white-space: nowrap; }
.command code { flex: 1; padding: 0.4rem 0.6rem; border-radius: 4px; background: var(--raised); }
.told-on { margin: 0; padding: 0 1rem 0.4rem; }
.apart { margin-top: 2rem; }
.shopping { padding-left: 1.4rem; }
.shopping li { margin-bottom: 0.5rem; }
.shopping pre { max-width: 40rem; margin-top: 0.3rem; }

nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; margin-top: 1rem; padding: 0.5rem 0; border: solid var(--line); border-width: 1px 0; font-size: 0.95rem; }
nav a, nav b, nav span, summary { min-height: 24px; }
li a, .jump { display: inline-block; min-height: 24px; text-indent: 0; }
.pages { margin: 0 0 1rem; padding: 0; border: 0; font-size: 0.85rem; }
html:not(:has(#filter:not([hidden]))) .with-script { display: none; }
@media (min-width: 64rem) { .pages { float: right; margin: 0; } }
nav + section h2 { margin-top: 1rem; }
.rows > li { display: grid; grid-template-columns: 9.75rem minmax(0, 1fr); gap: 0 1rem; padding: 0.6rem 0; border-top: 1px solid var(--line); }
.rows > li:first-child { border-top: 0; }
.rows p { margin: 0.15rem 0 0; color: var(--muted); }
.rows small { margin-left: 0.35rem; }
.ids { font: 0.8rem/1.7 var(--mono); max-width: none; }
.ids a { margin-right: 0.6rem; white-space: nowrap; }
.mark { font-weight: 600; white-space: nowrap; }
.mark span { display: inline-block; width: 1.1em; text-align: center; }
.mark.good { color: var(--good); } .mark.bad { color: var(--bad); } .mark.warning { color: var(--warning); }
.mark.unknown { color: var(--unknown); } .mark.neutral { color: var(--neutral); }

table { width: 100%; border-collapse: collapse; font-size: 0.95rem; }
th, td { padding: 0.45rem 1rem 0.45rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--muted); font-size: 0.85rem; }
.stack tbody th { width: 36%; }
/* A long text of the target in the last cell must not squeeze the words before it. */
.stack td:not(:last-child) { min-width: 8.5rem; }
.stack th .id { display: inline-block; min-width: 2.6rem; }
.count { text-align: right; width: 6.5rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
td.failed { color: var(--bad); font-weight: 650; } td.mild { color: var(--warning); font-weight: 650; } td.inconclusive { color: var(--unknown); font-weight: 650; }
.zero { color: var(--muted); }
.share-of-area { width: 24%; padding-right: 0; padding-left: 1rem; vertical-align: middle; }
.frame { width: auto; margin: 0.5rem 0 0.75rem; font-size: 0.85rem; }
.frame th, .frame td { padding-top: 0.2rem; padding-bottom: 0.2rem; }
.frame td { min-width: 7.4rem; }

summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ''; flex: none; width: 0.4rem; height: 0.4rem; margin: 0.5rem 0.35rem 0 0; border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
details[open] > summary::before { transform: rotate(45deg); }
summary:hover::before { border-color: var(--text); }
.requirement, .case { border-top: 1px solid var(--line); }
.requirement > summary, .case > summary { display: flex; gap: 0 0.75rem; align-items: baseline; padding: 0.5rem 0; }
.requirement > summary .mark, .case > summary .mark { flex: none; width: 9.75rem; }
.requirement h4, .case h4 { flex: 1; min-width: 0; font-weight: 400; }
.requirement[open] h4, .case[open] h4 { font-weight: 600; }
.level { flex: none; width: 4rem; color: var(--muted); font-size: 0.8rem; letter-spacing: 0.03em; }
.requirement .id, .answers { flex: none; }
.answers { font: 0.8rem/1.4 var(--mono); color: var(--muted); max-width: 40%; text-align: right; }
.inside { margin: 0.1rem 0 1.25rem 1.5rem; }
.source, .note { color: var(--muted); font-size: 0.87rem; margin-bottom: 0.2rem; }
.reason { color: var(--unknown); margin: 0.4rem 0; }
.checks { margin-top: 0.6rem; }
.checks > summary { display: flex; flex-wrap: wrap; font-weight: 550; font-size: 0.92rem; }
.checks > summary small { margin-left: 0.6rem; font-weight: 400; }
.checks li { padding: 0.3rem 0 0.3rem 1rem; font-size: 0.92rem; border-left: 2px solid var(--line); }
.checks ul[data-verdict=failed] > li { border-left-color: var(--bad); }
.findings { margin: 0.25rem 0 0.5rem; }
.finding { margin-bottom: 0.5rem; }
.finding p { font-weight: 550; margin-bottom: 0.2rem; }
.finding dl { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: 0.1rem 0.75rem; }
.finding dt { color: var(--muted); }
.finding dd { margin: 0; }
.exchange { margin-top: 1rem; }
.exchange h5 small { font-weight: 400; margin-left: 0.35rem; }
.wire { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 1.5rem; margin-top: 0.4rem; }
.side { color: var(--muted); font-size: 0.85rem; margin-bottom: 0.2rem; }
pre { margin: 0 0 0.3rem; padding: 0.6rem 0.75rem; background: var(--raised); border-radius: 4px; line-height: 1.5; white-space: pre-wrap; overflow: hidden; }
pre.head { word-break: break-all; }
.pairs > div { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 0 1rem; padding: 0.35rem 0; border-top: 1px solid var(--line); }
.pairs > div:first-child { border-top: 0; }
.pairs + p { margin-top: 0.75rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.9rem; }

.at { margin: 0.3rem 0; padding: 0.25rem 0.6rem; border-left: 3px solid var(--bad); background: var(--bad-ground); border-radius: 0 4px 4px 0; font-size: 0.87rem; }
.at.warning { border-color: var(--warning); background: var(--warning-ground); }
.self { color: inherit; text-decoration: none; } .self:hover { text-decoration: underline; }

.wide { position: relative; overflow-x: auto; margin-top: 0.75rem; }
.matrix { width: auto; font-size: 0.85rem; overflow-wrap: normal; }
.matrix th, .matrix td { padding: 0.25rem 0.5rem; white-space: nowrap; }
.matrix thead th { writing-mode: vertical-rl; vertical-align: bottom; padding: 0.4rem 0.3rem; }
.matrix thead th:first-child { writing-mode: horizontal-tb; }
.matrix td { text-align: center; border-left: 1px solid var(--line); min-width: 2.6rem; }
.matrix td a { color: inherit; font-variant-numeric: tabular-nums; text-decoration: none; }
.matrix td a:hover { text-decoration: underline; }
.matrix .good { color: var(--good); background: var(--good-ground); }
.matrix .bad { color: var(--bad); background: var(--bad-ground); font-weight: 700; }
.matrix .warning { color: var(--warning); background: var(--warning-ground); }
.matrix .unknown { color: var(--unknown); background: var(--unknown-ground); }
.matrix .neutral { color: var(--neutral); }
.lane { display: grid; grid-template-columns: 13rem minmax(0, 1fr); gap: 0 1rem; align-items: center; padding: 0.2rem 0; border-top: 1px solid var(--line); font-size: 0.9rem; }
.lane svg { display: block; background: var(--raised); }
.lane .good { fill: var(--good); } .lane .bad { fill: var(--bad); } .lane .warning { fill: var(--warning); }
.lane .unknown { fill: var(--unknown); } .lane .neutral { fill: var(--neutral); }
.axis { display: flex; justify-content: space-between; max-width: none; margin-left: 14rem; color: var(--muted); font-size: 0.8rem; }

.filter { margin-top: 3.5rem; padding: 1.25rem 1.5rem; background: var(--raised); border-radius: 6px; }
.filter h2 { margin-top: 0; }
.fields { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); gap: 0.75rem 1.5rem; }
.fields p { margin: 0; }
.fields label { margin-right: 1rem; white-space: nowrap; }
.fields p label { display: block; margin-bottom: 0.2rem; color: var(--muted); font-size: 0.87rem; white-space: normal; }
.fields fieldset { grid-column: 1 / -1; min-width: 0; margin: 0; padding: 0; border: 0; }
.fields legend { padding: 0; color: var(--muted); font-size: 0.87rem; }
input[type=search], select, button { font: inherit; color: var(--text); background: var(--ground); border: 1px solid var(--muted); border-radius: 4px; padding: 0.35rem 0.6rem; }
input[type=search], select { width: 100%; }
button { cursor: pointer; font-size: 0.87rem; } button:hover { border-color: var(--text); }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin: 1rem 0 0; max-width: none; }
.actions output { flex: 1 0 14rem; }
.requirement, .case { content-visibility: auto; contain-intrinsic-block-size: auto 2.6rem; }

@media screen and (max-width: 46rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .outcome { padding: 1.1rem 1.1rem 0.9rem; }
  .decided { grid-template-columns: minmax(0, 1fr); }
  .strip { grid-template-columns: repeat(auto-fill, 1.5rem); }
  .eyebrow span, .outcome .word span { display: block; margin-left: 0; }
  .pages { gap: 0.25rem 0.8rem; }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .pair .of-probe { border-left: 0; padding-left: 1.5rem; }
  .facts.first, .facts.first > div, .wire { grid-template-columns: minmax(0, 1fr); }
  .told > div, .facts > div, .pairs > div, .rows > li { grid-template-columns: minmax(0, 1fr); }
  .facts > div { padding: 0.4rem 0; }
  .facts dt { font-size: 0.85rem; }
  .requirement > summary, .case > summary { flex-wrap: wrap; }
  .requirement > summary .mark, .case > summary .mark { width: auto; }
  .requirement h4, .case h4 { flex-basis: 100%; order: 1; padding-left: 1.2rem; }
  .requirement .id { order: 2; padding-left: 1.2rem; }
  .level { width: auto; }
  .inside { margin-left: 0; }
  .fields, .lane { grid-template-columns: minmax(0, 1fr); }
  .fields label { white-space: normal; }
  .axis { margin-left: 0; }
  .filter { padding: 1rem; }
  .areas thead, .areas .zero { display: none; }
  .areas tr { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0.5rem 0; border-top: 1px solid var(--line); }
  .areas th, .areas td { flex: none; width: auto; padding: 0; border: 0; }
  .areas th, .areas .share-of-area { flex: 0 0 100%; }
  .areas .count::after { content: ' ' attr(data-word); color: var(--muted); font-weight: 400; }
  .stack thead { display: none; }
  .stack tr, .stack th, .stack td { display: block; width: auto; border: 0; padding: 0; }
  .stack tbody th { width: auto; font-weight: 550; }
  .stack tr { padding: 0.6rem 0; border-top: 1px solid var(--line); }
  .stack td:nth-child(2)::before { content: 'Read as '; color: var(--muted); }
  .stack td:nth-child(3)::before { content: 'Observed: '; color: var(--muted); }
}
/* Nothing that needs a script to be found may be folded away from a reader who has none. */
@media (scripting: none) {
  .requirement, .case { content-visibility: visible; }
  .requirement::details-content, .case::details-content, .checks::details-content { content-visibility: visible; display: block; }
}
${paperStyle}`;
