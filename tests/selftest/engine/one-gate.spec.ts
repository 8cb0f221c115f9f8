import { waysPast } from '../../../src/cancel/cases/columns.js';
import { expect, test } from '@playwright/test';
import { endpoint } from '../../../src/cancel/endpoint.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { personas } from '../../../src/cancel/personas.js';
import type { Case } from '../../../src/engine/case.js';
import { knownEditions } from '../../../src/engine/contract/load.js';
import type { Contract } from '../../../src/engine/contract/types.js';
import { gateFlaws } from '../../../src/engine/plan/one-gate.js';
import { derivedFaults } from '../../../src/wings/prove/derived.js';

const cells = endpoint.groups.flatMap(({ cases }) => cases.filter(({ cell }) => cell !== undefined));

/** The contract with one case more. */
function withCase(entry: Case): Contract {
  const contract = loadContract();
  const group = { area: 'PERM', title: 'made up', cases: [entry] };
  return { ...contract, endpoint: { ...endpoint, groups: [...endpoint.groups, group] } };
}

const madeUp: Case = {
  id: 'perm-made-up',
  title: 'made up',
  given: { status: 'pendingApproval' },
  when: [{ persona: 'otherUser' }],
  control: { caseId: 'state-cancels-pendingApproval-requestor', mutates: ['header:authorization'] },
  then: [{ verb: 'answers-accepted-status', requirementIds: ['CANCEL-PERM-003'] }],
};

for (const edition of knownEditions()) {
  test(`every refusal of ${edition} breaks one gate more than its control`, () => {
    expect(gateFlaws(loadContract(edition))).toEqual([]);
  });
}

for (const [what, change, says] of [
  ['two gates', { when: [{ persona: 'otherUser', body: 'without-id' }] }, 'it breaks ownership and members more'],
  ['no gate', { when: [{ persona: 'requestor' }] }, 'it breaks no gate more than its control'],
  [
    'no gate in any of its calls',
    {
      when: [{ persona: 'requestor' }, { persona: 'administrator' }],
      then: [{ verb: 'unchanged-by-strangers', requirementIds: ['CANCEL-PERM-003'] }],
    },
    'it breaks no gate more than its control',
  ],
  ['no control', { control: undefined }, 'it has no control'],
  [
    'another gate than it says',
    { cell: { gate: 'status', by: 'x', dimension: 'body', value: 'absent' } },
    'it breaks ownership and declares status',
  ],
] as const) {
  test(`a case with ${what} is a fault of the suite`, () => {
    const { control, ...rest } = { ...madeUp, ...change } as Case & { readonly control?: Case['control'] };
    const flaws = gateFlaws(withCase(control === undefined ? rest : { ...rest, control }));
    expect(flaws).toHaveLength(rest.when.length);
    expect(flaws[0]).toContain(`perm-made-up: ${says}`);
  });
}

test('a case that breaks one gate is none', () => {
  expect(gateFlaws(withCase(madeUp))).toEqual([]);
});

test('each gate that costs is broken in every column', () => {
  const columnsOf = (gate: string): readonly string[] => [
    ...new Set(cells.flatMap(({ cell }) => (cell?.gate === gate ? [`${cell.dimension} ${cell.value}`] : []))),
  ];
  // What leads past whoever looks who calls is tried where that is the question, and by those who are refused for it most often.
  const past = waysPast.map(({ dimension, value }) => `${dimension} ${value}`);
  for (const gate of ['credentials', 'permission', 'ownership'])
    expect(columnsOf(gate), gate).toEqual(expect.arrayContaining(past));
  const isOfAll = (column: string): boolean => !/^(?:request|pairs) /.test(column) && !past.includes(column);
  const all = columnsOf('permission').filter(isOfAll);
  expect(all.length).toBeGreaterThan(15);
  for (const gate of ['credentials', 'token-kind', 'account-kind', 'ownership']) {
    expect(columnsOf(gate), gate).toEqual(expect.arrayContaining(all));
  }
  const beside = (dimension: string): readonly string[] => all.filter((column) => !column.startsWith(dimension));
  for (const gate of ['members', 'syntax', 'body-id']) {
    expect(columnsOf(gate), gate).toEqual(expect.arrayContaining([...beside('body ')]));
  }
  expect(columnsOf('status')).toEqual(expect.arrayContaining([...beside('status ')]));
});

test('a caller with a defect calls a request of their own as well', () => {
  const defective = Object.entries(personas).filter(
    ([persona, { breaks }]) => breaks !== undefined && persona !== 'subjectUser',
  );
  for (const [persona, { ownsNothing }] of defective) {
    const own = cells.filter(
      ({ given, when: [{ persona: caller }] }) => given.requestor === persona && caller === persona,
    );
    expect(own.length, `${persona}, ${String(ownsNothing)}`).toBeGreaterThan(0);
  }
});

test('a fault is derived from every gate and column, and looked for by the cells of both', () => {
  const derived = derivedFaults(loadContract());
  // Those of SubjectAccess are of another edition: in columns that others have, and in one of their own.
  const ofDefault = cells.filter(({ cell }) => cell?.value !== 'subjectUser');
  const pairs = new Set(ofDefault.map(({ cell }) => [cell?.gate, cell?.dimension, cell?.value].join(':')));
  expect(derived.map(({ fault }) => fault.id.replace('derived:', '')).toSorted()).toEqual([...pairs].toSorted());
  expect(derived.every(({ cases, fault }) => cases.length > 0 && fault.breaks.length > 0)).toBe(true);
});
