import type { VNode } from 'preact';
import type { Digest } from '../digest.js';
import { areaTitle, markOf, verdictWords } from '../words.js';

const levels = ['MUST', 'SHOULD', 'MAY'] as const;

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The filter over requirements and cases. Only a script can work it, so only the script shows it. */
export function Filters({ all }: { readonly all: Digest }): VNode {
  const personas = Array.from(new Set(all.report.cases.map(({ persona }) => persona))).sort();
  return (
    <form id="filter" class="filter" hidden>
      <h2 id="find">Find</h2>
      <p class="note">
        <kbd>/</kbd> search, <kbd>j</kbd> and <kbd>k</kbd> next and previous failure; what is looked for stands in the
        address.
      </p>
      <div class="fields">
        <p class="text">
          <label for="filter-text">Words in requirements and evidence</label>
          <input id="filter-text" type="search" autocomplete="off" spellcheck={false} />
        </p>
        <p>
          <label for="filter-persona">Persona</label>
          <select id="filter-persona">
            <option value="">all</option>
            {personas.map((persona) => (
              <option value={persona}>{persona}</option>
            ))}
          </select>
        </p>
        <Choices
          name="verdict"
          legend="Verdict"
          choices={[
            { value: 'failed', label: 'failed MUST' },
            { value: 'mild', label: 'failed SHOULD or MAY' },
            ...verdictWords.flatMap((value) =>
              value === 'failed' ? [] : [{ value, label: markOf(value, 'MUST').word }],
            ),
          ]}
        />
        <Choices name="level" legend="Level" choices={levels.map((value) => ({ value, label: value }))} />
        <Choices
          name="area"
          legend="Area"
          choices={all.areas.map(({ area }) => ({ value: area, label: areaTitle(area) }))}
        />
      </div>
      <p class="actions">
        <output /> <button type="reset">Show everything</button>{' '}
        <button type="button" data-open="true">
          Open all shown
        </button>{' '}
        <button type="button" data-open="false">
          Close all shown
        </button>
      </p>
    </form>
  );
}

interface ChoicesProps {
  readonly name: string;
  readonly legend: string;
  readonly choices: readonly Choice[];
}

function Choices({ name, legend, choices }: ChoicesProps): VNode {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {choices.map(({ value, label }) => (
        <label>
          <input type="checkbox" name={name} value={value} /> {label}
        </label>
      ))}
    </fieldset>
  );
}
