import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseTerraform } from '@cdktn/hcl2json';
import { parse } from 'yaml';
import { personas } from '../../../src/cancel/personas.js';
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

const terraform = readFileSync(path.join(packageRoot, 'docs', 'examples', 'terraform', 'main.tf'), 'utf8');

type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, readonly Block[]>>;

/** What of the other way is held against the script. */
interface Described {
  readonly locals: readonly [
    {
      readonly graph: string;
      readonly role: string;
      readonly delegated: Readonly<Record<string, string>>;
      readonly people: readonly string[];
      readonly administrators: readonly string[];
    },
  ];
  readonly resource: Readonly<Record<string, Blocks>>;
  readonly output: { readonly target: readonly [{ readonly value: string }] };
}

const described = async (): Promise<Described> => (await parseTerraform('main.tf', terraform)) as unknown as Described;

/** Which client a persona of a target file signs in to, where it is not the one of most. */
function clientsIn(text: string): Readonly<Record<string, string>> {
  const form =
    /(\w+): \{ token: .*clientId: \$(?:\(cat "\$scratch\/(\w+)"\)|\{azuread_application\.delegated\["(\w+)"\])/g;
  return Object.fromEntries(
    [...text.matchAll(form)].map(([, persona = '', one, other]) => [persona, one ?? other ?? '']),
  );
}

/** A target file, without the ids that a tenant gives. */
const withoutIds = (text: string): unknown =>
  parse(text.replaceAll(/\$\{[^}]*\}/g, 'id').replaceAll(/(tenant|clientId): [\w.-]+/g, '$1: id'));

test('by Terraform the same is made under the same names', async ({ folder }) => {
  const { say, calls } = sceneIn(folder);
  const made = await say('make');
  const { locals, resource, output } = await described();
  const [{ graph, role, delegated, people, administrators }] = locals;
  const called = (form: RegExp): readonly string[] => calls().flatMap((call) => form.exec(call)?.[1] ?? []);

  const clients = called(
    /^ad app create --display-name cancel-conformance (\w+) .*--public-client-redirect-uris http:\/\/localhost /,
  );
  const scopes = called(/oauth2PermissionGrants .*"scope":"([^"]+)"/);
  expect(Object.fromEntries(clients.map((name, index) => [name, scopes[index]]))).toEqual(delegated);
  expect(called(/^ad app create --display-name cancel-conformance (\w+) /)).toEqual([...clients, 'application']);
  expect(called(/^ad user create --display-name cancel-conformance (\w+) /)).toEqual(people);
  expect(called(/^ad group create --display-name cancel-conformance (\w+) /)).toEqual(['people']);
  expect(script).toContain(`${administrators.join(' | ')})`);
  expect(called(/"roleDefinitionId":"([^"]+)"/)).toEqual(administrators.map(() => role));
  expect(called(/^ad sp show --id ([\w-]+) --query id /)).toEqual([graph]);
  const roles = called(/appRoles\[\?value=='([^']+)'\]/);
  expect(resource['azuread_app_role_assignment']?.['application']).toMatchObject([
    { app_role_id: `\${data.azuread_service_principal.graph.app_role_ids["${roles[0] ?? ''}"]}` },
  ]);
  expect(resource['azuread_application']).toMatchObject({
    delegated: [
      {
        sign_in_audience: 'AzureADMyOrg',
        fallback_public_client_enabled: true,
        public_client: [{ redirect_uris: ['http://localhost'] }],
      },
    ],
    application: [{ sign_in_audience: 'AzureADMyOrg', fallback_public_client_enabled: false }],
  });
  expect(Object.keys(resource['azuread_directory_role_assignment'] ?? {})).toEqual(['administrators']);
  // What is printed for the target file is the same, too.
  expect(withoutIds(output.target[0].value)).toEqual(withoutIds(made.stdout));
  expect(clientsIn(output.target[0].value)).toEqual(clientsIn(script));
});

test('each permission and role is the one that the personas need and the page names', async () => {
  const { locals, output } = await described();
  const [{ role, delegated }] = locals;
  const page = readFileSync(path.join(packageRoot, 'docs', 'live-tenant.md'), 'utf8');
  const own = clientsIn(output.target[0].value);
  const { identities } = withoutIds(output.target[0].value) as {
    readonly identities: Readonly<Record<string, object>>;
  };
  const ofPeople = Object.keys(identities).filter(
    (name) => name !== 'application',
  ) as readonly (keyof typeof personas)[];
  const needed = ofPeople.map((name) => [name, personas[name].permission]);
  expect(ofPeople.map((name) => [name, delegated[own[name] ?? 'people']])).toEqual(needed);
  for (const permission of Object.values(delegated)) expect(page).toContain(permission);
  const names = readFileSync(path.join(packageRoot, 'src', 'cancel', 'personas.ts'), 'utf8');
  expect(names).toContain(`'${role}'`);
  expect(terraform).toContain('Identity Governance Administrator');
  expect(page).toContain('Identity Governance Administrator');
});
