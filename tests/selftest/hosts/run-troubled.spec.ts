import { casesById } from '../../../src/cancel/cases/index.js';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { Report } from '../../../src/report/model.js';
import {
  expect,
  firstScreenOf,
  readReport,
  startCli,
  test as base,
  verdictsOf,
  writeTarget,
  type FinishedRun,
} from '../support/cli.js';
import { runFewCells } from '../support/few-cases.js';
import {
  closedPort,
  end,
  listen,
  shortTimeoutMs,
  startMiddleman,
  type Answered,
  type Fate,
  type Middleman,
  type Passing,
} from '../support/middleman.js';

/** Most calls without an answer, each of which takes the time of a call: in all, and not for each of some hundred cases. */
const mostUnanswered = 12;

const test = base.extend<{ between: (decide: (passing: Passing) => Fate) => Promise<Middleman> }>({
  between: async ({}, use) => {
    const started: Middleman[] = [];
    await use(async (decide) => {
      const middleman = await startMiddleman(decide);
      started.push(middleman);
      return middleman;
    });
    await Promise.all(started.map((middleman) => middleman.close()));
  },
});

/** What every run against a target in trouble owes: incomplete, soon given up, and nothing held against anybody. */
const incomplete = { exitCode: 3, outcome: 'incomplete', failed: 0, isAnyUntold: true, suiteFaults: [], isSoon: true };

const endingOf = ({ exitCode, report }: FinishedRun): typeof incomplete => ({
  exitCode: exitCode ?? -1,
  outcome: report.run.outcome,
  failed: report.totals.must.failed,
  isAnyUntold: report.totals.must.inconclusive > 0,
  suiteFaults: [...report.suiteFaults] as never[],
  isSoon: report.exchanges.filter(({ response }) => response === null).length <= mostUnanswered,
});

/** Where the reader is told why: the report's explanation and the first screen of its page. */
const toldBy = ({ report, out }: FinishedRun): readonly string[] => [report.run.explanation, firstScreenOf(out)];

const answering = (body: string, status = 200): Fate => ({ status, body });
const description = (members: object): string =>
  JSON.stringify({ protocol: 'cancel-conformance-control/1', statuses: [], personas: [], ...members });

/** How a target misbehaves, and what the reader is told. */
interface Trouble {
  readonly what: string;
  readonly decide: (passing: Passing) => Fate;
  readonly why: RegExp;
}

/** Requests that are served before the trouble begins: enough for the controls and some cases, not for all. */
const halfWay = 250;

const troubles: readonly Trouble[] = [
  {
    what: 'a control protocol that answers 500',
    decide: ({ isControl }) => (isControl ? answering('', 500) : 'pass'),
    why: /answered 500/,
  },
  {
    what: 'a control protocol that answers what is no JSON',
    decide: ({ isControl }) => (isControl ? answering('{"protocol": ') : 'pass'),
    why: /does not match wire\/control-description/,
  },
  {
    what: 'a control protocol that offers no status',
    decide: ({ target }) =>
      target.endsWith('/v1/') ? answering(description({ personas: ['administrator', 'requestor'] })) : 'pass',
    why: /does not (?:offer the status|match)/,
  },
  {
    what: 'a control protocol that creates nothing',
    decide: ({ isControl, target }) => (isControl && target.endsWith('/requests') ? answering('{}', 503) : 'pass'),
    why: /POST \/requests: answered 503/,
  },
  {
    what: 'a target that never answers',
    decide: () => 'hang',
    why: /no answer within 500 ms/,
  },
  {
    what: 'a target that stops answering half-way',
    decide: ({ number }) => (number > halfWay ? 'hang' : 'pass'),
    why: /gave up after 3 failures in a row.*no (?:complete )?answer within 500 ms/,
  },
  {
    what: 'a cancel endpoint that never answers while the control protocol lives',
    decide: ({ isControl }) => (isControl ? 'pass' : 'hang'),
    why: /no complete answer within 500 ms/,
  },
];

for (const { what, decide, why } of troubles) {
  test(`is incomplete for ${what}`, async ({ folder, between }) => {
    const { target } = await between(decide);
    const finished = await runFewCells(writeTarget(folder, target), folder);
    expect(endingOf(finished)).toEqual(incomplete);
    for (const text of toldBy(finished)) expect(text).toMatch(why);
  });
}

test('watches a bystander of whoever is there when the usual one is not', async ({ folder, between }) => {
  const withoutOtherUser = (answer: Answered): Answered => {
    const offer = JSON.parse(answer.body) as { personas: string[] };
    const personas = offer.personas.filter((persona) => persona !== 'otherUser');
    // The length of the old body goes with it.
    return { ...answer, headers: ['Content-Type', 'application/json'], body: JSON.stringify({ ...offer, personas }) };
  };
  const { target } = await between(({ target: path }) => (path === '/conformance/v1/' ? withoutOtherUser : 'pass'));
  const { exitCode, report } = await runFewCells(writeTarget(folder, { ...target, timeoutMs: 10_000 }), folder);
  expect(exitCode).toBe(3);
  const planned = new Set(report.cases.map(({ id }) => id));
  // That the target sets no cookie is no lack of anybody.
  const blocked = report.cases
    .filter((entry) => entry.blocked !== null && entry.blocked !== 'the target set no cookie')
    .map((entry) => entry.id);
  const needing = [...casesById.values()].filter(
    ({ id, given, when }) =>
      planned.has(id) && (given.requestor === 'otherUser' || when.some(({ persona }) => persona === 'otherUser')),
  );
  expect(needing.length).toBeGreaterThan(5);
  expect(blocked.sort()).toEqual(needing.map(({ id }) => id).sort());
  const untold = report.checks.filter(
    ({ verdict, caseId }) => verdict === 'failed' || (verdict === 'inconclusive' && !blocked.includes(caseId)),
  );
  expect(untold).toEqual([]);
});

test('keeps what was told before a target closes every connection', async ({ folder, between, embeddedRun }) => {
  const { target } = await between(({ number }) => (number > halfWay ? 'close' : 'pass'));
  const finished = await runFewCells(writeTarget(folder, { ...target, timeoutMs: 10_000 }), folder);
  expect(endingOf(finished)).toEqual(incomplete);
  for (const text of toldBy(finished)) expect(text).toMatch(/gave up after 3 failures in a row.*connection was closed/);
  const whole = verdictsOf(embeddedRun.report);
  const told = finished.report.checks.filter(({ verdict }) => verdict === 'passed');
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter(({ id }) => whole[id] !== 'passed')).toEqual([]);
  expect(finished.report.exchanges.length).toBeLessThanOrEqual(halfWay + mostUnanswered);
});

test('is incomplete for a port on which nobody listens', async ({ run }) => {
  const finished = await run(['--target', `http://127.0.0.1:${await closedPort()}`]);
  expect(endingOf(finished)).toEqual(incomplete);
  for (const text of toldBy(finished)) expect(text).toMatch(/connection refused; is the target running/);
  expect(finished.report.exchanges).toEqual([]);
});

test('is incomplete for a cancel endpoint that refuses connections', async ({ folder, serve }) => {
  const { controlUrl } = await serve();
  const file = writeTarget(folder, {
    baseUrl: `http://127.0.0.1:${await closedPort()}/beta`,
    requests: { provider: 'control', url: controlUrl },
    timeoutMs: shortTimeoutMs,
  });
  const finished = await runFewCells(file, folder);
  expect(endingOf(finished)).toEqual(incomplete);
  for (const text of toldBy(finished)) expect(text).toMatch(/gave up after 3 failures in a row.*ECONNREFUSED/);
});

test('is incomplete for a server that has neither endpoint nor control protocol', async ({ run }) => {
  const server = createServer((_, response) => response.writeHead(404).end('<h1>not here</h1>'));
  const finished = await run(['--target', `http://127.0.0.1:${await listen(server)}`]);
  await end(server);
  expect(endingOf(finished)).toEqual(incomplete);
  for (const text of toldBy(finished)) expect(text).toMatch(/GET \/: answered 404 where 200 is due/);
});

for (const ownGroup of [false, true]) {
  test(`ends an interrupted run with a partial report (${ownGroup ? 'whole group' : 'one process'})`, async ({
    folder,
    between,
  }) => {
    const events = new EventEmitter();
    const reached = once(events, 'reached');
    const { target } = await between(({ number, isControl }) => {
      // Of one process the clean-up hangs, too, and is given up.
      if (number <= halfWay || (ownGroup && isControl)) return 'pass';
      events.emit('reached');
      return 'hang';
    });
    // As long as the test may take: nothing but the signal ends the call.
    const file = writeTarget(folder, { ...target, timeoutMs: 120_000 });
    const { child, exit } = startCli(['run', '--target', file, '--out', folder], { cwd: folder, ownGroup });
    await reached;
    process.kill(ownGroup ? -(child.pid ?? 0) : (child.pid ?? 0), 'SIGINT');
    const { exitCode, stdout } = await exit;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/INTERRUPTED, PARTIAL/);
    expectInterrupted(readReport(folder));
    expect(firstScreenOf(folder)).toMatch(/interrupted/);
  });
}

function expectInterrupted(report: Report): void {
  expect(report.run).toMatchObject({ outcome: 'interrupted', exitCode: 130, partial: true });
  expect(report.suiteFaults).toEqual([]);
  expect(report.totals.must.failed).toBe(0);
  expect(report.totals.checks.passed).toBeGreaterThan(0);
  expect(report.totals.checks.inconclusive).toBeGreaterThan(0);
}

test('ends a run that is interrupted before its first case with exit code 130', async ({ folder, between }) => {
  const events = new EventEmitter();
  const reached = once(events, 'reached');
  const { target } = await between(() => {
    events.emit('reached');
    return 'hang';
  });
  const file = writeTarget(folder, { ...target, timeoutMs: 120_000 });
  const { child, exit } = startCli(['run', '--target', file, '--out', folder], { cwd: folder });
  await reached;
  child.kill('SIGINT');
  const { exitCode, stdout } = await exit;
  expect(exitCode).toBe(130);
  expect(stdout).toMatch(/INTERRUPTED, PARTIAL/);
  const { run, totals, suiteFaults, exchanges } = readReport(folder);
  expect(run).toMatchObject({ outcome: 'interrupted', exitCode: 130, partial: true });
  expect(suiteFaults).toEqual([]);
  expect(exchanges).toEqual([]);
  expect(totals.checks).toMatchObject({ passed: 0, failed: 0 });
});
