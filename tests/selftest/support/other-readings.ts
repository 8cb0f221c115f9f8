import { expect } from '@playwright/test';
import { contractUnder } from '../../../src/engine/contract/under.js';
import { rulesUnder } from '../../../src/engine/judge/judge-case.js';
import { onlyCases, planRun } from '../../../src/engine/plan/plan.js';
import { judgeRun, type RunEvidence } from '../../../src/engine/verdict/judge-run.js';
import { otherReadings } from '../../../src/engine/verdict/other-readings.js';
import { performRun } from '../../../src/hosts/in-process.js';
import { evidenceOf } from '../../../src/report/assemble/report-of.js';
import { butCells, embeddedWith, withFewCells, type Differing } from './engine-runs.js';

/** Targets of whose runs other readings make something else. */
export const alterations: readonly Differing[] = [
  {},
  { edition: 'beta-2026', variant: 'foreign-request-404' },
  { variant: 'role-demanded-for-own' },
  { edition: 'beta-2024-11', variant: 'role-demanded-for-own' },
  { fault: 'delivery-failed-cancellable' },
  { fault: 'token-without-scopes-crashes' },
];

/** @param inAllCells false: in a few cells of the run without any alteration, as in none of the others */
async function evidenceAgainst(altered: Differing, inAllCells: boolean): Promise<RunEvidence> {
  const { target, contract } = embeddedWith(altered);
  const whole = planRun(contract, target);
  const isUnaltered = Object.keys(altered).length === 0;
  const few = isUnaltered ? withFewCells(whole) : onlyCases(whole, butCells(whole));
  const plan = isUnaltered && inAllCells ? whole : few;
  const parts = { target, contract, plan };
  const { ended } = await performRun(parts, { lanes: 1 });
  return evidenceOf(ended, parts);
}

/** A row with its verdict; a level alone makes no difference to what passed or does not apply. */
const weighed = ({ id, level, verdict }: Weighed): readonly string[] =>
  ['failed', 'inconclusive'].includes(verdict) ? [id, verdict, level] : [id, verdict];

interface Weighed {
  readonly id: string;
  readonly level: string;
  readonly verdict: string;
}

/** The outcome and the verdict of each row, judged as a whole. */
function whole(evidence: RunEvidence, readings: Readonly<Record<string, string>>): readonly unknown[] {
  const contract = contractUnder(evidence.contract, readings);
  const { outcome, requirements } = judgeRun({ ...evidence, contract, rules: rulesUnder(contract, evidence.rules) });
  return [outcome, ...requirements.map(({ requirement: { id }, level, verdict }) => weighed({ id, level, verdict }))];
}

/** What other readings would change of a run is what judging all of it anew gives. */
export async function expectSameAnew(altered: Differing, inAllCells: boolean): Promise<void> {
  const evidence = await evidenceAgainst(altered, inAllCells);
  const verdict = judgeRun(evidence);
  const others = [...otherReadings(evidence, verdict)];
  expect(others.map(([clause]) => clause)).toEqual(evidence.contract.contested.map(({ id }) => id));
  expect(others.flatMap(([, readings]) => readings).length).toBeGreaterThan(15);
  for (const [clause, readings] of others) {
    for (const { reading, outcome, requirements } of readings) {
      const changed = new Map(requirements.map((row) => [row.id, row]));
      const [judged, ...rows] = whole(evidence, { [clause]: reading });
      const told = verdict.requirements.map(({ requirement: { id }, level, verdict: word }) =>
        weighed(changed.get(id) ?? { id, level, verdict: word }),
      );
      expect([outcome, ...told], `${clause}=${reading}`).toEqual([judged, ...rows]);
    }
  }
}
