import path from 'node:path';
import { onlyCases, planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { deliver } from '../../../src/hosts/deliver.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { gathering, inPlace, type FinishedRun } from './cli.js';
import { withFewCells } from './engine-runs.js';

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

/** Carries a part of the suite out, in this process, and delivers the report as the command does. */
function runPart(part: (whole: Plan) => Plan, file: string, cwd: string): Promise<FinishedRun> {
  const { io, printed } = gathering();
  const out = path.join(cwd, 'report');
  return inPlace({ cwd }, async () => {
    const begin = performance.now();
    const { target, contract } = resolveTarget({ target: file });
    const plan = part(planRun(contract, target));
    // One after the other, so that what comes to the target is the same however busy the machine is.
    const { report, secrets } = await carryOut({ target, contract, plan }, { lanes: 1 });
    const exitCode = await deliver(report, { directory: out, secrets, io });
    return { exitCode, ...printed, durationMs: performance.now() - begin, out, report };
  });
}

/** A run of a case of each group, which makes no claim. */
export const runFewCases = (file: string, cwd: string): Promise<FinishedRun> => runPart(oneOfEachGroup, file, cwd);

/** A whole run, but that gates are tried in a few of their cells only. */
export const runFewCells = (file: string, cwd: string): Promise<FinishedRun> =>
  runPart((whole) => withFewCells(whole), file, cwd);
