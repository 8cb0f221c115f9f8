import path from 'node:path';
import { runCli, startCli, startServed } from '../support/cli.js';
import { openGate } from '../support/live-gate.js';
import { approved, expect, LiveTenant, test } from '../support/live-tenant.js';
import { madeOnce } from '../support/made-once.js';

/** How many moments of a run it is killed at, spread over its calls. live-kill has each kind of call that changes something. */
const kills = 36;

/** One call after the other, so that a run and the next one send the same. */
const options = ['--workers', '1'];

const tenantOptions = ['--others', '100', '--delays', '20'];

/** A run that was carried out as a process, to its end or to the call at which it was killed. */
interface Lived {
  /** How many calls the tenant was sent. */
  readonly calls: number;
  readonly isKilled: boolean;
  /** The target file, of a way to the tenant that is open to all from now on. */
  readonly file: string;
  readonly close: () => Promise<void>;
}

/** @param last the call at which the run is killed: the tenant gets it, and nobody gets its answer; what is sent later is lost */
async function live(tenant: LiveTenant, folder: string, last = Infinity): Promise<Lived> {
  let isKilled = false;
  let isOver = false;
  const fate = (): 'pass' | 'lost' | 'unanswered' => {
    if (isOver) return 'pass';
    if (isKilled) return 'lost';
    if (gate.calls() + 1 < last) return 'pass';
    isKilled = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    return 'unanswered';
  };
  const gate = await openGate(tenant.served.origin, fate, fate);
  const file = tenant.target(folder, { patienceMs: 500 }, gate.origin);
  const { child, exit } = startCli(
    ['run', ...approved, '--out', path.join(folder, 'report'), '--target', file, ...options],
    { cwd: folder, environment: tenant.tokens, ownGroup: true },
  );
  await exit;
  isOver = true;
  return { calls: gate.calls(), isKilled, file, close: gate.close };
}

/** How many calls a whole run sends. */
const callsOfARun = (): Promise<number> =>
  madeOnce('calls of a run on a tenant', async (folder) => {
    const served = await startServed(['--tenant', ...tenantOptions], { cwd: folder });
    const { calls, close } = await live(await LiveTenant.of(served), folder);
    await close();
    await served.close();
    return calls;
  });

for (let number = 1; number <= kills; number++) {
  test(`a run killed at moment ${number} of ${kills} leaves nothing once it is recovered, and nothing foreign is touched`, async ({
    serveTenant,
    folder,
  }) => {
    const whole = await callsOfARun();
    const last = Math.round((number * whole) / (kills + 1));
    const tenant = await serveTenant(tenantOptions);
    const foreign = await tenant.foreign();
    const { calls, isKilled, file, close } = await live(tenant, folder, last);
    expect([isKilled, calls]).toEqual([true, last]);
    const left = await tenant.own();
    const using = { cwd: folder, environment: tenant.tokens };
    const recovered = await runCli(['recover', path.join(folder, '.cancel-conformance'), '--target', file], using);
    await close();
    test.info().annotations.push({ type: 'killed', description: `at call ${last} of ${whole}, ${left.length} left` });

    expect(recovered.exitCode, recovered.stdout + recovered.stderr).toBe(0);
    expect(await tenant.own()).toEqual([]);
    expect(await tenant.foreign()).toEqual(foreign);
    expect((await tenant.accesses()).flatMap(({ touched }) => touched.filter(({ foreign: is }) => is))).toEqual([]);
  });
}
