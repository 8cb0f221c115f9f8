import type { VNode } from 'preact';
import type { FrameRole, Look } from '../../engine/evidence/records.js';
import type { Level } from '../../engine/contract/types.js';
import { type Digest, filedUnder } from '../digest.js';
import { excerptOfBytes } from '../excerpt.js';
import type { CaseReport, CheckReport, Finding, RequirementReport } from '../model.js';
import { isWaivedFor, waiversOf, waiverWords } from '../waived.js';
import { frameRoles } from '../words.js';
import { anchor, linkTo } from './anchors.js';
import { VerdictMark } from './marks.js';

/** A finding may quote a whole answer, and a broken target has many; report.json has them in full. */
const findingsBytes = 250_000;
const mostQuoteBytes = 800;
const leastQuoteBytes = 80;
const roles = ['subject', 'sibling', 'stranger'] as const;

interface CheckProps {
  readonly check: CheckReport;
  readonly row: RequirementReport;
  readonly all: Digest;
  /** False where the checks beside it have the same title, which then stands above them. */
  readonly hasOwnTitle: boolean;
  /** False where enough checks beside it say the same in full: then only the message of its first finding follows. */
  readonly isDetailed: boolean;
}

/** One check in one line; a failed one is followed by its findings and the frame of its case. */
export function CheckLine({ check, row, all, hasOwnTitle, isDetailed }: CheckProps): VNode {
  const frame = all.caseById.get(check.caseId);
  const isWaived = isWaivedFor(check, row.id);
  // Of a passed check the case says the rest.
  const isPassed = check.verdict === 'passed';
  // A check may speak for several requirements and then stands below each; the id of an element must be unique.
  const id = filedUnder(check) === row.id ? anchor('check', check.id) : undefined;
  return (
    <li id={id}>
      {isPassed ? null : <Mark check={check} level={row.level} isWaived={isWaived} />}
      {hasOwnTitle ? `${check.title}: ` : null}
      <a href={linkTo('case', check.caseId)}>{frame?.title ?? check.caseId}</a>
      {isPassed ? null : ' '}
      {isPassed ? null : (
        <small>
          {check.persona}
          {frame === undefined || frame.looks.length === 0 ? null : `, ${changeWords(frame, 'subject')} `}
          <ExchangeLinks check={check} />
          <KnownToCatch faults={check.knownToCatch} />
        </small>
      )}
      <Waiver check={check} row={row} all={all} />
      {check.verdict === 'failed' ? <Findings check={check} all={all} isDetailed={isDetailed} /> : null}
    </li>
  );
}

/** What there is to talk about has a link of its own. Passed checks are hundreds, and stand below a line that says so. */
function Mark({
  check,
  ...rest
}: Pick<CheckProps, 'check'> & { readonly level: Level; readonly isWaived: boolean }): VNode {
  return (
    <>
      <a class="self" href={linkTo('check', check.id)}>
        <VerdictMark verdict={check.verdict} {...rest} />
      </a>{' '}
    </>
  );
}

/** Names of faults are long, and a check may catch a dozen. */
const mostFaults = 3;

/** What the check is worth: the mistakes that it was seen to catch. */
function KnownToCatch({ faults }: { readonly faults: readonly string[] }): VNode | null {
  if (faults.length === 0) return null;
  const more = faults.length - mostFaults;
  return (
    <>
      {' '}
      known to catch {faults.slice(0, mostFaults).join(', ')}
      {more > 0 ? ` and ${more} more` : null}
    </>
  );
}

/** Who answers for a waived failure. */
function Waiver({ check, row, all }: Pick<CheckProps, 'check' | 'row' | 'all'>): VNode | null {
  const waiver = waiversOf(check, all.report).find(({ requirement }) => requirement === row.id);
  return waiver === undefined ? null : <p class="reason">Waived: {waiverWords(waiver)}</p>;
}

/** By serial number; of exchanges of other cases, which a check of the run as a whole is judged on, by the case too. */
function ExchangeLinks({ check }: Pick<CheckProps, 'check'>): VNode {
  return (
    <>
      {check.exchanges.map((id) => (
        <>
          <a href={linkTo('exchange', id)}>{id.replace(`${check.caseId}.`, '#')}</a>{' '}
        </>
      ))}
    </>
  );
}

function Findings({ check, all, isDetailed }: Pick<CheckProps, 'check' | 'all' | 'isDetailed'>): VNode {
  const quoteBytes = bytesPerQuote(all);
  if (!isDetailed) return <p class="source">{quote(check.findings[0]?.message ?? '', quoteBytes)}</p>;
  const frame = all.caseById.get(check.caseId);
  return (
    <div class="findings">
      {check.findings.map((finding) => (
        <FindingView finding={finding} quoteBytes={quoteBytes} />
      ))}
      {frame === undefined || frame.looks.length === 0 ? null : (
        <p class="source">Status readings: {roles.map((role) => roleWords(frame, role)).join('; ')}</p>
      )}
      {check.fingerprint === undefined ? null : (
        <p class="source">
          Fingerprint of the failure: <span class="id">{check.fingerprint}</span>
        </p>
      )}
    </div>
  );
}

function FindingView({ finding, quoteBytes }: { readonly finding: Finding; readonly quoteBytes: number }): VNode {
  return (
    <div class="finding">
      <p>{quote(finding.message, quoteBytes)}</p>
      <dl>
        <dt>Expected</dt>
        <dd>{quote(finding.expected, quoteBytes)}</dd>
        <dt>Actual</dt>
        <dd>
          {quote(finding.actual, quoteBytes)}{' '}
          {finding.exchangeId === null ? (
            <small>(seen in the status readings)</small>
          ) : (
            <a href={linkTo('exchange', finding.exchangeId)}>see the exchange</a>
          )}
        </dd>
      </dl>
    </div>
  );
}

/** Message, expected and actual of every failed check share the bytes. */
function bytesPerQuote({ report }: Digest): number {
  const fair = findingsBytes / (3 * Math.max(1, report.totals.checks.failed));
  return Math.min(mostQuoteBytes, Math.max(leastQuoteBytes, fair));
}

function quote(text: string, bytes: number): string {
  const excerpt = excerptOfBytes(text, bytes);
  return excerpt.left === 0 ? text : `${excerpt.text}… (${excerpt.left} more characters in report.json)`;
}

function roleWords(frame: CaseReport, role: FrameRole): string {
  return `${frameRoles[role]} ${changeWords(frame, role)}`;
}

/** `pendingApproval → cancelled`: the first reading before and the last one after. */
function changeWords({ looks }: CaseReport, role: FrameRole): string {
  const own = looks.filter((look) => look.role === role);
  const before = own.find((look) => look.when === 'before');
  const after = own.findLast((look) => look.when === 'after');
  return `${statusWords(before)} → ${statusWords(after)}`;
}

/** A status reading in a word. */
export function statusWords(look: Look | undefined): string {
  if (look === undefined) return 'not read';
  return look.found ? (look.status ?? 'no status') : 'not found';
}
