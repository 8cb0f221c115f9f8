import { renderSarif } from '../../../src/report/sarif.js';
import { expect } from '../support/cli.js';
import { kinds, test } from '../support/finished-runs.js';
import { objectionsToSarif } from '../support/sarif-schema.js';

for (const kind of kinds) {
  test(`results.sarif of a ${kind} run is valid against the schema of SARIF 2.1.0`, ({ runs }) => {
    const log: unknown = JSON.parse(renderSarif(runs[kind]));
    expect(objectionsToSarif(log)).toEqual([]);
  });
}

test('the schema refuses what is no SARIF', ({ runs }) => {
  const log = JSON.parse(renderSarif(runs.conformant)) as { runs: Record<string, unknown>[] };
  const broken = log.runs.map((run) => ({ ...run, tool: undefined, results: 1 }));
  expect(objectionsToSarif({ ...log, runs: broken })).not.toEqual([]);
  expect(objectionsToSarif({ ...log, version: '2.0.0' })).not.toEqual([]);
});
