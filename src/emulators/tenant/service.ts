import { defaultSeams } from '../endpoint/defaults.js';
import { challenge } from '../endpoint/defaults/answers.js';
import { decodeClaims } from '../endpoint/tokens.js';
import { answerCall } from '../endpoint/pipeline.js';
import type { Answer, Call } from '../endpoint/seams.js';
import type { Touched } from './accesses.js';
import { isoTime } from './clock.js';
import type { Kind } from './model.js';
import { refuseUnknownOptions } from './odata.js';
import { authenticated, refuseUnlessPermitted } from './permissions.js';
import { answerOf, refusalFor, RefusedCall, refusedAnswer, unauthorized } from './replies.js';
import { collectionKinds, matching, routesOf, type Match } from './routes.js';
import { urlOf } from './seams.js';
import { requestAskable } from './show.js';
import { whose, type Tenant } from './tenant.js';

/** A call on its way through the tenant. */
interface Passage {
  readonly tenant: Tenant;
  readonly call: Call;
  /** Segments below the service's root; null elsewhere. */
  readonly below: string | null;
  /** Its number in the record of accesses. */
  readonly number: number;
}

/** Answers one call to the service, and notes it in the record of accesses. */
export async function answerService(tenant: Tenant, call: Call): Promise<Answer> {
  const below = belowRoot(call);
  const number = tenant.accesses.arrive({
    at: isoTime(tenant.clock.now()),
    method: call.method,
    target: call.target,
    touched: touchedBy(below, tenant),
  });
  const passage: Passage = { tenant, call, below, number };
  const answer = await answered(passage).catch((error: unknown) => refused(error, passage));
  // What was refused unread would stand in the way of the next call on the same connection.
  call.incoming.resume();
  tenant.accesses.complete(number, { caller: call.caller?.userId ?? null, status: answer.status });
  return answer;
}

function belowRoot({ target, edition }: Call): string | null {
  const path = defaultSeams.rawPath(target);
  const root = `/${edition.api}${edition.servicePath}/`;
  return path.startsWith(root) ? path.slice(root.length) : null;
}

function touchedBy(below: string | null, tenant: Tenant): readonly Touched[] {
  const [collection = '', id = ''] = (below ?? '').split('/');
  const kind: Kind | undefined = collectionKinds.get(collection);
  if (kind === undefined || id === '' || id.includes('(')) return [];
  const known = id.toLowerCase();
  return [{ kind, id: known, foreign: whose(tenant, kind, known) === 'foreign' }];
}

async function answered(passage: Passage): Promise<Answer> {
  turnAway(passage);
  refuseRevoked(passage);
  const { tenant, call, below } = passage;
  const match = below === null ? null : matching(routesOf(call.edition, tenant.seams), below, call.method);
  if (match !== null) return answerRoute(passage, match);
  await refuseUnlicensed(passage);
  const address = defaultSeams.locate(defaultSeams.rawPath(call.target), call.edition);
  if (address.kind === 'request' && call.method === 'GET') {
    refuseUnknownOptions(urlOf(call), requestAskable(call.edition));
  }
  if (address.kind === 'unknown' && tenant.nuisances.misspells('code') && !isBelowRequests(below)) throw unrouted(call);
  return answerCall(call, tenant.seams);
}

/** @throws RefusedCall when a nuisance answers in the service's place */
function turnAway({ tenant, call, below, number }: Passage): void {
  const isCancel = isBelowRequests(below) && (below ?? '').split('/').length > 2;
  const key = [call.method, call.target, call.headers.authorization].join(' ');
  const turned = tenant.nuisances.turnAway(key, isCancel);
  if (turned === null) return;
  tenant.accesses.complete(number, { turnedAway: turned.nuisance });
  const code = turned.status === 429 ? 'TooManyRequests' : 'ServiceUnavailable';
  throw new RefusedCall(turned.status, code, { message: 'Try again later.', headers: turned.headers });
}

/**
 * Continuous access evaluation: a token that was good until somebody revoked it is refused before it ends, with what the next one has
 * to show.
 * @throws RefusedCall 401
 */
function refuseRevoked({ tenant, call }: Passage): void {
  const claims = decodeClaims(defaultSeams.readCredentials(call)?.token ?? '');
  if (claims === null || !tenant.authority.isRevoked(claims)) return;
  const since = { access_token: { nbf: { essential: true, value: String(Math.floor(Date.now() / 1000)) } } };
  const demanded = Buffer.from(JSON.stringify(since)).toString('base64');
  throw new RefusedCall(401, 'InvalidAuthenticationToken', {
    message:
      'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
    headers: [['WWW-Authenticate', `${challenge}, error="insufficient_claims", claims="${demanded}"`]],
  });
}

async function answerRoute({ tenant, call, number }: Passage, { route, ids, allowed }: Match): Promise<Answer> {
  const caller = await authenticated(call);
  refuseUnlessLicensed(tenant);
  if (route === null) {
    const headers = [['Allow', allowed.join(', ')]] as const;
    throw new RefusedCall(405, 'MethodNotAllowed', { message: 'The method is not allowed here.', headers });
  }
  refuseUnlessPermitted(call, caller, route.access);
  const { edition } = call;
  return answerOf(await route.handle({ tenant, call, caller, url: urlOf(call), edition, ids, number }), call);
}

/** Without the licence nobody may do anything, not even a global administrator. */
async function refuseUnlicensed({ tenant, call }: Passage): Promise<void> {
  if (tenant.settings.licensed) return;
  await authenticated(call);
  refuseUnlessLicensed(tenant);
}

function refuseUnlessLicensed({ settings }: Tenant): void {
  if (!settings.licensed) throw unauthorized('The tenant has no licence for entitlement management.');
}

function refused(error: unknown, { tenant, call }: Passage): Answer {
  const refusal = error instanceof RefusedCall ? error : refusalFor('serverError', call);
  const { nuisances } = tenant;
  return refusedAnswer(refusal, call, { lowerCase: nuisances.misspells('name'), zone: nuisances.misspells('date') });
}

/** Seen from the service where nothing is routed: no code at all. */
function unrouted(call: Call): RefusedCall {
  return new RefusedCall(404, '', {
    message: `No HTTP resource was found that matches the request URI ${call.target}.`,
  });
}

const isBelowRequests = (below: string | null): boolean =>
  collectionKinds.get((below ?? '').split('/')[0] ?? '') === 'accessPackageAssignmentRequests';
