import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { linesOf, runJudge, test, writeEdited } from '../../support/bundles.js';
import { expect } from '../../support/cli.js';

interface Bad {
  readonly what: string;
  readonly spoil: (place: string) => void;
  readonly says: RegExp;
}

const rewrite = (place: string, name: string, change: (text: string) => string): void => {
  const file = path.join(place, name);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};

const inReport =
  (from: string | RegExp, to: string) =>
  (place: string): void => {
    rewrite(place, 'report.json', (text) => text.replace(from, to));
  };

const bads: readonly Bad[] = [
  {
    what: 'no report',
    spoil: (place) => {
      rmSync(path.join(place, 'report.json'));
    },
    says: /^report\.json: no such file; give the folder of a finished run, or its report\.json$/m,
  },
  {
    what: 'no evidence',
    spoil: (place) => {
      rmSync(path.join(place, 'evidence.jsonl'));
    },
    says: /^evidence\.jsonl: no such file; judge needs the evidence\.jsonl that the run wrote beside its report\.json$/m,
  },
  {
    what: 'a report that is cut off',
    spoil: (place) => {
      rewrite(place, 'report.json', (text) => text.slice(0, text.length / 2));
    },
    says: /^report\.json:\d{3,}: not JSON, and it seems to be cut off; give the folder/,
  },
  { what: 'a report that is no JSON', spoil: inReport('"suite"', 'suite'), says: /^report\.json:3: not JSON; give/ },
  { what: 'null for a report', spoil: inReport(/^[^]*$/, 'null'), says: /^report\.json: nothing stands in it$/m },
  {
    what: 'JSON that is no report',
    spoil: inReport(/^[^]*$/, '{"schemaVersion":1}'),
    says: /^report\.json: suite is missing$/m,
  },
  {
    what: 'another schema version',
    spoil: inReport('"schemaVersion": 1', '"schemaVersion": 2'),
    says: /^report\.json:2: schemaVersion: this is schema version 2, and this suite reads 1; judge it with the version/,
  },
  {
    what: 'a report of another version of the suite',
    spoil: inReport(/"version": "[^"]+"/, '"version": "0.0.9"'),
    says: /^report\.json:5: suite\.version: written by version 0\.0\.9 .*the version that wrote it: 0\.0\.9$/m,
  },
  {
    what: 'a report of another suite',
    spoil: inReport('"name": "cancel-conformance"', '"name": "other"'),
    says: /^report\.json:4: suite\.name: the report of another suite, other; give/,
  },
  {
    what: 'an edition that nobody knows',
    spoil: inReport('"edition": "beta-2021-05"', '"edition": "beta-2021-06"'),
    says: /^report\.json:\d+: target\.edition: no edition beta-2021-06; did you mean beta-2021-05\? Known: beta-2021-05, beta-2024, /,
  },
  {
    what: 'a reading that nobody knows',
    spoil: inReport('"C-1": "either"', '"C-1": "neither"'),
    says: /^report\.json:\d+: target\.readings\.C-1: C-1 has no reading neither; did you mean either\?/,
  },
  {
    what: 'a verdict that is none',
    spoil: inReport('"verdict":"passed"', '"verdict":"psased"'),
    says: /^report\.json:\d+: \S+\.verdict: "psased" is not allowed; did you mean passed\?/,
  },
  {
    what: 'a report without its basis',
    spoil: inReport(/,\s+"basis": \{[^}]*\}/, ''),
    says: /^report\.json: the member basis is missing, so its verdicts cannot be recomputed: .*run again/,
  },
  {
    what: 'a last line that is cut off',
    spoil: (place) => {
      rewrite(place, 'evidence.jsonl', (text) => text.slice(0, -20));
    },
    says: /^evidence\.jsonl:\d+: not JSON: the line is cut off; each line holds one exchange; give the file/,
  },
  {
    what: 'a line that is no JSON',
    spoil: (place) => {
      rewrite(place, 'evidence.jsonl', (text) => text.replace('\n', '\nnonsense\n'));
    },
    says: /^evidence\.jsonl:2: not JSON; each line/,
  },
  {
    what: 'an empty line',
    spoil: (place) => {
      rewrite(place, 'evidence.jsonl', (text) => text.replace('\n', '\n\n'));
    },
    says: /^evidence\.jsonl:2: an empty line; each line/,
  },
  {
    what: 'a line that is no exchange',
    spoil: (place) => {
      rewrite(place, 'evidence.jsonl', (text) => text.replace('\n', '\n{"id":"x.1"}\n'));
    },
    says: /^evidence\.jsonl:2: role is missing$/m,
  },
  {
    what: 'a status that is none',
    spoil: (place) => {
      rewrite(place, 'evidence.jsonl', (text) => text.replace(/"status":\d+/, '"status":"204"'));
    },
    says: /^evidence\.jsonl:1: response\.status: 204 is a text in quotes: leave them out$/m,
  },
];

test.describe('answers with exit code 2', () => {
  for (const { what, spoil, says } of bads) {
    test(what, async ({ partialRun, folder }) => {
      const place = writeEdited(partialRun.out, folder);
      spoil(place);
      const { exitCode, stdout, stderr } = await runJudge(place);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    });
  }

  test('no evidence at all, which is another thing than an empty file', async ({ partialRun, folder }) => {
    const place = writeEdited(partialRun.out, folder, ({ evidence }) => {
      evidence.length = 0;
    });
    expect(linesOf(place)).toEqual(['']);
    expect((await runJudge(place)).exitCode).toBe(1);
  });
});
