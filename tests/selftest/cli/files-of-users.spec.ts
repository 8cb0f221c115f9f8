import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { pageText } from '../support/doc-pages.js';
import { firstLine, saying } from '../support/mistakes/mistake.js';
import { contents, pastedSecrets, variables } from '../support/mistakes/target-files.js';

// Whatever a user gives in place of a file: exit code 2 and one message that begins with its name.

type Content = keyof typeof contents;
const all = Object.keys(contents) as readonly Content[];
const but = (...left: readonly Content[]): readonly Content[] => all.filter((content) => !left.includes(content));

function put(file: string, content: Content): void {
  rmSync(file, { recursive: true, force: true });
  const { lies } = contents[content];
  if (typeof lies === 'function') lies(file);
  else writeFileSync(file, lies);
}

interface Kind {
  /** Its name in the working directory. */
  readonly file: string;
  readonly commands: readonly (readonly string[])[];
  /** What is tried; default: all. A pipe is waited for where one may be given: that is told in `files`. */
  readonly tried?: readonly Content[];
  /** Puts beside it what the commands need. */
  readonly beside?: (folder: string) => void;
  readonly environment?: Readonly<Record<string, string>>;
}

const served = { baseUrl: 'http://127.0.0.1:9/beta' };

const withInventory = (folder: string): void => {
  writeTarget(folder, {
    ...served,
    identities: { administrator: { token: { env: 'SELF_TEST_TOKEN' } } },
    requests: { provider: 'inventory', file: 'inventory.yaml' },
  });
};

const live = { provider: 'graph', tenant: '5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30' };
const liveTarget = (folder: string): string =>
  writeTarget(folder, {
    ...served,
    identities: { administrator: { token: { env: 'SELF_TEST_TOKEN' } } },
    requests: live,
  });

const page = (folder: string): void => {
  writeFileSync(path.join(folder, 'sound.md'), pageText('sound.en-US.md'));
};

const kinds: Readonly<Record<string, Kind>> = {
  'a target file': {
    file: 'target.yaml',
    commands: [
      ['run', '--target', 'target.yaml'],
      ['plan', '--target', 'target.yaml'],
      ['doctor', '--target', 'target.yaml'],
      ['prepare', '--target', 'target.yaml'],
      ['recover', 'journal.jsonl', '--target', 'target.yaml'],
    ],
    tried: but('a pipe'),
  },
  'a waiver file': { file: 'waivers.yaml', commands: [['run', '--waivers', 'waivers.yaml']], tried: but('a pipe') },
  'an inventory': {
    file: 'inventory.yaml',
    commands: ['run', 'plan', 'doctor'].map((name) => [name, '--target', 'target.yaml']),
    beside: withInventory,
  },
  'a report': {
    file: 'report.json',
    commands: [
      ['compare', 'report.json', 'report.json'],
      ['report', 'report.json'],
      ['waive', 'report.json', '--owner', 'a', '--reason', 'b'],
      ['annotate', 'report.json', '--for', 'github'],
      ['doc', 'sound.md', '--suggest', 'report.json', '--out', 'out'],
    ],
    tried: but('a pipe', 'an endless device', 'a folder'),
    beside: page,
  },
  'the report of a bundle': { file: 'report.json', commands: [['judge', 'report.json']], tried: but('a folder') },
  'a page': { file: 'page.md', commands: [['doc', 'page.md']], tried: but('a pipe') },
  'a page whose sentences are counted': {
    file: 'page.md',
    commands: [['doc', 'page.md', '--coverage']],
    tried: ['nothing', 'an empty document', 'UTF-16', 'Latin-1', 'a folder', 'an endless device', 'an empty device'],
  },
  'an ownership file': {
    file: 'owners.yaml',
    commands: [['doc', 'sound.md', '--coverage', '--ownership', 'owners.yaml']],
    tried: but('a pipe', 'an endless device'),
    beside: page,
  },
  'a journal': {
    file: 'journal.jsonl',
    commands: [['recover', 'journal.jsonl', '--target', 'target.yaml']],
    // A folder is one of journals; without any there is nothing to recover.
    tried: but('a folder'),
    beside: liveTarget,
  },
  'a file of variables': {
    file: '.env',
    commands: [['plan'], ['doctor'], ['serve', '--port', '0']],
    tried: ['UTF-16', 'Latin-1', 'a folder', 'a pipe', 'an endless device', 'a link to itself'],
  },
  'a file of variables by name': {
    file: 'variables',
    commands: [['plan']],
    tried: ['UTF-16', 'a folder', 'a pipe'],
    environment: { DOTENV_PATH: 'variables' },
  },
};

for (const [what, { file, commands, tried = all, beside, environment = {} }] of Object.entries(kinds)) {
  test(`says of everything in the place of ${what} what it is`, async ({ folder }) => {
    beside?.(folder);
    for (const content of tried) {
      put(path.join(folder, file), content);
      for (const command of commands) {
        const { exitCode, stdout, stderr } = await runCli(command, { cwd: folder, environment });
        const said = { exitCode, stdout, stderr };
        const shape = new RegExp(String.raw`^${file.replaceAll('.', String.raw`\.`)}(:\d+)?: [^\n]+\n$`);
        expect(said, `${command.join(' ')}: ${content}`).toEqual({
          exitCode: 2,
          stdout: '',
          stderr: expect.stringMatching(shape),
        });
        const { says } = contents[content];
        if (file === 'target.yaml') expect(firstLine(stderr)).toMatch(saying(says));
      }
    }
  });
}

test('says of everything in the place of the evidence of a run what it is', async ({ folder, embeddedRun }) => {
  cpSync(path.join(embeddedRun.out, 'report.json'), path.join(folder, 'report.json'));
  for (const content of but('nothing', 'an empty device')) {
    put(path.join(folder, 'evidence.jsonl'), content);
    const { exitCode, stderr } = await runCli(['judge', 'report.json'], { cwd: folder });
    expect({ exitCode, stderr }, content).toEqual({
      exitCode: 2,
      stderr: expect.stringMatching(/^evidence\.jsonl(:\d+)?: [^\n]+\n$/),
    });
  }
});

for (const [what, content] of [
  ['thousands of names', Array.from({ length: 6000 }, (_, at) => `A${at}=1\n`).join('')],
  ['thousands of quotes that do not end', Array.from({ length: 6000 }, (_, at) => `A${at}="x\n`).join('')],
] as const) {
  test(`a file of variables of ${what} is read in a time that nobody notices`, async ({ folder }) => {
    writeFileSync(path.join(folder, '.env'), content);
    const begin = process.cpuUsage();
    const { exitCode } = await runCli(['plan'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(2000);
    writeFileSync(path.join(folder, '.env'), content.repeat(2));
    const { stderr } = await runCli(['plan'], { cwd: folder });
    expect(stderr).toBe('.env: larger than 64 KiB, the most that a file of variables may have\n');
  });
}

for (const { what, file, says, code } of pastedSecrets) {
  test(`${what} is refused and not shown`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'target.yaml'), file);
    const { exitCode, stdout, stderr } = await runCli(['run', '--target', 'target.yaml'], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toBe(`${says}\n`);
  });
}

const named = { ...served, requests: { provider: 'control', key: { env: 'KEY_OF_MINE' } } };

for (const { what, file, says, code } of variables) {
  test(`a variable in .env with ${what} is named, and its value is not shown`, async ({ folder }) => {
    writeTarget(folder, named);
    writeFileSync(path.join(folder, '.env'), file);
    const { exitCode, stderr } = await runCli(['doctor', '--target', 'target.yaml'], { cwd: folder });
    expect(exitCode).toBe(code);
    expect(stderr).toBe(`${says}\n`);
    expect(stderr).not.toMatch(/abc|123|2021/);
    // What is set already is not taken from the file, however it stands there.
    const environment = { KEY_OF_MINE: 'a-key-of-mine-1', CANCEL_EDITION: 'beta-2021-05' };
    expect((await runCli(['plan', '--target', 'target.yaml'], { cwd: folder, environment })).exitCode).toBe(0);
  });
}

test('of .env only what the suite or the target file names is taken', async ({ folder }) => {
  writeTarget(folder, {
    embedded: {},
    identities: {
      requestor: {
        token: { command: ['sh', '-c', 'printf "%s" "told-$OTHER_VARIABLE-$NODE_OPTIONS-end" >told; exit 1'] },
      },
      otherUser: { token: { env: 'TOKEN_OF_MINE' } },
    },
  });
  writeFileSync(
    path.join(folder, '.env'),
    [
      'CANCEL_TIMEOUT_MS=700 # a remark',
      'TOKEN_OF_MINE="a token#1"#tail',
      'OTHER_VARIABLE=cut#off',
      'NODE_OPTIONS=--no-such-option',
      "UNUSED='a#b",
    ].join('\n'),
  );
  const { exitCode, stdout, stderr } = await runCli(['doctor', '--target', 'target.yaml'], { cwd: folder });
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  expect(stdout).toMatch(/timeoutMs +700 \(CANCEL_TIMEOUT_MS\)/);
  expect(stdout).toMatch(/the environment variable TOKEN_OF_MINE holds white space/);
  expect(readFileSync(path.join(folder, 'told'), 'utf8')).toBe('told---end');
});
