import type { VNode } from 'preact';
import type { Report } from '../model.js';
import { changingReadings, otherVerdicts } from '../other-readings.js';
import { anchor, linkTo } from './anchors.js';
import { challengeOf } from '../issue-text.js';
import { SeenIn } from './facts.js';
import { Sources } from './sources.js';

/** How each contested clause was read, what the target did, and what the other readings would have changed. */
export function Contested({ report }: { readonly report: Report }): VNode | null {
  if (report.contested.length === 0) return null;
  return (
    <section aria-labelledby="contested">
      <h2 id="contested">Where the sources disagree</h2>
      <p>
        How each contested clause was read in this run, what the target did, and what would change if it were read
        otherwise (<code>run --reading</code> chooses). Whoever reads a clause or a requirement otherwise fills in the
        text that stands with it, for whoever keeps this suite for them; docs/challenge-a-check.md of the suite says
        what it takes.
      </p>
      <ReadOtherwise report={report} />
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">Clause</th>
            <th scope="col">Read as</th>
            <th scope="col">Observed</th>
            <th scope="col">Read otherwise</th>
          </tr>
        </thead>
        <tbody>
          {report.contested.map((clause) => {
            const { id, title, reading, observed, seenIn } = clause;
            return (
              <tr id={anchor('clause', id)}>
                <th scope="row">
                  <span class="id">{id}</span> {title}
                  <Disagreement clause={clause} report={report} />
                </th>
                <td>
                  {reading}
                  <WhatIf clause={clause} />
                </td>
                <td>
                  {observed ?? <span class="muted">not seen in this run</span>}
                  <SeenIn cases={seenIn} />
                </td>
                <td>
                  <Otherwise clause={clause} outcome={report.run.outcome} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** What whoever takes a requirement to be wrong that did not fail has to tell, as text to fill in. */
function ReadOtherwise({ report }: { readonly report: Report }): VNode {
  return (
    <details class="checks repeat told-on">
      <summary>Challenge any requirement</summary>
      <pre>{challengeOf('CANCEL-… is wrong', 'It claims: ', report)}</pre>
    </details>
  );
}

/** What cannot all be so, and where it stands. */
function Disagreement({
  clause: { id, reading, disagreement, source },
  report,
}: {
  readonly clause: Report['contested'][number];
  readonly report: Report;
}): VNode | null {
  if (disagreement === undefined || source === undefined) return null;
  return (
    <details class="checks repeat told-on">
      <summary>What the sources say, and how to challenge it</summary>
      <p>
        {disagreement} <Sources row={{ source }} />
      </p>
      <pre>{challengeOf(`${id} is read wrongly`, `It is read as ${reading}`, report)}</pre>
    </details>
  );
}

/** Another reading to choose, for whoever has a script that judges by it. */
function WhatIf({
  clause: { id, reading, others = [] },
}: {
  readonly clause: Report['contested'][number];
}): VNode | null {
  if (others.length === 0) return null;
  return (
    <label class="what-if" hidden>
      What if it were{' '}
      <select data-clause={id}>
        {[reading, ...others.map((other) => other.reading)].map((name) => (
          <option>{name}</option>
        ))}
      </select>
    </label>
  );
}

const nothingWords = (readings: readonly { readonly reading: string }[]): string =>
  `under ${readings.map(({ reading }) => reading).join(', ')}: nothing would change`;

/** What the other readings of a clause would have changed. */
function Otherwise({
  clause,
  outcome,
}: {
  readonly clause: Report['contested'][number];
  readonly outcome: Report['run']['outcome'];
}): VNode {
  const { others = [] } = clause;
  const changing = changingReadings(clause);
  const rest = others.filter((other) => !changing.includes(other));
  if (changing.length === 0) {
    return <span class="muted">{others.length === 0 ? 'no other reading applies' : nothingWords(rest)}</span>;
  }
  return (
    <ul class="plain">
      {changing.map((other) => (
        <li>
          under <b>{other.reading}</b>:{' '}
          {otherVerdicts(other).map(({ ids, would }, index) => (
            <>
              {index === 0 ? '' : '; '}
              {ids.map((id, at) => (
                <>
                  {at === 0 ? '' : ', '}
                  <a href={linkTo('requirement', id)}>{id}</a>
                </>
              ))}{' '}
              {would}
            </>
          ))}
          {other.outcome === outcome ? '' : `; the run would be ${other.outcome}`}
        </li>
      ))}
      {rest.length === 0 ? null : <li class="muted">{nothingWords(rest)}</li>}
    </ul>
  );
}
