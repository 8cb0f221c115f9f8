import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError } from '../../engine/errors.js';
import { shownKeys } from '../../engine/files.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import { shardsInBlob } from './blob-file.js';
import { hashOfShard, shardFormat, type SealedShard, type Shard } from './shard.js';

/** A shard and the file that holds it. */
export interface NamedShard extends Shard {
  readonly file: string;
}

/**
 * Reads the shards of one run.
 * @param places files of shards, blob reports with shards, or folders that hold them
 * @throws ConfigurationError for a file that is missing, cut off or changed, a folder without any, a shard given twice, and
 *   shards of different runs
 */
export const readShards = (places: readonly string[]): readonly [NamedShard, ...NamedShard[]] =>
  ofOneRun(places.flatMap(filesAt).map(readShard));

/**
 * Shards in their order.
 * @throws ConfigurationError for none, a shard given twice, and shards of different runs
 */
export function ofOneRun(shards: readonly NamedShard[]): readonly [NamedShard, ...NamedShard[]] {
  const [first, ...rest] = shards.toSorted((a, b) => a.shard.index - b.shard.index);
  if (!first) throw new ConfigurationError('no shard is named; give the folders that run --shard wrote to');
  for (const [at, shard] of rest.entries()) {
    assertOfOneRun(first, shard);
    const before = at === 0 ? first : rest[at - 1];
    if (before?.shard.index === shard.shard.index) {
      throw new ConfigurationError(
        `${before.file} and ${shard.file} are both shard ${shard.shard.index}; give one of them`,
      );
    }
  }
  return [first, ...rest];
}

function filesAt(place: string): readonly string[] {
  if (!existsSync(place)) throw new ConfigurationError(`${place}: no such file or folder; give what run --shard wrote`);
  if (!statSync(place).isDirectory()) return [place];
  const files = readdirSync(place).filter((name) => /^shard-\d+-of-\d+\.json$/.test(name) || isBlob(name));
  if (files.length === 0)
    throw new ConfigurationError(`${place}: no shard in this folder; give a folder that run --shard wrote to`);
  return files.map((name) => path.join(place, name));
}

/** As Playwright tells them. */
const isBlob = (name: string): boolean => name.endsWith('.zip');

const readShard = (file: string): NamedShard => openShard(isBlob(file) ? unpack(file) : parse(file), file);

/**
 * A shard as it was left.
 * @param file where it stands, in words
 * @throws ConfigurationError when it is none, or was changed
 */
export function openShard(left: unknown, file: string): NamedShard {
  const sealed = left as Partial<SealedShard> | null;
  if (sealed?.format !== shardFormat || typeof sealed.shard !== 'string') {
    throw new ConfigurationError(`${file}: not a shard of this version of the suite; give what run --shard wrote`);
  }
  if (sealed.sha256 !== hashOfShard(sealed.shard)) {
    throw new ConfigurationError(`${file}: it was changed after it had been written; run this shard again`);
  }
  const value: unknown = JSON.parse(sealed.shard);
  assertMatches({ name: file, value, locate: (keys) => `${file}: ${shownKeys(['shard', ...keys])}` }, 'suite/shard');
  return { ...(value as Shard), file };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(`${file}: not JSON, or cut off; run this shard again`, { cause });
  }
}

/** What a blob report carries. Of a run that was not prepared it carries nothing. */
function unpack(file: string): unknown {
  const [first, ...rest] = entriesOf(file);
  if (first && rest.length === 0) return first[1];
  throw new ConfigurationError(
    first
      ? `${file}: a blob report of ${rest.length + 1} runs; give those that it was merged from`
      : `${file}: a blob report without a shard of this suite; give what run --shard --blob wrote`,
  );
}

function entriesOf(file: string): ReturnType<typeof shardsInBlob> {
  try {
    return shardsInBlob(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${file}: no blob report of Playwright's, or cut off (${why}); run this shard again`, {
      cause,
    });
  }
}

/** What all shards of a run have in common, in words. */
const commons: readonly (readonly [what: string, of: (shard: Shard) => unknown])[] = [
  ['version of the suite', ({ suiteVersion }) => suiteVersion],
  ['number of shards', ({ shard }) => shard.count],
  ['run', ({ runName }) => runName],
  ['target', ({ target }) => target.name],
  ['plan', ({ planHash }) => planHash],
  ['configuration of the target', ({ target }) => ({ ...target, configuration: null })],
  ['areas', ({ areas }) => areas],
  ['waivers', ({ waivers }) => waivers],
];

function assertOfOneRun(first: NamedShard, other: NamedShard): void {
  const different = commons.find(([, of]) => !isDeepStrictEqual(of(first), of(other)));
  if (!different) return;
  const [what, of] = different;
  const shown = [of(first), of(other)].map((value) => (typeof value === 'string' ? ` (${value})` : ''));
  throw new ConfigurationError(
    `${first.file}${shown[0] ?? ''} and ${other.file}${shown[1] ?? ''} are not of one run: another ${what}; give the shards of one run`,
  );
}
