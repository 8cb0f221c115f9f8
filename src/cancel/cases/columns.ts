import type { Case, CaseGroup, Expectation, Place, Probe } from '../words.js';
import { clients, type ClientForm } from '../forms/clients.js';
import { expects, leavesTheRequest, observes } from './expect.js';
import { administratorControl, requestorControl } from './state.js';

/** Whose documented call a cell is made from: an administrator's on somebody else's request, or the requestor's on their own. */
export type Base = 'administrator' | 'requestor';

/** One value of one dimension in which a call may differ from the documented one without being wrong. */
export interface Column {
  readonly dimension: 'status' | 'body' | 'address' | 'framing' | 'media-type' | 'headers' | 'pairs';
  readonly value: string;
  readonly status?: string;
  readonly probe?: Pick<Probe, 'body' | 'address' | 'framing' | 'contentType' | 'client'>;
  readonly mutates: readonly Place[];
  /** The call of this column that breaks no gate. */
  readonly control: (base: Base) => string;
  /** For several at once: the calls of the others, of which `mutates` tells how they differ from the control. */
  readonly alsoServed?: (base: Base) => readonly string[];
  /** True: the documents leave it open whether the control succeeds. */
  readonly isOpen?: true;
  /** Where its call differs, too, when the request is somebody else's than the control's. */
  readonly ofOwner?: readonly Place[];
  /** True: a refusal may be another one than programs get, such as a page, or the way to one where people sign in. */
  readonly isShown?: true;
}

const servedBy = (column: string) => (base: Base) => `serves-${column}-${base}`;

export const statusColumns = ['accepted', 'pendingNotBefore', 'pendingApprovalEscalated'].map((status): Column => {
  return {
    dimension: 'status',
    value: status,
    status,
    mutates: [],
    control: (base) => `state-cancels-${status}-${base}`,
  };
});

const spelling = (value: NonNullable<Probe['address']>): Column => ({
  dimension: 'address',
  value,
  probe: { address: value },
  mutates: ['path'],
  control: (base) => `addr-${servedBy(value)(base)}`,
  isOpen: true,
});

export const spellings: readonly Column[] = [
  ...(
    [
      'trailing-slash',
      'upper-case-action',
      'qualified-action',
      'id-in-capitals',
      'id-percent-encoded',
      'action-percent-encoded',
      'other-collection',
      'collection-in-capitals',
    ] as const
  ).map(spelling),
  { ...spelling('with-query'), mutates: ['query'] },
];

/** Those that came later are tried one by one: in pairs they would give other rows, whose ids are permanent. */
const furtherSpellings: readonly Column[] = (['key-in-parentheses', 'doubled-slash'] as const).map(spelling);

/** That came later still, behind the headers. */
const latestSpellings: readonly Column[] = [spelling('action-with-parameter')];

export const bodies: readonly Column[] = [
  { value: 'absent', mutates: ['body', 'header:content-type'] as const },
  { value: 'empty-object', mutates: ['body'] as const },
  { value: 'representation', mutates: ['body'] as const },
].map(({ value, mutates }): Column => ({
  dimension: 'body',
  value,
  probe: { body: value as NonNullable<Probe['body']> },
  mutates,
  control: (base) => `body-${servedBy(value)(base)}`,
  isOpen: true,
}));

export const mediaTypes: readonly Column[] = [
  { value: 'no-media-type', contentType: null },
  { value: 'text', contentType: 'text/plain' },
].map(({ value, contentType }): Column => ({
  dimension: 'media-type',
  value,
  probe: { contentType },
  mutates: ['header:content-type'],
  control: (base) => `body-${servedBy(value)(base)}`,
  isOpen: true,
}));

export const chunked: Column = {
  dimension: 'framing',
  value: 'chunked',
  probe: { framing: 'chunked' },
  mutates: ['framing'],
  control: (base) => `robust-${servedBy('chunked')(base)}`,
  isOpen: true,
};

/** Those by which calls go past what looks who calls, where that goes by the address as it was sent; nothing else is tried in them. */
export const waysPast: readonly Column[] = (['action-with-suffix', 'dot-segment'] as const).map(spelling);

/** Every spelling that a target may serve. */
export const allSpellings: readonly Column[] = [...spellings, ...furtherSpellings, ...latestSpellings, ...waysPast];

/** Where calls of a client differ from the suite's own. */
const placesOf = (client: ClientForm): readonly Place[] =>
  clients[client]({ owner: '', call: '' }).map(([name]): Place => `header:${name}`);

/** Those of them that say whose request it is. */
const placesOfOwner = (client: ClientForm): readonly Place[] => {
  const others = clients[client]({ owner: 'somebody else', call: '' });
  return clients[client]({ owner: '', call: '' }).flatMap(([name, value], at): readonly Place[] =>
    others[at]?.[1] === value ? [] : [`header:${name}`],
  );
};

/** Headers that have nothing to do with a call, and those that it can do without: no gate may rest on them. */
export const clientColumns: readonly Column[] = (['of-a-browser', 'of-a-gateway', 'bare'] as const).map(
  (client): Column => ({
    dimension: 'headers',
    value: client,
    probe: { client },
    mutates: placesOf(client),
    ofOwner: placesOfOwner(client),
    control: (base) => `robust-${servedBy(client)(base)}`,
    isOpen: true,
    ...(client === 'of-a-browser' && { isShown: true }),
  }),
);

/** What differs and may, what came later last, since some cells take turns by their place; the documented call itself is tried by the cases of each area. */
export const columns: readonly Column[] = [
  ...statusColumns,
  ...bodies,
  ...spellings,
  ...mediaTypes,
  chunked,
  ...furtherSpellings,
  ...clientColumns,
  ...latestSpellings,
];

/** Whether a body lacks what a non-administrator must send. */
export const isWithoutMembers = (body: Probe['body']): boolean => body === 'absent' || body === 'empty-object';

/** The call of a column that breaks no gate: what it is answered with decides whether the column owes anything. */
function served(column: Column, then: readonly Expectation[]): readonly Case[] {
  return (['administrator', 'requestor'] as const).map((base) => ({
    id: column.control(base),
    title: `answer to ${column.dimension} ${column.value}, as ${base}`,
    given: { status: 'pendingApproval' },
    when: [{ persona: base, ...column.probe }],
    control: { caseId: base === 'requestor' ? requestorControl : administratorControl, mutates: column.mutates },
    then,
  }));
}

/** The controls of the columns that a target need not serve. */
export const servedGroups: readonly CaseGroup[] = [
  {
    area: 'ADDR',
    title: 'spellings that a target may serve',
    cases: allSpellings.flatMap((one) => served(one, observes('CANCEL-ADDR-015'))),
  },
  {
    area: 'BODY',
    title: 'bodies and media types that a target may take',
    cases: [...bodies, ...mediaTypes].flatMap((one) => served(one, observes('CANCEL-BODY-022'))),
  },
  {
    area: 'ROBUST',
    title: 'a body in chunks',
    cases: served(chunked, [
      { verb: 'reads-chunks', requirementIds: ['CANCEL-ROBUST-007'] },
      ...observes('CANCEL-BODY-022'),
    ]),
  },
  {
    area: 'ROBUST',
    title: 'calls as other clients send them',
    // Whether they are served, no document says: what is served is carried out, and what is not leaves all as it was.
    cases: clientColumns.flatMap((one) =>
      served(one, [
        expects('answers-no-server-error', 'CANCEL-ROBUST-008'),
        expects('success-ends-cancelled', 'CANCEL-STATE-005'),
        ...leavesTheRequest,
      ]),
    ),
  },
];
