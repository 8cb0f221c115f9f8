import type { Case } from '../../../src/engine/case.js';
import type { CaseRecord, Exchange } from '../../../src/engine/evidence/records.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { judgeCase } from '../../../src/engine/judge/judge-case.js';
import { performGroup } from '../../../src/engine/perform/group.js';
import type { Session } from '../../../src/engine/perform/session.js';
import { planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { openSession } from '../../../src/hosts/open-session.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { expect, test as base, writeTarget } from '../support/cli.js';
import { startFakeClock, type FakeClock } from '../support/fake-clock.js';
import { startMiddleman, type Answered, type Fate, type Passing } from '../support/middleman.js';

interface Met {
  readonly session: Session;
  readonly clock: FakeClock;
  /** Carries out one case of the plan, without what was known before. */
  readonly perform: (caseId: string) => Promise<CaseRecord>;
}

type Meet = (decide: (passing: Passing, clock: FakeClock) => Fate, settings?: object) => Promise<Met>;

/** Tests of how cases are carried out, on a clock of their own: nothing waits. */
const test = base.extend<{ meet: Meet }>({
  meet: async ({ folder }, use) => {
    const ends: (() => Promise<unknown>)[] = [];
    await use(async (decide, settings = {}) => {
      const clock = startFakeClock();
      const middleman = await startMiddleman((passing) => decide(passing, clock));
      const file = writeTarget(folder, { ...middleman.target, timeoutMs: 5000, ...settings });
      const { target, contract } = resolveTarget({ target: file });
      const plan = planRun(contract, target);
      const secrets = new SecretRegistry();
      const { session, close } = await openSession({ target, contract, plan, clock: clock.clock, secrets });
      ends.push(close, middleman.close);
      const perform = async (caseId: string): Promise<CaseRecord> => {
        const [record] = await performGroup(session, { cases: [caseIn(plan)(caseId)] }, { known: [] });
        if (!record) throw new Error(`no record of ${caseId}`);
        return record;
      };
      return { session, clock, perform };
    });
    for (const end of ends) await end();
  },
});

const caseIn =
  ({ cases }: Plan) =>
  (id: string): Case => {
    const entry = cases.get(id);
    if (!entry) throw new Error(`no case ${id}`);
    return entry;
  };

const rolesOf = ({ exchanges }: CaseRecord): readonly Exchange['role'][] => exchanges.map(({ role }) => role);

/** Verdict and reason of a check, judged without regard to a control. */
function judged({ session }: Met, record: CaseRecord, verb: string): readonly (string | null)[] {
  const entry = caseIn(session.plan)(record.caseId);
  const facts = { case: { ...entry, control: undefined } as unknown as typeof entry, record, rules: session.rules };
  const check = judgeCase(facts, undefined).find((one) => one.verb === verb);
  return [check?.verdict ?? null, check?.reason ?? null];
}

test('a call that is throttled is sent again after the time that each answer asks for, and all are kept', async ({
  meet,
}) => {
  const waits = ['2', '3'];
  const met = await meet(({ isControl }) => {
    const retryAfter = isControl ? undefined : waits.shift();
    return retryAfter === undefined ? 'pass' : { status: 429, body: '', retryAfter };
  });
  const record = await met.perform('perm-requestor-cancels-own');
  expect(met.clock.waits).toEqual([2000, 3000]);
  expect(rolesOf(record)).toEqual(['throttled', 'throttled', 'probe']);
  expect(record.exchanges.map(({ response }) => response?.status)).toEqual([429, 429, 204]);
  expect(judged(met, record, 'cancels')).toEqual(['passed', null]);
});

test('calls at one moment are sent again together, after the longest time that one of them was asked to wait', async ({
  meet,
}) => {
  const waits = ['2', '7'];
  const met = await meet(({ isControl }) => {
    const retryAfter = isControl ? undefined : waits.shift();
    return retryAfter === undefined ? 'pass' : { status: 429, body: '', retryAfter };
  });
  const record = await met.perform('state-two-cancels-at-once-requestor');
  expect(met.clock.waits).toEqual([7000]);
  expect(rolesOf(record)).toEqual(['throttled', 'throttled', 'probe', 'probe']);
});

test('whether a target that hangs up is alive is asked once, and only where a hang is judged', async ({ meet }) => {
  let calls = 0;
  const met = await meet(({ isControl }) => {
    if (isControl) return 'pass';
    calls += 1;
    return calls === 2 ? 'pass' : 'close';
  });
  const hostile = await met.perform('robust-overlong-id');
  expect(rolesOf(hostile)).toEqual(['probe', 'liveness']);
  expect(hostile.exchanges[0]?.noAnswer?.reason).toBe('connection-closed');
  expect(hostile.exchanges[1]).toMatchObject({ persona: 'anonymous', response: { status: 401 } });
  expect(rolesOf(await met.perform('perm-requestor-cancels-own'))).toEqual(['probe']);
});

test('a target that breaks down on certain calls and is there again is judged by all the others', async ({ meet }) => {
  const probes = (times: number): readonly string[] =>
    Array.from({ length: times }, () => 'perm-requestor-cancels-own');
  const breaking = await meet(({ isControl, authorization }) => (isControl || authorization === '' ? 'pass' : 'close'));
  for (const probe of probes(5)) expect(rolesOf(await breaking.perform(probe))).toEqual(['probe']);
  expect(breaking.session.breaker.reason).toBeNull();
  const gone = await meet(({ isControl }) => (isControl ? 'pass' : 'close'));
  for (const probe of probes(3)) await gone.perform(probe);
  expect(gone.session.breaker.reason).toMatch(/^gave up after 3 failures in a row, .*connection was closed/);
  // One that does not answer is not waited for with each call.
  const silent = await meet(({ isControl, authorization }) => (isControl || authorization === '' ? 'pass' : 'hang'), {
    timeoutMs: 100,
  });
  for (const probe of probes(3)) await silent.perform(probe);
  expect(silent.session.breaker.reason).toMatch(/^gave up after 3 failures in a row, .*no complete answer/);
});

test('a target that answers is not asked whether it is alive', async ({ meet }) => {
  const met = await meet(() => 'pass');
  expect(rolesOf(await met.perform('robust-overlong-id'))).toEqual(['probe']);
});

test.describe('what is watched', () => {
  const refused = 'state-stays-as-refused-delivered';
  const isReading = ({ isControl, method }: Passing): boolean => isControl && method === 'GET';

  test('is read once more when the time of its case is over, or the longer one of the target', async ({ meet }) => {
    for (const [settings, waits] of [
      [{}, [60]],
      [{ settleMs: 4000 }, [4000]],
    ] as const) {
      const met = await meet(() => 'pass', settings);
      const record = await met.perform(refused);
      expect(met.clock.waits).toEqual(waits);
      expect(record.looks.filter(({ when }) => when === 'after').map(({ afterMs }) => afterMs)).toEqual([
        waits[0],
        waits[0],
        waits[0],
      ]);
      expect(judged(met, record, 'subject-unchanged-unless-accepted')).toEqual(['passed', null]);
    }
  });

  test('and cannot be read again is untold, though it read well before', async ({ meet }) => {
    const met = await meet((passing, { waits }) =>
      isReading(passing) && waits.length > 0 ? { status: 500, body: '' } : 'pass',
    );
    const record = await met.perform(refused);
    expect(met.clock.waits).toEqual([60]);
    expect(record.looks.filter(({ when }) => when === 'after')).toEqual([]);
    expect(judged(met, record, 'subject-unchanged-unless-accepted')).toEqual([
      'inconclusive',
      'the status of the request could not be read after the call',
    ]);
  });

  test('and what others of its group had beside them is not read again', async ({ meet }) => {
    const met = await meet(() => 'pass');
    const { plan } = met.session;
    const cases = [refused, 'state-cancels-pendingNotBefore-administrator'].map(caseIn(plan));
    const records = await performGroup(met.session, { cases }, { known: [] });
    expect(records.map(({ caseId, blocked }) => [caseId, blocked])).toEqual(cases.map(({ id }) => [id, null]));
    expect(met.clock.waits).toEqual([60]);
    const [watched, other] = records.map(({ looks }) => looks.filter(({ when }) => when === 'after'));
    expect(watched?.map(({ afterMs }) => afterMs)).toEqual([60, 60, 60]);
    expect(other?.map(({ afterMs }) => afterMs)).toEqual([0, 0, 0]);
  });

  test('and is gone when it is read again has changed', async ({ meet }) => {
    const met = await meet((passing, { waits }) =>
      isReading(passing) && waits.length > 0 ? { status: 404, body: '' } : 'pass',
    );
    expect(judged(met, await met.perform(refused), 'subject-unchanged-unless-accepted')).toEqual(['failed', null]);
  });
});

/** The answer to a reading, as if this were the status. */
const reads =
  (status: string) =>
  (answer: Answered): Answered => ({
    ...answer,
    headers: ['Content-Type', 'application/json'],
    body: JSON.stringify({ id: (JSON.parse(answer.body) as { id: string }).id, status }),
  });

/** As if nothing had happened yet. */
const stillPending = reads('pendingApproval');

test('a subject that was cancelled is kept for the last look, but none whose bystanders were cancelled with it', async ({
  meet,
}) => {
  const caseId = 'perm-requestor-cancels-own';
  const met = await meet(() => 'pass');
  const { looks } = await met.perform(caseId);
  const subject = looks.find(({ role }) => role === 'subject')?.requestId;
  const sibling = looks.find(({ role }) => role === 'sibling')?.requestId;
  const stranger = looks.find(({ role }) => role === 'stranger')?.requestId;
  expect(met.session.kept).toEqual([
    { id: subject, role: 'subject', caseId, isDone: true },
    { id: sibling, role: 'sibling', caseId, isDone: false },
    { id: stranger, role: 'stranger', caseId, isDone: false },
  ]);
  let isCalled = false;
  const straying = await meet(({ isControl, method }) => {
    isCalled ||= !isControl;
    return isCalled && isControl && method === 'GET' ? reads('cancelled') : 'pass';
  });
  await straying.perform(caseId);
  expect(straying.session.kept).toEqual([]);
});

/** Shows no effect in the readings before so many waits. */
const late =
  (readings: number) =>
  ({ isControl, method, target }: Passing, { waits }: FakeClock): Fate =>
    isControl && method === 'GET' && target.includes('/requests/') && waits.length < readings ? stillPending : 'pass';

test('a success is read again, ever later, until it shows; one that never does has not ended cancelled', async ({
  meet,
}) => {
  const soon = await meet(late(3), { settleMs: 1000 });
  const shown = await soon.perform('perm-requestor-cancels-own');
  expect(soon.clock.waits).toEqual([25, 50, 100]);
  expect(judged(soon, shown, 'cancels')).toEqual(['passed', null]);
  expect(shown.looks.find(({ role, when }) => role === 'subject' && when === 'after')?.afterMs).toBe(175);

  const never = await meet(late(Infinity), { settleMs: 1000 });
  const record = await never.perform('perm-requestor-cancels-own');
  expect(never.clock.waits.reduce((sum, ms) => sum + ms, 0)).toBe(1000);
  expect(judged(never, record, 'cancels')[0]).toBe('failed');
});

test('bystanders are read again where the effect is late: what befalls them with it is seen', async ({ meet }) => {
  const straying = await meet(
    (passing, clock) => {
      if (!passing.isControl || passing.method !== 'GET' || !passing.target.includes('/requests/')) return 'pass';
      return clock.waits.length < 3 ? stillPending : reads('cancelled');
    },
    { settleMs: 1000 },
  );
  const record = await straying.perform('perm-requestor-cancels-own');
  expect(judged(straying, record, 'cancels')).toEqual(['passed', null]);
  expect(judged(straying, record, 'sibling-unchanged')[0]).toBe('failed');
});
