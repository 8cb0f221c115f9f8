import type { Case, Place, Probe } from '../words.js';
import { bodyRows, kebab, refused } from './breakers.js';
import { administratorsOwnControl, manyScopesControl, subjectControl } from './perm.js';
import { notCancellable } from './state.js';

/** Statuses that no source leaves open. */
const surelyRefused: readonly string[] = ['delivering', 'delivered', 'partiallyDelivered', 'denied'];

/** Who holds the permission for their own requests alone is served by another branch of many a target, which owes the same. */
const ofSubjectUser = (
  row: string,
  { gate, by }: Pick<NonNullable<Case['cell']>, 'gate' | 'by'>,
  rest: { readonly status: string; readonly body?: Probe['body']; readonly mutates: readonly Place[] },
): Case => ({
  id: `perm-cell-${kebab(by)}-caller-subjectUser`,
  title: `refuses ${by}, caller subjectUser`,
  given: { status: rest.status, requestor: 'subjectUser' },
  when: [{ persona: 'subjectUser', ...(rest.body && { body: rest.body }) }],
  control: { caseId: subjectControl, mutates: rest.mutates },
  cell: { gate, by, dimension: 'caller', value: 'subjectUser' },
  then: refused(row),
});

/** By the least permission, on the caller's own request. */
export const subjectCells: readonly Case[] = [
  ...surelyRefused.map((status) =>
    ofSubjectUser('CANCEL-PERM-014', { gate: 'status', by: status }, { status, mutates: [] }),
  ),
  ...bodyRows.map(([gate, body]) =>
    ofSubjectUser(
      'CANCEL-PERM-015',
      { gate, by: body },
      {
        status: 'pendingApproval',
        body,
        mutates: body === 'absent' ? ['body', 'header:content-type'] : ['body'],
      },
    ),
  ),
];

/** Callers who may cancel for two reasons, or by one scope of several: a branch that lets them pass may ask for no status. */
const callersByStatus = [
  {
    persona: 'administrator',
    control: { caseId: administratorsOwnControl, mutates: [] },
    requestor: 'administrator',
    column: { dimension: 'request', value: 'administrators-own' },
  },
  {
    persona: 'manyScopesUser',
    // Whether the scope is found among others is told by the control itself.
    control: { caseId: manyScopesControl, mutates: [], ifServed: true },
    requestor: 'requestor',
    column: { dimension: 'caller', value: 'manyScopesUser' },
  },
] as const;

/** Statuses by each of them. */
export const callersByStatusCells: readonly Case[] = callersByStatus.flatMap(
  ({ persona, control, requestor, column }): readonly Case[] =>
    notCancellable
      .filter(([status]) => surelyRefused.includes(status))
      .map(([status, row]) => ({
        id: `state-cell-${status}-${column.dimension}-${column.value}`,
        title: `refuses ${status}, ${column.dimension}: ${column.value}`,
        given: { status, requestor },
        when: [{ persona }],
        control,
        cell: { gate: 'status', by: status, ...column },
        then: refused(row),
      })),
);
