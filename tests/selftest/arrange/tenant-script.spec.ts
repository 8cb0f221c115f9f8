import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/engine/package.js';
import { expect, test } from '../support/cli.js';
import { runScript, type EndedStep } from '../support/pipelines.js';

const script = readFileSync(path.join(packageRoot, 'ci', 'tenant.sh'), 'utf8');

/**
 * The Azure CLI as far as the script asks it, in the shapes that its reference shows: notes each call, counts what it makes, and
 * refuses what the file `refuse` names.
 */
const azure = `#!/usr/bin/env bash
echo "$*" >>calls
if [[ -s refuse ]] && grep -q -- "$(cat refuse)" <<<"$*"; then echo 'Forbidden' >&2; exit 1; fi
made() { echo x >>made; printf 'id-%s\\n' "$(wc -l <made | tr -d ' ')"; }
case "$1 $2 $3" in
  'account show '*) echo 5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30 ;;
  'ad app create' | 'ad sp create' | 'ad user create' | 'ad group create') made ;;
  'ad sp show') echo graph-principal ;;
  'rest --method get') echo contoso.example ;;
  'rest --method post') made ;;
esac
`;

interface Scene {
  readonly say: (word: string) => Promise<EndedStep>;
  readonly calls: () => readonly string[];
  readonly folder: string;
}

function sceneIn(folder: string): Scene {
  const program = path.join(folder, 'az');
  writeFileSync(program, azure);
  chmodSync(program, 0o755);
  const environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  return {
    say: (word) => runScript(script.replace('case ${1:-} in', `case ${word} in`), { cwd: folder, environment }),
    calls: () => readFileSync(path.join(folder, 'calls'), 'utf8').trim().split('\n'),
    folder,
  };
}

const recordIn = (folder: string): readonly string[] =>
  readFileSync(path.join(folder, 'tenant.record'), 'utf8').trim().split('\n');

test('what a tenant needs is made with the least that it takes, and all of it is removed again', async ({ folder }) => {
  const { say, calls } = sceneIn(folder);
  const made = await say('make');
  expect(made.exitCode).toBe(0);
  const said = parse(made.stdout) as { readonly identities: Readonly<Record<string, object>> };
  expect(Object.keys(said.identities)).toEqual([
    ...['administrator', 'requestor', 'otherUser', 'readOnlyAdministrator', 'unscopedUser', 'subjectUser'],
    'application',
  ]);
  expect(recordIn(folder).map((line) => line.split('\t')[0])).toEqual([
    ...Array.from({ length: 5 }, () => 'app'),
    'group',
    ...Array.from({ length: 6 }, () => 'user'),
  ]);
  // Three hold the role; nobody else has one, and no other role is given.
  const roles = calls().filter((call) => call.includes('roleAssignments') && call.includes('roleDefinitionId'));
  expect(roles).toHaveLength(3);
  expect(roles.every((call) => call.includes('45d8d3c5-c802-45c6-b32a-1d70b5e1e86e'))).toBe(true);
  for (const scope of ['ReadWrite.All', 'Read.All', 'User.Read', 'EntitlementMgmt-SubjectAccess.ReadWrite'])
    expect(calls().filter((call) => call.includes('oauth2PermissionGrants') && call.includes(`${scope}"`))).not.toEqual(
      [],
    );
  // No password is printed, and who may read the file is its owner alone.
  const [password = ''] = /Aa1-\S+/.exec(readFileSync(path.join(folder, 'tenant.people'), 'utf8')) ?? [];
  expect(password.length).toBeGreaterThan(20);
  expect(made.stdout).not.toContain(password);
  expect(statSync(path.join(folder, 'tenant.people')).mode & 0o777).toBe(0o600);

  expect((await say('make')).exitCode).toBe(2);
  const ids = recordIn(folder).map((line) => line.split('\t')[1] ?? '');
  expect((await say('remove')).exitCode).toBe(0);
  const removed = calls().flatMap((call) => /^ad \w+ delete --\w+ (\S+)$/.exec(call)?.[1] ?? []);
  expect(removed).toEqual([...ids].reverse());
  expect(existsSync(path.join(folder, 'tenant.record'))).toBe(false);
  expect(existsSync(path.join(folder, 'tenant.people'))).toBe(false);
});

test('what was made before something failed is written down, and what cannot be removed stays so', async ({
  folder,
}) => {
  const { say } = sceneIn(folder);
  writeFileSync(path.join(folder, 'refuse'), 'ad group create');
  expect((await say('make')).exitCode).not.toBe(0);
  const written = recordIn(folder);
  expect(written).toHaveLength(5);
  const [, last = ''] = written.at(-1)?.split('\t') ?? [];
  writeFileSync(path.join(folder, 'refuse'), `delete --id ${last}`);
  expect((await say('remove')).exitCode).toBe(3);
  expect(recordIn(folder)).toEqual([`app\t${last}`]);
});
