import { stringify } from 'yaml';
import { ConfigurationError } from '../../../engine/errors.js';
import { visible, visibleLines } from '../../../report/visible.js';
import type { Page } from '../page/page.js';
import { unitsIn } from '../page/blocks.js';
import type { Unit } from '../page/units.js';
import { ownerOf, type Ownership } from './load.js';

/** Which units of a page somebody owns. */
export interface Coverage {
  readonly file: string;
  readonly judged: number;
  readonly excluded: number;
  readonly informative: number;
  readonly unowned: readonly Unit[];
}

/**
 * Counts the units of a page by their owners.
 * @throws ConfigurationError when there is nothing on it to own
 */
export function coverageOf(page: Page, ownership: Ownership): Coverage {
  const owned = unitsIn(page).map((unit) => ({ unit, owner: ownerOf(unit, ownership) }));
  if (owned.length === 0) {
    throw new ConfigurationError(`${page.file.name}: nothing stands in it; give a page of the documentation`);
  }
  const count = (kind: 'requirements' | 'exclusion' | 'informative'): number =>
    owned.filter(({ owner }) => owner !== null && kind in owner).length;
  return {
    file: page.file.name,
    judged: count('requirements'),
    excluded: count('exclusion'),
    informative: count('informative'),
    unowned: owned.flatMap(({ unit, owner }) => (owner ? [] : [unit])),
  };
}

/** The counts, and where each unit stands that nobody owns. */
export function renderCoverage(coverages: readonly Coverage[]): string {
  const lines = coverages.flatMap(({ file, judged, excluded, informative, unowned }) => [
    `${unowned.length === 0 ? '✓' : '✗'} ${file}: ${judged} judged, ${excluded} excluded, ${informative} not normative, ${unowned.length} without an owner`,
    ...unowned.map(
      ({ line, column, section, segment }) =>
        `  ${file}:${line}:${column}: new or changed, in ${section}${segment === null ? '' : `, segment ${segment}`}`,
    ),
  ]);
  const total = coverages.reduce((sum, { unowned }) => sum + unowned.length, 0);
  const advice =
    'Take each for normative until somebody decides: add --draft for rows to fill in, and give the file with --ownership.';
  const end = total === 0 ? [] : [`Without an owner: ${total}. ${advice}`];
  return `${[...lines, ...end].map(visible).join('\n')}\n`;
}

/** An ownership file with a row for each unit that nobody owns; who does is left to be filled in. */
export function renderOwnershipDraft(coverages: readonly Coverage[]): string {
  const units = coverages
    .flatMap(({ unowned }) => unowned)
    .map(({ section, segment, sha256, line, column }) => ({
      section,
      ...(segment === null ? {} : { segment }),
      sha256,
      requirements: [`REPLACE: whose is line ${line}, column ${column}?`],
    }));
  const head =
    '# Give each row one of: requirements (ids), exclusion (why nothing judges it), informative (why it is not normative).\n';
  return visibleLines(`${head}${stringify({ units }, { lineWidth: 0 })}`);
}
