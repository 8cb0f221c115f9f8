import type { VNode } from 'preact';
import type { Area } from '../../engine/contract/types.js';
import type { Look } from '../../engine/evidence/records.js';
import { type Digest, filedUnder, gravestOf, groupBy } from '../digest.js';
import type { CaseReport, CheckReport } from '../model.js';
import { areaTitle, counted, durationWords, frameRoles } from '../words.js';
import { anchor, linkTo } from './anchors.js';
import { frameMarksOf, Marks } from './answer-marks.js';
import { statusWords } from './check.js';
import { ExchangeView } from './exchange.js';
import { VerdictMark } from './marks.js';

/** All exchanges, each once, by case: what the verdicts rest on. */
export function Evidence({ all }: { readonly all: Digest }): VNode {
  const shown = all.report.cases.filter(({ id }) => !all.quiet.has(id));
  const byArea = groupBy(shown, (item) => item.area);
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      <p>
        Every case with what was sent, what came back, and how the requests it watched read before and after.
        Credentials stand as names such as <code>‹token:requestor›</code>. What is cut here stands whole, as far as it
        was captured, in <code>evidence.jsonl</code>.
      </p>
      {Array.from(byArea, ([area, cases]) => (
        <AreaEvidence area={area} cases={cases} all={all} />
      ))}
    </section>
  );
}

interface AreaEvidenceProps {
  readonly area: Area;
  readonly cases: readonly CaseReport[];
  readonly all: Digest;
}

function AreaEvidence({ area, cases, all }: AreaEvidenceProps): VNode {
  return (
    <section class="of-area">
      <h3 id={`evidence-${area}`}>
        {areaTitle(area)} <span class="id">{area}</span>
      </h3>
      {cases.map((item) => (
        <CaseView item={item} all={all} />
      ))}
    </section>
  );
}

interface CaseProps {
  readonly item: CaseReport;
  readonly all: Digest;
}

function CaseView({ item, all }: CaseProps): VNode {
  const exchanges = all.exchangesByCase.get(item.id) ?? [];
  const answers = exchanges.map(({ response }) => response?.status ?? 'no answer').join(', ');
  // A case has no verdict of its own: it shows the gravest of its checks.
  const checks = all.checksByCase.get(item.id) ?? [];
  const gravest = gravestOf(checks, all);
  const { level, isWaived } = gravest ?? { level: 'MUST', isWaived: false };
  const verdict = gravest?.check.verdict ?? 'not-applicable';
  return (
    <details class="case" data-verdict={verdict} data-level={level} data-area={item.area} data-persona={item.persona}>
      <summary>
        <VerdictMark verdict={verdict} level={level} isWaived={isWaived} /> <h4>{item.title}</h4>{' '}
        <span class="answers">{answers === '' ? 'nothing sent' : answers}</span>
      </summary>
      <div class="inside" id={anchor('case', item.id)}>
        <p class="source">
          Case <a href={linkTo('case', item.id)}>{item.id}</a>, {durationWords(item.durationMs)},{' '}
          {counted(checks.length, 'check')}
        </p>
        {item.blocked === null ? null : <p class="reason">Not carried out: {item.blocked}</p>}
        {item.beside?.map((what) => (
          <p class="reason">Beside other cases, before it was carried out again alone: {what}</p>
        ))}
        <Control item={item} all={all} />
        <Frame looks={item.looks} isBad={verdict === 'failed' || verdict === 'inconclusive'} />
        <Marks marks={frameMarksOf(item, all)} place="frame" />
        <Judged checks={checks} />
        {exchanges.map((exchange) => (
          <ExchangeView exchange={exchange} all={all} />
        ))}
      </div>
    </details>
  );
}

function Control({ item, all }: CaseProps): VNode | null {
  if (item.control === null) return null;
  const differs = item.mutates.length === 0 ? '' : ` in: ${item.mutates.join(', ')}`;
  return (
    <p class="source">
      Differs from its control{' '}
      <a href={linkTo('case', item.control)}>{all.caseById.get(item.control)?.title ?? item.control}</a>
      {differs}
    </p>
  );
}

/** Of a case that found nothing wrong, bystanders that read as before share a row: there are two in every case. */
function Frame({ looks, isBad }: { readonly looks: readonly Look[]; readonly isBad: boolean }): VNode | null {
  if (looks.length === 0) return null;
  const watched = [...groupBy(looks, ({ role, requestId }) => `${role} ${requestId}`).values()].flatMap(readings);
  const still = isBad ? [] : watched.filter(({ role, before, after }) => role !== 'subject' && before === after);
  const byReading = groupBy(still, ({ before }) => before);
  return (
    <table class="frame">
      <thead>
        <tr>
          <th scope="col">Watched request</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {watched
          .filter((each) => !still.includes(each))
          .map(({ role, requestId, before, afterWords }) => (
            <tr>
              <th scope="row">
                {frameRoles[role]} <span class="id">{requestId}</span>
              </th>
              <td>{before}</td>
              <td>{afterWords}</td>
            </tr>
          ))}
        {Array.from(byReading, ([reading, { length }]) => (
          <tr>
            <th scope="row">{counted(length, 'bystander')}, unchanged</th>
            <td>{reading}</td>
            <td>{reading}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Readings extends Pick<Look, 'role' | 'requestId'> {
  readonly before: string;
  readonly after: string;
  /** With the time after the call at which each was taken. */
  readonly afterWords: string;
}

/** What was read of one request, before and after. */
function readings(looks: readonly Look[]): readonly Readings[] {
  const after = looks.filter(({ when }) => when === 'after');
  const before = looks.filter(({ when }) => when === 'before');
  return looks.slice(0, 1).map(({ role, requestId }) => ({
    role,
    requestId,
    before: before.map(statusWords).join(', '),
    after: [...new Set(after.map(statusWords))].join('; '),
    afterWords: after.map((look) => `${statusWords(look)}, after ${durationWords(look.afterMs)}`).join('; '),
  }));
}

/** What was judged on a case and did not pass. */
function Judged({ checks }: { readonly checks: readonly CheckReport[] }): VNode | null {
  const notPassed = checks.filter((check) => check.verdict === 'failed' || check.verdict === 'inconclusive');
  if (notPassed.length === 0) return null;
  return (
    <p class="source">
      {notPassed.length} failed or inconclusive:{' '}
      {notPassed.map((check, index) => (
        <>
          {index === 0 ? '' : '; '}
          <a href={linkTo('check', check.id)}>
            {filedUnder(check)}, {check.title}
          </a>
        </>
      ))}
    </p>
  );
}
