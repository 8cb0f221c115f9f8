import { ConfigurationError } from '../../engine/errors.js';
import { SecretRegistry } from '../../engine/evidence/secrets.js';
import { visible } from '../../report/visible.js';
import { usageExitCode } from '../../engine/verdict/outcome.js';
import type { shardsIn } from './blob.js';
import { deliver } from '../deliver.js';
import { mergeShards } from './merge.js';
import { ofOneRun, openShard, type NamedShard } from './read-shards.js';

/**
 * Judges the shards of one run as if it had never been divided, writes its reports and says what is missing.
 * @param directory absolute path of the folder of the reports
 * @returns the exit code
 * @throws ConfigurationError when this suite is not the one that ran, ReportWriteError when a file cannot be written
 */
export async function concludeMerged(
  shards: readonly [NamedShard, ...NamedShard[]],
  directory: string,
): Promise<number> {
  const { report, missing, count } = mergeShards(shards);
  if (missing.length > 0) {
    const they = missing.length > 1 ? 'they' : 'it';
    process.stderr.write(
      `Missing: shard ${missing.join(', ')} of ${count}. What ${they} would have told counts as not told.\n`,
    );
  }
  // Whoever merges knows no secret: each shard searched what it left.
  return deliver(report, { directory, secrets: new SecretRegistry(), view: null });
}

/** As `concludeMerged`, for the shards that Playwright's own merging of blob reports brings. */
export async function concludeBrought(brought: ReturnType<typeof shardsIn>, directory: string): Promise<number> {
  try {
    return await concludeMerged(ofOneRun(brought.map(([key, shard]) => openShard(shard, key))), directory);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${visible(error.message)}\n`);
    return usageExitCode;
  }
}
