import type { Report } from '../../../src/report/model.js';
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

interface Told {
  readonly runs: [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
      readonly results: readonly {
        readonly message: { readonly text: string };
        readonly locations: readonly { readonly physicalLocation: object }[];
      }[];
    },
  ];
}

interface Rule {
  readonly id: string;
  readonly help: { readonly text: string };
  readonly helpUri?: string;
  readonly properties: { readonly tags: readonly string[]; readonly 'security-severity'?: string };
}

const toldOf = (report: Report): Told['runs'][0] => (JSON.parse(renderSarif(report)) as Told).runs[0];

test('a result stands in the file of the user that describes the target, else in the catalogue', ({ runs }) => {
  const { nonconformant } = runs;
  const at = { file: 'conformance/my target.yaml', line: 4 };
  const [inFile] = toldOf({ ...nonconformant, target: { ...nonconformant.target, at } }).results;
  expect(inFile?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: 'conformance/my%20target.yaml' },
    region: { startLine: 4 },
  });
  const [inCatalogue] = toldOf(nonconformant).results;
  expect(inCatalogue?.locations[0]?.physicalLocation).toMatchObject({ artifactLocation: { uriBaseId: 'SUITE' } });
  expect(inCatalogue?.message.text).toContain('Again: npx --no cancel-conformance run --only CANCEL-RESP-002');
});

test('each rule has help, the address of its source and tags; a severity of security where a failure is one', ({
  runs,
}) => {
  const rules = new Map(toldOf(runs.conformant).tool.driver.rules.map((rule) => [rule.id, rule]));
  expect(rules.size).toBe(runs.conformant.requirements.length);
  for (const { help, helpUri, properties } of rules.values()) {
    expect(help.text).toMatch(/^(MUST|SHOULD|MAY): .*\nSource: [^]*\nAgain: npx --no cancel-conformance run --only /);
    expect(helpUri).toMatch(/^https:/);
    expect(properties.tags.includes('security')).toBe(properties['security-severity'] !== undefined);
  }
  expect(rules.get('CANCEL-PERM-008')?.properties).toMatchObject({ 'security-severity': '9.1' });
  expect(rules.get('CANCEL-RESP-002')?.properties['security-severity']).toBeUndefined();
});
