import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError, suggestion } from '../contract/errors.js';
import { packageRoot, readDataFile, type DataFile } from '../contract/files.js';
import { defaultEdition, loadContract } from '../contract/load.js';
import { personas, type Persona } from '../contract/personas.js';
import { assertMatches, schemaValidator } from '../contract/schemas.js';
import type { Contract } from '../contract/types.js';

/** Where a persona's token comes from. */
type TokenSource = { readonly env: string } | { readonly control: true };

/** Everything about who is tested and how; no secret stands in it. */
export interface Target {
  readonly name: string;
  /** What stands before /identityGovernance; null for the embedded target, whose port is known once it runs. */
  readonly baseUrl: string | null;
  readonly embedded: { readonly fault?: string; readonly variant?: string } | null;
  readonly control: {
    readonly url: string;
    /** The variable that holds the key; `required` when a target file names it. */
    readonly key: { readonly env: string; readonly required: boolean } | null;
  } | null;
  readonly edition: string;
  /** Collection segment in force (C-7). */
  readonly collection: string;
  /** The reading in force of every contested clause. */
  readonly readings: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Partial<Record<Persona, TokenSource>>>;
  readonly cannotArrange: Readonly<Record<string, string>>;
  readonly settleMs: number;
  readonly timeoutMs: number;
  /** Each setting in words, with where it came from. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** What a user chose on the command line; what is left out comes from the target file, then from the defaults. */
export interface TargetChoice {
  /** Path of a target file, or a URL. */
  readonly target?: string;
  readonly edition?: string;
  /** Readings by clause id. */
  readonly readings?: Readonly<Record<string, string>>;
}

interface TargetFile {
  readonly name: string;
  readonly baseUrl?: string;
  readonly embedded?: { readonly fault?: string; readonly variant?: string };
  readonly edition?: string;
  readonly readings?: Readonly<Record<string, string>>;
  readonly identities?: Readonly<Partial<Record<Persona, { readonly token: TokenSource }>>>;
  readonly requests?: { readonly provider: 'control'; readonly url: string; readonly key?: { readonly env: string } };
  readonly cannotArrange?: Readonly<Record<string, string>>;
  readonly settleMs?: number;
  readonly timeoutMs?: number;
}

/** Where the key of the control protocol is looked for when the target is a bare URL. */
export const defaultKeyEnv = 'CANCEL_CONTROL_KEY';

const defaults = { settleMs: 0, timeoutMs: 10_000 };

/** The path that a bare URL without one stands for, so that an origin alone is enough. */
const apiRoot = (contract: Contract): string => `/${contract.edition.api}`;

/**
 * Resolves who is tested: flag before file before default.
 * @returns the target and the contract of its edition, loaded and cross-checked
 * @throws ConfigurationError for a missing or malformed file, an unknown edition, clause or reading, a bad URL
 */
export function resolveTarget(choice: TargetChoice): { readonly target: Target; readonly contract: Contract } {
  const named = choice.target ?? path.join(packageRoot, 'targets', 'embedded.yaml');
  const source = isUrl(named) ? null : readTargetFile(named);
  const file = (source?.value ?? {}) as Partial<TargetFile>;
  const edition = choice.edition ?? file.edition ?? defaultEdition;
  const contract = loadContract(edition);
  const readings = resolveReadings(contract, choice.readings ?? {}, { source, readings: file.readings ?? {} });
  const fromUrl = source ? null : fromBareUrl(named, contract);
  const target: Omit<Target, 'configuration'> = {
    name: file.name ?? fromUrl?.name ?? named,
    baseUrl: file.baseUrl ?? fromUrl?.baseUrl ?? null,
    embedded: file.embedded ?? null,
    control: fromUrl?.control ?? controlOf(file),
    edition,
    collection: readings['C-7'] ?? contract.edition.collections[0],
    readings,
    tokens: tokensOf(file),
    cannotArrange: file.cannotArrange ?? {},
    settleMs: file.settleMs ?? defaults.settleMs,
    timeoutMs: file.timeoutMs ?? defaults.timeoutMs,
  };
  const origin = source?.name ?? '--target';
  return { target: { ...target, configuration: describe(target, { choice, file, origin }) }, contract };
}

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

function readTargetFile(named: string): DataFile {
  if (!existsSync(named)) {
    throw new ConfigurationError(
      `${named}: no such target file; give the path of a target file or a URL with http(s)://`,
    );
  }
  const file = readDataFile(named);
  if (namesNoOneTarget(file.value)) {
    throw new ConfigurationError(
      `${file.name}: give either baseUrl (your server) or embedded (the one that comes along)`,
    );
  }
  assertMatches(file, 'suite/target');
  const { baseUrl, embedded, requests } = file.value as TargetFile;
  if (embedded !== undefined && requests !== undefined) {
    throw new ConfigurationError(`${file.locate(['requests'])}: the embedded target brings its own; leave the key out`);
  }
  if (baseUrl !== undefined && requests === undefined) {
    throw new ConfigurationError(`${file.name}: requests is missing: the suite must know where its requests come from`);
  }
  return file;
}

/** Whether all that is wrong with a target file is that it names both kinds of target or none: the schema says that in riddles. */
function namesNoOneTarget(value: unknown): boolean {
  const validate = schemaValidator('suite/target');
  if (validate(value)) return false;
  return (validate.errors ?? []).every(({ schemaPath }) => /^#\/(?:if|then|else)\b/.test(schemaPath));
}

function fromBareUrl(text: string, contract: Contract): Pick<Target, 'name' | 'baseUrl' | 'control'> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigurationError(`--target ${text}: not a URL`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigurationError(`--target ${text}: only http and https can be tested`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigurationError('--target: give the URL without credentials, query and fragment');
  }
  const base = url.pathname.replace(/\/+$/, '');
  return {
    name: url.host,
    baseUrl: `${url.origin}${base === '' ? apiRoot(contract) : base}`,
    control: { url: `${url.origin}/conformance/v1`, key: { env: defaultKeyEnv, required: false } },
  };
}

const controlOf = (file: Partial<TargetFile>): Target['control'] =>
  file.requests
    ? { url: file.requests.url, key: file.requests.key ? { env: file.requests.key.env, required: true } : null }
    : null;

function tokensOf(file: Partial<TargetFile>): Target['tokens'] {
  if (!file.identities) return Object.fromEntries(personas.map((persona) => [persona, { control: true }]));
  return Object.fromEntries(Object.entries(file.identities).map(([persona, { token }]) => [persona, token]));
}

interface FileReadings {
  readonly source: DataFile | null;
  readonly readings: Readonly<Record<string, string>>;
}

function resolveReadings(
  contract: Contract,
  flags: Readonly<Record<string, string>>,
  file: FileReadings,
): Readonly<Record<string, string>> {
  for (const [id, name] of Object.entries(file.readings)) {
    assertReading(contract, { id, name }, file.source?.locate(['readings', id]) ?? 'readings');
  }
  for (const [id, name] of Object.entries(flags)) assertReading(contract, { id, name }, `--reading ${id}=${name}`);
  const standing = contract.contested.map(({ id, defaultReading }) => [id, defaultReading] as const);
  return { ...Object.fromEntries(standing), ...contract.edition.readings, ...file.readings, ...flags };
}

function assertReading(contract: Contract, { id, name }: { id: string; name: string }, where: string): void {
  const clause = contract.contested.find((candidate) => candidate.id === id);
  const selectable = contract.contested.filter((candidate) => candidate.selectable).map((candidate) => candidate.id);
  if (!clause) throw new ConfigurationError(`${where}: no contested clause ${id}${suggestion(id, selectable)}`);
  if (!clause.selectable) {
    throw new ConfigurationError(
      `${where}: ${id} (${clause.title}) is settled by the suite; can be chosen: ${selectable.join(', ')}`,
    );
  }
  const names = clause.readings.map((reading) => reading.name);
  if (!names.includes(name))
    throw new ConfigurationError(`${where}: ${id} has no reading ${name}${suggestion(name, names)}`);
}

interface Origins {
  readonly choice: TargetChoice;
  readonly file: Partial<TargetFile>;
  readonly origin: string;
}

function describe(target: Omit<Target, 'configuration'>, { choice, file, origin }: Origins): Target['configuration'] {
  const from = (flag: unknown, inFile: unknown): string =>
    flag !== undefined ? 'flag' : inFile !== undefined ? origin : 'default';
  const readings = Object.entries(target.readings).map(([id, name]) => `${id}=${name}`);
  const key = target.control?.key;
  return {
    target: choice.target === undefined ? 'the embedded target (default)' : `${choice.target} (flag)`,
    edition: `${target.edition} (${from(choice.edition, file.edition)})`,
    readings: readings.join(', '),
    'requests.provider': target.embedded
      ? 'control, of the embedded target'
      : `control at ${target.control?.url ?? '?'}`,
    'requests.key': key ? `from the environment variable ${key.env}${key.required ? '' : ', when it is set'}` : 'none',
    identities: Object.entries(target.tokens)
      .map(([persona, token]) => ('env' in token ? `${persona} from ${token.env}` : `${persona} from control`))
      .join(', '),
    cannotArrange: Object.entries(target.cannotArrange)
      .map(([status, reason]) => `${status}: ${reason}`)
      .join('; '),
    settleMs: `${target.settleMs} (${from(undefined, file.settleMs)})`,
    timeoutMs: `${target.timeoutMs} (${from(undefined, file.timeoutMs)})`,
  };
}
