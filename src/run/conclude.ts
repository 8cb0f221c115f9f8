import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { SecretRegistry } from '../evidence/secrets.js';
import { visible } from '../report/visible.js';
import { writeFiles } from '../report/write.js';
import { exitCodes, usageExitCode } from '../verdict/outcome.js';
import { deliver, holdSecrets, shownPath } from './deliver.js';
import { judgeEnded, type EndedParts, type EndedRun } from './ended.js';
import { readAccount, readMisconfiguration, readOptions, readParts, readState } from './options.js';
import { registerSecrets } from './session.js';
import { partOf, renderShard, shardFile, type ShardNumber } from './shard.js';

/**
 * Judges a run that has ended, writes the reports, searches them for secrets and prints the summary. A shard of a run leaves
 * what it saw instead, for `merge`.
 * @returns the exit code
 * @throws an error with a message for the reader when a report cannot be written
 */
export async function concludeRun(ended: EndedRun, shard: ShardNumber | null): Promise<number> {
  const state = readState();
  if (!state) return concludeUnprepared(ended);
  const directory = path.resolve(readOptions().out);
  const secrets = new SecretRegistry();
  registerSecrets(secrets, state);
  const run = { ...ended, suiteFaults: ended.suiteFaults.map((fault) => secrets.redact(fault)) };
  const { runId, startedAt, baseUrl, claimHints, controls } = state;
  const preparation = { runId, startedAt, baseUrl, claimHints, controls };
  const whole = { run, preparation, account: readAccount() };
  if (shard) return leaveShard(whole, { shard, directory, secrets });
  return deliver(judgeEnded(whole, readParts()), { directory, secrets, view: readOptions().view ?? null });
}

/** The run ended before there was anything to judge. */
function concludeUnprepared({ interrupted, suiteFaults }: EndedRun): number {
  if (interrupted && suiteFaults.length === 0) {
    process.stderr.write('Interrupted before the first case: nothing was judged, no report was written.\n');
    return exitCodes.interrupted;
  }
  const misconfiguration = readMisconfiguration();
  if (misconfiguration !== null) {
    process.stderr.write(`${visible(misconfiguration)}\n`);
    return usageExitCode;
  }
  const reason = suiteFaults[0] ?? 'the run ended before it was prepared';
  process.stderr.write(`The suite itself is at fault: ${visible(reason)}\n`);
  return exitCodes['suite-fault'];
}

interface ShardPlace {
  readonly shard: ShardNumber;
  readonly directory: string;
  readonly secrets: SecretRegistry;
}

/** Writes what a shard saw. Its exit code speaks of its own cases only; the verdict is that of all shards together. */
async function leaveShard(ended: EndedParts, { shard, directory, secrets }: ShardPlace): Promise<number> {
  const parts = readParts();
  const { files } = await writeFiles({ [shardFile(shard)]: renderShard(ended, parts, shard) }, directory);
  if (holdSecrets(files, secrets)) return exitCodes['suite-fault'];
  const { exitCode, words } = partOf(ended, parts);
  const name = `Shard ${shard.index} of ${shard.count}`;
  const [file = ''] = files;
  writeFileSync(
    1,
    [
      `${name}: ${visible(words)}`,
      '  This is no verdict: merge all shards for it.',
      '',
      `  Left for merge  ${visible(shownPath(file))}`,
      '',
    ].join('\n'),
  );
  return exitCode;
}
