import type { Fault } from '../alterations.js';

/** Faults about who may cancel. */
export const permissionFaults: readonly Fault[] = [
  {
    id: 'administrator-role-ignored',
    breaks: ['CANCEL-PERM-001'],
    sentence: "Lets nobody but the requestor cancel, whatever the caller's role.",
    override: () => ({ isAdministrator: () => false }),
  },
  {
    id: 'requestor-refused',
    breaks: ['CANCEL-PERM-002'],
    sentence: 'Lets administrators cancel only, not the requestor.',
    override: () => ({ owns: () => false }),
  },
  {
    id: 'ownership-unchecked',
    breaks: ['CANCEL-PERM-003'],
    sentence: "Lets every user with the permission cancel everybody's requests.",
    override: () => ({ owns: () => true }),
  },
  {
    id: 'application-token-accepted',
    breaks: ['CANCEL-PERM-004'],
    sentence: "Takes an application's roles for a user's scopes.",
    override: () => ({ isDelegated: () => true }),
  },
  {
    id: 'personal-account-accepted',
    breaks: ['CANCEL-PERM-005'],
    sentence: 'Does not tell personal accounts from work accounts.',
    override: () => ({ isPersonalAccount: () => false }),
  },
  {
    id: 'read-permission-suffices',
    breaks: ['CANCEL-PERM-006'],
    sentence: 'Asks for any permission on entitlement management, reading included.',
    override: (seams) => ({
      permits: (granted, sufficient) => seams.permits(granted, [...sufficient, 'EntitlementManagement.Read.All']),
    }),
  },
  {
    id: 'any-other-scope-suffices',
    breaks: ['CANCEL-PERM-007'],
    sentence: 'Knows the entitlement permissions by name and lets every scope pass that it does not know.',
    override: (seams) => ({
      permits: (granted, sufficient) =>
        seams.permits(granted, sufficient) || !granted.some((scope) => scope.startsWith('Entitlement')),
    }),
  },
  {
    id: 'scope-compared-by-prefix',
    breaks: ['CANCEL-PERM-008'],
    sentence: "Accepts a scope that merely begins with the permission's name.",
    override: () => ({
      permits: (granted, sufficient) =>
        sufficient.some((permission) => granted.some((scope) => scope.startsWith(permission))),
    }),
  },
  {
    id: 'scope-unchecked',
    breaks: ['CANCEL-PERM-006', 'CANCEL-PERM-007', 'CANCEL-PERM-008'],
    sentence: 'Never looks at the scopes of a token.',
    override: () => ({ permits: () => true }),
  },
];
