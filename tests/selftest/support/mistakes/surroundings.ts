import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../../src/engine/package.js';
import type { Mistake } from './mistake.js';

/** A user id that no machine has a name for. */
const nobody = 54_321;

/** What there is around the command, which is a process of its own. */
export interface Surroundings extends Mistake {
  /** The whole environment; default: PATH alone, so no HOME either. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Words of a shell before the command. */
  readonly before?: string;
  readonly uid?: number;
  readonly command?: string;
}

const fine = (what: string, more: Omit<Partial<Surroundings>, keyof Mistake> = {}): Surroundings => ({
  what,
  says: '',
  code: 0,
  ...more,
});

// Each is printed in another way: before anything is loaded, and by the library.
const printing = ['--version', '--help'];
const closed = 'exec >&-;';
const none = 'exec >&- 2>&- <&-;';
const full = 'exec >/dev/full;';
const gone = 'mkdir gone; cd gone; rmdir ../gone;';

/** Doctor, where nothing else is named: it prints, looks into files and opens sockets. */
export const poorSurroundings: readonly Surroundings[] = [
  fine('no HOME'),
  fine('an empty HOME', { environment: { HOME: '' } }),
  fine('a HOME that is not there', { environment: { HOME: '/nonexistent' } }),
  fine('a user without a name', { uid: nobody }),
  fine('a temporary folder that is not there', { environment: { TMPDIR: '/nonexistent' } }),
  fine('a temporary folder that cannot be written', { environment: { TMPDIR: '/proc' } }),
  fine('a user without a name, and no temporary folder', { environment: { TMPDIR: '/nonexistent' }, uid: nobody }),
  ...[...printing, 'doctor'].flatMap((command) => [
    fine('no standard output', { before: closed, command }),
    fine('no standard stream at all', { before: none, command }),
    {
      what: 'a full disk below standard output',
      before: full,
      command,
      says: 'standard output cannot be written (ENOSPC): send it somewhere else',
      code: 2,
    },
  ]),
  ...['--help', 'doctor'].map((command) => fine('a working directory that is gone', { before: gone, command })),
  {
    what: 'a working directory that is gone',
    before: gone,
    command: 'run',
    says: 'the working directory is gone or cannot be read: change into another one',
    code: 2,
  },
];

export const fewDescriptors: Mistake = {
  what: 'too few file descriptors',
  says: 'there are too few file descriptors …: raise the limit, for example with ulimit -n 1024, and run again',
  code: 2,
};

const { engines } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
  readonly engines: { readonly node: string };
};

/** Releases of Node.js. */
export const releases: readonly (Mistake & { readonly version: string })[] = (
  [
    ['12.22.12', false],
    ['18.20.4', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['21.7.3', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['22.13.1-nightly20250101', true],
    ['24.0.0', true],
  ] as const
).map(([version, isAdmitted]) => ({
  version,
  what: `Node.js ${version}`,
  says: isAdmitted
    ? ''
    : `cancel-conformance needs Node.js ${engines.node}, and this is ${version}: install another one`,
  code: isAdmitted ? 0 : 2,
}));

const fault = (message: string): Pick<Mistake, 'says' | 'code'> => ({
  says: `The suite itself is at fault: ${message}`,
  code: 4,
});
const remedied = (says: string): Pick<Mistake, 'says' | 'code'> => ({ says, code: 2 });

/** What is thrown where nobody waits for it. */
export const thrown: readonly (Mistake & { readonly throws: string })[] = [
  { what: 'an error that nobody caught', throws: `throw new Error('made up')`, ...fault('made up') },
  {
    what: 'an error with control characters',
    throws: `throw new Error('a\\u001b[31m\\nb')`,
    ...fault(String.raw`a\u001b[31m\nb`),
  },
  { what: 'what is no error, thrown', throws: `throw null`, ...fault('null') },
  { what: 'a promise that is broken', throws: `Promise.reject(new Error('made up'))`, ...fault('made up') },
  {
    what: 'a full temporary folder',
    throws: `throw Object.assign(new Error('full'), { code: 'ENOSPC', path: '/tmp/a/b' })`,
    ...remedied('the temporary folder /tmp cannot be used (ENOSPC): set TMPDIR to a folder that can be written'),
  },
  {
    what: 'no temporary folder, where one is needed',
    throws: `process.env.TMPDIR = '/nonexistent'; (await import('node:fs')).mkdtempSync('/nonexistent/a-')`,
    ...remedied('the temporary folder /nonexistent does not exist: set TMPDIR to a folder that can be written'),
  },
  {
    what: 'a full disk elsewhere, which nobody expected',
    throws: `throw Object.assign(new Error('full'), { code: 'ENOSPC', path: '/var/tmp/b' })`,
    ...fault('full'),
  },
  {
    what: 'too few descriptors below another error',
    throws: `throw new Error('b', { cause: Object.assign(new Error('a'), { code: 'EMFILE' }) })`,
    ...remedied(
      'there are too few file descriptors for this process: raise the limit, for example with ulimit -n 1024, and run again',
    ),
  },
  {
    what: 'a wrong use that is found late',
    throws: `throw Object.assign(new Error('a.yaml: wrong'), { name: 'ConfigurationError' })`,
    ...remedied('a.yaml: wrong'),
  },
];
