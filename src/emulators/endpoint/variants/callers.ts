import type { Variant } from '../alterations.js';

const fullPermission = 'EntitlementManagement.ReadWrite.All';

/** Freedoms in who may cancel: each is one of the readings of a contested clause. */
export const callerVariants: readonly Variant[] = [
  {
    id: 'subject-access-suffices-for-own',
    touches: ['C-9'],
    sentence: "Lets the lesser permission of 2026 suffice for one's own request.",
    override: (seams) => ({
      permits: (granted, sufficient) =>
        seams.permits(granted, [...sufficient, 'EntitlementMgmt-SubjectAccess.ReadWrite']),
    }),
  },
  {
    id: 'applications-with-a-role-served',
    touches: ['C-14'],
    sentence: "Takes an application that holds one of the service's roles for a user who does.",
    needs: { readings: { 'C-14': 'role-suffices' } },
    override: (seams) => ({ isDelegated: (claims) => seams.isDelegated(claims) || seams.isAdministrator(claims) }),
  },
  {
    id: 'permission-suffices-for-all',
    touches: ['C-15'],
    sentence: 'Lets whoever has the permission cancel the request of somebody else, role or not.',
    needs: { readings: { 'C-15': 'permission-suffices' } },
    override: (seams) => ({
      owns: (caller, request) => caller.permissions.includes(fullPermission) || seams.owns(caller, request),
    }),
  },
  {
    id: 'role-demanded-for-own',
    touches: ['C-16'],
    sentence: 'Asks for a role even from those who cancel their own request.',
    needs: { readings: { 'C-16': 'role-doubted' } },
    override: () => ({ owns: () => false }),
  },
];
