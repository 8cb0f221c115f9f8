import type { VNode } from 'preact';
import { againCommand, optionsOf } from '../again.js';
import { checksOf, type Digest, groupBy, reasonOf } from '../digest.js';
import { challengeOf, clausesOf } from '../issue-text.js';
import type { CheckReport, OtherReading, RequirementReport, VerdictWord } from '../model.js';
import { otherVerdicts } from '../other-readings.js';
import { counted, markOf, verdictWords } from '../words.js';
import { anchor, linkTo } from './anchors.js';
import { CheckLine } from './check.js';
import { VerdictMark } from './marks.js';
import { Sources } from './sources.js';

/** So many inconclusive checks may stand open before they bury what they stand beside. */
const mostOpenInconclusive = 12;
/** So many failed checks of one requirement show all they have; more would bury the next requirement. */
const mostDetailed = 10;
/** Names of faults are long, and a gate is overlooked in dozens of ways. */
const mostFaults = 6;

interface RequirementProps {
  readonly row: RequirementReport;
  readonly all: Digest;
}

/** One requirement: a line to scan, which opens to statement, source and checks. */
export function Requirement({ row, all }: RequirementProps): VNode {
  const isWaived = row.waived === true;
  const isOpen = row.verdict === 'failed' || row.verdict === 'inconclusive';
  return (
    <details
      class={`requirement ${markOf(row.verdict, row.level, isWaived).tone}`}
      open={isOpen}
      data-verdict={row.verdict}
      data-level={row.level}
      data-area={row.area}
    >
      <summary>
        <VerdictMark verdict={row.verdict} level={row.level} isWaived={isWaived} />{' '}
        <span class="level">{row.level}</span> <h4>{row.title}</h4> <span class="id">{row.id}</span>
      </summary>
      {/* A link to an id inside closed details opens them; one to the details themselves would not. */}
      <div class="inside" id={anchor('requirement', row.id)}>
        <p>
          {row.statement} <a href={linkTo('requirement', row.id)}>Link to {row.id}</a>
        </p>
        <p class="source">
          Source: <Sources row={row} />
          <Readings row={row} all={all} />
        </p>
        {row.reason === undefined ? null : (
          <p class="reason">
            Why {row.verdict.replace('-', ' ')}: {row.reason}
          </p>
        )}
        {row.verdict === 'failed' ? (
          <p class="source">
            Again, alone, with the options of this run: <code>{againCommand([row], optionsOf(all.report))}</code>
          </p>
        ) : null}
        <KnownToCatch row={row} all={all} />
        {row.verdict === 'inconclusive' ? (
          <details class="checks repeat told-on">
            <summary>Challenge this requirement</summary>
            <p class="note">For whoever keeps this suite for you: docs/challenge-a-check.md of the suite.</p>
            <pre>
              {challengeOf(
                `${row.id} is wrong about my target`,
                `It claims (${row.level}): ${row.statement}`,
                all.report,
              )}
            </pre>
          </details>
        ) : null}
        <Checks row={row} all={all} />
      </div>
    </details>
  );
}

/** What another reading would make of a requirement, in words; none where it would not touch it. */
const wouldOf = (id: string, other: OtherReading): readonly string[] =>
  otherVerdicts(other).flatMap(({ ids, would }) => (ids.includes(id) ? [`under ${other.reading} it ${would}`] : []));

/** The clauses that decide on it, where another reading would have come to something else. */
function Readings({ row, all }: RequirementProps): VNode | null {
  const clauses = clausesOf(row, all.report);
  if (clauses.length === 0) return row.verdict === 'passed' ? null : <>; no other reading would change it</>;
  return (
    <>
      ; otherwise by{' '}
      {clauses.map(({ id, title, others = [] }, at) => (
        <>
          {at === 0 ? '' : ', by '}
          <a href={linkTo('clause', id)}>
            {id} ({title})
          </a>
          : {others.flatMap((other) => wouldOf(row.id, other)).join('; ')}
        </>
      ))}
    </>
  );
}

function KnownToCatch({ row, all }: RequirementProps): VNode | null {
  const faults = new Set(checksOf(row, all).flatMap((check) => check.knownToCatch));
  if (faults.size === 0) return null;
  const more = faults.size - mostFaults;
  return (
    <p class="source">
      Known to catch: {Array.from(faults).slice(0, mostFaults).join(', ')}
      {more > 0 ? ` and ${more} more` : null}
    </p>
  );
}

function Checks({ row, all }: RequirementProps): VNode {
  const own = checksOf(row, all);
  const checks = own.filter(({ caseId }) => !all.quiet.has(caseId));
  const quiet = own.length - checks.length;
  const hasPassed = own.some((check) => all.quiet.has(check.caseId) && check.verdict === 'passed');
  if (own.length === 0) return <p class="source">This run had no check for it.</p>;
  const groups = groupBy(checks, (check) => check.verdict);
  return (
    <>
      {verdictWords.map((verdict) => {
        const group = groups.get(verdict);
        return group === undefined ? null : <CheckGroup checks={group} row={row} all={all} />;
      })}
      {quiet === 0 ? null : (
        <p class="source">
          {counted(quiet, 'check')} more in <a href="#gates">cells</a>, none of which {hasPassed ? 'failed' : 'applied'}
          .
        </p>
      )}
    </>
  );
}

function CheckGroup({ checks, row, all }: RequirementProps & { readonly checks: readonly CheckReport[] }): VNode {
  const verdict = checks[0]?.verdict ?? 'passed';
  const needsReason = verdict === 'inconclusive' || verdict === 'not-applicable';
  const titles = new Set(checks.map(({ title }) => title));
  const detailed = detailedOf(checks);
  const byReason = groupBy(checks, (check) => (needsReason ? reasonOf(check) : null));
  return (
    <details class="checks" open={standsOpen(verdict, checks.length, row.verdict)}>
      <summary>
        {counted(checks.length, 'check')} {verdict.replace('-', ' ')}
        {titles.size === 1 ? <small>{Array.from(titles)}</small> : null}
      </summary>
      {Array.from(byReason, ([reason, group]) => (
        <>
          {reason === null || reason === row.reason ? null : <p class="reason">{reason}</p>}
          <ul data-verdict={verdict}>
            {group.map((check) => (
              <CheckLine
                check={check}
                row={row}
                all={all}
                hasOwnTitle={titles.size > 1}
                isDetailed={detailed.has(check)}
              />
            ))}
          </ul>
        </>
      ))}
    </details>
  );
}

/** The checks whose findings are shown in full: the first of each that says something of its own. */
function detailedOf(checks: readonly CheckReport[]): ReadonlySet<CheckReport> {
  const byMessage = groupBy(checks, (check) => check.findings.map(({ message }) => message).join());
  return new Set(
    Array.from(byMessage.values(), ([first]) => first)
      .filter((check) => check !== undefined)
      .slice(0, mostDetailed),
  );
}

/** In a requirement that passed, the passed checks are all there is to see once it is opened. */
function standsOpen(verdict: VerdictWord, count: number, rowVerdict: VerdictWord): boolean {
  if (verdict === 'failed') return true;
  if (verdict === 'inconclusive') return count <= mostOpenInconclusive;
  return verdict === rowVerdict;
}
