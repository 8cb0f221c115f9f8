import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compareReports } from '../../../src/wings/compare/compare-reports.js';
import type { Comparison } from '../../../src/wings/compare/model.js';
import type { Persona } from '../../../src/cancel/personas.js';
import type { Report } from '../../../src/report/model.js';
import { embeddedWith, runOn } from './engine-runs.js';
import { test as withRuns } from './finished-runs.js';
import { madeOnce } from './made-once.js';

/** A variable that nobody sets. */
const unset = { env: 'CANCEL_TOKEN_THAT_NOBODY_SETS' };

const fewCells = true;

/** A run in which a persona gets no token. */
function runWithout(persona: Persona): Promise<Report> {
  const { target, contract } = embeddedWith();
  return runOn({ target: { ...target, tokens: { ...target.tokens, [persona]: unset } }, contract }, { fewCells });
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
  /** The same part of the faulty one: where nothing else than a difference is looked at, they are read and shown the quickest. */
  readonly partialFaulty: Report;
}

async function carryOut(): Promise<ComparedRuns> {
  const areas = ['PERM', 'AUTH'] as const;
  const [again, drifted, faulty, otherReading, withoutPersona, partial, partialFaulty] = await Promise.all([
    runOn(embeddedWith(), { fewCells }),
    runOn(embeddedWith({ variant: 'foreign-request-404' }), { fewCells }),
    runOn(embeddedWith({ fault: 'scope-compared-by-prefix' }), { fewCells }),
    runOn(embeddedWith({ readings: { 'C-1': '200' } }), { fewCells }),
    runWithout('otherUser'),
    runOn(embeddedWith(), { fewCells, areas }),
    runOn(embeddedWith({ fault: 'scope-compared-by-prefix' }), { fewCells, areas }),
  ]);
  return { again, drifted, faulty, otherReading, withoutPersona, partial, partialFaulty };
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
