import { expect } from '../../support/cli.js';
import { comparisonOf, test } from '../../support/compared-runs.js';

test('counts are those of the two reports, each difference under the cause that it has', ({ runs, others }) => {
  const { conformant } = runs;
  for (const [other, cause] of [
    [others.faulty, 'target-behaved-differently'],
    [others.withoutPersona, 'fixture-missing'],
    [others.otherReading, 'edition-or-reading-changed'],
  ] as const) {
    const { totals, changes, requirements } = comparisonOf(conformant, other);
    const verdicts = new Map(other.checks.map(({ id, verdict }) => [id, verdict]));
    const turned = conformant.checks.filter(({ id, verdict }) => verdicts.get(id) !== verdict);
    const rows = new Map(other.requirements.map(({ id, verdict }) => [id, verdict]));
    const rowsTurned = conformant.requirements.filter(({ id, verdict }) => rows.get(id) !== verdict);
    expect(changes.map(({ id }) => id)).toEqual(expect.arrayContaining(turned.map(({ id }) => id)));
    expect(totals.requirements.differing).toBe(rowsTurned.length);
    const touched = requirements.filter(({ state }) => state === 'differs' || state === 'differs-below');
    const none = Object.fromEntries(Object.keys(totals.causes).map((kind) => [kind, 0]));
    expect(totals.causes).toEqual({ ...none, [cause]: touched.length });
    expect(touched.length).toBeGreaterThan(0);
    expect(totals.checks.changed).toBe(changes.length);
  }
});
