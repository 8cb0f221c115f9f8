import type { Mistake } from './mistake.js';

const target = (what: string, says: string): Mistake => ({ what, says, code: 3 });

const refused = 'tls.cert and tls.key in the target file to one that it takes';
const unverified = 'does not answer: the certificate of the target does not verify';
const askFor = (why: string): string => `✗ control protocol at …, GET /: ${why}`;

/** What is wrong with a target or on the way to it, for `doctor` to look at. */
export const targets = {
  down: target('a target that is down', '✗ …/beta does not answer: connect ECONNREFUSED …'),
  silent: target('a target that never answers', '✗ …/beta does not answer: no complete answer within 100 ms'),
  closing: target(
    'a target that closes every connection',
    '✗ …/beta does not answer: the connection was closed before the answer was complete',
  ),
  plain: target(
    'a target that speaks plain http where https is written',
    '✗ …/beta does not answer: the target does not speak TLS there: if it speaks plain http, write http:// in its address, else correct the port',
  ),
  unknownIssuer: target(
    'a certificate whose issuer is not known',
    `✗ …/beta ${unverified}: its issuer is not known here (…), so nothing was sent; set tls.ca in the target file to a PEM file that holds its issuer, …`,
  ),
  otherName: target('a certificate for another name', `✗ …/beta ${unverified}: it is made out to another name (…), …`),
  expired: target('a certificate that has expired', `✗ …/beta ${unverified}: it has expired (…), …`),
  asking: target(
    'a target that asks for a client certificate',
    `✗ …/beta does not answer: the target asks for a client certificate: set ${refused}`,
  ),
  unverified: target(
    'certificates that nobody verifies',
    '✗ TLS: the certificate was NOT verified, because NODE_TLS_REJECT_UNAUTHORIZED is 0: anybody may have answered; …',
  ),
  uncontrolled: target(
    'a target without a control protocol',
    askFor('answered 404 where 200 is due; docs/control-protocol.md has what is to be served there'),
  ),
  lockedControl: target(
    'a control protocol that wants a key',
    askFor('answered 401 where 200 is due; check the key of the control protocol: requests.key in the target file, …'),
  ),
  clock: target(
    'a clock that is off',
    '✗ clock: the target is … s behind this machine, so tokens may look expired or not yet valid',
  ),
  lockedProxy: target(
    'a proxy that wants credentials',
    '✗ …/beta does not answer: the proxy … asks for credentials (407): put them into its address, as http://user:password@host:port',
  ),
  noProxy: target(
    'a proxy that is not there',
    '✗ …/beta does not answer: the proxy … refuses connections: is it running, and is its address right?',
  ),
} as const satisfies Readonly<Record<string, Mistake>>;

/** A token that the target does not take, in `doctor`. */
export const refusedToken = target(
  'a token that the target does not take',
  '✗ requestor from control: target-under-test does not take the token: it answered 401 to a harmless read (…)',
);

/** Another version in `baseUrl`: it is the end of a run, and `doctor` says so before. */
export const otherVersion = {
  doubted: {
    what: 'baseUrl with another version, in doctor, where the target serves the right one alone',
    says: '! baseUrl does not end in /beta, below which the edition beta-2021-05 has its paths: correct baseUrl, or choose another edition',
    code: 3,
  },
  run: target(
    'baseUrl with another version, in run, where the target serves the right one alone',
    '? INCOMPLETE (exit code 3: a MUST requirement could not be told or was left out: neither yes nor no)',
  ),
} as const satisfies Readonly<Record<string, Mistake>>;

/** With `--wait 1`. */
export const notUp = target(
  'a target that does not come up in time',
  '… did not answer anything within 1 s, so nothing was begun.',
);
