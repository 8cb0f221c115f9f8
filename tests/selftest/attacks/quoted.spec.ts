import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, runCli, test } from '../support/cli.js';

// What was refused is quoted, for whoever misspelt it; what was pasted into the wrong place, and may be a secret, is not.

const secret = 'S3cret-Tok3n-of-4711-abcdefghijklmnopqrstuvwxyz';

const own = (text: string): string => `name: a\nembedded: {}\n${text}\n`;
const served = (text: string): string => `name: a\nbaseUrl: http://h/beta\nrequests: { provider: control }\n${text}\n`;

/** What stands in a target file. */
const files: Readonly<Record<string, string>> = {
  'credentials in baseUrl': `name: a\nbaseUrl: http://me:${secret}@h/beta\nrequests: { provider: control }\n`,
  'a query of baseUrl': `name: a\nbaseUrl: http://h/beta?sig=${secret}\nrequests: { provider: control }\n`,
  'credentials of the control protocol': `name: a\nbaseUrl: http://h/beta\nrequests: { provider: control, url: 'http://x:${secret}@h/c' }\n`,
  'an edition': own(`edition: ${secret}`),
  'a reading': own(`readings: { C-1: ${secret} }`),
  'a clause': own(`readings: { ${secret}: '200' }`),
  'a number': own(`settleMs: ${secret}`),
  'a fault': `name: a\nembedded: { fault: ${secret} }\n`,
  'a provider': `name: a\nbaseUrl: http://h/beta\nrequests: { provider: ${secret} }\n`,
  'a key': served(`${secret}: x`),
  'a persona': served(`identities: { ${secret}: { token: { control: true } } }`),
  'a token': served(`identities: { requestor: { token: ${secret} } }`),
  'a token in the place of its variable': served(`identities: { requestor: { token: { env: ${secret} } } }`),
  'a key of the control protocol': `name: a\nbaseUrl: http://h/beta\nrequests: { provider: control, key: ${secret} }\n`,
  'credentials of an authority': served(`identityPlatform: { authority: 'https://u:${secret}@h' }`),
  'an id of a client': served(`identityPlatform: { clientId: '${secret}' }`),
  'a header pasted whole': served(`headers: { 'x-api-key: ${secret}': x }`),
};

/** The variables that hold settings. */
const variables = ['EDITION', 'READING', 'BASE_URL', 'CONTROL_URL', 'SETTLE_MS', 'TIMEOUT_MS', 'TOTAL_MS'];

const options: readonly (readonly string[])[] = [
  ['--edition', secret],
  ['--reading', secret],
  ['--reading', `C-1=${secret}`],
  ['--reading', `${secret}=200`],
  ['--area', secret],
  ['--workers', secret],
  ['--wait', secret],
  ['--target', `http://me:${secret}@h`],
  ['--target', `http://h?sig=${secret}`],
  [`--token=${secret}`],
];

interface Attempt {
  readonly what: string;
  readonly file?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

const attempts: readonly Attempt[] = [
  ...Object.entries(files).map(([what, file]) => ({ what, file })),
  ...variables.map((name) => ({ what: `CANCEL_${name}`, environment: { [`CANCEL_${name}`]: secret } })),
  { what: 'CANCEL_TARGET', environment: { CANCEL_TARGET: `https://me:${secret}@h` } },
  ...options.map((args) => ({ what: args.join(' ').replace(secret, '…'), args })),
];

for (const { what, file, environment = {}, args = [] } of attempts) {
  test(`${what} is refused and not quoted`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'target.yaml'), file ?? '');
    const named = file === undefined ? [] : ['--target', 'target.yaml'];
    const { exitCode, stdout, stderr } = await runCli(['run', ...named, ...args], { cwd: folder, environment });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toMatch(/S3cret|4711/);
    expect(stderr.length).toBeGreaterThan(20);
  });
}

test('what is misspelt is quoted', async ({ folder }) => {
  for (const [args, told] of [
    [['--edition', 'beta-2021'], '--edition: no edition beta-2021; did you mean'],
    [['--reading', 'C-1=205'], '--reading C-1=205: C-1 has no reading 205'],
    [['--workers', 'two'], '--workers two: '],
  ] as const) {
    expect((await runCli(['run', ...args], { cwd: folder })).stderr).toContain(told);
  }
});
