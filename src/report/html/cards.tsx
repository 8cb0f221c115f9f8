import type { VNode } from 'preact';
import { mostOfCause, someAgain, optionsOf } from '../again.js';
import {
  cardsOf,
  insteadWords,
  likelyWords,
  namedMistakes,
  toRuleOut,
  unlikeAny,
  unlikeAnyWords,
  type Card,
} from '../cards.js';
import { consequenceWords } from '../consequences.js';
import { gravestCheckOf, proofOf, type Digest } from '../digest.js';
import { cut } from '../excerpt.js';
import type { RequirementReport } from '../model.js';
import { byLevel } from '../words.js';
import { linkTo } from './anchors.js';
import { challengeText, issueText } from '../issue-text.js';
import { asPastRun } from '../history/past-run.js';
import { rowHistories } from '../history/states.js';
import { judgingChanges, stateWords } from '../history/words.js';
import { RequirementLinks } from './marks.js';
import { SideBySideView } from './side-by-side.js';
import { Sources } from './sources.js';

/** A target may say as much as it likes; the requirement itself has all of it. */
const messageWidth = 400;
/** More cards in full would bury the page behind them; of those after them the title says enough, until they are opened. */
const mostOpen = 3;

/** Failed requirements as one card for each likely cause, worst first. */
export function Cards({ rows, all }: { readonly rows: readonly RequirementReport[]; readonly all: Digest }): VNode {
  return (
    <>
      {cardsOf(rows, all).map((card, at) => (
        <CardView card={card} all={all} isOpen={at < mostOpen} />
      ))}
    </>
  );
}

interface CardProps {
  readonly card: Card;
  readonly all: Digest;
}

function CardView({ card, all, isOpen }: CardProps & { readonly isOpen: boolean }): VNode {
  const { rows, consequence, title } = card;
  const [first] = rows;
  return (
    <details class={`card ${first.level === 'MUST' ? 'must' : 'should'}`} open={isOpen}>
      <summary>
        <b class={`badge ${consequence}`}>{consequenceWords[consequence].badge}</b> <h3>{cut(title, messageWidth)}</h3>{' '}
        <span class="id">
          {first.id} {first.level}
          {rows.length > 1 ? ` and ${rows.length - 1} more` : ''} <Lasting card={card} all={all} />
        </span>
      </summary>
      <Told card={card} all={all} />
      {card.check === undefined ? null : <SideBySideView check={card.check} all={all} />}
      <p class="command">
        <small>{rows.length > mostOfCause ? `Again, ${mostOfCause} of the ${rows.length}:` : 'Again:'}</small>
        <code>{someAgain(rows, optionsOf(all.report))}</code>
      </p>
      <details class="checks repeat told-on">
        <summary>As an issue</summary>
        <pre>{issueText(card, all)}</pre>
      </details>
      <details class="checks repeat told-on">
        <summary>Challenge this check</summary>
        <p class="note">
          For whoever keeps this suite for you; what it takes stands in docs/challenge-a-check.md of the suite.
        </p>
        <pre>{challengeText(card, all)}</pre>
      </details>
    </details>
  );
}

/** Whether it is new, where earlier runs are known. */
function Lasting({ card: { rows }, all: { report } }: CardProps): VNode | null {
  const { history } = report;
  if (history === undefined || history.length === 0) return null;
  const ids = new Set(rows.map(({ id }) => id));
  const known = rowHistories([...history, asPastRun(report)]).filter(({ id }) => ids.has(id));
  const [first] = known.toSorted((a, b) => a.runs - b.runs);
  if (first === undefined) return null;
  const [before] = history.slice(-1);
  const otherwise = before === undefined ? [] : judgingChanges(before, asPastRun(report));
  const words = [stateWords(first), ...(otherwise.length === 0 ? [] : [`judged otherwise: ${otherwise.join(', ')}`])];
  return <span class="lasting">{words.join('; ')}</span>;
}

/** What was demanded, what was seen in its place, and why that may be. */
function Told({ card, all }: CardProps): VNode {
  const { rows, finding, pattern } = card;
  const [first] = rows;
  return (
    <dl class="told">
      <div>
        <dt>Demanded</dt>
        <dd>
          {first.statement}{' '}
          <a href={linkTo('requirement', first.id)} title={first.title}>
            {first.id}
          </a>
          , by <Sources row={first} />
        </dd>
      </div>
      <div>
        <dt>Seen</dt>
        <dd>
          <strong>{cut(finding?.message ?? 'No finding was recorded', messageWidth)}</strong>
          {finding === undefined ? null : <small> expected: {cut(finding.expected, messageWidth)}</small>}{' '}
          <Proof row={first} all={all} />
        </dd>
      </div>
      {pattern === null ? null : (
        <div>
          <dt>Pattern</dt>
          <dd>{pattern}</dd>
        </div>
      )}
      <RuleOut all={all} />
      <LikelyCause card={card} all={all} />
      {rows.length === 1 ? null : (
        <div>
          <dt>Breaks</dt>
          <dd>
            {byLevel(rows)}
            <RequirementLinks rows={rows} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** The shortest way from what is wrong to what was sent and answered. */
function Proof({ row, all }: { readonly row: RequirementReport; readonly all: Digest }): VNode | null {
  const exchangeId = proofOf(row, all);
  if (exchangeId === undefined) return null;
  const check = gravestCheckOf(row, all);
  // What was seen in the readings of requests stands at the case.
  const isRead = check?.findings[0]?.exchangeId === null;
  return (
    <a class="proof" href={isRead ? linkTo('case', check.caseId) : linkTo('exchange', exchangeId)}>
      see the proof<span class="hidden"> of {row.id}</span>
    </a>
  );
}

function RuleOut({ all }: { readonly all: Digest }): VNode | null {
  const first = toRuleOut(all.report);
  if (first === null) return null;
  return (
    <div>
      <dt>See first</dt>
      <dd>
        {first.words}: <code>{first.command}</code>
      </dd>
    </div>
  );
}

/** What mistakes would leave this trace, of those that the suite was tried on. */
function LikelyCause({ card: { likely }, all }: CardProps): VNode | null {
  if (likely === null) return null;
  const { exact, instead } = likely === unlikeAny ? { exact: [], instead: [] } : namedMistakes(likely, all.report);
  return (
    <div>
      <dt>Likely cause</dt>
      <dd>
        {likely === unlikeAny ? (
          unlikeAnyWords
        ) : (
          <>
            <Mistakes of={exact} /> <small>({likelyWords(likely, all.report)})</small>
            {instead.length === 0 ? null : (
              <>
                {' '}
                {insteadWords} <Mistakes of={instead} />
              </>
            )}
          </>
        )}
      </dd>
    </div>
  );
}

const Mistakes = ({ of }: { readonly of: ReturnType<typeof namedMistakes>['exact'] }): VNode => (
  <>
    {of.map(({ id, sentence }, at) => (
      <>
        {at === 0 ? '' : '; or: '}
        {sentence} <span class="id">{id}</span>
      </>
    ))}
  </>
);
