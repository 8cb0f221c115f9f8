import path from 'node:path';
import { Command } from 'commander';
import { concludeMerged } from '../../hosts/shards/conclude-merged.js';
import { readShards } from '../../hosts/shards/read-shards.js';

interface MergeFlags {
  readonly out: string;
}

/** `merge`: the shards of one run, judged as if it had never been divided. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description('put the shards of one run together, write its reports and set the exit code')
    .argument('<shards...>', 'what run --shard left: the files, blob reports, or the folders that hold them')
    .option('--out <dir>', 'folder of the reports', 'reports')
    .action(merge);
}

async function merge(places: readonly string[], flags: MergeFlags): Promise<void> {
  process.exitCode = await concludeMerged(readShards(places), path.resolve(flags.out));
}
