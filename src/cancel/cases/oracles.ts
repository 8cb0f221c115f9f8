import type { Case, CaseGroup, Place, Probe } from '../words.js';
import { expects, observes } from './expect.js';
import { administratorControl, notCancellable, requestorControl } from './state.js';

/** Statuses of which nobody may learn by the refusal of a call that is not theirs to make. */
const kept = [...notCancellable.map(([status]) => status), 'cancelled'];

/** Whoever may not cancel the request, whatever its status. */
interface Outsider {
  readonly area: 'PERM' | 'AUTH';
  readonly name: string;
  readonly words: string;
  readonly call: Pick<Probe, 'credential' | 'persona'>;
  readonly row: string;
  /** The row that a call of theirs breaks when it is carried out. */
  readonly forbiddenBy: string;
  readonly control: string;
}

const anotherUser: Outsider = {
  area: 'PERM',
  name: 'otherUser',
  words: 'another user',
  call: { persona: 'otherUser' },
  row: 'CANCEL-PERM-012',
  forbiddenBy: 'CANCEL-PERM-003',
  control: requestorControl,
};

const anonymous: Outsider = {
  area: 'AUTH',
  name: 'anonymous',
  words: 'an anonymous caller',
  call: { persona: 'administrator', credential: 'none' },
  row: 'CANCEL-AUTH-014',
  forbiddenBy: 'CANCEL-AUTH-001',
  control: administratorControl,
};

const places: readonly Place[] = ['header:authorization', 'path', 'body'];

/** The same call of a request in the status and of its sibling, which waits for an approval. */
const alike = ({ area, name, words, call, row, forbiddenBy, control }: Outsider): readonly Case[] =>
  kept.map((status) => ({
    id: `${area.toLowerCase()}-answers-${name}-alike-${status}`,
    title: `answers ${words} alike for ${status} and pendingApproval`,
    given: { status },
    when: [call, { ...call, address: 'sibling' }],
    control: { caseId: control, mutates: places },
    redundant: true,
    then: [
      expects('same-answer-by-status', row),
      expects('subject-unchanged-unless-accepted', 'CANCEL-STATE-013'),
      expects('sibling-unchanged', forbiddenBy),
      expects('stranger-unchanged', 'CANCEL-EFFECT-002'),
    ],
  }));

/** What the answers to outsiders tell about a request. */
export const oracleGroups: readonly CaseGroup[] = [
  {
    area: 'PERM',
    title: 'what another user learns by a refusal',
    cases: [
      ...alike(anotherUser),
      {
        id: 'perm-foreign-and-unknown-id-as-otherUser',
        title: 'answers to a foreign and to an unknown id, as another user',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'otherUser' }, { persona: 'otherUser', address: 'unknown-id' }],
        control: { caseId: requestorControl, mutates: places },
        then: observes('CANCEL-PERM-013'),
      },
    ],
  },
  { area: 'AUTH', title: 'what an anonymous caller learns by a refusal', cases: alike(anonymous) },
];
