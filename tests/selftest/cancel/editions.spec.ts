import { createHash } from 'node:crypto';
import { test, expect } from '@playwright/test';
import { loadContract } from '../../../src/cancel/contract.js';
import { knownEditions } from '../../../src/engine/contract/load.js';
import { scoringRows } from '../../../src/engine/contract/rows.js';
import { judgeSubject, subjectsOf } from '../../../src/wings/prove/subject.js';
import { dailySeed, ofTheDay } from '../support/daily-seed.js';
import { expectCaught, unaltered } from '../support/edition-faults.js';
import { started } from '../support/subjects.js';
import { editionFaults } from '../../../src/emulators/endpoint/faults/editions.js';

const editions = knownEditions();

/**
 * What is demanded by each edition, frozen: a claim of conformance to an edition means the same in every version of the
 * suite. A change here is a change of every claim that was ever made; see CONTRIBUTING.md.
 */
const frozen: Readonly<Record<string, string>> = {
  'beta-2021-05': '14d4f75ef0ae0719',
  'beta-2024': '14d4f75ef0ae0719',
  'beta-2024-11': '14d4f75ef0ae0719',
  'beta-2026': '826ea35f69e46204',
  'beta-2026-06': 'd4c8040e34141e6b',
  'v1.0-2021-12': 'ce5817c6d345d4d4',
  'v1.0-2023': 'ce5817c6d345d4d4',
  'v1.0-2026': 'e850b1e2ba36c6a7',
};

test('there is a file for every edition that the rows speak of', () => {
  const named = loadContract().requirements.flatMap((row) => (row.editions === 'all' ? [] : row.editions));
  expect(editions).toEqual(Object.keys(frozen));
  expect([...new Set(named)].filter((edition) => !editions.includes(edition))).toEqual([]);
});

for (const edition of editions) {
  test(`the requirement set of ${edition} is the frozen one`, () => {
    const demanded = scoringRows(loadContract(edition))
      .filter(({ level }) => level !== 'MAY')
      .map(({ id, level, accepted = [] }) => [id, level, accepted]);
    const hash = createHash('sha256').update(JSON.stringify(demanded)).digest('hex').slice(0, 16);
    expect(hash).toBe(frozen[edition]);
  });

  test(`two faults break each MUST row of ${edition}, and one each SHOULD row`, () => {
    const { contract, faults } = subjectsOf(edition);
    const least = { MUST: 2, SHOULD: 1, MAY: 0 };
    const breaking = (id: string): number => faults.filter(({ breaks }) => breaks.includes(id)).length;
    expect(scoringRows(contract).filter(({ id, level }) => breaking(id) < least[level])).toEqual([]);
  });
}

// Some by turns, without cells; each in all cells is daily.
const shares = 4;
for (const edition of ofTheDay(editions, shares)) {
  test(`the embedded target conforms to ${edition}`, async () => {
    const result = started(await judgeSubject(unaltered, edition));
    expect(result).toMatchObject({ outcome: 'conformant', failed: [], untold: [], suiteFaults: [] });
  });
}

for (const fault of editionFaults) {
  test(`catches the fault ${fault.id} in an edition that it concerns, and not in the default one`, async () => {
    await expectCaught(fault, (at, of) => at === dailySeed % of);
  });
}
