import type { Mistake } from './mistake.js';

/** What a target file says of the way to the target. */
interface Wayward extends Mistake {
  readonly headers?: object;
  readonly tls?: object;
}

const at = (what: string, headers: object, says: string): Wayward => ({
  what,
  headers,
  says: `target.yaml:1: headers.${says}`,
  code: 2,
});
const noValue = 'is no value of a header: one line, of characters of Latin-1, without white space around it';
const noName = 'is no name of a header: letters, digits and hyphens, without a colon';
const oneSource = 'give the value as text (quote a number), or exactly one of env, file, command';

/** Headers for a gateway; WORD holds a plain word, LINES_IN two lines. */
export const headerMistakes: readonly Wayward[] = [
  at('an empty name', { '': 'v' }, ': unknown key'),
  at('a name with a space', { 'x y': 'v' }, `x y: ${noName}`),
  at('a header pasted whole', { 'x-api-key: S3cret': 'v' }, `x-api-key…: ${noName}`),
  at('a name with a line break', { 'x\r\ny': 'v' }, String.raw`x\r…`),
  at('the same name twice', { 'x-a': 'v', 'X-A': 'w' }, 'X-A: the same header is there twice'),
  at('a line break', { 'x-a': 'v\r\nhost: other' }, `x-a: the text ${noValue}`),
  at('a character beyond Latin-1', { 'x-a': 'v€' }, `x-a: the text ${noValue}`),
  at('white space around it', { 'x-a': ' v' }, `x-a: the text ${noValue}`),
  at('no text', { 'x-a': '' }, `x-a: the text ${noValue}`),
  at('a number', { 'x-a': 5 }, `x-a: ${oneSource}`),
  at('two sources', { 'x-a': { env: 'A', file: 'b' } }, `x-a: ${oneSource}`),
  at('a variable that is not set', { 'x-a': { env: 'UNSET' } }, 'x-a: the environment variable UNSET is not set'),
  at('a file that is not there', { 'x-a': { file: 'none.txt' } }, 'x-a: the file none.txt: no such file'),
  at('a command that fails', { 'x-a': { command: ['false'] } }, 'x-a: the command false ended with exit code 1'),
  at(
    'a plain word',
    { 'x-a': { env: 'WORD' } },
    'x-a: the environment variable WORD holds a plain word, so reports could not be kept free of it: use one with digits, or of 16 characters and more',
  ),
  at('lines', { 'x-a': { env: 'LINES_IN' } }, `x-a: the environment variable LINES_IN ${noValue}`),
];

const tlsOf = (what: string, tls: object, says: string): Wayward => ({
  what,
  tls,
  says: `target.yaml:1: tls.${says}`,
  code: 2,
});
const noKey = 'holds no key in PEM form (BEGIN PRIVATE KEY) that can be read';
const alone = 'of no use without tls.cert, the certificate itself';

/** Certificates; the test writes the files that are named as what they hold. */
export const tlsMistakes: readonly Wayward[] = [
  tlsOf('an authority that is not there', { ca: 'x.pem' }, 'ca: x.pem: no such file'),
  tlsOf(
    'an authority that is none',
    { ca: 'none.pem' },
    'ca: none.pem: holds no certificate in PEM form (BEGIN CERTIFICATE)',
  ),
  tlsOf(
    'an authority that cannot be read',
    { ca: 'broken.pem' },
    'ca: broken.pem: holds a certificate that cannot be read',
  ),
  tlsOf('a folder as authority', { ca: '.' }, 'ca: …: a folder, no file'),
  tlsOf(
    'a key as certificate',
    { cert: 'key.pem' },
    'cert: key.pem: holds no certificate in PEM form (BEGIN CERTIFICATE)',
  ),
  tlsOf(
    'a certificate without its key',
    { cert: 'client.pem' },
    `cert: client.pem: ${noKey}; a key with a passphrase needs passphrase`,
  ),
  tlsOf('a key alone', { key: 'key.pem' }, `key: ${alone}`),
  tlsOf('a passphrase alone', { passphrase: { env: 'P' } }, `passphrase: ${alone}`),
  tlsOf(
    'the key of another certificate',
    { cert: 'client.pem', key: 'other.pem' },
    'key: other.pem: the key does not belong to the certificate in client.pem',
  ),
  tlsOf(
    'a key without its passphrase',
    { cert: 'client.pem', key: 'locked.pem' },
    `key: locked.pem: ${noKey}; a key with a passphrase needs passphrase`,
  ),
  tlsOf(
    'a wrong passphrase',
    { cert: 'client.pem', key: 'locked.pem', passphrase: { env: 'WRONG' } },
    `key: locked.pem: ${noKey} with this passphrase`,
  ),
  tlsOf(
    'a passphrase that is not set',
    { cert: 'client.pem', key: 'locked.pem', passphrase: { env: 'UNSET' } },
    'passphrase: the environment variable UNSET is not set',
  ),
];
