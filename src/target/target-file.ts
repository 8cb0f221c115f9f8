import { existsSync } from 'node:fs';
import { addressInWords } from '../engine/address.js';
import { ConfigurationError } from '../engine/errors.js';
import { readDataFile, type DataFile } from '../engine/data-file.js';
import { assertMatches, schemaValidator } from '../engine/contract/schemas.js';
import type { Target } from '../engine/models/target.js';
import { platformGrants, type PlatformSource } from './platform-token.js';
import type { ReachFile } from './reach.js';
import type { TokenSource } from './target.js';

/** A token source as a file names it. */
type FileTokenSource = Exclude<TokenSource, { readonly platform: unknown }> | PlatformSource;

/**
 * A target file as it stands. Of several members of which one is to be there its schema says so, which its types do not: these stand here.
 */
export interface TargetFile extends Omit<Target, keyof ReachFile | 'identities'>, ReachFile {
  readonly identities?: Readonly<Record<string, { readonly token: FileTokenSource }>>;
}

/** Far more than any target takes, in bytes. */
const mostBytes = 1024 * 1024;

/**
 * Reads and checks a target file.
 * @throws ConfigurationError that names file, line and key
 */
export function readTargetFile(named: string): DataFile & { readonly value: TargetFile } {
  if (!existsSync(named)) {
    const meant = /^[\w.-]+:\d+(?:\/\S*)?$/.test(named) ? `; did you mean http://${named}?` : '';
    throw new ConfigurationError(
      `${named}: no such target file; give the path of a target file or a URL with http(s)://${meant}`,
    );
  }
  const file = readDataFile(named, { what: 'a target file', capBytes: mostBytes, piped: true });
  if (namesNoOneTarget(file.value)) {
    throw new ConfigurationError(
      `${file.name}: give either baseUrl (your server) or embedded (the one that comes along)`,
    );
  }
  assertProviderKeys(file);
  assertOneProof(file);
  assertHeaderValues(file);
  assertMatches(file, 'suite/target');
  assertAddresses(file);
  assertNoPlaceholder(file);
  const { baseUrl, embedded, requests } = file.value as TargetFile;
  if (embedded !== undefined && requests !== undefined) {
    throw new ConfigurationError(`${file.locate(['requests'])}: the embedded target brings its own; leave the key out`);
  }
  const stray = ['headers', 'tls'].find((key) => embedded !== undefined && key in (file.value as object));
  if (stray !== undefined) {
    throw new ConfigurationError(
      `${file.locate([stray])}: nothing stands before the embedded target; leave the key out`,
    );
  }
  if (baseUrl !== undefined && requests === undefined) {
    throw new ConfigurationError(`${file.name}: requests is missing: the suite must know where its requests come from`);
  }
  if (requests?.provider === 'graph' && 'expensive' in (file.value as object)) {
    throw new ConfigurationError(
      `${file.locate(['expensive'])}: requests of a live tenant are always shared; leave the key out`,
    );
  }
  assertTokensAreNamed(file);
  return file as DataFile & { readonly value: TargetFile };
}

/** An id as `init` writes it where only its reader knows the right one. */
const placeholder = /^00000000-0000-4000-8000-00000000000\d$/;

/** What would be sent to Microsoft with a made-up id comes back as a riddle. */
function assertNoPlaceholder(file: DataFile): void {
  const personas = Object.keys(membersAt(file.value, ['identities']));
  const places = [
    ...[
      ['requests', 'tenant'],
      ['identityPlatform', 'tenant'],
      ['identityPlatform', 'clientId'],
    ],
    ...personas.flatMap((name) =>
      platformGrants.flatMap((kind) => ['tenant', 'clientId'].map((key) => ['identities', name, 'token', kind, key])),
    ),
  ];
  for (const place of places) {
    const id = valueAt(file.value, place);
    if (typeof id !== 'string' || !placeholder.test(id)) continue;
    const whose = place.at(-1) === 'tenant' ? 'of your tenant' : 'of an application that is registered there';
    throw new ConfigurationError(
      `${file.locate(place)}: ${id} is the placeholder that init wrote; put the id ${whose} there`,
    );
  }
}

/** The form of an address does not tell that its host and port are some. */
function assertAddresses(file: DataFile): void {
  const personas = Object.keys(membersAt(file.value, ['identities']));
  const places = [
    ...[['baseUrl'], ['requests', 'url'], ['identityPlatform', 'authority']],
    ...personas.flatMap((name) => platformGrants.map((kind) => ['identities', name, 'token', kind, 'authority'])),
  ];
  for (const place of places) {
    const address = valueAt(file.value, place);
    if (typeof address !== 'string' || URL.canParse(address)) continue;
    throw new ConfigurationError(
      `${file.locate(place)}: ${addressInWords(address)} is no address: look at its host and its port`,
    );
  }
}

/** Whether all that is wrong with a target file is that it names both kinds of target or none: the schema says that in riddles. */
function namesNoOneTarget(value: unknown): boolean {
  const validate = schemaValidator('suite/target');
  if (validate(value)) return false;
  return (validate.errors ?? []).every(({ schemaPath }) => /^#\/(?:if|then|else)\b/.test(schemaPath));
}

const keysOfTenant = [
  'tenant',
  'arrangeAs',
  'standing',
  'state',
  'cases',
  'mostCreated',
  'mostCalls',
  'callsPerSecond',
  'patienceMs',
];

/** Keys that belong to other providers. */
const strayKeys: Readonly<Record<string, readonly string[]>> = {
  control: ['file', 'readAs', ...keysOfTenant],
  inventory: ['url', 'key', ...keysOfTenant],
  graph: ['url', 'key', 'file'],
};

/** What a provider cannot do without. */
const neededKeys: Readonly<Record<string, readonly [key: string, what: string]>> = {
  inventory: ['file', 'the list of requests that stand ready'],
  graph: ['tenant', 'the id of the tenant that may be touched'],
};

type Members = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at a path of keys, before anybody knows whether the file is right; undefined where nothing does. */
const valueAt = (value: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((part, key) => (isMapping(part) && Object.hasOwn(part, key) ? part[key] : undefined), value);

/** As `valueAt`, of what has keys; none where that is something else. */
function membersAt(value: unknown, keys: readonly string[]): Members {
  const found = valueAt(value, keys);
  return isMapping(found) ? found : {};
}

/** The environment variables that a target file names, wherever one may stand. */
export function variablesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(variablesIn);
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'env' && typeof part === 'string' ? [part] : variablesIn(part),
  );
}

/** Says in words what the schema could only call a boolean that is false: a key of the other provider. */
function assertProviderKeys(file: DataFile): void {
  const requests = membersAt(file.value, ['requests']);
  const provider = String(requests['provider']);
  const stray = strayKeys[provider]?.find((key) => key in requests);
  if (stray !== undefined) {
    throw new ConfigurationError(
      `${file.locate(['requests', stray])}: not a key of the provider ${provider}; leave it out`,
    );
  }
  const [needed, what] = neededKeys[provider] ?? [];
  if (needed !== undefined && !(needed in requests)) {
    throw new ConfigurationError(
      `${file.locate(['requests'])}: the provider ${provider} needs ${needed}, ${what ?? ''}`,
    );
  }
}

const proofs = ['secret', 'certificate', 'assertion'];

/** The schema says of a choice only that it was not made: which one it is about is said here. */
function assertOneProof(file: DataFile): void {
  for (const persona of Object.keys(membersAt(file.value, ['identities']))) {
    const place = ['identities', persona, 'token', 'clientCredentials'];
    if (!isMapping(valueAt(file.value, place))) continue;
    const credentials = membersAt(file.value, place);
    const given = proofs.filter((proof) => proof in credentials);
    if (given.length === 1) continue;
    throw new ConfigurationError(
      `${file.locate(place)}: give exactly one of ${proofs.join(', ')}${given.length > 1 ? `, not ${given.join(' and ')}` : ''}`,
    );
  }
}

const headerSources: readonly string[] = ['env', 'file', 'command'];

/** The schema says of such a choice only that nothing fits. */
function assertHeaderValues(file: DataFile): void {
  const { headers } = (file.value ?? {}) as { headers?: unknown };
  if (typeof headers !== 'object' || headers === null) return;
  for (const [name, value] of Object.entries(headers as Record<string, unknown>)) {
    const [source, ...others] = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const isSource = source !== undefined && headerSources.includes(source) && others.length === 0;
    if (typeof value === 'string' || isSource) continue;
    throw new ConfigurationError(
      `${file.locate(['headers', name])}: give the value as text (quote a number), or exactly one of ${headerSources.join(', ')}`,
    );
  }
}

/** Who hands out no tokens. */
const withoutTokens: Readonly<Record<string, string>> = { inventory: 'an inventory', graph: 'the provider graph' };

function assertTokensAreNamed(file: DataFile): void {
  const { requests, identities } = file.value as TargetFile;
  const who = withoutTokens[requests?.provider ?? ''];
  if (who === undefined) return;
  if (identities === undefined) {
    throw new ConfigurationError(
      `${file.name}: identities is missing: ${who} hands out no tokens, so name where each comes from`,
    );
  }
  const [persona] = Object.entries(identities).find(([, { token }]) => 'control' in token) ?? [];
  if (persona !== undefined) {
    throw new ConfigurationError(
      `${file.locate(['identities', persona, 'token'])}: ${who} hands out no tokens; take it from env, file or command`,
    );
  }
}
