import path from 'node:path';
import { Command } from 'commander';
import { SecretRegistry } from '../../evidence/secrets.js';
import { deliver } from '../../run/deliver.js';
import { mergeShards, readShards } from '../../run/merge.js';

interface MergeFlags {
  readonly out: string;
}

/** `merge`: the shards of one run, judged as if it had never been divided. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description('put the shards of one run together, write its reports and set the exit code')
    .argument('<shards...>', 'what run --shard left: the files, or the folders that hold them')
    .option('--out <dir>', 'folder of the reports', 'reports')
    .action(merge);
}

async function merge(places: readonly string[], flags: MergeFlags): Promise<void> {
  const { report, missing, count } = mergeShards(readShards(places));
  if (missing.length > 0) {
    const they = missing.length > 1 ? 'they' : 'it';
    process.stderr.write(
      `Missing: shard ${missing.join(', ')} of ${count}. What ${they} would have told counts as not told.\n`,
    );
  }
  // Whoever merges knows no secret: each shard searched what it left.
  process.exitCode = await deliver(report, {
    directory: path.resolve(flags.out),
    secrets: new SecretRegistry(),
    view: null,
  });
}
