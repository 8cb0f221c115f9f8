import path from 'node:path';
import { onlyCases, planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { deliver } from '../../../src/hosts/deliver.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { gathering, inPlace, type FinishedRun } from './cli.js';

/** A case of each group, and what they rest on: calls of every kind, but none that is large or waits for what comes late. */
function oneOfEachGroup(plan: Plan): Plan {
  const chosen = plan.groups.flatMap(({ cases }) => {
    const quick = cases.find(({ watchedMs, when }) => {
      return watchedMs === undefined && when.every(({ body }) => body !== 'one-mebibyte');
    });
    return quick === undefined ? [] : [quick.id];
  });
  return onlyCases(plan, chosen);
}

/** Carries a case of each group out, in this process, and delivers the report as the command does. */
export function runFewCases(file: string, cwd: string): Promise<FinishedRun> {
  const { io, printed } = gathering();
  const out = path.join(cwd, 'report');
  return inPlace({ cwd }, async () => {
    const begin = performance.now();
    const { target, contract } = resolveTarget({ target: file });
    const plan = oneOfEachGroup(planRun(contract, target));
    // One after the other, so that what comes to the target is the same however busy the machine is.
    const { report, secrets } = await carryOut({ target, contract, plan }, { lanes: 1 });
    const exitCode = await deliver(report, { directory: out, secrets, io });
    return { exitCode, ...printed, durationMs: performance.now() - begin, out, report };
  });
}
