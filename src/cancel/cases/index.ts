import type { Case, CaseGroup } from '../words.js';
import { addrGroups } from './addr.js';
import { authGroups } from './auth.js';
import { bodyGroups } from './body.js';
import { cellGroups } from './cells.js';
import { servedGroups } from './columns.js';
import { effectGroups } from './effect.js';
import { errGroups } from './err.js';
import { oracleGroups } from './oracles.js';
import { permGroups } from './perm.js';
import { respGroups } from './resp.js';
import { robustGroups } from './robust.js';
import { closingGroups, stateGroups } from './state.js';

/** Every case of the suite, in the order in which the report shows them. */
export const caseGroups: readonly CaseGroup[] = [
  ...stateGroups,
  ...permGroups,
  ...authGroups,
  ...oracleGroups,
  ...bodyGroups,
  ...respGroups,
  ...effectGroups,
  ...addrGroups,
  ...errGroups,
  ...robustGroups,
  ...servedGroups,
  ...cellGroups,
  ...closingGroups,
];

/** All cases by id. */
export const casesById: ReadonlyMap<string, Case> = new Map(
  caseGroups.flatMap((group) => group.cases.map((entry) => [entry.id, entry] as const)),
);
