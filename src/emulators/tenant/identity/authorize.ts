import { isTenant } from './directory.js';
import type { Grants } from './grants.js';
import { refusalPage, signInPage, signInProblem } from './pages.js';
import { GrantRefused, refusals } from './refusals.js';
import { formOf, type Answer, type Route, type Visit } from './visit.js';

const path = /^\/[^/]+\/oauth2\/v2\.0\/authorize$/;

/**
 * The page on which a person signs in in a browser: looked at, and sent off with a person of their choice, it leads back to the application.
 * @param key that sending it off asks for; null: none
 */
export function authorizeRoutes({ authorizationCodes }: Grants, key: string | null): readonly Route[] {
  const answer = async ({ incoming, tenant }: Visit): Promise<Answer> => {
    if (!isTenant(tenant)) return { status: 400, body: refusalPage(refusals.unknownTenant) };
    const { searchParams } = new URL(incoming.url ?? '/', 'http://platform');
    try {
      const request = authorizationCodes.asked(searchParams, tenant);
      if ('location' in request) return { status: 302, location: request.location };
      if (incoming.method === 'GET') return { status: 200, body: signInPage({ isKeyed: key !== null }) };
      const form = await formOf(incoming);
      if (key !== null && form.get('key') !== key) return { status: 401, body: signInProblem('unkeyed') };
      const persona = form.get('persona') ?? '';
      const location = authorizationCodes.signIn(request, persona === '' ? null : persona);
      return location === null ? { status: 404, body: signInProblem('elsewhere') } : { status: 302, location };
    } catch (error) {
      if (error instanceof GrantRefused) return { status: 400, body: refusalPage(error.refusal) };
      throw error;
    }
  };
  return ['GET', 'POST'].map((method) => ({ method, path, answer }));
}
