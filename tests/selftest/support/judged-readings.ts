import { loadContract } from '../../../src/cancel/contract.js';
import type { Area } from '../../../src/engine/contract/types.js';
import { expect, failedRows } from './cli.js';
import { embeddedWith, runOn, type Differing } from './engine-runs.js';

/** A target that is judged by a reading, and the requirements that fail. */
type Judged = readonly [reading: string, target: Differing, fails: readonly string[]];

const asItIs: Differing = {};
const variant = (id: string): Differing => ({ variant: id });
const fault = (id: string): Differing => ({ fault: id });
const inEdition = (edition: string, altered: Differing = asItIs): Differing => ({ ...altered, edition });

/** Each reading in both directions: a target that behaves as it says, and one that does not. */
export const judged: readonly Judged[] = [
  ['C-2=missing-served', asItIs, []],
  ['C-2=missing-served', variant('members-demanded-from-administrators'), ['CANCEL-BODY-019']],
  ['C-2=demanded-of-all', variant('members-demanded-from-administrators'), []],
  ['C-2=demanded-of-all', asItIs, ['CANCEL-BODY-018', 'CANCEL-BODY-019']],
  ['C-4=any-case-served', asItIs, []],
  ['C-4=any-case-served', variant('status-value-compared-with-case'), ['CANCEL-BODY-014']],
  ['C-4=any-case-refused', variant('status-value-compared-with-case'), []],
  ['C-4=any-case-refused', asItIs, ['CANCEL-BODY-014']],
  ['C-5=one-l-served', variant('one-l-accepted'), []],
  ['C-5=one-l-served', asItIs, ['CANCEL-BODY-015']],
  ['C-5=one-l-refused', asItIs, []],
  ['C-5=one-l-refused', variant('one-l-accepted'), ['CANCEL-BODY-015']],
  ['C-6=observed', variant('second-cancel-idempotent'), []],
  ['C-6=refused', asItIs, []],
  ['C-6=refused', variant('second-cancel-404'), []],
  ['C-6=refused', variant('second-cancel-idempotent'), ['CANCEL-STATE-016']],
  ['C-6=succeeds', variant('second-cancel-idempotent'), []],
  ['C-6=succeeds', asItIs, ['CANCEL-STATE-016']],
  ['C-8=403', variant('unknown-id-403'), []],
  ['C-8=403', asItIs, ['CANCEL-ADDR-001']],
  ['C-8=403', variant('foreign-request-401'), ['CANCEL-PERM-003', 'CANCEL-ADDR-001']],
  [
    'C-8=403',
    inEdition('beta-2026-06', variant('foreign-request-404')),
    ['CANCEL-PERM-003', 'CANCEL-PERM-010', 'CANCEL-ADDR-001'],
  ],
  ['C-8=404', variant('foreign-request-404'), []],
  ['C-8=404', asItIs, ['CANCEL-PERM-003']],
  ['C-9=subject-access', inEdition('beta-2026'), []],
  ['C-9=subject-access', inEdition('beta-2026', fault('subject-access-unknown')), ['CANCEL-PERM-009']],
  ['C-9=subject-access', inEdition('v1.0-2026', fault('subject-access-unknown')), ['CANCEL-PERM-009']],
  ['C-9=readwrite-all', inEdition('v1.0-2026', fault('subject-access-unknown')), []],
  ['C-9=readwrite-all', inEdition('beta-2026-06', fault('subject-access-unknown')), []],
  ['C-9=readwrite-all', inEdition('beta-2026-06', fault('subject-access-suffices-for-all')), ['CANCEL-PERM-010']],
  ['C-11=should-refuse', variant('delivery-failure-cancellable-for-administrators'), ['CANCEL-STATE-010']],
  ['C-11=refuse', asItIs, []],
  ['C-11=refuse', variant('delivery-failure-cancellable-for-administrators'), ['CANCEL-STATE-010']],
  ['C-11=allow-administrator', asItIs, []],
  ['C-11=allow-administrator', variant('delivery-failure-cancellable-for-administrators'), []],
  ['C-11=allow-administrator', fault('delivery-failed-cancellable'), ['CANCEL-STATE-010']],
  ['C-12=optional', asItIs, []],
  ['C-12=optional', variant('body-without-media-type-refused'), ['CANCEL-BODY-016']],
  ['C-12=required', variant('body-without-media-type-refused'), []],
  ['C-12=required', variant('media-type-ignored'), ['CANCEL-BODY-016', 'CANCEL-BODY-017']],
  ['C-13=any-case', variant('trailing-slash-and-capitals-served'), []],
  ['C-13=any-case', asItIs, ['CANCEL-ADDR-013']],
  ['C-13=exact-case', asItIs, []],
  ['C-13=exact-case', variant('trailing-slash-and-capitals-served'), ['CANCEL-ADDR-013']],
  ['C-14=refused', variant('applications-with-a-role-served'), ['CANCEL-PERM-004']],
  ['C-14=role-suffices', asItIs, []],
  ['C-14=role-suffices', variant('applications-with-a-role-served'), []],
  ['C-14=role-suffices', fault('personal-account-accepted'), ['CANCEL-PERM-005']],
  // Left to the target is whether it refuses, not whether it fails.
  ['C-14=role-suffices', fault('token-without-scopes-crashes'), ['CANCEL-PERM-004']],
  ['C-15=role-and-permission', variant('permission-suffices-for-all'), ['CANCEL-PERM-003']],
  ['C-15=permission-suffices', asItIs, []],
  ['C-15=permission-suffices', variant('permission-suffices-for-all'), []],
  ['C-15=permission-suffices', inEdition('beta-2026-06', variant('permission-suffices-for-all')), []],
  ['C-15=permission-suffices', fault('scope-compared-by-prefix'), ['CANCEL-PERM-008']],
  [
    'C-15=permission-suffices',
    inEdition('beta-2026-06', fault('subject-access-suffices-for-all')),
    ['CANCEL-PERM-010'],
  ],
  ['C-16=none-needed', variant('role-demanded-for-own'), ['CANCEL-PERM-002']],
  ['C-16=role-doubted', asItIs, []],
  ['C-16=role-doubted', variant('role-demanded-for-own'), []],
  ['C-16=role-doubted', fault('ownership-unchecked'), ['CANCEL-PERM-003']],
  // Whoever is served is not refused for a role that they lack.
  ['C-16=role-doubted', fault('chunked-body-unread'), ['CANCEL-ROBUST-007']],
];

const alterationOf = ({ variant: freedom, fault: mistake, edition }: Differing): string =>
  [freedom ?? mistake ?? 'no alteration', ...(edition === undefined ? [] : [`in ${edition}`])].join(' ');

const { contested, requirements } = loadContract();
const areaOf = (id: string): readonly Area[] => requirements.flatMap((row) => (row.id === id ? [row.area] : []));

/** The areas of what a clause is about; where a reading of it frees callers, that may be anything. */
function areasFor(clause: string, fails: readonly string[]): readonly Area[] | null {
  const read = contested.find(({ id }) => id === clause)?.readings.flatMap(({ rows = {} }) => Object.keys(rows)) ?? [];
  return read.length === 0 ? null : [...new Set([...read, ...fails].flatMap(areaOf))];
}

/** What the target does, and what fails. */
export const titleOf = ([chosen, target, fails]: Judged): string =>
  `judges ${alterationOf(target)} by ${chosen}: ${fails.length === 0 ? 'nothing fails' : fails.join(', ')}`;

/**
 * Judges it, and holds what fails. What must is seen by cases that are no cells.
 * @param fewCells true: what must not is looked for in a few cells
 */
export async function expectJudged([chosen, target, fails]: Judged, fewCells: boolean): Promise<void> {
  const [clause = '', reading = ''] = chosen.split('=');
  const areas = areasFor(clause, fails);
  const part = fails.length > 0 ? { cases: 'but cells' as const } : { fewCells };
  const report = await runOn(embeddedWith({ ...target, readings: { [clause]: reading } }), { areas, ...part });
  expect(failedRows(report).filter((id) => fails.length === 0 || fails.includes(id))).toEqual(fails);
  expect(report.suiteFaults).toEqual([]);
  const untold = report.requirements.filter(
    (row) => row.verdict === 'inconclusive' && areas?.includes(row.area) !== false,
  );
  expect(fails.length > 0 || untold.map(({ id }) => id)).toEqual(fails.length > 0 || []);
}
