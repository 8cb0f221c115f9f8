import { loadContract } from '../../../src/cancel/contract.js';
import { defaultEdition, knownEditions } from '../../../src/engine/contract/load.js';
import { judgeFault } from '../../../src/wings/prove/matrix.js';
import { judgeSubject, subjectsOf, type Subject, type SubjectResult } from '../../../src/wings/prove/subject.js';
import { editionFaults } from '../../../src/emulators/endpoint/faults/editions.js';
import { expect } from './cli.js';
import { started } from './subjects.js';

/** Without cells, which try the gates of these cases once more: all of each edition are carried out daily. */
export const unaltered: Subject = { kind: 'unaltered', ids: [], areas: null, withoutCells: true };

/** The target without a fault, as it is judged beside each fault in the same areas. */
const unalteredIn = new Map<string, Promise<SubjectResult>>();

function judgeUnaltered(subject: Subject, edition: string): Promise<SubjectResult> {
  const key = JSON.stringify([edition, subject.areas]);
  const result = unalteredIn.get(key) ?? judgeSubject(subject, edition);
  unalteredIn.set(key, result);
  return result;
}

/** A fault that concerns some editions. */
type EditionFault = (typeof editionFaults)[number];

/**
 * Holds that it is caught in the editions that it concerns, and concerns not the default one.
 * @param isLookedAt chooses of these by their place among them
 */
export async function expectCaught(
  { id, breaks }: EditionFault,
  isLookedAt: (at: number, of: number) => boolean,
): Promise<void> {
  const concerned = knownEditions().filter((edition) => subjectsOf(edition).faults.some((fault) => fault.id === id));
  expect(concerned.length).toBeGreaterThan(0);
  expect(concerned).not.toContain(defaultEdition);
  const areas = [...new Set(loadContract().requirements.flatMap((row) => (breaks.includes(row.id) ? [row.area] : [])))];
  for (const edition of concerned.filter((_, at) => isLookedAt(at, concerned.length))) {
    const fault = subjectsOf(edition).faults.find((candidate) => candidate.id === id);
    const without = started(await judgeUnaltered({ ...unaltered, areas }, edition));
    const result = await judgeSubject({ ...unaltered, kind: 'fault', ids: [id], areas }, edition);
    expect(fault && judgeFault(fault, result, without).state, edition).toBe('killed');
  }
}
