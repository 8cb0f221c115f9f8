import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Case, CaseGroup, Place } from '../../../src/engine/case.js';
import { caseGroups, casesById } from '../../../src/cancel/cases/index.js';
import { coverageGaps, declaredChecks } from '../../../src/engine/plan/coverage.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { closingGroups } from '../../../src/cancel/cases/state.js';
import { applies } from '../../../src/engine/contract/rows.js';
import { personaNames as personas } from '../../../src/cancel/personas.js';
import { packageRoot } from '../../../src/engine/package.js';
import { pinnedFile, presentIds, readPinned, withNewIds } from '../../../scripts/pinned-ids.js';
import { faults } from '../../../src/emulators/endpoint/faults/index.js';

const contract = loadContract();
const rows = contract.requirements;
const cases = caseGroups.flatMap((group) => group.cases);
const checks = declaredChecks(contract.endpoint);

test.describe('coverage', () => {
  test('every row is judged by a check, and every check judges rows that exist', () => {
    expect(coverageGaps(rows, checks)).toEqual({ rowsWithoutCheck: [], checksWithoutRow: [] });
  });

  test('a row that no check judges is found', () => {
    const { rowsWithoutCheck } = coverageGaps([...rows, { id: 'CANCEL-STATE-999' }], checks);
    expect(rowsWithoutCheck).toEqual(['CANCEL-STATE-999']);
  });

  test('a check that judges no existing row is found, with the row that it names', () => {
    const then = [
      { verb: 'observed', requirementIds: ['CANCEL-STATE-016'] },
      { verb: 'cancels', requirementIds: ['CANCEL-STATE-001', 'CANCEL-STATE-998'] },
    ] as const;
    const made: Case = {
      id: 'state-made-up',
      title: 'made up',
      given: { status: 'accepted' },
      when: [{ persona }],
      then,
    };
    const group: CaseGroup = { area: 'STATE', title: 'made up', cases: [made] };
    const { checksWithoutRow } = coverageGaps(
      rows,
      declaredChecks({ ...contract.endpoint, groups: [...caseGroups, group] }),
    );
    expect(checksWithoutRow).toEqual(['state-made-up/cancels: CANCEL-STATE-998']);
  });

  test('the row on the run as a whole is lost when its check is', () => {
    const ofCases = checks.filter(({ verb }) => verb !== 'one-success-status');
    expect(coverageGaps(rows, ofCases).rowsWithoutCheck).toEqual(['CANCEL-RESP-002']);
  });

  test('there are at least 60 rows and 100 checks', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(checks.length).toBeGreaterThanOrEqual(100);
  });

  test('every row that names accepted answers has a check that demands one of them', () => {
    const demanded = new Set(
      checks.flatMap(({ verb, requirementIds }) => (verb === 'answers-accepted-status' ? requirementIds : [])),
    );
    const naming = rows.filter(({ accepted }) => accepted !== undefined).map(({ id }) => id);
    expect(naming.length).toBeGreaterThan(0);
    expect(naming.filter((id) => !demanded.has(id))).toEqual([]);
  });

  test('every MUST and SHOULD row of the seed edition is broken by a fault', () => {
    const broken = new Set(faults.flatMap((fault) => fault.breaks));
    const owed = rows.filter((row) => row.level !== 'MAY' && applies(row, contract)).map(({ id }) => id);
    expect(owed.filter((id) => !broken.has(id))).toEqual([]);
  });

  test('every fault breaks rows that exist, and has an id of its own', () => {
    const ids = new Set(rows.map(({ id }) => id));
    const strangers = faults.flatMap(({ id, breaks }) => breaks.filter((row) => !ids.has(row)).map((row) => [id, row]));
    expect(strangers).toEqual([]);
    expect(faults.filter(({ breaks }) => breaks.length === 0)).toEqual([]);
    expect(duplicates(faults.map(({ id }) => id))).toEqual([]);
    expect(faults.map(({ id }) => id).filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test('the contested clauses are counted without a gap, and each has a rule', () => {
    const ids = contract.contested.map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => `C-${index + 1}`));
    expect(Object.keys(contract.endpoint.clauses)).toEqual(ids);
  });
});

const pinned = readPinned(readFileSync(path.join(packageRoot, pinnedFile), 'utf8'));

for (const [kind, present] of presentIds()) {
  test(`ids of ${kind} are the pinned ones`, () => {
    const known = pinned.get(kind) ?? [];
    const gone = known.filter((id) => !present.includes(id));
    const added = present.filter((id) => !known.includes(id));
    const permanent = 'reports, waivers and nightly comparisons name them. Bring these back';
    const unpublished = `Only an id that was never on the main branch may be taken out of ${pinnedFile}`;
    expect(gone, `Ids are permanent: ${permanent}. ${unpublished}`).toEqual([]);
    expect(added, `New ids: npm run pages adds them to ${pinnedFile}, where they stay for good`).toEqual([]);
    expect(duplicates(present)).toEqual([]);
  });
}

test('pinning adds ids in their places and takes none away', () => {
  const before = '# Remark.\n\n[cases]\nb-gone\nd\n\n[checks]\nd/x\n';
  const present = new Map([
    ['cases', ['e', 'c', 'd', 'a', 'c']],
    ['checks', ['e/x', 'd/x']],
  ]);
  const after = withNewIds(before, present);
  expect(after).toBe('# Remark.\n\n[cases]\na\nb-gone\nc\nd\ne\n\n[checks]\nd/x\ne/x\n');
  expect(withNewIds(after, present)).toBe(after);
  expect(() => withNewIds(before, new Map([['rows', []]]))).toThrow('no heading [rows]');
});

test.describe('cases', () => {
  // Statuses and personas keep the spelling that they have everywhere else.
  const ownSpelling = new Set<string>([...personas, ...cases.map(({ given }) => given.status)]);

  test('ids are kebab-case and begin with the area', () => {
    const wrong = caseGroups.flatMap(({ area, cases: own }) =>
      own.filter(({ id }) => {
        const [first, ...words] = id.split('-');
        const isPlain = words.every((word) => /^[a-z0-9]+$/.test(word) || ownSpelling.has(word));
        return first !== area.toLowerCase() || words.length === 0 || !isPlain;
      }),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('titles state facts in at most 80 characters', () => {
    const titles = [
      ...cases.map(({ title }) => title),
      ...caseGroups.map(({ title }) => title),
      ...rows.map((row) => row.title),
    ];
    expect(titles.filter((title) => title.length > 80 || title.trim() === '' || /\bshould\b/i.test(title))).toEqual([]);
  });

  test('every control exists; one that a target need not serve has a control, any other none', () => {
    const wrong = cases.filter(({ control }) => {
      const own = control && casesById.get(control.caseId)?.control;
      return control && (control.ifServed === true ? own?.ifServed !== undefined : own !== undefined);
    });
    const missing = cases.filter(({ control }) => control && !casesById.has(control.caseId));
    expect([...wrong, ...missing].map(({ id }) => id)).toEqual([]);
  });

  test('every case with a control declares where it differs, or differs in its request or its calls alone', () => {
    const undeclared = cases.filter((entry) => {
      const control = entry.control && casesById.get(entry.control.caseId);
      if (!control || entry.control.mutates.length > 0) return false;
      // What goes before a call, and how the names of headers are written, is no place of the call.
      const isOther = !isDeepStrictEqual(entry.given, control.given) || entry.opening !== undefined;
      return (
        !isOther && entry.when.every(({ capitals }) => capitals !== true) && entry.when.length === control.when.length
      );
    });
    expect(undeclared.map(({ id }) => id)).toEqual([]);
  });

  test('the places that a case declares are known ones, each once', () => {
    const places: readonly Place[] = ['method', 'path', 'query', 'framing', 'body'];
    const wrong = cases.filter(({ control }) => {
      const mutates = control?.mutates ?? [];
      const isUnknown = (place: Place): boolean => !places.includes(place) && !/^header:[a-z-]+$/.test(place);
      return duplicates(mutates).length > 0 || mutates.some(isUnknown);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('every case looks at both bystanders, but for cells, what is there to vouch for others and what cancels one of them', () => {
    const vouching = new Set(closingGroups.flatMap((group) => group.cases.map(({ id }) => id)));
    const looking = cases.filter(({ id, cell }) => cell === undefined && !vouching.has(id));
    const blind = looking.filter(({ then }) => {
      const verbs = then.map(({ verb }) => verb);
      const isCancelled = verbs.includes('each-success-ends-cancelled');
      return (!verbs.includes('sibling-unchanged') && !isCancelled) || !verbs.includes('stranger-unchanged');
    });
    expect(blind.map(({ id }) => id)).toEqual([]);
  });
});

const persona = 'administrator';

function duplicates(ids: readonly string[]): readonly string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}
