import type { Variant } from '../alterations.js';
import { objectIdOf, personas } from '../personas.js';
import type { Seams } from '../seams.js';
import type { Claims } from '../tokens.js';

const fullPermission = 'EntitlementManagement.ReadWrite.All';

/** Who is right in all, for those who are administrators but for one defect. */
const proper: readonly string[] = ['administrator', 'manyScopesUser'];

const administrator = personas.find(({ name }) => name === 'administrator');
const defective = new Set(
  personas
    .filter((persona) => persona.administrator && !proper.includes(persona.name))
    .map(objectIdOf)
    .filter((id) => id !== administrator?.userId),
);

/** Whether a token is that of a persona with a defect. The expired one is the administrator's own: its age alone tells it. */
const isDefective = ({ oid = '', exp = 0 }: Claims): boolean => defective.has(oid) || exp * 1000 <= Date.now();

/** The directory's roles, but for personas with a defect, who have none. */
const rolesOfTheRight = (seams: Seams): Pick<Seams, 'isAdministrator'> => ({
  isAdministrator: (claims) => seams.isAdministrator(claims) && !isDefective(claims),
});

/**
 * Freedoms in who may cancel, each one of the readings of a contested clause; and layouts of the personas: what those with a
 * defect are besides is the target's choice, so that what lets one pass by mistake meets another gate, or none.
 */
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
  {
    id: 'defective-personas-without-a-role',
    touches: [],
    sentence:
      'Has no administrators among the personas whose token has a defect: they are users with requests of their own.',
    override: rolesOfTheRight,
  },
  {
    id: 'defective-personas-owners',
    touches: [],
    sentence: 'Holds personas whose token has a defect for the owners of whatever they call on, without a role.',
    override: (seams) => ({
      ...rolesOfTheRight(seams),
      owns: (caller, request) => isDefective(caller.claims) || seams.owns(caller, request),
    }),
  },
];
