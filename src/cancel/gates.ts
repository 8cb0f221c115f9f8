import type { Edition } from '../engine/contract/types.js';
import type { GateRule } from '../engine/endpoint.js';
import type { AddressForm } from './forms/addresses.js';
import type { BodyForm } from './forms/bodies.js';
import type { CredentialForm } from './forms/credentials.js';
import { personas, type Persona } from './personas.js';
import { usual } from './usual.js';
import type { Case, Probe } from './words.js';

/** What a cancel has to pass: each refusal of a call is due at exactly one of these. */
export const gates = {
  credentials: { title: 'credentials' },
  'token-kind': { title: 'kind of token' },
  'account-kind': { title: 'kind of account' },
  permission: { title: 'permission' },
  ownership: { title: 'ownership or role' },
  address: { title: 'address' },
  method: { title: 'method' },
  'media-type': { title: 'media type' },
  syntax: { title: 'syntax of the body' },
  members: { title: 'members of the body' },
  'body-id': { title: 'id in the body' },
  status: { title: 'status of the request' },
} as const satisfies Readonly<Record<string, GateRule>>;

export type Gate = keyof typeof gates;

/** Gates that a credential breaks; whoever sends none of its own is nobody, so nothing else about the caller is asked. */
const byCredential: Readonly<Record<CredentialForm, Gate | null>> = {
  bearer: null,
  'lower-case-scheme': null,
  'upper-case-scheme': null,
  none: 'credentials',
  empty: 'credentials',
  'bearer-without-token': 'credentials',
  'basic-scheme': 'credentials',
  'basic-credentials': 'credentials',
  'bare-token': 'credentials',
  garbage: 'credentials',
  'tampered-signature': 'credentials',
  'tampered-signature-start': 'credentials',
  'tampered-payload': 'credentials',
  'unsigned-token': 'credentials',
  'algorithm-none': 'credentials',
  'algorithm-none-in-other-letters': 'credentials',
  'signature-in-other-case': 'credentials',
  'signature-followed': 'credentials',
  'signature-emptied': 'credentials',
  'signature-cut-off': 'credentials',
  query: 'credentials',
  cookie: 'credentials',
  'other-header': 'credentials',
};

/** Gates that an address breaks. A spelling that a target need not serve breaks none: it may name the request. */
const byAddress: Readonly<Record<AddressForm, Gate | null>> = {
  own: null,
  resource: null,
  sibling: null,
  'another-action': 'address',
  'deeper-path': 'address',
  'unknown-id': 'address',
  'malformed-id': 'address',
  'truncated-id': 'address',
  'id-with-blank': 'address',
  'id-with-parameter': 'address',
  'id-with-percent': 'address',
  'id-with-nul': 'address',
  'id-with-stray-byte': 'address',
  'id-with-broken-escape': 'address',
  'id-beginning': 'address',
  'id-beginning-in-path': 'address',
  'truncated-id-in-path': 'address',
  'overlong-id': 'address',
  'encoded-separator': 'address',
  'encoded-action': 'address',
  'encoded-dot-segments': 'address',
  'encoded-dots': 'address',
  'encoded-climb': 'address',
  'double-encoded-separator': 'address',
  'encoded-backslashes': 'address',
  'members-in-the-query': null,
  'trailing-slash': null,
  'upper-case-action': null,
  'qualified-action': null,
  'id-in-capitals': null,
  'id-percent-encoded': null,
  'action-percent-encoded': null,
  'other-collection': null,
  'collection-in-capitals': null,
  'with-query': null,
  'key-in-parentheses': null,
  'doubled-slash': null,
  'action-with-parameter': null,
  'action-with-suffix': null,
  'dot-segment': null,
};

/** Gates that a body breaks where one is due. */
const byBody: Readonly<Record<BodyForm, Gate | null>> = {
  required: null,
  'full-representation': null,
  representation: null,
  'owner-named': null,
  reordered: null,
  spaced: null,
  escaped: null,
  'form-encoded': 'syntax',
  'extra-members': null,
  'status-upper-case': null,
  'status-one-l': null,
  'one-mebibyte': null,
  'deep-nesting': null,
  'invalid-utf8': 'syntax',
  'duplicate-keys': null,
  absent: 'members',
  'empty-object': 'members',
  'without-id': 'members',
  'without-status': 'members',
  'status-approved': 'members',
  'status-pending-approval': 'members',
  'status-longer': 'members',
  'status-denied': 'members',
  'status-under-another-name': 'members',
  'id-as-object': 'members',
  'id-null': 'members',
  'id-empty': 'members',
  'id-number': 'members',
  'id-true': 'members',
  'status-true': 'members',
  'status-zero': 'members',
  'id-list': 'members',
  'id-prefix': 'body-id',
  'id-longer': 'body-id',
  blank: 'syntax',
  'members-nested': 'members',
  utf16: 'syntax',
  'byte-order-mark': null,
  gzip: null,
  'infinite-number': null,
  text: 'members',
  'status-null': 'members',
  'status-empty': 'members',
  'status-number': 'members',
  'status-list': 'members',
  'status-list-of-one': 'members',
  'status-as-object': 'members',
  'status-phrase': 'members',
  'state-in-its-place': 'members',
  'other-values': null,
  'trailing-comma': 'syntax',
  'text-behind': 'syntax',
  'not-a-number': 'syntax',
  'single-quotes': 'syntax',
  number: 'members',
  true: 'members',
  'token-among-members': null,
  'beyond-ascii': null,
  'lone-surrogate': null,
  'nul-character': null,
  'long-number': null,
  array: 'members',
  string: 'members',
  null: 'members',
  malformed: 'syntax',
  'id-of-sibling': 'body-id',
  'id-of-stranger': 'body-id',
};

/** The rule on the body speaks of non-administrators alone; a target may leave an administrator's body unread. */
const bodyGate = ({ persona, body }: Probe, edition: Edition): Gate | null =>
  edition.body.rule === 'none' || personas[persona].administrator ? null : byBody[body ?? usual.body(edition)];

/** Whoever made the request may cancel it, and so may an administrator. */
const ownershipGate = (persona: Persona, owner: Persona): Gate | null =>
  personas[persona].administrator || persona === owner ? null : 'ownership';

/** The gates that a call does not pass, by its declaration alone. Pure. */
export function brokenGates(probe: Probe, given: Case['given'], edition: Edition): ReadonlySet<Gate> {
  const { persona, credential = usual.credential, address = usual.address, method = usual.method } = probe;
  const { breaks } = personas[persona];
  const broken: readonly (Gate | null | undefined)[] = [
    byCredential[credential],
    breaks?.(edition),
    ownershipGate(persona, given.requestor ?? 'requestor'),
    byAddress[address],
    method === usual.method ? null : 'method',
    bodyGate(probe, edition),
    edition.notCancellable.includes(given.status) ? 'status' : null,
    given.removed === true ? 'address' : null,
  ];
  return new Set(broken.filter((gate) => gate != null));
}
