import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareReports } from '../../../src/wings/compare/compare-reports.js';
import type { Comparison } from '../../../src/wings/compare/model.js';
import type { Persona } from '../../../src/cancel/personas.js';
import type { Area } from '../../../src/engine/contract/types.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import type { Report } from '../../../src/report/model.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { test as withRuns } from './finished-runs.js';
import { madeOnce } from './made-once.js';

/** How a run for a comparison is made. */
interface RunWishes {
  readonly fault?: string;
  readonly variant?: string;
  readonly readings?: Readonly<Record<string, string>>;
  readonly areas?: readonly Area[];
  /** A persona that gets no token. */
  readonly without?: Persona;
}

/** A variable that nobody sets. */
const unset = { env: 'CANCEL_TOKEN_THAT_NOBODY_SETS' };

/** A real run against the embedded target. */
async function runWith({ fault, variant, readings = {}, areas, without }: RunWishes): Promise<Report> {
  const { target, contract } = resolveTarget({ readings });
  const embedded = { ...(fault === undefined ? {} : { fault }), ...(variant === undefined ? {} : { variant }) };
  const tokens = without === undefined ? target.tokens : { ...target.tokens, [without]: unset };
  const tested = { ...target, embedded, tokens };
  return runInProcess({ target: tested, contract, plan: planRun(contract, tested, areas ?? null) });
}

/** Runs that are compared with the conformant one. */
export interface ComparedRuns {
  /** The same target, once more. */
  readonly again: Report;
  /** 404 where 403 was, which no verdict shows. */
  readonly drifted: Report;
  readonly faulty: Report;
  readonly otherReading: Report;
  readonly withoutPersona: Report;
  readonly partial: Report;
}

async function carryOut(): Promise<ComparedRuns> {
  const [again, drifted, faulty, otherReading, withoutPersona, partial] = await Promise.all([
    runWith({}),
    runWith({ variant: 'foreign-request-404' }),
    runWith({ fault: 'scope-compared-by-prefix' }),
    runWith({ readings: { 'C-1': '200' } }),
    runWith({ without: 'otherUser' }),
    runWith({ areas: ['PERM', 'AUTH'] }),
  ]);
  return { again, drifted, faulty, otherReading, withoutPersona, partial };
}

/** Tests with runs to compare, carried out once. */
export const test = withRuns.extend<{ others: ComparedRuns }>({
  others: async ({}, use) => {
    await use(await madeOnce('runs to compare', carryOut));
  },
});

/** The comparison of reports, named after their place. */
export const comparisonOf = (...reports: readonly Report[]): Comparison =>
  compareReports(
    reports.map((report, index) => ({ file: `run-${index + 1}`, report })),
    '0.0.0',
  );

/** Leaves a report in a folder of its own, as `run` does. */
export function leave(folder: string, name: string, report: unknown): string {
  const own = path.join(folder, name);
  mkdirSync(own);
  writeFileSync(path.join(own, 'report.json'), typeof report === 'string' ? report : JSON.stringify(report));
  return own;
}
