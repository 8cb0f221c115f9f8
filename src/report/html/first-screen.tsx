import type { VNode } from 'preact';
import { causesOf, type Digest, firstFinding, proofOf } from '../digest.js';
import type { Report, RequirementReport, Share } from '../model.js';
import { cut } from '../excerpt.js';
import { failingWaivers } from '../waived.js';
import {
  counted,
  headline,
  outcomeAdditions,
  outcomeMeaning,
  partialNote,
  percentWords,
  unscoredNote,
} from '../words.js';
import { linkTo } from './anchors.js';
import { Contested } from './contested.js';
import { Circumstances, Facts } from './facts.js';
import { RequirementLinks, VerdictMark } from './marks.js';
import { Waivers } from './waivers.js';

/** One or two lines; the requirement itself has the whole finding. */
const messageWidth = 240;

/** What a stranger should know before scrolling: the outcome, about what, how sure, and what to do about it. */
export function FirstScreen({ all }: { readonly all: Digest }): VNode {
  const { report } = all;
  return (
    <>
      <header>
        <p class="eyebrow">
          Conformance report <span>accessPackageAssignmentRequest: cancel, Microsoft Graph</span>
        </p>
        <Outcome report={report} />
        <div class="overview">
          <Facts all={all} />
          <Shares report={report} />
          <Circumstances report={report} />
        </div>
      </header>
      <Contents all={all} />
      <FixFirst all={all} />
      <Waivers all={all} />
      <Untold all={all} />
      <Contested report={report} />
    </>
  );
}

function Outcome({ report }: { readonly report: Report }): VNode {
  const { run, suiteFaults } = report;
  const additions = outcomeAdditions(report);
  const unscored = unscoredNote(report);
  const troubles = [...suiteFaults, ...failingWaivers(report).map(({ message }) => message)];
  return (
    <div class={`outcome ${run.outcome}${additions.includes('with waivers') ? ' waived' : ''}`}>
      <p class="word">
        {[run.outcome, ...additions].join(', ')}{' '}
        <span>
          exit code {run.exitCode}: {outcomeMeaning(report)}
        </span>
      </p>
      <h1>{headline(report)}</h1>
      <p>{run.explanation}</p>
      {run.partial ? <p class="partial">{partialNote(report)}</p> : null}
      {unscored === null ? null : <p>{unscored}.</p>}
      {report.waivers.length === 0 ? null : (
        <p>
          <a href="#waivers">{counted(report.waivers.length, 'waiver')}</a> given
        </p>
      )}
      {troubles.length === 0 ? null : (
        <ul>
          {troubles.map((trouble) => (
            <li>{trouble}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Shares({ report }: { readonly report: Report }): VNode {
  return (
    <div class={`shares ${report.run.outcome}`}>
      <ShareView name="Proven" share={report.proven} meaning="MUST requirements that apply passed" />
      <ShareView
        name="Provable"
        share={report.provable}
        meaning="MUST requirements that apply could be checked on this target"
      />
    </div>
  );
}

interface ShareProps {
  readonly name: string;
  readonly share: Share;
  readonly meaning: string;
}

function ShareView({ name, share, meaning }: ShareProps): VNode {
  const part = share.of === 0 ? 0 : (100 * share.count) / share.of;
  return (
    <div class="share">
      <p class="name">{name}</p>
      <p class="percent">{percentWords(share)}</p>
      <svg class="bar" width="100%" height="6" aria-hidden="true">
        <rect class="rest" width="100%" height="6" />
        <rect class="fill" width={`${part}%`} height="6" />
      </svg>
      <p class="meaning">
        {share.count} of {share.of} {meaning}
      </p>
    </div>
  );
}

function Contents({ all }: { readonly all: Digest }): VNode {
  const hasFailures = all.failedMust.length > 0 || all.warnings.length > 0;
  return (
    <nav aria-label="Contents">
      {hasFailures ? <a href="#fix-first">{fixHeading(all)}</a> : null}{' '}
      {all.untold.length > 0 ? <a href="#untold">What could not be told</a> : null}{' '}
      {all.report.waivers.length > 0 ? <a href="#waivers">Waivers</a> : null} <a href="#contested">Contested clauses</a>{' '}
      <a href="#areas">Areas</a> <a href="#status-matrix">Who and what</a> <a href="#timeline">When</a>{' '}
      <a href="#requirements">Requirements</a> <a href="#evidence">Evidence</a> <a href="#observations">Observations</a>{' '}
      <a href="#configuration">Configuration</a> <a href="#key">Key to the words</a>
    </nav>
  );
}

const fixHeading = ({ failedMust }: Digest): string => (failedMust.length > 0 ? 'What to fix first' : 'Warnings');

function FixFirst({ all }: { readonly all: Digest }): VNode | null {
  const { failedMust, warnings } = all;
  if (failedMust.length === 0 && warnings.length === 0) return null;
  return (
    <section aria-labelledby="fix-first">
      <h2 id="fix-first">{fixHeading(all)}</h2>
      {failedMust.length === 0 ? null : <Causes all={all} />}
      {warnings.length === 0 ? null : (
        <>
          {failedMust.length > 0 ? <h3>Then the warnings</h3> : null}
          <FailedRows rows={warnings} all={all} />
        </>
      )}
    </section>
  );
}

/** Rows whose findings say the same stand together: likely one mistake. */
function Causes({ all }: { readonly all: Digest }): VNode {
  const causes = causesOf(all.failedMust, all);
  const single = causes.flatMap(({ requirements }) => (requirements.length === 1 ? requirements : []));
  return (
    <>
      {causes
        .filter(({ requirements }) => requirements.length > 1)
        .map(({ finding, requirements }) => (
          <div class="cause">
            <h3>
              {counted(requirements.length, 'requirement')}, likely one cause:{' '}
              {cut(finding?.message ?? '', messageWidth)}
            </h3>
            <FailedRows rows={requirements} all={all} hasMessages={false} />
          </div>
        ))}
      {single.length === 0 || single.length === all.failedMust.length ? null : <h3>Each by itself</h3>}
      <FailedRows rows={single} all={all} />
    </>
  );
}

interface FailedRowsProps {
  readonly rows: readonly RequirementReport[];
  readonly all: Digest;
  /** False where one message stands above them all. */
  readonly hasMessages?: boolean;
}

function FailedRows({ rows, all, hasMessages = true }: FailedRowsProps): VNode {
  return (
    <ul class="rows">
      {rows.map((row) => (
        <li>
          <VerdictMark verdict={row.verdict} level={row.level} />
          <div>
            <a href={linkTo('requirement', row.id)}>{row.title}</a> <span class="id">{row.id}</span>{' '}
            <Proof row={row} all={all} />
            {hasMessages ? <p>{cut(firstFinding(row, all)?.message ?? '', messageWidth)}</p> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The shortest way from what is wrong to what was sent and answered. */
function Proof({ row, all }: { readonly row: RequirementReport; readonly all: Digest }): VNode | null {
  const exchangeId = proofOf(row, all);
  if (exchangeId === undefined) return null;
  return (
    <a class="proof" href={linkTo('exchange', exchangeId)}>
      see the proof<span class="hidden"> of {row.id}</span>
    </a>
  );
}

function Untold({ all }: { readonly all: Digest }): VNode | null {
  if (all.untold.length === 0) return null;
  return (
    <section aria-labelledby="untold">
      <h2 id="untold">What could not be told</h2>
      <ul class="rows">
        {all.untold.map(({ reason, requirements }) => (
          <li>
            <VerdictMark verdict="inconclusive" level="MUST" />
            <div>
              {reason} <small>{groupWords(requirements)}</small>
              <RequirementLinks rows={requirements} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function groupWords(requirements: readonly RequirementReport[]): string {
  const must = requirements.filter(({ level }) => level === 'MUST').length;
  if (must === requirements.length) return counted(must, 'MUST requirement');
  return `${counted(requirements.length, 'requirement')}, ${must} of them MUST`;
}
