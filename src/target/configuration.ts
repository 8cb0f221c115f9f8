import { SecretRegistry } from '../engine/evidence/secrets.js';
import { proxyFor } from '../engine/exchange/proxy.js';
import type { PlatformToken } from './token-source.js';
import { settingVariables, type EnvironmentChoice } from './environment.js';
import type { LiveTenant } from './live-tenant.js';
import type { TargetFile } from './target-file.js';
import type { Target, TargetChoice, TokenSource } from './target.js';

/** Where settings came from. */
export interface Origins {
  readonly choice: TargetChoice;
  readonly environment: EnvironmentChoice;
  readonly file: Partial<TargetFile>;
  /** The target file's name, for the reader. */
  readonly fileName: string;
}

/** Each setting in words, with where it came from. No secret stands in it: only the names of where secrets are. */
export function describeConfiguration(
  target: Omit<Target, 'configuration'>,
  origins: Origins,
): Target['configuration'] {
  const from = originIn(origins);
  const statuses = Object.entries(target.cannotArrange).map(([status, reason]) => `${status}: ${reason}`);
  return {
    target: describeTarget(origins),
    ...(target.baseUrl === null ? {} : { baseUrl: `${target.baseUrl} (${from('baseUrl')})` }),
    edition: `${target.edition} (${from('edition')})`,
    readings: Object.entries(target.readings)
      .map(([id, name]) => `${id}=${name}${chosenIn(id, origins)}`)
      .join(', '),
    ...describeRequests(target),
    ...describeReach(target),
    identities: describeIdentities(target),
    cannotArrange: statuses.join('; '),
    ...(target.gatewayStatuses && { gatewayStatuses: target.gatewayStatuses.join(', ') }),
    settleMs: `${target.settleMs} (${from('settleMs')})`,
    timeoutMs: `${target.timeoutMs} (${from('timeoutMs')})`,
    totalMs: `${target.totalMs} (${from('totalMs')})`,
  };
}

/** Where a reading was chosen, behind it; nothing where it is the usual one. */
function chosenIn(id: string, { choice, environment, file, fileName }: Origins): string {
  if (choice.readings?.[id] !== undefined) return ' (flag)';
  if (environment.readings?.[id] !== undefined) return ` (${settingVariables.readings})`;
  return file.readings?.[id] === undefined ? '' : ` (${fileName})`;
}

/** Whose token comes from where; the control protocol need not offer all that it is asked for. */
function describeIdentities({ tokens }: Omit<Target, 'configuration'>): string {
  const named = Object.entries(tokens).map(([persona, source]) => ({ persona, from: tokenSourceInWords(source) }));
  const asked = named.filter(({ from }) => from === control).map(({ persona }) => persona);
  return [
    ...named.filter(({ from }) => from !== control).map(({ persona, from }) => `${persona} from ${from}`),
    ...(asked.length === 0 ? [] : [`asked of control, which need not offer all of them: ${asked.join(', ')}`]),
  ].join(', ');
}

/** What stands between, in words: of secrets where they are kept, of proxies no credentials. */
function describeReach(target: Omit<Target, 'configuration'>): Readonly<Record<string, string>> {
  const { headers, tls } = target.reach;
  const shown = headers.map(({ name, value }) =>
    typeof value === 'string' ? `${name}: ${value}` : `${name} from ${tokenSourceInWords(value)}`,
  );
  const files = [
    ...(tls?.ca ? [`ca ${tls.ca.file}`] : []),
    ...(tls?.client ? [`cert ${tls.client.cert.file}`, `key ${tls.client.key.file}`] : []),
    ...(tls?.client?.passphrase ? [`passphrase from ${tokenSourceInWords(tls.client.passphrase.source)}`] : []),
  ];
  const proxies = proxiesOf(target).map(([whose, shown]) => `${shown} to ${whose}`);
  return {
    ...(shown.length > 0 && { headers: shown.join('; ') }),
    ...(files.length > 0 && { tls: files.join(', ') }),
    ...(proxies.length > 0 && { proxy: proxies.join('; ') }),
  };
}

/** The proxies on the way to everybody whom a run speaks to, by whom they lead to. */
function proxiesOf({
  baseUrl,
  requests,
  tokens,
}: Omit<Target, 'configuration'>): readonly (readonly [string, string])[] {
  const platforms = Object.values(tokens).flatMap((source) =>
    'platform' in source ? [source.platform.authority] : [],
  );
  const addresses = [
    ...(baseUrl === null ? [] : [baseUrl]),
    ...(requests.provider === 'control' ? [requests.url] : []),
    ...platforms,
  ].map((address) => new URL(address).origin);
  return [...new Set(addresses)].flatMap((origin) => {
    const proxy = proxyFor(origin, new SecretRegistry());
    return proxy === null ? [] : [[origin, proxy.shown] as const];
  });
}

/** Where tokens come from that nothing else was named for. */
const control = 'control';

/** Where a token comes from, in words. Of a command only the program is named: an argument may be a secret. */
export function tokenSourceInWords(source: TokenSource): string {
  if ('env' in source) return source.env;
  if ('file' in source) return `the file ${source.file}`;
  if ('command' in source) return `the command ${source.command[0]}`;
  if ('platform' in source) return platformInWords(source.platform);
  return control;
}

/** A token of the identity platform, in words: how it is asked for, where, and where it is kept. */
function platformInWords({ authority, tenant, clientId, grant }: PlatformToken): string {
  const asked = `of ${new URL(authority).host}/${tenant} for the client ${clientId}`;
  switch (grant.kind) {
    case 'deviceCode':
      return `a device code ${asked}, kept in ${grant.cache}`;
    case 'authorizationCode':
      return `an authorization code ${asked}, kept in ${grant.cache}`;
    case 'refreshToken':
      return `a refresh token ${asked}${grant.cache === null ? '' : `, kept in ${grant.cache}`}`;
    case 'clientCredentials':
      return `client credentials (${Object.keys(grant.proof).join()}) ${asked}`;
  }
}

type Setting = 'baseUrl' | 'edition' | 'settleMs' | 'timeoutMs' | 'totalMs';

const originIn =
  ({ choice, environment, file, fileName }: Origins) =>
  (setting: Setting): string => {
    if (setting === 'edition' && choice.edition !== undefined) return 'flag';
    if (environment[setting] !== undefined) return settingVariables[setting];
    if (file[setting] !== undefined) return fileName;
    return setting === 'baseUrl' ? 'from the URL' : 'default';
  };

function describeTarget({ choice, environment }: Origins): string {
  if (choice.target !== undefined) return `${choice.target} (flag)`;
  if (environment.target !== undefined) return `${environment.target} (${settingVariables.target})`;
  return 'the embedded target (default)';
}

function describeRequests({ requests, expensive }: Omit<Target, 'configuration'>): Readonly<Record<string, string>> {
  const economy = expensive ? { expensive: 'true: requests are shared as long as they stay untouched' } : {};
  if (requests.provider === 'embedded') return { 'requests.provider': 'control, of the embedded target', ...economy };
  if (requests.provider === 'inventory') {
    const { file, items, readAs } = requests;
    return { 'requests.provider': `inventory: ${items.length} in ${file}, read back as ${readAs}`, ...economy };
  }
  if (requests.provider === 'graph') return describeTenant(requests);
  const { url, key } = requests;
  return {
    'requests.provider': `control at ${url}`,
    'requests.key': `from the environment variable ${key.env}${key.required ? '' : ', when it is set'}`,
    ...economy,
  };
}

function describeTenant(live: LiveTenant): Readonly<Record<string, string>> {
  const { tenant, arrangeAs, readAs, standing, state, cases, mostCreated, mostCalls, callsPerSecond } = live;
  return {
    'requests.provider': `graph: tenant ${tenant}, arranged as ${arrangeAs}, read back as ${readAs}`,
    'requests.standing':
      standing.length === 0 ? 'none: the run makes its own package' : standing.map((one) => one.package).join(', '),
    'requests.cases': cases,
    'requests.bounds': `${mostCreated} created requests, ${mostCalls} calls, ${callsPerSecond} in a second`,
    'requests.state': state,
  };
}
