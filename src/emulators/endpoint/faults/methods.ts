import { alteringAnswers, type Fault } from '../alterations.js';
import type { Call, Seams } from '../seams.js';
import { withHeader } from '../wire.js';

/** The action served for one more kind of call, for which no body is asked. */
const servedAs = (isServed: (call: Call) => boolean): Fault['override'] => {
  return (seams: Seams) => ({
    overlooks: (cause, call) => (cause === 'methodNotAllowed' && isServed(call)) || seams.overlooks(cause, call),
    checkBody: (body, call) => (isServed(call) ? null : seams.checkBody(body, call)),
  });
};

const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const allowing = (change: (allow: string) => string): Fault['override'] =>
  alteringAnswers(
    ({ status }) => status === 405,
    (answer) => {
      const allow = answer.headers.find(([name]) => name === 'Allow')?.[1] ?? '';
      return withHeader(answer, 'Allow', change(allow));
    },
  );

/** Faults about methods that clients seldom use, and about what a refusal says of them. */
export const methodFaults: readonly Fault[] = [
  {
    id: 'options-cancels',
    breaks: ['CANCEL-ADDR-016'],
    sentence: 'Sends a preflight through the handler of the action.',
    override: servedAs(({ method }) => method === 'OPTIONS'),
  },
  {
    id: 'options-with-body-cancels',
    breaks: ['CANCEL-ADDR-016'],
    sentence: 'Carries out an OPTIONS request that has a body.',
    override: servedAs(({ method, headers }) => method === 'OPTIONS' && headers['content-length'] !== undefined),
  },
  {
    id: 'any-method-cancels',
    breaks: ['CANCEL-ADDR-016', 'CANCEL-ADDR-017'],
    sentence: 'Routes by the path alone, whatever the method.',
    override: servedAs(() => true),
  },
  {
    id: 'other-method-cancels',
    breaks: ['CANCEL-ADDR-017'],
    sentence: 'Takes a method that it does not know for POST.',
    override: servedAs(({ method }) => !known.includes(method)),
  },
  {
    id: 'method-overridden-by-header',
    breaks: ['CANCEL-ADDR-018'],
    sentence: 'Lets a header turn a GET into a POST.',
    override: servedAs(({ method, headers }) => method === 'GET' && headers['x-http-method-override'] === 'POST'),
  },
  {
    id: 'method-overridden-by-query',
    breaks: ['CANCEL-ADDR-018'],
    sentence: 'Lets the query turn a GET into a POST.',
    override: servedAs(({ method, target }) => method === 'GET' && target.includes('_method=POST')),
  },
  {
    id: 'action-known-by-its-beginning',
    breaks: ['CANCEL-ADDR-020'],
    sentence: 'Takes every action whose name begins with cancel for it.',
    override: () => ({ namesAction: (segment) => /^(?:microsoft\.graph\.)?cancel/.test(segment) }),
  },
  {
    id: 'path-cut-off-behind-action',
    breaks: ['CANCEL-ADDR-020'],
    sentence: 'Looks at no more of a path than it needs.',
    override: (seams) => ({ rawPath: (target) => seams.rawPath(target).replace(/\/cancel\/[^]+$/, '/cancel') }),
  },
  {
    id: 'allow-names-read-methods',
    breaks: ['CANCEL-ADDR-019'],
    sentence: 'Answers 405 with the methods of the resource, and not with that of the action.',
    override: allowing(() => 'GET, HEAD'),
  },
  {
    id: 'allow-in-lower-case',
    breaks: ['CANCEL-ADDR-019'],
    sentence: 'Writes the methods of Allow in lower case; methods are case-sensitive.',
    override: allowing((allow) => allow.toLowerCase()),
  },
];
