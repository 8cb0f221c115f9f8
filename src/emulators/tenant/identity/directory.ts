import type { Edition } from '../../../engine/contract/types.js';
import { personalTenantId, personas, tenantIds, type Persona } from '../../endpoint/personas.js';
import type { Application } from './applications.js';
import { GrantRefused } from './refusals.js';

/** The tenants that a path may name for the kinds of accounts that are let in there. */
const names: Readonly<Record<string, (tenantId: string) => boolean>> = {
  common: () => true,
  organizations: (tenantId) => tenantId !== personalTenantId,
  consumers: (tenantId) => tenantId === personalTenantId,
};

/** A domain of the tenant of all work accounts; made up. */
const domain = 'contoso.example';

const [homeTenantId = ''] = tenantIds;

/** Whether a path segment names a tenant. */
export const isTenant = (segment: string): boolean =>
  Object.hasOwn(names, segment) || segment === domain || tenantIds.includes(segment);

/** Whether an account may sign in where a path says. */
export function isLetIn({ tenantId }: Persona, segment: string): boolean {
  const known = Object.hasOwn(names, segment) ? names[segment] : undefined;
  return known ? known(tenantId) : tenantId === (segment === domain ? homeTenantId : segment);
}

/** Somebody who may sign in: a user whose tokens have not expired from the start. */
export const findUser = (name: unknown): Persona | undefined =>
  personas.find((persona) => persona.name === name && persona.userId !== null && persona.lifetimeS > 0);

/** The application by itself, as whom client credentials act. */
export function applicationPersona(): Persona {
  const found = personas.find(({ userId }) => userId === null);
  if (!found) throw new Error('there is no persona of an application');
  return found;
}

export const userNameOf = ({ name }: Persona): string => `${name.toLowerCase()}@${domain}`;

/** Hosts of Microsoft Graph, in the global and the national clouds. */
const resources: readonly string[] = [
  'https://graph.microsoft.com',
  'https://graph.microsoft.us',
  'https://dod-graph.microsoft.us',
  'https://microsoftgraph.chinacloudapi.cn',
];

/** Scopes that are no permission of a resource. */
const openIdScopes: readonly string[] = ['openid', 'profile', 'offline_access', 'email'];

/** A scope that is asked for: a resource, and a permission of it. */
interface Scope {
  readonly resource: string;
  readonly permission: string;
}

/** @throws GrantRefused for a resource that the tenant does not know, or when nothing of a resource is asked for */
function scopesOf(form: URLSearchParams): readonly Scope[] {
  const asked = (form.get('scope') ?? '').split(' ').filter((text) => text !== '' && !openIdScopes.includes(text));
  if (asked.length === 0) throw new GrantRefused('unknownScope');
  return asked.map((text) => {
    const at = text.lastIndexOf('/');
    // Without a resource it is one of Graph.
    const scope = { resource: at === -1 ? (resources[0] ?? '') : text.slice(0, at), permission: text.slice(at + 1) };
    if (!resources.includes(scope.resource)) throw new GrantRefused('unknownResource');
    return scope;
  });
}

/** @throws GrantRefused when the scope is not all that the application was given */
export function assertDefaultScope(form: URLSearchParams): void {
  if (scopesOf(form).some(({ permission }) => permission !== '.default')) throw new GrantRefused('notDefault');
}

/**
 * The scopes of a user's token, as the answer names them.
 * @throws GrantRefused when nobody consented to one of them for this user
 */
export function grantedScopes(form: URLSearchParams, user: Persona, edition: Edition): string {
  const consented = [user.permission(edition), 'User.Read', '.default'];
  const scopes = scopesOf(form);
  if (scopes.some(({ permission }) => !consented.includes(permission))) throw new GrantRefused('noConsent');
  return [...scopes.map(({ resource, permission }) => `${resource}/${permission}`), 'openid', 'profile'].join(' ');
}

/** @throws GrantRefused when the tenant does not know it */
export function findApplication(applications: readonly Application[], clientId: string | null): Application {
  const found = applications.find((application) => application.clientId === clientId);
  if (!found) throw new GrantRefused('unknownClient');
  return found;
}
