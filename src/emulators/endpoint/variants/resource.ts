import type { Members, Variant } from '../alterations.js';
import { camelCase, pascalCase } from '../resource.js';

/** Other spellings of the resource's state and status. */
function spelling(change: (value: string) => string): Variant['override'] {
  return (seams) => ({
    represent: (request, edition) => {
      const resource = seams.represent(request, edition);
      const { stateMember, statusMember } = edition.resource;
      return {
        ...resource,
        [stateMember]: change(String(resource[stateMember])),
        [statusMember]: change(String(resource[statusMember])),
      };
    },
  });
}

/** Another spelling of the status in the control protocol. */
function controlSpelling(change: (value: string) => string): Variant['override'] {
  return (seams) => ({ controlStatus: (request) => change(seams.controlStatus(request)) });
}

const withOneL = (value: string): string => value.replace(/^(c)ancelled$/i, '$1anceled');

/** Freedoms in how a request and its status are shown. */
export const resourceVariants: readonly Variant[] = [
  {
    id: 'status-in-the-state-member',
    touches: ['C-3'],
    sentence: 'Shows the status as requestState, and no requestStatus at all.',
    override: (seams) => ({
      represent: (request, edition) => {
        const { stateMember, statusMember } = edition.resource;
        const { [statusMember]: status, ...others } = seams.represent(request, edition);
        return { ...others, [stateMember]: status };
      },
    }),
  },
  {
    id: 'camel-case-statuses',
    touches: ['C-4'],
    sentence: 'Shows state and status in the camelCase of the page.',
    override: spelling(camelCase),
  },
  {
    id: 'capital-statuses',
    touches: ['C-4'],
    sentence: 'Shows state and status in capitals.',
    override: spelling((value) => value.toUpperCase()),
  },
  {
    id: 'pascal-case-control-statuses',
    touches: ['C-4'],
    sentence: 'Reads statuses back through the control protocol in PascalCase.',
    override: controlSpelling(pascalCase),
  },
  {
    id: 'cancelled-with-two-l',
    touches: ['C-5'],
    sentence: 'Shows the status of a cancelled request as Cancelled.',
    override: spelling((value) => value.replace(/^(c)anceled$/i, '$1ancelled')),
  },
  {
    id: 'canceled-with-one-l-in-control',
    touches: ['C-5'],
    sentence: 'Reads a cancelled request back through the control protocol as canceled.',
    override: controlSpelling(withOneL),
  },
  {
    id: 'null-members',
    touches: ['CANCEL-EFFECT-004', 'CANCEL-EFFECT-005', 'CANCEL-EFFECT-006', 'CANCEL-EFFECT-007'],
    sentence: 'Shows null for all that may be null.',
    override: (seams) => ({
      represent: (request, edition) => {
        const kept = ['id', edition.resource.stateMember, edition.resource.statusMember];
        const members = Object.entries(seams.represent(request, edition));
        return Object.fromEntries(members.map(([name, value]) => [name, kept.includes(name) ? value : null]));
      },
    }),
  },
  {
    id: 'extra-members',
    touches: ['CANCEL-EFFECT-003'],
    sentence: 'Adds members that no edition knows to the resource.',
    override: (seams) => ({
      represent: (request, edition): Members => ({
        '@odata.context': '$metadata#accessPackageAssignmentRequests/$entity',
        ...seams.represent(request, edition),
        '@odata.etag': 'W/"1"',
        reviewOutlook: { score: 3, tags: [] },
      }),
    }),
  },
  {
    id: 'few-members',
    touches: ['CANCEL-EFFECT-004', 'CANCEL-EFFECT-005', 'CANCEL-EFFECT-007'],
    sentence: 'Shows nothing of a request but id, state, status and requestor.',
    override: (seams) => ({
      represent: (request, edition) => {
        const { stateMember, statusMember } = edition.resource;
        const { id, requestor, [stateMember]: state, [statusMember]: status } = seams.represent(request, edition);
        return { id, requestor, [stateMember]: state, [statusMember]: status };
      },
    }),
  },
  {
    id: 'cancel-recorded-in-history',
    touches: ['CANCEL-EFFECT-003'],
    sentence: 'Notes a cancel in the history of the request.',
    override: (seams) => ({
      represent: (request, edition) => ({
        ...seams.represent(request, edition),
        history: request.completedAt === null ? [] : [{ type: 'canceled', dateTime: request.completedAt }],
      }),
    }),
  },
];
