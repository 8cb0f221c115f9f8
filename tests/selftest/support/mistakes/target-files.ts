import { mkdirSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Mistake } from './mistake.js';

/** Content of a target file, or of a file beside it, that is not what it has to be. */
interface MistakenFile extends Mistake {
  readonly file: string;
}

const mistaken = (what: string, file: string, says: string): MistakenFile => ({ what, file, says, code: 2 });
const below = (text: string): string => `name: a\nembedded: {}\n${text}\n`;

const oneKind = 'target.yaml: give either baseUrl (your server) or embedded (the one that comes along)';

/** A target file that says something else than was meant. */
export const targetFiles: readonly MistakenFile[] = [
  mistaken('YAML that is none', 'name: [a\n', 'target.yaml:2: not valid YAML: …'),
  mistaken('a target file that holds a list', '- name: a\n', 'target.yaml: must be a mapping of keys to values'),
  mistaken('an unknown key', below('settelMs: 5'), 'target.yaml:3: settelMs: unknown key; did you mean settleMs?'),
  mistaken(
    'an unknown key in depth',
    'name: a\nembedded:\n  falt: x\n',
    'target.yaml:3: embedded.falt: unknown key; did you mean fault? Known: fault, variant',
  ),
  mistaken('both kinds of target', 'name: a\nembedded: {}\nbaseUrl: http://h/beta\n', oneKind),
  mistaken('no kind of target', 'name: a\n', oneKind),
  mistaken(
    'requests of the embedded target',
    below('requests: { provider: control, url: http://h/conformance/v1 }'),
    'target.yaml:3: requests: the embedded target brings its own; leave the key out',
  ),
  mistaken(
    'headers for the embedded target',
    below('headers: { x-a: b }'),
    'target.yaml:3: headers: nothing stands before the embedded target; leave the key out',
  ),
  mistaken(
    'TLS of the embedded target',
    below('tls: { ca: x }'),
    'target.yaml:3: tls: nothing stands before the embedded target; leave the key out',
  ),
  mistaken(
    'a target without requests',
    'name: a\nbaseUrl: http://h/beta\n',
    'target.yaml: requests is missing: the suite must know where its requests come from',
  ),
  mistaken(
    'a reading as a number',
    below('readings: { C-1: 200 }'),
    "target.yaml:3: readings.C-1: 200 is no text as it stands there: quote it, '200'",
  ),
  mistaken(
    'an unknown reading in a file',
    below("readings: { C-1: '201' }"),
    'target.yaml:3: readings.C-1: C-1 has no reading 201; did you mean 200? Known: 200, 204, either',
  ),
  mistaken(
    'a persona that is none',
    below('identities: { requester: { token: { control: true } } }'),
    'target.yaml:3: identities.requester: unknown key; did you mean requestor?',
  ),
  mistaken(
    'an unknown fault',
    'name: a\nembedded: { fault: always-402 }\n',
    'no fault always-402; did you mean always-401?',
  ),
  mistaken(
    'a port left out',
    'name: a\nbaseUrl: http://127.0.0.1:/beta\nrequests: { provider: control }\n',
    'target.yaml:2: baseUrl: "http://127.0.0.1:/beta" is not what it has to be: Absolute http or https address without credentials, query, fragment or a slash at the end.',
  ),
  mistaken('a time-out out of range', below('timeoutMs: 5'), 'target.yaml:3: timeoutMs: must be >= 100'),
  ...[
    ['requests', 'baseUrl: http://127.0.0.1:9/beta', 'requests:'],
    ['identities', 'embedded: {}', 'identities:'],
    ['identities.requestor', 'embedded: {}', 'identities: { requestor: }'],
    ['identities.requestor.token', 'embedded: {}', 'identities: { requestor: { token: } }'],
    ['readings', 'embedded: {}', 'readings:'],
    ['cannotArrange', 'embedded: {}', 'cannotArrange:'],
  ].map(([key = '', kind = '', text = '']) =>
    mistaken(
      `nothing behind ${key}`,
      `name: a\n${kind}\n${text}\n`,
      `target.yaml:3: ${key}: nothing stands there: give what belongs there, or leave the key out`,
    ),
  ),
  mistaken(
    'nothing behind embedded',
    'name: a\nembedded:\n',
    'target.yaml:2: embedded: nothing stands there: give what belongs there, or leave the key out',
  ),
];

/** As somebody pastes it who takes `env` for the place of the token itself. */
const pasted = 'eyJhbGciOiJub25lIn0.eyJvaWQiOiJwYXN0ZWQifQ.c2lnbmF0dXJl';
const noName = 'not the name of an environment variable; name the one that holds the secret, and put the secret there';
const served = 'name: a\nbaseUrl: http://127.0.0.1:9/beta\n';

/** A secret that stands where its variable is named; it must not be told. */
export const pastedSecrets: readonly MistakenFile[] = [
  mistaken(
    'a token in the place of its variable',
    `${served}requests: { provider: control }\nidentities: { requestor: { token: { env: ${pasted} } } }\n`,
    `target.yaml:4: identities.requestor.token.env: ${noName}`,
  ),
  mistaken(
    'a key in the place of its variable',
    `${served}requests: { provider: control, key: { env: ${pasted} } }\n`,
    `target.yaml:3: requests.key.env: ${noName}`,
  ),
  mistaken(
    'a secret in the place of its variable',
    `${served}requests: { provider: control }\nidentities: { application: { token: { clientCredentials: { secret: { env: ${pasted} } } } } }\n`,
    `target.yaml:4: identities.application.token.clientCredentials.secret.env: ${noName}`,
  ),
];

const cut = 'the value is cut off at its #: put it in quotes';

/** Lines of a `.env` of which the target file names KEY_OF_MINE. */
export const variables: readonly MistakenFile[] = [
  mistaken('a # that goes on', '\n# a remark\nKEY_OF_MINE=abc#def-123\n', `.env:3: KEY_OF_MINE: ${cut}`),
  mistaken('a # that comes first', 'KEY_OF_MINE=#def-123\n', `.env:1: KEY_OF_MINE: ${cut}`),
  mistaken(
    'a quote without an end',
    'export KEY_OF_MINE="abc-123\n',
    '.env:1: KEY_OF_MINE: the value has a quote in front that does not end: write both, or none',
  ),
  mistaken('a setting that is cut', 'CANCEL_EDITION=beta#2021\n', `.env:1: CANCEL_EDITION: ${cut}`),
];

/** Puts something in the place of a file. */
interface Misplaced extends Mistake {
  /** What it holds, or what makes it. */
  readonly lies: string | Buffer | ((file: string) => unknown);
}

const aliases = Array.from({ length: 12 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`).join('');
const empty = 'target.yaml: nothing stands in it; it needs name';
const noMapping = 'target.yaml: must be a mapping of keys to values';

/** What lies in the place of a file that is read, by what it is, and what is said where that is a target file. */
export const contents = {
  nothing: { lies: '', says: empty },
  'a comment alone': { lies: '# nothing but a comment\n', says: empty },
  'an empty document': { lies: '---\n', says: empty },
  null: { lies: 'null\n', says: empty },
  'a number': { lies: '42\n', says: noMapping },
  'a list': { lies: '- a\n', says: noMapping },
  'UTF-16': {
    lies: Buffer.from('\ufeffname: a\n', 'utf16le'),
    says: 'target.yaml: UTF-16, and not UTF-8: save it as UTF-8',
  },
  'Latin-1': { lies: Buffer.from('name: caf\xe9\n', 'latin1'), says: 'target.yaml:1: not UTF-8: save it as UTF-8' },
  'aliases that multiply': {
    lies: `a0: &a0 [x, x]\n${aliases}`,
    says: 'target.yaml: not valid YAML: Excessive alias count indicates a resource exhaustion attack',
  },
  'an alias of itself': {
    lies: 'a: &a { b: *a }\n',
    says: 'target.yaml: a part of it holds itself by an alias (*); write it out',
  },
  'a folder': {
    lies: (file: string) => {
      mkdirSync(file);
    },
    says: 'target.yaml: a folder, no file',
  },
  'a pipe': { lies: (file: string) => execFileSync('sh', ['-c', 'mkfifo "$0"', file]), says: '' },
  'an endless device': {
    lies: (file: string) => {
      symlinkSync('/dev/zero', file);
    },
    says: 'target.yaml: larger than 1 MiB, the most that a target file may have',
  },
  'an empty device': {
    lies: (file: string) => {
      symlinkSync('/dev/null', file);
    },
    says: empty,
  },
  'a link to itself': {
    lies: (file: string) => {
      symlinkSync(path.basename(file), file);
    },
    says: 'target.yaml: no such target file; give the path of a target file or a URL with http(s)://',
  },
} as const satisfies Readonly<Record<string, Omit<Misplaced, 'what' | 'code'>>>;
