import { bytesOf, drip, headOf, withBody, without, writeEndlessly } from './hostile-answers.js';
import { markupFor, nested } from './hostile-peers.js';
import type { Hostility, HostilePeer } from './hostile-run.js';
import type { Answered, Fate } from './middleman.js';

type Call = 'description' | 'token' | 'creation' | 'reading' | 'removal';

function callOf(method: string, target: string): Call {
  if (target.endsWith('/v1/')) return 'description';
  if (target.endsWith('/tokens')) return 'token';
  if (method === 'POST') return 'creation';
  return method === 'GET' ? 'reading' : 'removal';
}

/** Decides one kind of call of the control protocol; all others are passed on. */
const at =
  (call: Call, fate: Fate): Hostility =>
  ({ isControl, method, target }) =>
    isControl && callOf(method, target) === call ? fate : 'pass';

/** The answer with some members replaced; what is no object stays. */
const withMembers =
  (members: (body: Record<string, unknown>) => object) =>
  (answer: Answered): Answered => {
    const body = JSON.parse(answer.body) as Record<string, unknown>;
    return answer.status < 300 ? withBody(answer, JSON.stringify({ ...body, ...members(body) })) : answer;
  };

const because = 'what cannot be arranged, read or believed makes a case inconclusive, never a finding';

/** Peers that are hostile in the control protocol alone; the endpoint under test is as it should be. */
export const hostileControlPeers: readonly HostilePeer[] = [
  {
    what: 'a description without end',
    because,
    hostility: () =>
      at('description', {
        write: (socket, answer) => {
          const headers = without(answer.headers, 'content-length');
          writeEndlessly(socket, headOf({ ...answer, headers }), ' ');
        },
      }),
    exitCode: 3,
    told: /GET \S+: the answer is larger than 32 KiB/,
  },
  {
    what: 'a description with script among what it offers',
    isShown: true,
    because: 'a name that the suite does not know is passed over',
    hostility: (other) =>
      at(
        'description',
        withMembers((body) => ({
          statuses: [...(body['statuses'] as string[]), markupFor(other)],
          personas: [...(body['personas'] as string[]), markupFor(other)],
        })),
      ),
    exitCode: 0,
  },
  {
    what: 'a description with 10,000 headers',
    because,
    hostility: () =>
      at('description', (answer) => {
        const flood = Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, 'y']).flat();
        return { ...answer, headers: [...answer.headers, ...flood] };
      }),
    exitCode: 3,
    told: /the head of the answer is larger than 16 KiB/,
  },
  {
    what: 'a control protocol that redirects to another origin',
    because,
    hostility: (other) => at('token', (answer) => ({ ...answer, status: 307, headers: ['Location', other], body: '' })),
    exitCode: 3,
    told: /POST \/tokens: answered 307 where 200 is due/,
  },
  {
    what: 'tokens with line breaks and headers in them',
    because,
    hostility: () =>
      at(
        'token',
        withMembers(() => ({ token: 'secret-token-1\r\nX-Injected: 1' })),
      ),
    exitCode: 3,
    told: /cannot be sent in a header/,
  },
  {
    what: 'ids that are script',
    isShown: true,
    because,
    hostility: (other) =>
      at(
        'creation',
        withMembers(({ id }) => ({ id: `${String(id)}${markupFor(other)}` })),
      ),
    exitCode: 3,
    told: /a request with status \w+ was asked for, but the one arranged reads nothing/,
  },
  {
    what: 'one id for all requests',
    because,
    hostility: () =>
      at(
        'creation',
        withMembers(() => ({ id: 'the-one-and-only' })),
      ),
    exitCode: 3,
    told: /the same id was given twice/,
  },
  {
    what: 'ids with lone surrogates',
    isShown: true,
    because,
    hostility: () =>
      at(
        'creation',
        withMembers(() => ({ id: 'x\ud800' })),
      ),
    exitCode: 3,
    told: /the id is longer than 1024 characters or not well-formed Unicode/,
  },
  {
    what: 'statuses that are script, with control characters',
    isShown: true,
    because,
    hostility: (other) =>
      at(
        'reading',
        withMembers(() => ({ status: `${markupFor(other)}\u001b[2J\u0000\u202e` })),
      ),
    exitCode: 3,
    told: /but the one arranged reads .*<script>/,
  },
  {
    what: 'a status of 20,000 characters',
    because,
    hostility: () =>
      at(
        'reading',
        withMembers(() => ({ status: 'x'.repeat(20_000) })),
      ),
    exitCode: 3,
    told: /the status is longer than 1024 characters/,
  },
  {
    what: 'resources nested 10,000 deep',
    because,
    hostility: () =>
      at('reading', (answer) =>
        // The last of two members of one name counts.
        withBody(answer, answer.body.replace(/\}$/, `,"resource":{"id":"x","deep":${nested('[', ']')}}}`)),
      ),
    exitCode: 3,
    told: /nested deeper than 64 levels/,
  },
  {
    what: 'resources of 30 KiB with script and control characters',
    measured: ['BODY'],
    isShown: true,
    because: 'the protocol leaves open what a resource holds',
    hostility: (other) =>
      at(
        'reading',
        withMembers((body) => ({
          resource: { ...(body['resource'] as object), [markupFor(other)]: '\u0000'.repeat(4500) + markupFor(other) },
        })),
      ),
    exitCode: 0,
  },
  {
    what: 'readings at one byte a second',
    because,
    hostility: () =>
      at('reading', {
        write: (socket, answer) => {
          drip(socket, bytesOf(answer));
        },
      }),
    exitCode: 3,
    told: /no answer within 500 ms/,
    givenUpAfter: 9,
  },
];
