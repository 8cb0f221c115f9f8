import { collectionFor, differenceOf } from '../../../scripts/edition-differences.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { endpoint } from '../../../src/cancel/endpoint.js';
import { defaultEdition, knownEditions } from '../../../src/engine/contract/load.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { failedRows } from './cli.js';
import { runOn } from './engine-runs.js';

/** A target of one edition that is judged by another one. */
export interface EditionPair {
  readonly served: string;
  readonly judging: string;
}

/** All of them. That an edition judged by itself fails in nothing is seen where each is judged (editions.spec.ts). */
export const editionPairs: readonly EditionPair[] = knownEditions().flatMap((served, at, editions) =>
  editions.filter((_, other) => other !== at).map((judging) => ({ served, judging })),
);

/** Some of them, other ones each day: a share of those with the default edition, and a third of that of the others. All are daily. */
export const editionPairsOf = (seed: number): readonly EditionPair[] =>
  editionPairs.filter(({ served, judging }, at) => {
    const every = [served, judging].includes(defaultEdition) ? 7 : 21;
    return at % every === seed % every;
  });

/** The readings that a user gives for the target's own address. */
export const readingsFor = ({ served, judging }: EditionPair): Readonly<Record<string, string>> => ({
  'C-7': collectionFor(loadContract(served).edition, loadContract(judging).edition),
});

/** Runs the suite by one edition on the embedded target of another, as a server of its own. */
async function judgedBy(pair: EditionPair): Promise<Report> {
  const server = await startEmbedded({ edition: loadContract(pair.served).edition });
  try {
    const choice = { target: server.baseUrl, edition: pair.judging, readings: readingsFor(pair) };
    // Cells try the gates of these cases once more; each edition's are carried out on its own target by its own tests.
    return await runOn(resolveTarget(choice, {}), { cases: 'but cells' });
  } finally {
    await server.close();
  }
}

/** What a target of one edition comes to by another one. */
interface Difference {
  /** Ids of the MUST and SHOULD rows that fail. */
  readonly rows: readonly string[];
  readonly leavesUntold: boolean;
  readonly suiteFaults: readonly string[];
  readonly exitCode: number;
}

/** The rows in which the two differ, and no other. */
export function expectedOf({ served, judging }: EditionPair): Difference {
  const { rows, leavesUntold } = differenceOf(loadContract(served), loadContract(judging));
  return { rows, leavesUntold, suiteFaults: [], exitCode: rows.length === 0 ? 3 : 1 };
}

/** The rows that failed. */
export async function seenOf(pair: EditionPair): Promise<Difference> {
  const report = await judgedBy(pair);
  const { requirements, suiteFaults, run } = report;
  const levels = new Map(requirements.map(({ id, level }) => [id, level]));
  const untold = requirements.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id);
  return {
    rows: failedRows(report).filter((id) => levels.get(id) !== 'MAY'),
    // What is told of all successes together is told of whole runs alone.
    leavesUntold: untold.some((id) => id !== endpoint.wholeRun.requirementId),
    suiteFaults,
    exitCode: run.exitCode,
  };
}
