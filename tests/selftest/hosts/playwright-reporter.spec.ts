import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { performRun } from '../../../src/hosts/in-process.js';
import ConformanceReporter from '../../../src/hosts/playwright/reporter.js';
import { caseAnnotation, runAnnotation, runKeyOf, toldAttachment, toldOf } from '../../../src/hosts/playwright/told.js';
import type { WorkerSession } from '../../../src/hosts/playwright/worker-session.js';
import { embeddedWith } from '../support/engine-runs.js';
import { expect, test } from '../support/cli.js';

/** A test of the project, and that it passed or failed; of somebody else's where it has no annotations. */
const carriedOut = (
  status: 'passed' | 'failed' | 'skipped',
  { annotations = [], told }: { readonly annotations?: TestCase['annotations']; readonly told?: object } = {},
): readonly [TestCase, TestResult] => [
  { title: 'a test', annotations, expectedStatus: 'passed' } as unknown as TestCase,
  {
    ...{ retry: 0, status, annotations: [], errors: [] },
    attachments: told === undefined ? [] : [{ name: toldAttachment, body: Buffer.from(JSON.stringify(told)) }],
  } as unknown as TestResult,
];

test('a run of the runner passes as the gate does, unless other tests of the project failed', async ({ folder }) => {
  // A whole run, of the fewest cases that tell every requirement.
  const { target, contract } = embeddedWith({ expensive: true, fewestCases: true });
  const plan = planRun(contract, target);
  const { ended } = await performRun({ target, contract, plan }, { lanes: 1 });
  const session = { ...ended, secrets: new SecretRegistry() };
  const worker = { session, remarks: null } as unknown as WorkerSession;
  const told = toldOf({ target, contract, plan }, worker, { shard: null, records: ended.records });
  const annotationsOf = (id: string): TestCase['annotations'] => [
    { type: caseAnnotation, description: id },
    { type: runAnnotation, description: runKeyOf({ target, plan }) },
  ];
  const tests = [...plan.cases.keys()].map((id) => carriedOut('passed', { annotations: annotationsOf(id) })[0]);
  const before = process.listeners('exit');
  const write = process.stdout.write.bind(process.stdout);
  const statusWith = async (...others: readonly (readonly [TestCase, TestResult])[]): Promise<unknown> => {
    const reporter = new ConformanceReporter({ out: path.join(folder, 'reports') });
    reporter.onBegin({} as FullConfig, { allTests: () => tests } as unknown as Suite);
    for (const one of [carriedOut('passed', { annotations: annotationsOf('any'), told }), ...others])
      reporter.onTestEnd(...one);
    const end = await reporter.onEnd({ status: 'passed', startTime: new Date(), duration: 1 });
    return end?.status;
  };
  // The summary of a run that is none would stand amid those of the tests.
  let printed = '';
  process.stdout.write = (text: string | Uint8Array) => {
    printed += String(text);
    return true;
  };
  try {
    expect(await statusWith(carriedOut('passed'))).toBe('passed');
    expect(existsSync(path.join(folder, 'reports', 'report.json'))).toBe(true);
    expect(await statusWith(carriedOut('failed'))).toBe('failed');
    // What others skip is theirs to explain.
    await statusWith(carriedOut('skipped'));
    expect(printed).not.toContain('skipped:');
    const untold = carriedOut('skipped', { annotations: annotationsOf('any') });
    await statusWith(untold, untold);
    expect(printed).toMatch(
      /\n2 tests skipped: what could not be told, or does not apply, is never shown as passed; [^\n]+\n$/,
    );
  } finally {
    process.stdout.write = write;
    // The exit code of the gate is that of the runner's process, and this one is none.
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    for (const listener of added) process.removeListener('exit', listener);
  }
});
