import type { Case, CaseGroup, Persona } from '../words.js';
import { expects, leavesBystanders, refuses } from './expect.js';
import type { BodyForm } from '../forms/bodies.js';
import { controlOf, requestorControl } from './state.js';

/** Input that makes careless code throw: what comes back must not show the inside. */
const provokes = (name: string, persona: Persona, body: BodyForm): Case => ({
  id: `err-${name}`,
  title: `shows nothing of the inside: ${name.replaceAll('-', ' ')}`,
  given: { status: 'pendingApproval' },
  when: [{ persona, body }],
  control: { caseId: controlOf(persona), mutates: ['body'] },
  then: [
    expects('leaks-no-stack-trace', 'CANCEL-ERR-007'),
    expects('leaks-no-source-path', 'CANCEL-ERR-008'),
    expects('leaks-no-token', 'CANCEL-ERR-009'),
    ...leavesBystanders,
  ],
});

/**
 * Every refusal of every area is judged by the ERR rows; the cases here add inputs whose refusal is known to come from
 * deep inside a target: its JSON parser and its model binding.
 */
export const errGroups: readonly CaseGroup[] = [
  {
    area: 'ERR',
    title: 'refusals from deep inside',
    cases: [
      provokes('malformed-json', 'administrator', 'malformed'),
      provokes('an-object-where-the-id-is-due', 'requestor', 'id-as-object'),
      provokes('null-as-the-whole-body', 'requestor', 'null'),
    ],
  },
  {
    area: 'ERR',
    title: 'refusals in the language of the caller',
    cases: [
      {
        // Letters outside ASCII take more bytes than characters.
        id: 'err-in-another-language',
        title: 'refuses whole and as JSON whoever asks for another language',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'requestor', body: 'empty-object', headers: [['accept-language', 'zh-CN, zh;q=0.9']] }],
        control: { caseId: requestorControl, mutates: ['body', 'header:accept-language'] },
        then: refuses('CANCEL-BODY-002'),
      },
    ],
  },
];
