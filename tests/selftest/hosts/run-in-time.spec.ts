import { expect } from '@playwright/test';
import { personaNames } from '../../../src/cancel/personas.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { failedRows, test, verdictsOf, writeTarget } from '../support/cli.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { startMiddleman, type Fate, type Passing } from '../support/middleman.js';

const refused: Fate = {
  status: 401,
  body: '{"error":{"code":"InvalidAuthenticationToken","message":"It has ended."}}',
};

/** A run on a target behind a middleman. */
async function behind(folder: string, fateOf: (passing: Passing) => Fate, identities = {}): Promise<Report> {
  const middleman = await startMiddleman(fateOf);
  try {
    const file = writeTarget(folder, {
      ...middleman.target,
      requests: { provider: 'control', url: middleman.controlUrl },
      ...identities,
    });
    return await runOn(resolveTarget({ target: file }, {}), { areas: ['PERM', 'STATE'], cases: 'but cells' });
  } finally {
    await middleman.close();
  }
}

for (const faulty of [false, true]) {
  test(`what lies beyond the last success is told of nobody${faulty ? ', be it wrong' : ''}`, async ({ folder }) => {
    let calls = 0;
    const report = await behind(folder, ({ isControl, target, authorization }) => {
      if (isControl || !/cancel/i.test(target) || authorization === '') return 'pass';
      calls += 1;
      if (calls <= 40) return 'pass';
      return faulty && calls % 7 === 0 ? { status: 500, body: '' } : refused;
    });
    expect(report.checks.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id)).toEqual([]);
    expect(report.run.outcome).toBe('incomplete');
    expect(report.run.explanation).toContain('nothing vouches for it any more');
    expect(report.run.explanation).toContain('answered 401');
    const untold = report.requirements.filter(({ level, verdict }) => level === 'MUST' && verdict === 'inconclusive');
    expect(untold.length).toBeGreaterThan(5);
  });
}

test('a token that the target does not take proves nothing of its caller', async ({ folder }) => {
  process.env['TOKEN_OF_NOBODY'] = 'b3RoZXItcGxhdGZvcm0tMTIzNDU2';
  try {
    const control = Object.fromEntries(personaNames.map((name) => [name, { token: { control: true } }]));
    const identities = { ...control, similarScopeUser: { token: { env: 'TOKEN_OF_NOBODY' } } };
    const report = await behind(folder, () => 'pass', { identities });
    const row = report.requirements.find(({ id }) => id === 'CANCEL-PERM-008');
    expect(row?.verdict).toBe('inconclusive');
    expect(row?.reason).toContain('the target does not take the token of similarScopeUser');
    expect(report.run.exitCode).toBe(3);
    expect(failedRows(report)).toEqual([]);
  } finally {
    delete process.env['TOKEN_OF_NOBODY'];
  }
});

test('what comes long after the answer is seen at the end, and asked for again', async () => {
  const report = await runOn(embeddedWith({ fault: 'refused-status-carried-out-later' }), {
    areas: ['STATE'],
    cases: 'but cells',
  });
  const check = 'state-refuses-delivered-requestor/subject-unchanged-unless-accepted';
  expect(verdictsOf(report)[check]).toBe('failed');
  const seen = report.cases.find(({ id }) => id === 'state-refuses-delivered-requestor');
  expect(seen?.beside).toEqual(['at the end of the run the request read cancelled']);
});

test('nobody is blamed at the end for what another did', async () => {
  const report = await runOn(embeddedWith({ fault: 'whole-queue-cancelled' }), {
    areas: ['STATE', 'PERM', 'EFFECT'],
    cases: 'but cells',
  });
  const blamed = report.checks.filter(({ verdict, caseId }) => verdict === 'failed' && caseId.includes('-refuses-'));
  expect(blamed.map(({ id }) => id)).toEqual([]);
  expect(failedRows(report)).toContain('CANCEL-EFFECT-001');
});
