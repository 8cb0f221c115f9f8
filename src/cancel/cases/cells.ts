import type { Area } from '../areas.js';
import type { CredentialForm } from '../forms/credentials.js';
import type { Gate } from '../gates.js';
import type { Case, CaseGroup, Persona, Place, Probe } from '../words.js';
import { methodRows } from './addr.js';
import { bodyRows, kebab, notCarriedOut, refused } from './breakers.js';
import { callersByStatusCells, subjectCells } from './cells-of-callers.js';
import {
  allSpellings,
  bodies,
  chunked,
  clientColumns,
  columns,
  isWithoutMembers,
  statusColumns,
  waysPast,
  type Base,
  type Column,
} from './columns.js';
import { allPairs, pairsBesideStatus, pairsOfStatusAndBody } from './pairs.js';
import { administratorControl, notCancellable, requestorControl } from './state.js';

/** The row of the matrix: one way to break one gate. */
interface Breaker {
  readonly gate: Gate;
  readonly name: string;
  readonly row: string;
  readonly base: Base;
  readonly probe?: Pick<Probe, 'credential' | 'method'> & {
    readonly persona?: Persona;
    readonly body?: NonNullable<Probe['body']>;
  };
  readonly owner?: Persona;
  readonly status?: string;
  readonly mutates: readonly Place[];
}

/** Who is not known to be an administrator has to send a body: without one, whatever refuses them is right. */
const isSecondReason = (gate: Gate, { probe }: Column): boolean =>
  ['credentials', 'token-kind', 'account-kind', 'permission'].includes(gate) && isWithoutMembers(probe?.body);

/** Breaks a gate in one column: all else is as documented. */
function cell(area: Area, breaker: Breaker, column: Column): Case {
  const { gate, name, row, base, probe = {}, owner, mutates } = breaker;
  const alsoServed = column.alsoServed?.(base) ?? [];
  const ofOwner = owner === undefined || owner === 'requestor' ? [] : (column.ofOwner ?? []);
  return {
    id: `${area.toLowerCase()}-cell-${kebab(name)}-${kebab(column.dimension)}-${kebab(column.value)}`,
    title: `refuses ${name}, ${column.dimension} ${column.value}`.slice(0, 80),
    given: { status: column.status ?? breaker.status ?? 'pendingApproval', ...(owner && { requestor: owner }) },
    when: [{ persona: base, ...column.probe, ...probe }],
    control: {
      caseId: column.control(base),
      mutates: alsoServed.length > 0 ? [...new Set([...mutates, ...column.mutates])] : [...mutates, ...ofOwner],
      ...(column.isOpen && { ifServed: true }),
      ...(alsoServed.length > 0 && { alsoServed }),
    },
    cell: { gate, by: name, dimension: column.dimension, value: column.value },
    // What a target serves alone it need not serve together: then it may answer what it likes.
    then:
      gate === 'method' || alsoServed.length > 0 || column.isShown === true || isSecondReason(gate, column)
        ? notCarriedOut(row)
        : refused(row),
  };
}

/** Breaks a gate with the documented call of somebody else: whose request it is is the dimension. */
function owned(area: Area, breaker: Breaker, { owner, who }: { readonly owner: Persona; readonly who: string }): Case {
  const { gate, name, row, base, probe = {}, mutates } = breaker;
  return {
    id: `${area.toLowerCase()}-cell-${kebab(name)}-request-${who}`,
    title: `refuses ${name}, request: ${who}`.slice(0, 80),
    given: { status: 'pendingApproval', requestor: owner },
    when: [{ persona: base, ...probe }],
    control: { caseId: base === 'requestor' ? requestorControl : administratorControl, mutates },
    cell: { gate, by: name, dimension: 'request', value: who },
    then: refused(row),
  };
}

const authorization: readonly Place[] = ['header:authorization'];

type DamagedForm = readonly [CredentialForm, row: string, mutates?: readonly Place[]];

/** Every damaged credential, of each kind of caller on their own request as well. */
const damaged: readonly [DamagedForm, ...DamagedForm[]] = [
  ['none', 'CANCEL-AUTH-001'],
  ['empty', 'CANCEL-AUTH-002'],
  ['bearer-without-token', 'CANCEL-AUTH-002'],
  ['basic-scheme', 'CANCEL-AUTH-003'],
  ['basic-credentials', 'CANCEL-AUTH-003'],
  ['bare-token', 'CANCEL-AUTH-003'],
  ['garbage', 'CANCEL-AUTH-004'],
  ['tampered-signature', 'CANCEL-AUTH-006'],
  ['tampered-signature-start', 'CANCEL-AUTH-006'],
  ['tampered-payload', 'CANCEL-AUTH-006'],
  ['unsigned-token', 'CANCEL-AUTH-006'],
  ['algorithm-none', 'CANCEL-AUTH-006'],
  ['algorithm-none-in-other-letters', 'CANCEL-AUTH-006'],
  ['signature-in-other-case', 'CANCEL-AUTH-006'],
  ['signature-followed', 'CANCEL-AUTH-006'],
  ['signature-emptied', 'CANCEL-AUTH-006'],
  ['signature-cut-off', 'CANCEL-AUTH-006'],
  ['query', 'CANCEL-AUTH-009', ['header:authorization', 'query']],
  ['cookie', 'CANCEL-AUTH-009', ['header:authorization', 'header:cookie']],
  ['other-header', 'CANCEL-AUTH-009', ['header:authorization', 'header:x-access-token']],
];

const credentialBreaker = ([credential, row, mutates = authorization]: DamagedForm): Breaker => ({
  gate: 'credentials',
  name: credential,
  row,
  base: 'administrator',
  probe: { credential },
  mutates,
});

const asRequestor = (breaker: Breaker): Breaker => ({ ...breaker, base: 'requestor' });

const expired: Breaker = {
  gate: 'credentials',
  name: 'expired',
  row: 'CANCEL-AUTH-005',
  base: 'administrator',
  probe: { persona: 'expired' },
  mutates: authorization,
};

/** The kinds of damage that differ most in how they are noticed are tried in every column. */
const everywhere: readonly CredentialForm[] = ['none', 'garbage', 'tampered-signature', 'tampered-payload'];

const credentialCells: readonly Case[] = [
  ...damaged.flatMap((form) => {
    const breaker = credentialBreaker(form);
    return [
      owned('AUTH', asRequestor(breaker), { owner: 'requestor', who: 'own' }),
      owned('AUTH', breaker, { owner: 'administrator', who: 'administrators-own' }),
      ...(everywhere.includes(form[0]) ? [...columns, ...waysPast].map((column) => cell('AUTH', breaker, column)) : []),
    ];
  }),
  ...allPairs.map((column) => cell('AUTH', credentialBreaker(damaged[0]), column)),
  owned('AUTH', expired, { owner: 'expired', who: 'own' }),
  ...columns.map((column) => cell('AUTH', expired, column)),
];

/** Tokens that a target may leave out: what is about them does not apply then. */
const foreignCells = (persona: Persona, row: string): readonly Case[] => {
  const breaker: Breaker = { ...expired, name: persona, row, probe: { persona } };
  return [
    owned('AUTH', breaker, { owner: persona, who: 'own' }),
    ...[...bodies, ...allSpellings, chunked, ...statusColumns].map((column) => cell('AUTH', breaker, column)),
  ];
};

/** Somebody whose token alone differs from the administrator's, on somebody else's request and on their own. */
const callerCells = (
  gate: Gate,
  { persona, row }: { readonly persona: Persona; readonly row: string },
  pairs: readonly Column[] = [],
): readonly Case[] => {
  const breaker: Breaker = {
    gate,
    name: persona,
    row,
    base: 'administrator',
    probe: { persona },
    mutates: authorization,
  };
  return [
    owned('PERM', breaker, { owner: persona, who: 'own' }),
    ...[...columns, ...pairs].map((column) => cell('PERM', breaker, column)),
  ];
};

/** Of the tokens that lack the permission, the one that is likeliest to be taken for enough is tried in all pairs. */
const readOnlyCells = callerCells('permission', { persona: 'readOnlyAdministrator', row: 'CANCEL-PERM-006' }, [
  ...allPairs,
  ...waysPast,
]);

/** Somebody whose call differs from the owner's by the token alone. */
const strangerCells = (
  persona: Persona,
  owner: Persona,
  { row, pairs = pairsOfStatusAndBody }: { readonly row: string; readonly pairs?: readonly Column[] },
): readonly Case[] => {
  const breaker: Breaker = {
    gate: 'ownership',
    name: `${persona} on ${owner}`,
    row,
    base: 'requestor',
    probe: { persona },
    owner,
    mutates: persona === 'requestor' ? [] : authorization,
  };
  return [
    ...[...columns, ...pairs].map((column) => cell('PERM', breaker, column)),
    ...(owner === 'administrator' ? [owned('PERM', breaker, { owner, who: 'administrators' })] : []),
  ];
};

/** Whoever must send a body is not tried without one: that would be a second reason. */
const isOfAdministrator = ({ probe }: Column, turn: number): boolean => isWithoutMembers(probe?.body) || turn % 2 === 0;

/** Every column is tried in every status, by one of the two callers in turn; all pairs in the one that is met most often. */
const statusCells = notCancellable.map(([status, row], index): readonly Case[] =>
  [
    ...columns.filter(({ dimension }) => dimension !== 'status' && dimension !== 'headers'),
    ...(status === 'delivered' ? pairsBesideStatus : []),
    // Behind those that were there before, of which each has its turn.
    ...clientColumns,
  ].map((column, at) =>
    cell(
      'STATE',
      {
        gate: 'status',
        name: status,
        row,
        base: isOfAdministrator(column, at + index) ? 'administrator' : 'requestor',
        status,
        mutates: [],
      },
      column,
    ),
  ),
);

const bodyCells = bodyRows.map(([gate, body, row]): readonly Case[] =>
  columns
    .filter(({ dimension }) => dimension !== 'body' && !(body === 'absent' && dimension === 'media-type'))
    .map((column) =>
      cell(
        'BODY',
        {
          gate,
          name: body,
          row,
          base: 'requestor',
          probe: { body },
          mutates: body === 'absent' ? ['body', 'header:content-type'] : ['body'],
        },
        column,
      ),
    ),
);

const methodCells = methodRows.map(([method, row], index): readonly Case[] =>
  columns
    .filter((_, at) => at % methodRows.length === index || (at + 2) % methodRows.length === index)
    .map((column) =>
      cell(
        'ADDR',
        { gate: 'method', name: method, row, base: 'administrator', probe: { method }, mutates: ['method'] },
        column,
      ),
    ),
);

const named = (area: Area, title: string, cases: readonly Case[]): CaseGroup => ({ area, title, cases });

/** Every gate, broken in every column. */
export const cellGroups: readonly CaseGroup[] = [
  named('AUTH', 'cells: credentials', credentialCells),
  named('AUTH', 'cells: another audience', foreignCells('wrongAudience', 'CANCEL-AUTH-011')),
  named('AUTH', 'cells: not valid yet', foreignCells('notYetValid', 'CANCEL-AUTH-012')),
  named('AUTH', 'cells: another tenant', foreignCells('foreignTenant', 'CANCEL-AUTH-013')),
  named('PERM', 'cells: kind of token', callerCells('token-kind', { persona: 'application', row: 'CANCEL-PERM-004' })),
  named(
    'PERM',
    'cells: kind of account',
    callerCells('account-kind', { persona: 'personalAccount', row: 'CANCEL-PERM-005' }),
  ),
  named('PERM', 'cells: permission, read only', readOnlyCells),
  named(
    'PERM',
    'cells: permission, none',
    callerCells('permission', { persona: 'unscopedUser', row: 'CANCEL-PERM-007' }),
  ),
  named(
    'PERM',
    'cells: permission, a similar one',
    callerCells('permission', { persona: 'similarScopeUser', row: 'CANCEL-PERM-008' }),
  ),
  named(
    'PERM',
    'cells: ownership, another user',
    strangerCells('otherUser', 'requestor', { row: 'CANCEL-PERM-003', pairs: [...allPairs, ...waysPast] }),
  ),
  named(
    'PERM',
    'cells: ownership, of another user',
    strangerCells('requestor', 'otherUser', { row: 'CANCEL-PERM-003' }),
  ),
  named(
    'PERM',
    "cells: ownership, an administrator's",
    strangerCells('otherUser', 'administrator', { row: 'CANCEL-PERM-003' }),
  ),
  named(
    'PERM',
    'cells: ownership, SubjectAccess',
    strangerCells('subjectUser', 'requestor', { row: 'CANCEL-PERM-010' }),
  ),
  named('PERM', 'cells: SubjectAccess, status and body', subjectCells),
  ...statusCells.map((cases, index) => named('STATE', `cells: ${notCancellable[index]?.[0] ?? ''}`, cases)),
  named('STATE', 'cells: status, other callers', callersByStatusCells),
  ...bodyCells.map((cases, index) => named('BODY', `cells: ${bodyRows[index]?.[1] ?? ''}`, cases)),
  named('ADDR', 'cells: other methods', methodCells.flat()),
];
