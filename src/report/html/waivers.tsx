import type { VNode } from 'preact';
import { failsRun } from '../../engine/verdict/waivers.js';
import type { Digest } from '../digest.js';
import type { WaiverReport } from '../model.js';
import { waiverStates } from '../waived.js';
import type { Mark } from '../words.js';
import { linkTo } from './anchors.js';
import { MarkView } from './marks.js';

interface WaiversProps {
  readonly all: Digest;
}

/** Every waiver that was given, whatever became of it. */
export function Waivers({ all }: WaiversProps): VNode | null {
  const { waivers } = all.report;
  if (waivers.length === 0) return null;
  return (
    <section aria-labelledby="waivers">
      <h2 id="waivers">Waivers</h2>
      <p>A waived check ran and failed; somebody answers for that. It is never counted as passed.</p>
      <ul class="rows">
        {waivers.map((waiver) => (
          <WaiverRow waiver={waiver} all={all} />
        ))}
      </ul>
    </section>
  );
}

function WaiverRow({ waiver, all }: WaiversProps & { readonly waiver: WaiverReport }): VNode {
  const { requirement, check, state, edition, fingerprint, reason, owner, expires, message } = waiver;
  const row = all.requirementById.get(requirement);
  return (
    <li data-waiver={state}>
      <MarkView mark={markOfWaiver(waiver)} />
      <div>
        {row === undefined ? requirement : <a href={linkTo('requirement', requirement)}>{row.title}</a>}{' '}
        <span class="id">{requirement}</span>
        <p>{reason}</p>
        <p>
          {owner}, until {expires}
        </p>
        <p>
          Check{' '}
          {all.checkById.has(check) ? <a href={linkTo('check', check)}>{check}</a> : <span class="id">{check}</span>},
          failure <span class="id">{fingerprint}</span>, edition {edition}
        </p>
        <p>{message}</p>
      </div>
    </li>
  );
}

function markOfWaiver(waiver: WaiverReport): Mark {
  const word = waiverStates[waiver.state];
  if (failsRun(waiver)) return { symbol: '✗', word, tone: 'bad' };
  return waiver.state === 'applied' ? { symbol: '!', word, tone: 'warning' } : { symbol: '?', word, tone: 'unknown' };
}
