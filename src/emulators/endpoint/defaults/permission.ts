import { administratorRoleId, personalTenantId } from '../personas.js';
import type { Seams } from '../seams.js';

type PermissionSeams = Pick<
  Seams,
  'isDelegated' | 'isPersonalAccount' | 'grantedPermissions' | 'permits' | 'isAdministrator' | 'owns'
>;

/** Who may cancel: the token's kind, its permissions, the directory's roles and the request's owner. */
export const permissionSeams: PermissionSeams = {
  isDelegated: ({ scp, idtyp }) => scp !== undefined && idtyp !== 'app',
  isPersonalAccount: ({ tid }) => tid === personalTenantId,
  grantedPermissions: ({ scp, roles = [] }) => scp?.split(' ') ?? roles,
  permits: (granted, sufficient) => sufficient.some((permission) => granted.includes(permission)),
  isAdministrator: ({ wids = [] }) => wids.includes(administratorRoleId),
  owns: (caller, request) => caller.userId !== null && caller.userId === request.requestor?.userId,
};
