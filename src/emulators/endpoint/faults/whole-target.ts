import type { Fault } from '../alterations.js';

const everyCancelFails = [
  'CANCEL-STATE-001',
  'CANCEL-STATE-002',
  'CANCEL-STATE-003',
  'CANCEL-STATE-004',
  'CANCEL-PERM-001',
  'CANCEL-PERM-002',
] as const;

/** Faults of a service that answers every call of the action in the same way. They break every promise to cancel. */
export const wholeTargetFaults: readonly Fault[] = [
  {
    id: 'always-401',
    breaks: everyCancelFails,
    sentence: 'Answers every cancel with a correct 401.',
    override: () => ({ intercept: () => 'missingCredentials' }),
  },
  {
    id: 'always-500',
    breaks: everyCancelFails,
    sentence: 'Answers every cancel with a server error.',
    override: () => ({ intercept: () => 'serverError' }),
  },
  {
    id: 'always-empty-200',
    breaks: [...everyCancelFails, 'CANCEL-STATE-005'],
    sentence: 'Answers every cancel with an empty 200 and changes nothing.',
    override: () => ({
      intercept: () => ({ outcome: 'cancelled', status: 200, headers: [], content: '', framing: 'length' }),
    }),
  },
];
