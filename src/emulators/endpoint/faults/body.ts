import { isUtf8 } from 'node:buffer';
import type { Fault } from '../alterations.js';
import { isJsonObject } from '../defaults/body.js';
import type { AdmittedCall, ParsedBody } from '../seams.js';

type Supplement = (value: Readonly<Record<string, unknown>>, call: AdmittedCall) => Readonly<Record<string, unknown>>;

/** A service that checks a body only after it has added to it, or replaced in it, what it should have demanded. */
function supplementing(supplement: Supplement): Fault['override'] {
  return (seams) => ({
    checkBody: (body, call) => {
      if (!body.present || !isJsonObject(body.value)) return seams.checkBody(body, call);
      return seams.checkBody({ present: true, value: supplement(body.value, call) }, call);
    },
  });
}

/** A service that accepts bodies of one kind unseen. */
function accepting(isAccepted: (body: ParsedBody) => boolean): Fault['override'] {
  return (seams) => ({ checkBody: (body, call) => (isAccepted(body) ? null : seams.checkBody(body, call)) });
}

/** A service that fails on bodies of one kind. */
function failingOn(isFatal: (body: ParsedBody) => boolean): Fault['override'] {
  return (seams) => ({
    checkBody: (body, call) => {
      if (!call.caller.administrator && isFatal(body)) throw new TypeError('a member of nothing');
      return seams.checkBody(body, call);
    },
  });
}

const refusedBodies = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `CANCEL-BODY-00${number}`);

/** The id that a body names, or empty. */
const bodyId = ({ body }: AdmittedCall): string =>
  body.present && isJsonObject(body.value) && typeof body.value['id'] === 'string'
    ? body.value['id'].toLowerCase()
    : '';

/** Faults about the body that a non-administrator must send. */
export const bodyFaults: readonly Fault[] = [
  {
    id: 'empty-body-accepted',
    breaks: ['CANCEL-BODY-001'],
    sentence: 'Lets a non-administrator cancel without a body.',
    override: accepting((body) => !body.present),
  },
  {
    id: 'empty-object-accepted',
    breaks: ['CANCEL-BODY-002'],
    sentence: 'Checks the members of a body only when it has any.',
    override: accepting((body) => body.present && isJsonObject(body.value) && Object.keys(body.value).length === 0),
  },
  {
    id: 'missing-id-accepted',
    breaks: ['CANCEL-BODY-003'],
    sentence: 'Fills a missing id in from the path.',
    override: supplementing((value, call) => (Object.keys(value).length === 0 ? value : { id: call.id, ...value })),
  },
  {
    id: 'missing-status-accepted',
    breaks: ['CANCEL-BODY-004'],
    sentence: 'Takes a missing status for the wish to cancel.',
    override: supplementing((value, { edition }) =>
      Object.keys(value).length === 0
        ? value
        : { [edition.resource.statusMember]: edition.body.cancelledLiteral, ...value },
    ),
  },
  {
    id: 'absent-body-crashes',
    breaks: ['CANCEL-BODY-001'],
    sentence: 'Fails with a server error when there is no body to take members from.',
    override: failingOn((body) => !body.present),
  },
  {
    id: 'missing-members-crash',
    breaks: ['CANCEL-BODY-002', 'CANCEL-BODY-003', 'CANCEL-BODY-004'],
    sentence: 'Fails with a server error when a member that it compares is missing.',
    override: failingOn((body) => body.present && isJsonObject(body.value) && Object.keys(body.value).length < 2),
  },
  {
    id: 'either-member-suffices',
    breaks: ['CANCEL-BODY-003', 'CANCEL-BODY-004'],
    sentence: 'Asks for an id or a status in the body where both are demanded.',
    override: accepting((body) => body.present && isJsonObject(body.value) && Object.keys(body.value).length === 1),
  },
  {
    id: 'body-never-read',
    breaks: [...refusedBodies, 'CANCEL-BODY-010'],
    sentence: 'Never looks at the body.',
    override: () => ({ parseBody: () => ({ present: false }), checkBody: () => null }),
  },
  {
    id: 'body-rule-turned-round',
    breaks: refusedBodies,
    sentence: 'Demands the members from administrators and from nobody else.',
    override: (seams) => ({
      checkBody: (body, call) => {
        const caller = { ...call.caller, administrator: !call.caller.administrator };
        return seams.checkBody(body, { ...call, caller });
      },
    }),
  },
  {
    id: 'status-of-the-body-written',
    breaks: ['CANCEL-BODY-005'],
    sentence: 'Sets the request to whatever status the body names.',
    override: (seams) => ({
      ...supplementing((value, { edition }) => {
        const { statusMember } = edition.resource;
        return statusMember in value ? { ...value, [statusMember]: edition.body.cancelledLiteral } : value;
      })(seams),
      cancelledRecord: (request, call) => {
        const value = call.body.present && isJsonObject(call.body.value) ? call.body.value : {};
        const status = value[call.edition.resource.statusMember];
        return { ...seams.cancelledRecord(request, call), ...(typeof status === 'string' ? { status } : {}) };
      },
    }),
  },
  {
    id: 'current-status-accepted',
    breaks: ['CANCEL-BODY-005'],
    sentence: 'Accepts a representation with the status that the request still has.',
    override: supplementing((value, { request, edition }) => {
      const { statusMember } = edition.resource;
      return value[statusMember] === request.status
        ? { ...value, [statusMember]: edition.body.cancelledLiteral }
        : value;
    }),
  },
  {
    id: 'array-unwrapped',
    breaks: ['CANCEL-BODY-007'],
    sentence: 'Takes the first item of an array for the body.',
    override: (seams) => ({
      checkBody: (body, call) => {
        const items: readonly unknown[] = body.present && Array.isArray(body.value) ? body.value : [];
        return seams.checkBody(items.length > 0 ? { present: true, value: items[0] } : body, call);
      },
    }),
  },
  {
    id: 'string-parsed-again',
    breaks: ['CANCEL-BODY-008'],
    sentence: 'Parses a JSON string once more, for clients that encode twice.',
    override: (seams) => ({
      checkBody: (body, call) =>
        body.present && typeof body.value === 'string'
          ? seams.checkBody({ present: true, value: JSON.parse(body.value) as unknown }, call)
          : seams.checkBody(body, call),
    }),
  },
  {
    id: 'null-body-crashes',
    breaks: ['CANCEL-BODY-009'],
    sentence: 'Takes null for an object, as typeof does, and fails with a server error on its members.',
    override: failingOn((body) => body.present && body.value === null),
  },
  {
    id: 'any-status-value-accepted',
    breaks: ['CANCEL-BODY-005'],
    sentence: 'Asks for a status in the body, whatever its value.',
    override: supplementing((value, { edition }) => {
      const { statusMember } = edition.resource;
      return statusMember in value ? { ...value, [statusMember]: edition.body.cancelledLiteral } : value;
    }),
  },
  {
    id: 'foreign-id-in-body-accepted',
    breaks: ['CANCEL-BODY-006'],
    sentence: 'Asks for an id in the body, whichever request it names.',
    override: supplementing((value, call) => ('id' in value ? { ...value, id: call.id } : value)),
  },
  {
    id: 'array-accepted',
    breaks: ['CANCEL-BODY-007'],
    sentence: 'Takes a JSON array for a batch and does not look into it.',
    override: accepting((body) => body.present && Array.isArray(body.value)),
  },
  {
    id: 'string-accepted',
    breaks: ['CANCEL-BODY-008'],
    sentence: 'Checks objects only, and lets a JSON string pass.',
    override: accepting((body) => body.present && typeof body.value === 'string'),
  },
  {
    id: 'null-accepted',
    breaks: ['CANCEL-BODY-009'],
    sentence: 'Takes the JSON value null for an object whose members need not be checked.',
    override: accepting((body) => body.present && body.value === null),
  },
  {
    id: 'malformed-json-crashes',
    breaks: ['CANCEL-BODY-010'],
    sentence: 'Fails with a server error on a body that is not JSON.',
    override: (seams) => ({
      parseBody: (bytes, call) => {
        // What is not even UTF-8 is left to the default, which refuses it.
        if (bytes.length > 0 && isUtf8(bytes)) JSON.parse(bytes.toString('utf8'));
        return seams.parseBody(bytes, call);
      },
    }),
  },
  {
    id: 'malformed-json-ignored',
    breaks: ['CANCEL-BODY-010'],
    sentence: 'Cancels though the body is not JSON.',
    override: (seams) => ({
      parseBody: async (bytes, call) => {
        const body = await seams.parseBody(bytes, call);
        const { statusMember } = call.edition.resource;
        const assumed = { id: call.id, [statusMember]: call.edition.body.cancelledLiteral };
        return body === 'malformedBody' ? { present: true, value: assumed } : body;
      },
    }),
  },
  {
    id: 'body-id-wins-over-path',
    breaks: ['CANCEL-BODY-006', 'CANCEL-BODY-011'],
    sentence: 'Cancels the request that the body names instead of the one in the path.',
    override: (seams) => ({
      ...supplementing((value, call) => ('id' in value ? { ...value, id: call.id } : value))(seams),
      applyCancel: (record, call) => {
        const named = call.store.get(bodyId(call));
        if (named === null || named.id === record.id) return seams.applyCancel(record, call);
        call.store.put(seams.cancelledRecord(named, call));
        return null;
      },
    }),
  },
  {
    id: 'body-id-cancelled-too',
    readsBody: true,
    breaks: ['CANCEL-BODY-011', 'CANCEL-EFFECT-001'],
    sentence: 'Refuses a body that names another request only after it has cancelled that one.',
    override: (seams) => ({
      checkBody: (body, call) => {
        const named = call.store.get(bodyId({ ...call, body }));
        if (named !== null && named.id !== call.id) call.store.put(seams.cancelledRecord(named, call));
        return seams.checkBody(body, call);
      },
    }),
  },
  {
    id: 'representation-refused',
    breaks: ['CANCEL-BODY-012'],
    sentence: 'Refuses a body with any member beyond those that it demands.',
    override: (seams) => ({
      checkBody: (body, call) => {
        const { requiredMembers } = call.edition.body;
        const members = body.present && isJsonObject(body.value) ? Object.keys(body.value) : [];
        const isLean = call.caller.administrator || members.every((member) => requiredMembers.includes(member));
        return isLean ? seams.checkBody(body, call) : 'unacceptableBody';
      },
    }),
  },
];
