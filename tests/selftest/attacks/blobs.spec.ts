import { expect, test } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { planRun } from '../../../src/engine/plan/plan.js';
import { reportOfGathered, toldBy } from '../../../src/hosts/playwright/gathered.js';
import { toldAttachment, type Told } from '../../../src/hosts/playwright/told.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { deep, many, within } from '../support/attacks.js';

const { target, contract } = resolveTarget({});
const honest: Told = JSON.parse(
  JSON.stringify({
    ...{
      runKey: 'a',
      suiteVersion: contract.version,
      planHash: planRun(contract, target).hash,
      target,
      areas: null,
      waivers: [],
    },
    ...{
      shard: null,
      runId: 'a-run',
      startedAt: '2026-11-29T12:00:00.000Z',
      baseUrl: 'http://127.0.0.1:1/beta',
      claimHints: {},
    },
    ...{ remarks: null, records: [] },
  }),
) as Told;

const record = {
  caseId: 'x',
  blocked: null,
  exchanges: [],
  looks: [],
  startedAt: '2026-11-29T12:00:00.000Z',
  durationMs: 1,
};

const strangeTold: Readonly<Record<string, unknown>> = {
  null: null,
  'a list': [],
  nothing: {},
  'a thousand million shards': { ...honest, shard: { current: 1, total: 1e9 } },
  'the shard 0': { ...honest, shard: { current: 0, total: 2 } },
  'half a shard': { ...honest, shard: { current: 1, total: 1.5 } },
  'no records': { ...honest, records: null },
  'records of null': { ...honest, records: [null] },
  'a million records': { ...honest, records: Array.from({ length: 50_000 }, () => record) },
  'an exchange that is none': { ...honest, records: [{ ...record, exchanges: [{}] }] },
  'a look that is none': { ...honest, records: [{ ...record, looks: [7] }] },
  'no target': { ...honest, target: null },
  'a target without readings': { ...honest, target: { ...honest.target, readings: null } },
  'an address that is none': { ...honest, baseUrl: 'x' },
  'a member more': { ...honest, __proto: 1 },
  'what is nested 3,000 deep': { ...honest, remarks: JSON.parse(`{"a":${deep(3000)}}`) as unknown },
  'waivers that are none': { ...honest, waivers: [{}] },
};

const attached = (body: Buffer): Pick<TestResult, 'attachments'> => ({
  attachments: [{ name: toldAttachment, contentType: 'application/json', body }],
});

for (const [what, told] of Object.entries(strangeTold)) {
  test(`a blob report in which a test told ${what} is bad input`, async () => {
    await within(() => {
      expect(() => toldBy(attached(Buffer.from(JSON.stringify(told))))).toThrow(
        expect.objectContaining({ name: 'ConfigurationError' }),
      );
      return Promise.resolve();
    });
  });
}

test('a blob report in which a test told no JSON, or too much of it, is bad input', () => {
  for (const text of ['', '{', '\0', many('1', 1_000_000), deep(3000)])
    expect(() => toldBy(attached(Buffer.from(text)))).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
});

test('what a test told of cases and choices that nobody knows is told as what is missing', () => {
  for (const change of [
    {},
    { records: [record] },
    { records: [{ ...record, caseId: '__proto__' }] },
    { shard: { current: 999, total: 1000 } },
  ]) {
    const told = toldBy(attached(Buffer.from(JSON.stringify({ ...honest, ...change }))));
    if (told === null) throw new Error('nothing was told');
    const { report } = reportOfGathered({
      ...{
        told: [told],
        suite: { allTests: () => [] } as never,
        suiteFaults: [],
        unfinished: 'it was not carried out',
      },
      ...{ status: 'passed', durationMs: 1 },
    });
    expect(report.run.outcome).toBe('incomplete');
  }
  const other = toldBy(
    attached(Buffer.from(JSON.stringify({ ...honest, target: { ...honest.target, edition: 'constructor' } }))),
  );
  expect(() =>
    reportOfGathered({
      ...{ told: [other ?? honest], suite: { allTests: () => [] } as never, suiteFaults: [], unfinished: '' },
      ...{ status: 'passed', durationMs: 1 },
    }),
  ).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
});
