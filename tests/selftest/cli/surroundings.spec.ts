import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../../src/engine/package.js';
import { cliMain, expect, test } from '../support/cli.js';
import { pageText } from '../support/doc-pages.js';
import { saying } from '../support/mistakes/mistake.js';
import {
  fewDescriptors,
  poorSurroundings,
  releases,
  thrown,
  type Surroundings,
} from '../support/mistakes/surroundings.js';

// What the suite finds around it may be poor or broken: then it works all the same, or says in one line what to set, with exit
// code 2. Never 1, which is a verdict, and never a stack trace. Each line of the tables is a process of its own.

/** What of its surroundings a process is started with. */
type Around = Pick<Surroundings, 'before' | 'environment' | 'uid'>;

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function carryOut(args: readonly string[], surroundings: Around, cwd: string): Promise<Ended> {
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

for (const surroundings of poorSurroundings) {
  const { what, says, code, command = 'doctor', uid } = surroundings;

  test(`${command} ${code === 0 ? 'works with' : 'says what to do about'} ${what}`, async ({ folder }) => {
    test.skip(uid !== undefined && process.getuid?.() !== 0, 'only root can become somebody else');
    const ended = await carryOut([cliMain, command], surroundings, uid === undefined ? folder : '/');
    expect(ended.stderr).toMatch(says === '' ? /^$/ : saying(says));
    expect(ended.exitCode).toBe(code);
  });
}

/** Where a command works, or says what is wrong: doctor may find the target alone out of reach, and a run of one area is incomplete. */
const codesOf = (command: string): readonly number[] => (['doctor', 'run'].includes(command) ? [0, 2, 3] : [0, 2]);

// From too few for the platform itself up to enough; each command ends in another way from some limit on.
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
    const surroundings = { before: `ulimit -n ${limit};` };
    const [empty, page] = [path.join(folder, 'empty.mjs'), path.join(folder, 'page.md')];
    writeFileSync(empty, '');
    writeFileSync(page, pageText('sound.en-US.md'));
    const { exitCode, stderr } = await carryOut([cliMain, ...args], surroundings, folder);
    const works = codesOf(args[0]).includes(exitCode ?? -1);
    const platform = works ? null : await carryOut([empty], surroundings, folder);
    test.skip(platform !== null && platform.exitCode !== 0, 'the platform itself cannot carry out an empty file');
    expect(stderr).toMatch(exitCode === fewDescriptors.code ? saying(fewDescriptors.says) : /^$/);
    expect(works, `exit code ${exitCode}`).toBe(true);
  });
}

/** Runs before the first module, in place of the platform that it changes. */
const preloaded = (code: string): readonly string[] => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];

for (const { version, says, code } of releases) {
  test(`${code === 0 ? 'takes' : 'refuses'} Node.js ${version}`, async ({ folder }) => {
    const versions = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
    const { exitCode, stderr } = await carryOut([...preloaded(versions), cliMain, '--version'], {}, folder);
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: says === '' ? '' : `${says}\n` });
  });
}

for (const { what, throws, says, code } of thrown) {
  test(`ends with ${code} for ${what}`, async ({ folder }) => {
    // As soon as the first module is ready for the worst.
    const late = `process.on('newListener', (event) => {
      if (event === 'unhandledRejection') setImmediate(async () => { ${throws} });
    });`;
    const { exitCode, stderr } = await carryOut([...preloaded(late), cliMain, 'serve'], {}, folder);
    const report = code === 4 ? 'Please report this with the command that you ran.\n' : '';
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: `${says}\n${report}` });
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
    const { exitCode, stderr } = await carryOut([...preloaded(hooks(code)), cliMain, 'plan'], {}, folder);
    expect(stderr).toMatch(
      /^The suite itself is at fault: (Unexpected token|Cannot find module)[^\n]*\nPlease report[^\n]*\n$/,
    );
    expect(exitCode).toBe(4);
  }
});

test('npm start in a clone in which nothing is installed yet says what to do', async ({ folder }) => {
  const child = spawn('sh', [path.join(packageRoot, 'scripts', 'ensure-built.sh')], { cwd: folder });
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  expect(stderr).toBe('Nothing is installed or built here yet: run npm ci, then this again.\n');
  expect(exitCode).toBe(2);
  const { scripts } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as PackageFile;
  expect(scripts['prestart']).toBe('sh scripts/ensure-built.sh');
});

interface PackageFile {
  readonly scripts: Readonly<Record<string, string>>;
}
