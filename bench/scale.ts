import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from '../src/engine/case.js';
import { planRun, type Plan } from '../src/engine/plan/plan.js';
import { writeReports } from '../src/report/write.js';
import { runInProcess } from '../src/hosts/in-process.js';
import { resolveTarget } from '../src/hosts/target.js';

// A run of about as many checks as asked for, in one process with its target, reports included: how time and memory grow.
const wanted = Number(process.argv[2]);

/** The plan again and again, under ids of its own, until there are enough checks. */
function grown({ groups, ...plan }: Plan, checks: number): Plan {
  let left = checks;
  const taken: Plan['groups'][number][] = [];
  for (let round = 1; left > 0; round++) {
    for (const group of groups) {
      const cases = group.cases.flatMap((entry): readonly Case[] => {
        if (left <= 0) return [];
        left -= entry.then.length;
        // The first round has the controls, which the later ones rest on, too.
        return [round === 1 ? entry : { ...entry, id: `${entry.id}-${round}` }];
      });
      if (cases.length > 0) taken.push({ ...group, cases });
    }
  }
  const all = [...plan.controls, ...taken.flatMap(({ cases }) => cases)];
  return { ...plan, groups: taken, cases: new Map(all.map((entry) => [entry.id, entry])) };
}

const { target, contract } = resolveTarget({});
const plan = grown(planRun(contract, target), wanted);
const folder = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-bench-'));
const begin = performance.now();
const report = await runInProcess({ target, contract, plan });
const ranMs = performance.now() - begin;
await writeReports(report, folder);
const wroteMs = performance.now() - begin - ranMs;
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  JSON.stringify({
    checks: report.checks.length,
    cases: report.cases.length,
    ranMs: Math.round(ranMs),
    wroteMs: Math.round(wroteMs),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
process.exit();
