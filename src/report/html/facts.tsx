import type { ComponentChildren, VNode } from 'preact';
import type { Digest } from '../digest.js';
import type { Report } from '../model.js';
import { byLevel, counted, durationWords, grouped } from '../words.js';
import { linkTo } from './anchors.js';

/** What was tested, by what, and how the one clause that everybody asks about was answered. */
export function Facts({ all }: { readonly all: Digest }): VNode {
  const { report } = all;
  const { target } = report;
  const clause = report.contested.find(({ id }) => id === 'C-1');
  return (
    <dl class="facts first">
      <Fact name="Target">
        {target.name} <code>{target.baseUrl}</code>
      </Fact>
      <Fact name="Edition">{target.edition}</Fact>
      {clause === undefined ? null : <SuccessStatus clause={clause} />}
      <Ran report={report} />
      <Fact name="Could not be told">{all.untold.length === 0 ? nothingUntold(report) : <UntoldLink all={all} />}</Fact>
    </dl>
  );
}

/** How the other clauses were read, and what the run was. */
export function Circumstances({ report }: { readonly report: Report }): VNode {
  const { totals } = report;
  return (
    <dl class="facts circumstances">
      <Readings report={report} />
      <Fact name="Carried out">
        {counted(totals.cases, 'case')}, {counted(report.checks.length, 'check')} of which{' '}
        {grouped(totals.checks.passed + totals.checks.failed)} passed or failed, {counted(totals.exchanges, 'exchange')}
      </Fact>
    </dl>
  );
}

function Ran({ report: { run } }: { readonly report: Report }): VNode {
  return (
    <Fact name="Ran">
      <time datetime={run.startedAt}>{instantWords(run.startedAt)}</time>, {durationWords(run.durationMs)}
    </Fact>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The documentation says both; here stands what this target does, and where to see it. */
function SuccessStatus({ clause }: { readonly clause: Report['contested'][number] }): VNode {
  return (
    <Fact name="200 or 204?">
      <strong>{clause.observed ?? 'not seen in this run'}</strong>
      <small>
        , read as <q>{clause.reading}</q>
      </small>
      {clause.seenIn.map((id, index) => (
        <small>
          , <a href={linkTo('case', id)}>{clause.seenIn.length === 1 ? 'evidence' : `evidence ${index + 1}`}</a>
        </small>
      ))}
    </Fact>
  );
}

function Readings({ report }: { readonly report: Report }): VNode | null {
  const readings = Object.entries(report.target.readings);
  if (readings.length === 0) return null;
  const told = new Set(report.contested.map(({ id }) => id));
  return (
    <Fact name="Read as">
      <span class="readings">
        {readings.map(([id, reading]) => (
          <>
            <span>
              <a href={told.has(id) ? linkTo('clause', id) : '#contested'}>{id}</a> {reading}
            </span>{' '}
          </>
        ))}
      </span>
    </Fact>
  );
}

/** A run that proves nothing must not claim that it told everything. */
const nothingUntold = ({ run }: Report): string =>
  run.outcome === 'suite-fault'
    ? 'whether it conforms: the suite itself is at fault'
    : 'nothing: each requirement that applies was judged';

function UntoldLink({ all }: { readonly all: Digest }): VNode {
  const rows = all.untold.flatMap(({ requirements }) => requirements);
  return (
    <>
      <a href="#untold">{byLevel(rows)}</a>, for {counted(all.untold.length, 'reason')}
    </>
  );
}

/** The cases in which a reader sees it with their own eyes. */
export function SeenIn({ cases }: { readonly cases: readonly string[] }): VNode | null {
  if (cases.length === 0) return null;
  return (
    <small>
      {' '}
      see{' '}
      {cases.map((id, index) => (
        <>
          {index === 0 ? '' : ' and '}
          <a href={linkTo('case', id)}>{id}</a>
        </>
      ))}
    </small>
  );
}

/** `2026-08-01T10:00:00.000Z` without letters and fractions; another form stays as it is. */
function instantWords(instant: string): string {
  return instant.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC');
}
