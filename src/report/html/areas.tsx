import type { VNode } from 'preact';
import { type AreaDigest, type Digest } from '../digest.js';
import type { Outcome } from '../model.js';
import { areaTitle } from '../words.js';
import { RequirementLinks, VerdictMark } from './marks.js';
import { Requirement } from './requirement.js';

/** Counts per area, with a bar each; numbers first, the bar only repeats them. */
export function Areas({ all }: { readonly all: Digest }): VNode {
  return (
    <section aria-labelledby="areas">
      <h2 id="areas">Requirements by area, counted</h2>
      <table class="areas">
        <thead>
          <tr>
            <th scope="col">Area</th>
            {columns.map((word) => (
              <th scope="col" class="count">
                {columnWords[word]}
              </th>
            ))}
            <th scope="col" class="share-of-area">
              <span class="hidden">Bar</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {all.areas.map((area) => (
            <AreaRow digest={area} outcome={all.report.run.outcome} />
          ))}
        </tbody>
      </table>
      <Excluded all={all} />
    </section>
  );
}

/** The verdicts, with what failed apart by whether it decides. */
const columns = ['failed', 'mild', 'inconclusive', 'passed', 'not-applicable'] as const;

const columnWords: Readonly<Record<(typeof columns)[number], string>> = {
  failed: 'failed MUST',
  mild: 'failed SHOULD or MAY',
  inconclusive: 'inconclusive',
  passed: 'passed',
  'not-applicable': 'not applicable',
};

const countsOf = ({ counts, mild }: AreaDigest): Readonly<Record<(typeof columns)[number], number>> => ({
  ...counts,
  failed: counts.failed - mild,
  mild,
});

interface AreaProps {
  readonly digest: AreaDigest;
  readonly outcome: Outcome;
}

function AreaRow({ digest, outcome }: AreaProps): VNode {
  const { area } = digest;
  const counts = countsOf(digest);
  return (
    <tr>
      <th scope="row">
        <a href={`#area-${area}`}>{areaTitle(area)}</a> <span class="id">{area}</span>
      </th>
      {columns.map((word) => (
        <td class={counts[word] === 0 ? 'count zero' : `count ${word}`} data-word={columnWords[word]}>
          {counts[word]}
        </td>
      ))}
      <td class="share-of-area">
        <AreaBar digest={digest} outcome={outcome} />
      </td>
    </tr>
  );
}

function AreaBar({ digest, outcome }: AreaProps): VNode {
  const total = digest.requirements.length;
  const counts = countsOf(digest);
  let start = 0;
  return (
    <svg class={`bar ${outcome}`} width="100%" height="10" aria-hidden="true">
      {columns.map((word) => {
        const width = (100 * counts[word]) / total;
        const x = start;
        start += width;
        return width === 0 ? null : (
          <rect class={word} x={`${x.toFixed(2)}%`} width={`${width.toFixed(2)}%`} height="10" />
        );
      })}
    </svg>
  );
}

function Excluded({ all }: { readonly all: Digest }): VNode | null {
  if (all.excluded.length === 0) return null;
  return (
    <ul class="rows">
      {all.excluded.map(({ reason, requirements }) => (
        <li>
          <VerdictMark verdict="not-applicable" level="MUST" />
          <div>
            {reason}
            <RequirementLinks rows={requirements} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** All requirements, area by area, in the order of the catalogue; broken and untold ones stand open. */
export function Requirements({ all }: { readonly all: Digest }): VNode {
  return (
    <section aria-labelledby="requirements">
      <h2 id="requirements">Requirements</h2>
      <p>Rows that failed or could not be told stand open. Each row opens to its source and its checks.</p>
      {all.areas.map(({ area, requirements }) => (
        <section class="of-area">
          <h3 id={`area-${area}`}>
            {areaTitle(area)} <span class="id">{area}</span>
          </h3>
          {requirements.map((row) => (
            <Requirement row={row} all={all} />
          ))}
        </section>
      ))}
    </section>
  );
}
