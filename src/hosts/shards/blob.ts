import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { ConfigurationError } from '../../engine/errors.js';
import { readOptions } from '../options.js';
import type { SealedShard } from './shard.js';

/** The blob report of Playwright that a shard leaves, and in which it travels. */
export interface Blob {
  /** Absolute path. */
  readonly file: string;
  /** Of the run's configuration. Playwright writes it into the blob report and hands that of all reports to who merges them. */
  readonly metadata: Record<string, unknown>;
}

/** Playwright's name of its own reporter. */
const blobReporter = 'blob';

/** Begins the keys under which shards stand in the metadata: each has its own, as those of merged reports become one. */
const shardKey = 'cancel-conformance-shard ';

/**
 * Settles where Playwright's blob reporter writes, so that the file can be searched for secrets: where its own variables or
 * the options of the run say. It empties the folder of its choice, and none that it is told a file in.
 * @returns null when there is no such reporter
 */
export function placeBlob({ reporter, shard, metadata }: FullConfig): Blob | null {
  if (!reporter.some(([name]) => name === blobReporter)) return null;
  const file = fileOfBlob(shard);
  process.env['PLAYWRIGHT_BLOB_OUTPUT_FILE'] = file;
  return { file, metadata };
}

function fileOfBlob(shard: FullConfig['shard']): string {
  const number = shard && `-${String(shard.current).padStart(String(shard.total).length, '0')}`;
  const usual = `report${number ?? ''}.zip`;
  const { blob } = readOptions();
  if (blob !== undefined) return path.join(blob, usual);
  const folder = process.env['PLAYWRIGHT_BLOB_OUTPUT_DIR'] ?? 'blob-report';
  const name = process.env['PLAYWRIGHT_BLOB_OUTPUT_NAME'] ?? usual;
  return path.resolve(process.env['PLAYWRIGHT_BLOB_OUTPUT_FILE'] ?? path.join(folder, name));
}

/**
 * Refuses a run whose blob report would lack what `merge` needs.
 * @param reporters names of all reporters, the suite's own among them
 * @throws ConfigurationError that says how to ask for it
 */
export function assertBlobCarries(
  reporters: readonly string[],
  { own, shard }: Pick<FullConfig, 'shard'> & { readonly own: string },
): void {
  if (!reporters.includes(blobReporter)) return;
  if (reporters.indexOf(blobReporter) < reporters.indexOf(own)) {
    throw new ConfigurationError(
      `--reporter: blob comes before the suite's own reporter, so its report would lack what merge needs; give --reporter=${own},${blobReporter}`,
    );
  }
  if (shard === null) {
    throw new ConfigurationError('--reporter: a blob report is left by a shard; give --shard too, 1/1 for a whole run');
  }
}

/** Puts a shard into the blob report that is about to be written. */
export function putInto({ metadata }: Blob, runId: string, shard: SealedShard): void {
  metadata[`${shardKey}${runId}`] = shard;
}

/** The shards in the metadata of one blob report or of several, by their keys; whether they are any is another question. */
export function shardsIn(metadata: Readonly<Record<string, unknown>>): readonly (readonly [key: string, unknown])[] {
  return Object.entries(metadata).filter(([key]) => key.startsWith(shardKey));
}
