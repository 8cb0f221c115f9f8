import { createHash } from 'node:crypto';
import { expect } from '@playwright/test';
import { provenanceHere } from '../../../src/hosts/provenance.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { provenanceRows } from '../../../src/report/provenance.js';
import { sealOf } from '../../../src/report/seal.js';
import { renderSummary } from '../../../src/report/summary.js';
import { test } from '../support/finished-runs.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('page and summary hold the hash that any tool gives of evidence.jsonl, and the root of the chain', ({ runs }) => {
  const report = runs.conformant;
  const text = renderEvidence(report);
  const { evidence, root } = sealOf(report);
  expect(evidence).toBe(sha256(text));
  const lines = text.split('\n').filter((line) => line !== '');
  expect(root).toBe(lines.reduce((before, line) => sha256(`${before}\n${line}\n`), sha256('')));
  for (const file of [renderHtml(report), renderSummary(report)])
    for (const hash of [evidence, root]) expect(file).toContain(hash);
});

test('an exchange that is altered, left out or in another place changes both', ({ runs }) => {
  const { exchanges } = runs.conformant;
  const altered = exchanges.map((one, at) => (at === 0 ? { ...one, durationMs: -1 } : one));
  const known = sealOf(runs.conformant);
  for (const other of [exchanges.toReversed(), exchanges.slice(1), altered]) {
    const { evidence, root } = sealOf({ exchanges: other });
    expect([evidence === known.evidence, root === known.root]).toEqual([false, false]);
  }
});

test('a report says by what it was made, and the pipeline where the environment names one', ({ runs }) => {
  expect(runs.conformant.provenance).toMatchObject({ node: process.versions.node });
  expect(runs.conformant.provenance).toEqual(provenanceHere());
  expect(provenanceHere({}).pipeline).toBeUndefined();
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'contoso/gateway',
    GITHUB_RUN_ID: '7',
    GITHUB_SHA: 'c'.repeat(40),
    GITHUB_ACTOR: 'octocat',
  };
  expect(provenanceHere(github).pipeline).toEqual({
    name: 'GitHub Actions',
    run: 'https://github.com/contoso/gateway/actions/runs/7',
    commit: 'c'.repeat(40),
    by: 'octocat',
  });
  const azure = {
    TF_BUILD: 'True',
    BUILD_BUILDID: '9',
    SYSTEM_COLLECTIONURI: 'https://dev.azure.com/c/',
    SYSTEM_TEAMPROJECT: 'p',
    BUILD_REQUESTEDFOR: 'Octo Cat',
  };
  expect(provenanceHere(azure).pipeline).toEqual({
    name: 'Azure Pipelines',
    run: 'https://dev.azure.com/c/p/_build/results?buildId=9',
    by: 'Octo Cat',
  });
  expect(provenanceHere({ GITLAB_CI: 'true', CI_JOB_URL: 'x'.repeat(9999) }).pipeline?.run).toHaveLength(300);
});

test("the target's clock is told from its answers, and so is what all of them say that it is", ({ runs }) => {
  const report = runs.conformant;
  const withHeaders = (seconds: number): typeof report => ({
    ...report,
    exchanges: report.exchanges.map((exchange) => {
      const date = new Date(Date.parse(exchange.startedAt) + seconds * 1000).toUTCString();
      const headers = [['Date', date] as const, ['Server', 'gateway/7'] as const];
      return { ...exchange, response: exchange.response && { ...exchange.response, headers } };
    }),
  });
  const told = (seconds: number): ReadonlyMap<string, string> =>
    new Map(provenanceRows(withHeaders(seconds), sealOf(report)));
  expect(told(0).get("Target's clock")).toBe('as that of the suite, to the second');
  expect(told(90).get("Target's clock")).toBe('90 s ahead');
  expect(told(-90).get("Target's clock")).toBe('90 s behind');
  expect(told(0).get('Target says it is')).toBe('gateway/7');
  const silent = new Map(provenanceRows(report, sealOf(report))).get('Target says it is');
  expect(silent).toBe('nothing in Server: which build of it was judged is not told');
  // Whether it was started by hand or by a pipeline, of which this is one or is none.
  expect(new Map(provenanceRows(report, sealOf(report))).get('Started by')).toBe(
    report.provenance?.pipeline?.by ?? 'nobody that the environment named',
  );
});
