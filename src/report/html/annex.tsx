import type { ComponentChildren, VNode } from 'preact';
import type { Outcome, Report } from '../model.js';
import { provenanceRows } from '../provenance.js';
import type { Seal } from '../seal.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { consequenceWords } from '../consequences.js';
import { levelMeanings, markMeanings, outcomeMeanings, usageExit } from '../words.js';
import { linkTo } from './anchors.js';
import { MarkView } from './marks.js';
import { installedCommand } from '../../engine/typed.js';

/** What was seen and recorded without judging it. */
export function Observations({ report }: { readonly report: Report }): VNode {
  return (
    <section aria-labelledby="observations">
      <h2 id="observations">Observations</h2>
      <p>Behaviour that the sources leave open: recorded, never judged.</p>
      {report.observations.length === 0 ? (
        <p class="muted">None in this run.</p>
      ) : (
        <dl class="pairs">
          {report.observations.map(({ key, value, exchangeId }) => (
            <Pair name={key}>
              {value} {exchangeId === null ? null : <a href={linkTo('exchange', exchangeId)}>evidence</a>}
            </Pair>
          ))}
        </dl>
      )}
    </section>
  );
}

/** Where the report comes from, and what its evidence can be recognised by. */
export function ProvenanceView({
  report,
  seal,
  isCarried,
}: {
  readonly report: Report;
  readonly seal: Seal;
  readonly isCarried: boolean;
}): VNode {
  return (
    <section aria-labelledby="provenance">
      <h2 id="provenance">Where this comes from</h2>
      <p class="command">
        <small>Was anything edited since? In the folder of this page:</small>
        <code>{installedCommand} judge . --verify</code>
      </p>
      {isCarried ? (
        <p class="judged-again">
          What this page finds of itself stands <a href="#judged-here">above</a>, where scripts run.
        </p>
      ) : null}
      <dl class="pairs">
        {provenanceRows(report, seal).map(([name, value]) => (
          <Pair name={name}>{valueView(value)}</Pair>
        ))}
        <Pair name="judge covers">
          every file that a run writes: report.json, index.html, junit.xml, results.sarif, summary.md, badge.svg,
          ctrf.json and evidence.jsonl
        </Pair>
        <Pair name="judge does not cover">
          what other commands make, which are to make it again: doc.html, history.html, comparison and kill-matrix
          (.html, .json, .md), evidence.har
        </Pair>
      </dl>
      <p>
        <code>sha256sum evidence.jsonl</code> gives the first hash. The command above, in the folder of this page,
        recomputes both and every verdict, and says what it cannot tell. Evidence and all that was made of it, rewritten
        together, would agree: hold the root against one that was kept elsewhere, or against a signature.{' '}
        {isCarried ? (
          <>
            This page carries its evidence and the judge, too: where scripts run, it computes all its verdicts anew as
            it opens, and says here and above what came of it. Whoever changed the page could have changed that as well,
            so the command is what counts.
          </>
        ) : (
          'This page does not carry its evidence, so it cannot judge by itself.'
        )}
      </p>
    </section>
  );
}

function valueView(value: string): ComponentChildren {
  if (/^[0-9a-f]{64}$/.test(value)) return <code>{value}</code>;
  return /^https:\/\/[^\s"<>]+$/.test(value) ? <a href={value}>{value}</a> : value;
}

/** The effective configuration; secrets stand as where they come from. */
export function Configuration({ report }: { readonly report: Report }): VNode {
  const { configuration, readings } = report.target;
  return (
    <section aria-labelledby="configuration">
      <h2 id="configuration">Configuration</h2>
      <p>What was in force, after flags, environment and target file. Secrets show only where they come from.</p>
      <dl class="pairs">
        {Object.entries(configuration).map(([name, value]) => (
          <Pair name={name}>{value}</Pair>
        ))}
        {Object.entries(readings).map(([id, reading]) => (
          <Pair name={`reading of ${id}`}>{reading}</Pair>
        ))}
      </dl>
    </section>
  );
}

/** Every word of the page that is not plain English, so that it can be understood without the tool. */
export function Key(): VNode {
  return (
    <section aria-labelledby="key">
      <h2 id="key">Key to the words</h2>
      <h3>Verdicts</h3>
      <dl class="pairs">
        {markMeanings.map(({ mark, meaning }) => (
          <Pair name={<MarkView mark={mark} />}>{meaning}</Pair>
        ))}
      </dl>
      <p>A requirement failed if any of its checks failed; else it is inconclusive if any is; else it passed.</p>
      <h3>Levels</h3>
      <dl class="pairs">
        {Object.entries(levelMeanings).map(([level, meaning]) => (
          <Pair name={level}>{meaning}</Pair>
        ))}
      </dl>
      <h3>Outcomes and exit codes</h3>
      <dl class="pairs">
        {Object.entries(exitCodes).map(([outcome, exitCode]) => (
          <Pair name={`${outcome} (${exitCode})`}>{outcomeMeanings[outcome as Outcome]}</Pair>
        ))}
        <Pair name={`no report (${usageExit.exitCode})`}>{usageExit.meaning}</Pair>
      </dl>
      <h3>Other words</h3>
      <Glossary />
    </section>
  );
}

function Glossary(): VNode {
  return (
    <dl class="pairs">
      <Pair name="provable">Share of the MUST requirements that apply which this target let the suite check.</Pair>
      <Pair name="proven">Share of the MUST requirements that apply which passed.</Pair>
      <Pair name="partial">A filter or an interruption left cases out: no claim of conformance.</Pair>
      <Pair name="waiver">
        Says which failure is accepted, why, by whom and until when. With waivers, conformant (0) also stands for a run
        whose every MUST failure is waived, and nonconformant (1) for one in which a waiver did not hold: it is stale,
        expired, matches nothing, or the check fails in another way.
      </Pair>
      <Pair name="case">One situation and one or more requests: a status, a caller, a body, an address.</Pair>
      <Pair name="check">One requirement judged on one case.</Pair>
      <Pair name="control">
        The case that a refusal case differs from in one declared place. It must have succeeded, else the refusal proves
        nothing.
      </Pair>
      <Pair name="bystander">A request that a case watches and that nobody may touch.</Pair>
      <Pair name="persona">Whose credential was used.</Pair>
      {Object.values(consequenceWords).map(({ noun, note }) => (
        <Pair name={noun}>{note}</Pair>
      ))}
      <Pair name="reading">The named way in which a clause was taken on which the sources disagree.</Pair>
      <Pair name="known to catch">Faults that make this check fail when they are built into a server on purpose.</Pair>
      <Pair name="\u001b">
        Characters that are invisible, or that act on the text around them, stand as such escapes on this page.
      </Pair>
    </dl>
  );
}

interface PairProps {
  readonly name: ComponentChildren;
  readonly children: ComponentChildren;
}

function Pair({ name, children }: PairProps): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
