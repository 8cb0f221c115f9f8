import type { VNode } from 'preact';
import { counted } from '../../../report/words.js';
import type { ComparedRun, Comparison, Drift } from '../model.js';
import { Letters } from './letters.js';
import { driftTitle, shared, silenceWords, valueWords } from '../words.js';

interface Props {
  readonly comparison: Comparison;
}

/** What the runs do not have in common besides the target. */
export function Circumstances({ comparison: { circumstances, runs } }: Props): VNode | null {
  if (circumstances.length === 0) return null;
  return (
    <section aria-labelledby="circumstances">
      <h2 id="circumstances">Not judged alike</h2>
      <ul class="seen">
        {circumstances.map(({ name, values, counts }) => (
          <li>
            <h3>
              {name} {counts ? null : <small>no difference by itself</small>}
            </h3>
            <Values values={values} runs={runs} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Everything that was seen differently. */
export function DriftTable({ comparison: { drift, runs } }: Props): VNode | null {
  if (drift.length === 0) return null;
  return (
    <section aria-labelledby="drift">
      <h2 id="drift">Drift: what was seen differently</h2>
      <p class="note">
        Whatever became of the verdicts. What drifts beneath a verdict that stayed is marked: nothing else tells of it.
      </p>
      <ul class="seen">
        {drift.map((one) => (
          <li class={one.silentPlaces > 0 ? 'silent' : 'known'}>
            <h3>
              {driftTitle(one)} <small>{silenceWords(one)}</small>
            </h3>
            <Values values={one.values} runs={runs} />
            <Places drift={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ValuesProps {
  readonly values: Drift['values'];
  readonly runs: readonly ComparedRun[];
}

function Values({ values, runs }: ValuesProps): VNode {
  return (
    <ul class="verdicts">
      {shared(values, runs).map(({ item, letters }) => (
        <li>
          <Letters letters={letters} /> {item ?? <i>{valueWords(item)}</i>}
        </li>
      ))}
    </ul>
  );
}

function Places({ drift: { aspect, places } }: { readonly drift: Drift }): VNode | null {
  const [first] = places;
  if (aspect === 'contested') return null;
  if (places.length === 1) {
    return (
      <p class="note">
        in <code>{first}</code>
      </p>
    );
  }
  return (
    <details class="checks">
      <summary>in {counted(places.length, 'place')}</summary>
      <ul>
        {places.map((place) => (
          <li>
            <code>{place}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
