import { bounds, excessOf } from '../../engine/bounds.js';
import { ConfigurationError } from '../../engine/errors.js';

/** What the file calls itself. */
export const cacheFormat = 'cancel-conformance-tokens/1';

/** What is kept for one persona: the sign-in library's own state, and a few words of ours that it leaves alone. */
export type Part = Readonly<Record<string, unknown>>;

export interface CacheContent {
  readonly format: typeof cacheFormat;
  readonly parts: Readonly<Record<string, Part>>;
}

/** The kinds of tokens in the library's state, and what they are called. */
export const tokenKinds = { AccessToken: 'token', RefreshToken: 'refresh-token', IdToken: 'id-token' } as const;

/** The sections of the library's state: the entries of each stand under names. */
const sections = [...Object.keys(tokenKinds), 'Account', 'AppMetadata'];

/** Members of an entry of which the library makes names without a look at what they are. */
const names = [
  ...['home_account_id', 'local_account_id', 'environment', 'realm', 'credential_type', 'client_id', 'family_id'],
  ...['secret', 'target', 'token_type', 'authority_type', 'username', 'key_id', 'userAssertionHash'],
];

/**
 * Reads what a token cache holds, and believes nothing of it that could not have been kept there.
 * @param file its name, for whoever reads the error
 * @throws ConfigurationError when it is no token cache, or more than one may become
 */
export function parseContent(text: string, file: string): CacheContent {
  const excess = excessOf(text, bounds.tokenCache);
  if (excess !== null) throw noCache(file, `${excess}, and `);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw noCache(file);
  }
  if (!isContent(content)) throw noCache(file);
  return content;
}

/** Says that a file is no token cache, and what to do; without a cause, which may quote what is kept there. */
export const noCache = (file: string, problem = ''): ConfigurationError =>
  new ConfigurationError(`${file}: ${problem}is no token cache of this suite; name another file, or remove it`);

const isContent = (value: unknown): value is CacheContent =>
  isRecord(value) &&
  value['format'] === cacheFormat &&
  isRecord(value['parts']) &&
  Object.values(value['parts']).every(isPart);

/** Whether the library can take something for its own state, as far as that can be told without it. */
export const isPart = (value: unknown): value is Part =>
  isRecord(value) && sections.every((section) => value[section] === undefined || isSection(value[section]));

/** What every object answers to is no name of an entry: the library would take it for its own. */
const isSection = (value: unknown): boolean =>
  isRecord(value) && Object.entries(value).every(([name, entry]) => !(name in {}) && isEntry(entry));

const isEntry = (value: unknown): boolean =>
  isRecord(value) &&
  names.every((name) => value[name] === undefined || typeof value[name] === 'string') &&
  (value['tenantProfiles'] === undefined || isListOfProfiles(value['tenantProfiles']));

/** Profiles are kept as JSON in JSON. */
const isListOfProfiles = (value: unknown): boolean => Array.isArray(value) && value.every(isProfile);

function isProfile(value: unknown): boolean {
  if (typeof value !== 'string' || excessOf(value, bounds.tokenCache) !== null) return false;
  try {
    return isRecord(JSON.parse(value));
  } catch {
    return false;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
