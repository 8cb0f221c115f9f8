import path from 'node:path';
import { addressInWords, wordInWords } from '../engine/address.js';
import { ConfigurationError, suggestion } from '../engine/errors.js';
import type { DataFile } from '../engine/data-file.js';
import { defaultEdition, knownEditions, loadContract } from '../engine/contract/load.js';
import type { PlatformToken } from './token-source.js';
import type { Contract } from '../engine/contract/types.js';
import { contractUnder } from '../engine/contract/under.js';
import type { Endpoint } from '../engine/endpoint.js';
import type { Tested } from '../engine/perform/session.js';
import { describeConfiguration } from './configuration.js';
import { defaultKey } from './control-key.js';
import { readEnvironment, settingVariables, type EnvironmentChoice } from './environment.js';
import { takeVariables } from './environment-file.js';
import { readInventory, type InventoryItem } from './inventory.js';
import { boundsOf, liveTenantOf, type LiveTenant } from './live-tenant.js';
import { isLoopback } from '../engine/loopback.js';
import { isPlatformSource, platformToken } from './platform-token.js';
import { reachSettings, standingBetween, type ReachSettings } from './reach.js';
import { inFile, resolveReadings } from './readings.js';
import { readTargetFile, variablesIn, type TargetFile } from './target-file.js';

/** Where a persona's token comes from. */
export type TokenSource =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly command: readonly [program: string, ...args: string[]] }
  | { readonly control: true }
  | { readonly platform: PlatformToken };

/** The variable that holds the key of a control protocol; `required` when a target file names it. Else it is the usual one, when that is set. */
export interface KeyReference {
  readonly env: string;
  readonly required: boolean;
}

/** Requests that stand ready, and whose token reads them back. */
export interface InventorySource {
  readonly provider: 'inventory';
  readonly file: string;
  readonly items: readonly InventoryItem[];
  readonly readAs: string;
}

/** Where requests in a given status come from. */
type RequestSource =
  | { readonly provider: 'embedded' }
  | { readonly provider: 'control'; readonly url: string; readonly key: KeyReference }
  | InventorySource
  | LiveTenant;

/** Everything about who is tested and how; no secret stands in it. */
export interface Target extends Tested {
  readonly embedded: { readonly fault?: string | readonly string[]; readonly variant?: string } | null;
  readonly requests: RequestSource;
  /** What stands between asks for. */
  readonly reach: ReachSettings;
  /** Where the token of each persona comes from; one that is left out has none. */
  readonly tokens: Readonly<Record<string, TokenSource>>;
  /** Each setting in words, with where it came from. */
  readonly configuration: Readonly<Record<string, string>>;
}

/** What a user chose on the command line; what is left out comes from the environment, the target file, the defaults. */
export interface TargetChoice {
  /** Path of a target file, or a URL. */
  readonly target?: string;
  readonly edition?: string;
  /** Readings by clause id. */
  readonly readings?: Readonly<Record<string, string>>;
}

/**
 * The target that is tested when nobody names one: what `targets/embedded.yaml` says. Not read from there, since to load a
 * parser for it takes longer than all the rest of finding the target.
 */
export const embeddedTarget: TargetFile = { name: 'embedded', embedded: {} };

const defaults = { settleMs: 0, timeoutMs: 10_000, totalMs: 600_000 };

/** The path that a bare URL without one stands for, so that an origin alone is enough. */
const apiRoot = (contract: Contract): string => `/${contract.edition.api}`;

/**
 * Resolves who is tested: flag before environment before file before default.
 * @returns the target and the contract of its edition, loaded and cross-checked, under the readings of the target
 * @throws ConfigurationError for a missing or malformed file, an unknown edition, clause or reading, a bad URL
 */
export function resolveTarget(
  endpoint: Endpoint,
  choice: TargetChoice,
  variables: NodeJS.ProcessEnv = process.env,
): { readonly target: Target; readonly contract: Contract } {
  const environment = readEnvironment(variables);
  const named = choice.target ?? environment.target ?? null;
  const url = named !== null && isUrl(named) ? named : null;
  const source = named === null || url !== null ? null : readTargetFile(named);
  const file: Partial<TargetFile> = source?.value ?? (named === null ? embeddedTarget : {});
  takeVariables(variablesIn(file));
  const edition = choice.edition ?? environment.edition ?? file.edition ?? defaultEdition;
  if (!knownEditions().includes(edition)) {
    const inFile = source?.locate(['edition']) ?? '';
    const where = choice.edition !== undefined ? '--edition' : environment.edition ? settingVariables.edition : inFile;
    throw new ConfigurationError(`${where}: no edition ${wordInWords(edition)}${suggestion(edition, knownEditions())}`);
  }
  const contract = loadContract(endpoint, edition);
  const readings = resolveReadings(contract, [
    { readings: file.readings ?? {}, where: inFile(source) },
    { readings: environment.readings ?? {}, where: () => settingVariables.readings },
    { readings: choice.readings ?? {}, where: (id, name) => `--reading ${wordInWords(id)}=${wordInWords(name)}` },
  ]);
  const folder = source === null || named === null ? '.' : path.dirname(named);
  const from = choice.target === undefined ? settingVariables.target : '--target';
  const reached =
    url === null ? reachedByFile(file, environment, folder) : reachedByUrl(url, { contract, environment, from });
  const collection = readings[endpoint.collectionClause] ?? contract.edition.collections[0];
  const reach = reachSettings(file, { folder, locate: (keys) => source?.locate(keys) ?? '', endpoint });
  const between = standingBetween(reach, reached.baseUrl);
  const target: Omit<Target, 'configuration'> = {
    name: file.name ?? reached.name,
    baseUrl: reached.baseUrl,
    embedded: file.embedded ?? null,
    requests: reached.requests,
    reach,
    provider: reached.requests.provider === 'embedded' ? 'control' : reached.requests.provider,
    expensive: reached.requests.provider === 'graph' || (file.expensive ?? reached.requests.provider === 'inventory'),
    fewestCases: reached.requests.provider === 'graph' && reached.requests.cases === 'fewest',
    edition,
    collection,
    ...(reached.requests.provider === 'graph' ? { bounds: { ...boundsOf(reached.requests), collection } } : {}),
    readings,
    tokens: tokensOf(file, { folder, locate: (keys) => source?.locate(keys) ?? '', personas: endpoint.personas }),
    cannotArrange: file.cannotArrange ?? {},
    ...(file.gatewayStatuses && { gatewayStatuses: file.gatewayStatuses }),
    ...(between.length > 0 && { between }),
    ...(source !== null && named !== null && describedAt(named, source)),
    settleMs: environment.settleMs ?? file.settleMs ?? defaults.settleMs,
    timeoutMs: environment.timeoutMs ?? file.timeoutMs ?? defaults.timeoutMs,
    totalMs: environment.totalMs ?? file.totalMs ?? defaults.totalMs,
  };
  if (target.requests.provider === 'graph' && contract.edition.api !== 'beta') {
    throw new ConfigurationError(
      `edition ${edition}: the provider graph arranges requests on beta only; choose a beta edition, or another provider`,
    );
  }
  const origins = { choice, environment, file, fileName: source?.name ?? '' };
  return {
    target: { ...target, configuration: describeConfiguration(target, origins) },
    contract: contractUnder(contract, readings),
  };
}

/** Where a file describes its target: the line of the address. A file outside of the folder of the run is beside no code of it. */
function describedAt(named: string, { lineOf }: Pick<DataFile, 'lineOf'>): Pick<Target, 'at'> {
  const file = path.relative('.', named).replaceAll(path.sep, '/');
  if (file.startsWith('../') || path.isAbsolute(file)) return {};
  return { at: { file, line: lineOf(['baseUrl']) ?? lineOf(['name']) ?? 1 } };
}

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text);

type Reached = Pick<Target, 'name' | 'baseUrl' | 'requests'>;

function reachedByFile(file: Partial<TargetFile>, environment: EnvironmentChoice, folder: string): Reached {
  const name = file.name ?? '';
  if (file.embedded !== undefined || file.baseUrl === undefined) {
    const stray = environment.baseUrl === undefined ? 'controlUrl' : 'baseUrl';
    if (environment[stray] !== undefined) {
      throw new ConfigurationError(
        `${settingVariables[stray]}: the embedded target has no address of its own; unset the variable, or name a target`,
      );
    }
    return { name, baseUrl: null, requests: { provider: 'embedded' } };
  }
  const baseUrl = environment.baseUrl ?? file.baseUrl;
  return { name, baseUrl, requests: requestsOf(file, { baseUrl, folder, controlUrl: environment.controlUrl }) };
}

interface Surroundings {
  readonly baseUrl: string;
  readonly folder: string;
  readonly controlUrl: string | undefined;
}

function requestsOf({ requests }: Partial<TargetFile>, { baseUrl, folder, controlUrl }: Surroundings): RequestSource {
  if (requests?.provider === 'inventory') {
    if (controlUrl !== undefined) {
      throw new ConfigurationError(
        `${settingVariables.controlUrl}: the target file takes its requests from an inventory; unset the variable`,
      );
    }
    const file = path.join(folder, requests.file ?? '');
    const readAs = requests.readAs === 'owner' ? 'administrator' : (requests.readAs ?? 'administrator');
    return { provider: 'inventory', file, items: readInventory(file), readAs };
  }
  if (requests?.provider === 'graph') {
    if (controlUrl !== undefined) {
      throw new ConfigurationError(
        `${settingVariables.controlUrl}: the target file arranges its requests through Graph itself; unset the variable`,
      );
    }
    return liveTenantOf(requests, folder);
  }
  const url = controlUrl ?? requests?.url ?? `${new URL(baseUrl).origin}/conformance/v1`;
  return { provider: 'control', url, key: requests?.key ? { env: requests.key.env, required: true } : defaultKey };
}

interface NamedByUrl {
  readonly contract: Contract;
  readonly environment: EnvironmentChoice;
  /** The option or variable that names the target. */
  readonly from: string;
}

function reachedByUrl(text: string, { contract, environment, from }: NamedByUrl): Reached {
  if (environment.baseUrl !== undefined) {
    throw new ConfigurationError(
      `${settingVariables.baseUrl}: ${from} is a URL already, so there would be two; unset one of them`,
    );
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigurationError(`${from} ${addressInWords(text)}: not a URL`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigurationError(`${from} ${addressInWords(text)}: only http and https can be tested`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new ConfigurationError(`${from}: give the URL without credentials, query and fragment`);
  }
  const base = url.pathname.replace(/(?<!\/)\/+$/, '');
  return {
    name: url.host,
    baseUrl: `${url.origin}${base === '' ? apiRoot(contract) : base}`,
    requests: {
      provider: 'control',
      url: environment.controlUrl ?? `${url.origin}/conformance/v1`,
      key: defaultKey,
    },
  };
}

interface TokenContext {
  readonly folder: string;
  readonly locate: DataFile['locate'];
  readonly personas: Endpoint['personas'];
}

/** A bare URL and an embedded target have every persona's token from the control protocol; so has a file that names none. */
function tokensOf(file: Partial<TargetFile>, { folder, locate, personas }: TokenContext): Target['tokens'] {
  const names = Object.keys(personas);
  if (!file.identities) return Object.fromEntries(names.map((persona) => [persona, { control: true }]));
  const common = file.identityPlatform ?? {};
  const tokens = names.flatMap((persona): readonly (readonly [string, TokenSource])[] => {
    const token = file.identities?.[persona]?.token;
    if (token === undefined) return [];
    if (isPlatformSource(token)) {
      const permission = personas[persona]?.permission;
      return [[persona, { platform: platformToken(token, { file: { locate }, persona, permission, folder, common }) }]];
    }
    return [[persona, 'file' in token ? { file: path.join(folder, token.file) } : token]];
  });
  return Object.fromEntries(tokens);
}

/**
 * Refuses to send tokens in the clear over a network.
 * @throws ConfigurationError for a plain http address that is not of this machine
 */
export function assertEncrypted({ baseUrl, requests }: Target): void {
  const addresses = [baseUrl, requests.provider === 'control' ? requests.url : null];
  for (const address of addresses) {
    const url = address === null ? null : new URL(address);
    if (url?.protocol !== 'http:' || isLoopback(url.href)) continue;
    throw new ConfigurationError(
      `${url.origin}: plain http would carry tokens over the network in the clear; use https, or say --insecure if you mean it`,
    );
  }
}
