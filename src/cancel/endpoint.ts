import type { Endpoint } from '../engine/endpoint.js';
import { areas } from './areas.js';
import { caseGroups } from './cases/index.js';
import { clauses } from './clauses.js';
import { addresses, unknownId } from './forms/addresses.js';
import { bodies } from './forms/bodies.js';
import { clients } from './forms/clients.js';
import { anonymousForms, credentials } from './forms/credentials.js';
import { brokenGates, gates } from './gates.js';
import { flawsOfOwnMessages } from './own-messages.js';
import { personas } from './personas.js';
import { bystanderStatus, documentedMembers, passingStatuses, readsCancelled } from './statuses.js';
import { usual } from './usual.js';
import { verbs } from './verbs/index.js';
import { wholeRun } from './verbs/run.js';
import type { CancelWords } from './words.js';

/** `POST …/accessPackageAssignmentRequests/{id}/cancel` of Microsoft Graph, as the engine is told about it. */
const cancel: Endpoint<CancelWords> = {
  areas,
  personas,
  cast: { owner: 'requestor', decider: 'administrator' },
  verbs,
  clauses,
  gates,
  brokenGates,
  collectionClause: 'C-7',
  groups: caseGroups,
  forms: {
    bodies,
    addresses,
    credentials,
    clients,
    anonymous: anonymousForms,
    usual,
  },
  liveness: { persona: 'administrator', credential: 'none', body: 'absent', address: 'unknown-id' },
  signOfLife: { probe: { method: 'GET', address: 'resource', body: 'absent' }, gate: 'credentials' },
  unknownId,
  stableMembers: documentedMembers,
  bystanderStatus,
  passingStatuses,
  readsDone: readsCancelled,
  flawsOfOwnMessages,
  wholeRun,
};

/** The same with its words as plain text, as the engine takes it. */
export const endpoint: Endpoint = cancel;
