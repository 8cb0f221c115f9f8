import type { VNode } from 'preact';
import type { Contract } from '../../../engine/contract/types.js';
import { decisionOf } from '../../../report/decision.js';
import { digest } from '../../../report/digest.js';
import { renderPage } from '../../../report/html/document.js';
import { pageStyle } from '../../../report/html/stylesheet.js';
import type { Report } from '../../../report/model.js';
import { visible, visibleModel, visibleReport } from '../../../report/visible.js';
import type { PageFinding } from '../model.js';
import { blocksIn, type Block } from '../page/blocks.js';
import type { Page } from '../page/page.js';
import type { Ownership } from '../ownership/load.js';
import { judgedUnits, type Judged } from './judged.js';
import { docStyle } from './style.js';
import { UnitView } from './unit.js';
import { Pages } from '../../../report/html/orders.js';

/** What the view is made of. */
export interface DocView {
  readonly pages: readonly {
    readonly page: Page;
    readonly findings: readonly PageFinding[];
  }[];
  readonly report: Report;
  /** The contract of the run's edition: its rows name the contested clauses. */
  readonly contract: Contract;
  readonly ownership: Ownership;
}

/** `doc.html`: pages of the documentation with a run's verdict on each of their sentences, cells and lines. */
export function renderDocPage(view: DocView): string {
  const report = visibleReport(view.report);
  const names = view.pages.map(({ page }) => page.file.name).join(', ');
  return renderPage({
    title: `${report.target.name} on ${names}`,
    stylesheet: pageStyle + docStyle,
    children: <Document view={{ ...view, report }} />,
  });
}

function Document({ view }: { readonly view: DocView }): VNode {
  const { report } = view;
  const pages = view.pages.map((one, at) => ({ ...one, judged: judgedUnits(one.page, view, at) }));
  return (
    <>
      <main>
        <Head report={report} />
        {pages.map(({ page, findings, judged }) => (
          <PageView page={page} findings={visibleModel(findings)} judged={judged} />
        ))}
        <Edge judged={pages.flatMap(({ judged }) => [...judged.values()])} />
      </main>
      <footer>
        <p>
          Written by {report.suite.name} {report.suite.version}, run {report.run.id}. The text is that of the page; the
          verdicts are those of <a href="index.html">the report</a> beside it.
        </p>
      </footer>
    </>
  );
}

const keyOfTones: readonly (readonly [tone: string, name: string, words: string])[] = [
  ['good', 'passed', 'what it says was checked and holds'],
  ['bad', 'failed', 'the target broke a MUST requirement that owns it'],
  ['warning', 'warning', 'a SHOULD requirement failed, or a failure is waived'],
  ['unknown', 'not told', 'this run could not tell'],
  ['neutral', 'not applicable', 'its requirements do not apply in this run, or are MAY'],
  ['excluded', 'not judged', 'normative, and no requirement judges it: why stands beside it'],
  ['informative', 'not normative', 'what it is stands beside it'],
  ['unowned', 'no owner', 'new, changed, or of a page that is not known'],
];

function Head({ report }: { readonly report: Report }): VNode {
  const { run, target } = report;
  const { word, headline, extent } = decisionOf(digest(report));
  return (
    <header>
      <Pages here="document" links={{ report: 'index.html' }} />
      <p class="eyebrow">
        The page as the report{' '}
        <span>
          {target.name}, edition {target.edition}
        </span>
      </p>
      <div class={`outcome ${run.outcome}`}>
        <p class="word">
          <strong class="decision">{word}</strong> {run.outcome} <span>exit code {run.exitCode}</span>
        </p>
        <h1>{headline}</h1>
        <p>
          {extent} <a href="index.html">The report with all evidence</a>
        </p>
      </div>
      <ul class="doc-key">
        {keyOfTones.map(([tone, name, words]) => (
          <li>
            <span class={`unit ${tone}`}>{name}</span> {words}
          </li>
        ))}
      </ul>
    </header>
  );
}

interface PageProps {
  readonly page: Page;
  readonly findings: readonly PageFinding[];
  readonly judged: ReadonlyMap<string, Judged>;
}

function PageView({ page, findings, judged }: PageProps): VNode {
  const unowned = [...judged.values()].filter(({ tone }) => tone === 'unowned').length;
  const { language, bilingual } = page;
  return (
    <section class="doc">
      <h2>{visible(page.file.name)}</h2>
      <p class="muted">
        {judged.size} sentences, cells and lines, {unowned} of them without an owner.
        {bilingual ? ` In ${visible(language ?? 'two languages')}, beside the source that is judged.` : ''}
      </p>
      <Broken judged={[...judged.values()]} />
      <Findings findings={findings} />
      {blocksIn(page).map((block) => (
        <BlockView
          block={visibleModel(block)}
          judged={judged}
          language={bilingual ? 'en' : language}
          other={language}
        />
      ))}
    </section>
  );
}

/** Tones of what a reader looks for first. */
const sought = ['bad', 'warning'] as const;

/** Where the page is not kept, in its order. */
function Broken({ judged }: { readonly judged: readonly Judged[] }): VNode | null {
  const broken = judged.filter(({ tone }) => sought.some((one) => one === tone));
  if (broken.length === 0) return null;
  return (
    <nav class="broken" aria-label="Where it is not kept">
      Not kept in:{' '}
      {broken.map(({ anchor, tone, line }) => (
        <a class={tone} href={`#${anchor}`}>
          line {line}
        </a>
      ))}
    </nav>
  );
}

/** A line at the edge of the window that shows where in all pages something is not kept, or could not be told. */
function Edge({ judged }: { readonly judged: readonly Judged[] }): VNode {
  const share = 100 / judged.length;
  return (
    <svg class="edge" width="10" height="100%" aria-hidden="true">
      {judged.map(({ tone }, at) => (
        <rect class={tone} y={`${(at * share).toFixed(2)}%`} width="10" height={`${share.toFixed(2)}%`} />
      ))}
    </svg>
  );
}

function Findings({ findings }: { readonly findings: readonly PageFinding[] }): VNode | null {
  if (findings.length === 0) return null;
  return (
    <details class="doc-findings" open>
      <summary>Where the page disagrees ({findings.length})</summary>
      <ul>
        {findings.map(({ line, column, message, rule }) => (
          <li>
            <span class="id">
              {line}:{column}
            </span>{' '}
            {message} <span class="id">{rule}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly judged: ReadonlyMap<string, Judged>;
  readonly language: string | null;
  readonly other: string | null;
}

function BlockView({ block, judged, language, other }: BlockProps): VNode {
  const languages = { source: language ?? 'en', translation: other ?? 'en' };
  switch (block.kind) {
    case 'heading': {
      const Title = `h${Math.min(5, block.depth + 2)}` as 'h3';
      return (
        <Title class="doc-heading">
          {block.text}{' '}
          {block.translation === '' ? null : <small lang={languages.translation}>{block.translation}</small>}
        </Title>
      );
    }
    case 'sentences':
      return (
        <div class={`row ${block.frame}`}>
          {block.units.map((unit) => (
            <UnitView unit={unit} judged={judged} languages={languages} />
          ))}
        </div>
      );
    case 'table':
      return <TableView rows={block.rows} judged={judged} languages={languages} />;
    case 'code':
      return (
        <div class="row code">
          {block.lines.map(({ text, unit }) =>
            unit ? (
              <UnitView unit={unit} judged={judged} languages={languages} isCode />
            ) : (
              <pre class="line">{text || ' '}</pre>
            ),
          )}
        </div>
      );
    case 'raw':
      return <pre class="raw">{block.text}</pre>;
  }
}

interface TableProps {
  readonly rows: Extract<Block, { kind: 'table' }>['rows'];
  readonly judged: ReadonlyMap<string, Judged>;
  readonly languages: { readonly source: string; readonly translation: string };
}

/** Each cell with its verdict below it: beside it there is no room in a table. */
function TableView({ rows, judged, languages }: TableProps): VNode {
  const [heading = [], ...others] = rows;
  return (
    <table class="doc-table">
      <thead>
        <tr>
          {heading.map((cell) => (
            <th scope="col">
              {cell.map((unit) => (
                <UnitView unit={unit} judged={judged} languages={languages} />
              ))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {others.map((row) => (
          <tr>
            {row.map((cell) => (
              <td>
                {cell.map((unit) => (
                  <UnitView unit={unit} judged={judged} languages={languages} />
                ))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
