import type { Edition } from '../../engine/contract/types.js';
import { defaultSeams } from '../endpoint/defaults.js';
import type { AdmittedCall, Answer, Call, Seams } from '../endpoint/seams.js';
import type { StoredRequest } from '../endpoint/store.js';
import { isoTime } from './clock.js';
import type { Members } from './model.js';
import { entityOf } from './odata.js';
import { requestAskable, shownRequest } from './show.js';
import type { Tenant } from './tenant.js';

type Parts = Omit<Tenant, 'seams'>;

/** The seams of the embedded target as a tenant has them; faults and variants are laid over these. */
export function tenantSeams(parts: Parts): Seams {
  return {
    ...defaultSeams,
    allowedMethods: (address) =>
      address.kind === 'request' ? ['GET', 'HEAD', 'DELETE'] : defaultSeams.allowedMethods(address),
    findRequest: (id, call) => visibleRequest(id, call, parts),
    cancelledRecord: (request) => ({ ...request, status: 'cancelled', completedAt: isoTime(parts.clock.now()) }),
    applyCancel: (record, call) => applyCancel(record, call, parts),
    represent: (request, edition) => shownRequest(request, edition, parts),
    decorate: (answer, call) =>
      defaultSeams.decorate(answer.outcome === 'read' ? withoutUnasked(answer, call) : answer, call),
  };
}

/** Reads see a new request late; the action finds it at once. */
function visibleRequest(id: string, call: Call, { requests, nuisances }: Parts): StoredRequest | null {
  const request = requests.get(id);
  if (request === null || call.address.kind === 'action') return request;
  return nuisances.isVisible(request.createdMs) ? request : null;
}

function applyCancel(record: StoredRequest, call: AdmittedCall, { requests, nuisances, clock }: Parts) {
  const delayMs = nuisances.cancelMs();
  const current = requests.get(record.id);
  const next =
    delayMs === 0 || current === null ? record : { ...current, cancel: { atMs: clock.now() + delayMs, record } };
  return requests.replace(call.request, next) ? null : 'alreadyCancelled';
}

/** Navigation properties are shown to who asks for them. */
function withoutUnasked(answer: Answer, call: Call): Answer {
  const shown = JSON.parse(answer.content) as Members;
  return { ...answer, content: JSON.stringify(entityOf(shown, urlOf(call), requestAskable(call.edition))) };
}

/**
 * The URL of a call as the caller knows it, so that links lead there again: with the host that was sent, and with https
 * where something in front of the tenant speaks it (X-Forwarded-Proto).
 */
export function urlOf({ headers, target }: Call): URL {
  const path = defaultSeams.rawPath(target);
  const query = /\?[^#]*/.exec(target)?.[0] ?? '';
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const url = new URL(`${scheme}://${headers.host ?? '127.0.0.1'}`);
  url.pathname = path;
  url.search = query;
  return url;
}

/**
 * The edition as one of the two APIs shows it. A tenant is always set up through beta, also where v1.0 is judged.
 */
export function faceOf(edition: Edition, api: Edition['api']): Edition {
  if (edition.api === api) return edition;
  return api === 'beta'
    ? {
        ...edition,
        api,
        collections: ['accessPackageAssignmentRequests', 'assignmentRequests'],
        resource: { stateMember: 'requestState', statusMember: 'requestStatus' },
      }
    : {
        ...edition,
        api,
        collections: ['assignmentRequests'],
        resource: { stateMember: 'state', statusMember: 'status' },
      };
}
