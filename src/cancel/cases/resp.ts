import type { Case, CaseGroup, Persona } from '../words.js';
import { cancels, leavesTheWireEmpty } from './expect.js';

/** A success seen byte by byte. Each caller and each cancellable status may be served by another branch of a target. */
const seenOnTheWire = (status: string, persona: Persona): Case => ({
  id: `resp-wire-${status}-${persona}`,
  title: `leaves the wire empty after a cancel of ${status}, as ${persona}`,
  given: { status },
  when: [{ persona, wire: true }],
  then: [...cancels(), leavesTheWireEmpty],
});

export const respGroups: readonly CaseGroup[] = [
  {
    area: 'RESP',
    title: 'the answer of a success on the bare socket',
    cases: [
      seenOnTheWire('pendingApproval', 'administrator'),
      seenOnTheWire('pendingApproval', 'requestor'),
      seenOnTheWire('pendingNotBefore', 'administrator'),
    ],
  },
];
