import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../../src/engine/package.js';
import { cliMain, expect, test } from '../support/cli.js';
import { pageText } from '../support/doc-pages.js';

// What the suite finds around it may be poor or broken: then it works all the same, or says in one line what to set, with exit
// code 2. Never 1, which is a verdict, and never a stack trace. Each line of the tables is a process of its own.

/** A user id that no machine has a name for. */
const nobody = 54_321;

interface Surroundings {
  readonly what: string;
  /** The whole environment; default: PATH alone, so no HOME either. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Words of a shell before the command. */
  readonly before?: string;
  readonly uid?: number;
  /** What is said where it does not work. */
  readonly says?: RegExp;
  /** The commands that are tried there besides doctor, which prints, looks into files and opens sockets. */
  readonly also?: readonly string[];
  /** Those that cannot work there. */
  readonly stops?: readonly string[];
}

const full = /^standard output cannot be written \(ENOSPC\): send it somewhere else\n$/;

// Each is printed in another way: before anything is loaded, and by the library.
const printing = ['--version', '--help'];

const poor: readonly Surroundings[] = [
  { what: 'no HOME' },
  { what: 'an empty HOME', environment: { HOME: '' } },
  { what: 'a HOME that is not there', environment: { HOME: '/nonexistent' } },
  { what: 'a user without a name', uid: nobody },
  { what: 'a temporary folder that is not there', environment: { TMPDIR: '/nonexistent' } },
  { what: 'a temporary folder that cannot be written', environment: { TMPDIR: '/proc' } },
  { what: 'a user without a name, and no temporary folder', environment: { TMPDIR: '/nonexistent' }, uid: nobody },
  { what: 'no standard output', before: 'exec >&-;', also: printing },
  { what: 'no standard stream at all', before: 'exec >&- 2>&- <&-;', also: printing },
  {
    what: 'a full disk below standard output',
    before: 'exec >/dev/full;',
    says: full,
    also: printing,
    stops: [...printing, 'doctor'],
  },
  {
    what: 'a working directory that is gone',
    before: 'mkdir gone; cd gone; rmdir ../gone;',
    says: /^the working directory is gone or cannot be read: change into another one\n$/,
    also: ['--help', 'run'],
    stops: ['run'],
  },
];

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function carryOut(args: readonly string[], surroundings: Surroundings, cwd: string): Promise<Ended> {
  const { before = '', environment = {}, uid } = surroundings;
  const child = spawn('/bin/sh', ['-c', `${before} exec "$@"`, 'sh', process.execPath, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, stdout, stderr };
}

for (const surroundings of poor) {
  const { what, says, also = [], stops = [], uid } = surroundings;
  for (const command of [...also, 'doctor']) {
    const stopped = stops.includes(command);

    test(`${command} ${stopped ? 'says what to do about' : 'works with'} ${what}`, async ({ folder }) => {
      test.skip(uid !== undefined && process.getuid?.() !== 0, 'only root can become somebody else');
      const ended = await carryOut([cliMain, command], surroundings, uid === undefined ? folder : '/');
      expect(ended.stderr).toMatch(stopped ? (says ?? /never/) : /^$/);
      expect(ended.exitCode).toBe(stopped ? 2 : 0);
    });
  }
}

const fewDescriptors =
  /^there are too few file descriptors .* raise the limit, for example with ulimit -n 1024, and run again\n$/;

/** From too few for the platform itself up to enough; each command ends in another way from some limit on. */
/** Where a command works, or says what is wrong: doctor may find the target alone out of reach, and a run of one area is incomplete. */
const codesOf = (command: string): readonly number[] => (['doctor', 'run'].includes(command) ? [0, 2, 3] : [0, 2]);

for (const [limit, ...args] of [
  [16, '--help'],
  [19, '--help'],
  [19, 'plan'],
  [20, 'doctor'],
  [22, 'plan'],
  [26, '--help'],
  [30, 'doctor'],
  [38, 'plan'],
  [50, 'plan'],
  // A page is parsed in a thread of its own, which has to be loaded, too.
  [52, 'doc', 'page.md'],
  [80, 'doctor'],
  // Where package.json of a package cannot be opened, the platform takes its folder for a module.
  [94, 'run', '--area', 'PERM'],
] as const) {
  test(`${args.join(' ')} works with ${limit} descriptors, or says that these are too few`, async ({ folder }) => {
    const surroundings = { what: '', before: `ulimit -n ${limit};` };
    const [empty, page] = [path.join(folder, 'empty.mjs'), path.join(folder, 'page.md')];
    writeFileSync(empty, '');
    writeFileSync(page, pageText('sound.en-US.md'));
    const { exitCode, stderr } = await carryOut([cliMain, ...args], surroundings, folder);
    const works = codesOf(args[0]).includes(exitCode ?? -1);
    const platform = works ? null : await carryOut([empty], surroundings, folder);
    test.skip(platform !== null && platform.exitCode !== 0, 'the platform itself cannot carry out an empty file');
    expect(stderr).toMatch(exitCode === 2 ? fewDescriptors : /^$/);
    expect(works, `exit code ${exitCode}`).toBe(true);
  });
}

/** Runs before the first module, in place of the platform that it changes. */
const preloaded = (code: string): readonly string[] => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];

const { engines } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
  readonly engines: { readonly node: string };
};

for (const [version, isAdmitted] of [
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
] as const) {
  test(`${isAdmitted ? 'takes' : 'refuses'} Node.js ${version}`, async ({ folder }) => {
    const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
    const { exitCode, stderr } = await carryOut([...preloaded(versions), cliMain, '--version'], { what: '' }, folder);
    const refused = `cancel-conformance needs Node.js ${engines.node}, and this is ${version}: install another one\n`;
    expect({ exitCode, stderr }).toEqual(isAdmitted ? { exitCode: 0, stderr: '' } : { exitCode: 2, stderr: refused });
  });
}

const fault = (message: string): string =>
  `The suite itself is at fault: ${message}\nPlease report this with the command that you ran.\n`;

/** What is thrown where nobody waits for it, and how the command ends for it. */
const thrown: readonly (readonly [what: string, code: string, exitCode: number, stderr: string])[] = [
  ['an error', `throw new Error('made up')`, 4, fault('made up')],
  ['an error with control characters', `throw new Error('a\\u001b[31m\\nb')`, 4, fault('a\\u001b[31m\\nb')],
  ['what is no error', `throw null`, 4, fault('null')],
  ['a promise that is broken', `Promise.reject(new Error('made up'))`, 4, fault('made up')],
  [
    'a full temporary folder',
    `throw Object.assign(new Error('full'), { code: 'ENOSPC', path: '/tmp/a/b' })`,
    2,
    'the temporary folder /tmp cannot be used (ENOSPC): set TMPDIR to a folder that can be written\n',
  ],
  [
    'no temporary folder',
    `process.env.TMPDIR = '/nonexistent'; (await import('node:fs')).mkdtempSync('/nonexistent/a-')`,
    2,
    'the temporary folder /nonexistent does not exist: set TMPDIR to a folder that can be written\n',
  ],
  [
    'a full disk elsewhere',
    `throw Object.assign(new Error('full'), { code: 'ENOSPC', path: '/var/tmp/b' })`,
    4,
    fault('full'),
  ],
  [
    'too few descriptors below another error',
    `throw new Error('b', { cause: Object.assign(new Error('a'), { code: 'EMFILE' }) })`,
    2,
    'there are too few file descriptors for this process: raise the limit, for example with ulimit -n 1024, and run again\n',
  ],
  [
    'a wrong use',
    `throw Object.assign(new Error('a.yaml: wrong'), { name: 'ConfigurationError' })`,
    2,
    'a.yaml: wrong\n',
  ],
];

for (const [what, code, exitCode, stderr] of thrown) {
  test(`ends with ${exitCode} for ${what}`, async ({ folder }) => {
    // As soon as the first module is ready for the worst.
    const late = `process.on('newListener', (event) => {
      if (event === 'unhandledRejection') setImmediate(async () => { ${code} });
    });`;
    const args = [...preloaded(late), cliMain, 'serve'];
    const ended = await carryOut(args, { what }, folder);
    expect(ended).toMatchObject({ exitCode, stderr });
  });
}

test('a part of the suite that is missing or broken is a fault of the suite, and no verdict', async ({ folder }) => {
  const hooks = (code: string): string =>
    `import { register } from 'node:module';
     register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(code)}));`;
  const broken = `export async function load(url, context, next) {
    return url.endsWith('/cli/program.js')
      ? { format: 'module', shortCircuit: true, source: 'export const = broken' }
      : next(url, context);
  }`;
  const missing = `export async function resolve(name, context, next) {
    return next(name === './program.js' ? './no-such-file.js' : name, context);
  }`;
  for (const code of [broken, missing]) {
    const { exitCode, stderr } = await carryOut([...preloaded(hooks(code)), cliMain, 'plan'], { what: '' }, folder);
    expect(stderr).toMatch(
      /^The suite itself is at fault: (Unexpected token|Cannot find module)[^\n]*\nPlease report[^\n]*\n$/,
    );
    expect(exitCode).toBe(4);
  }
});
