import path from 'node:path';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import { visible } from '../report/visible.js';
import { writeFiles } from '../report/write.js';
import { exitCodes, usageExitCode } from '../engine/verdict/outcome.js';
import { putInto, type Blob } from './shards/blob.js';
import { deliver, holdSecrets, shownPath, print } from './deliver.js';
import { judgeEnded, type EndedParts, type EndedRun } from '../report/assemble/ended.js';
import { readAccount, readMisconfiguration, readOptions, readParts, readState } from './options.js';
import { registerSecrets } from '../engine/perform/session.js';
import { partOf, sealShard, shardFile, type SealedShard, type ShardNumber } from './shards/shard.js';

/** What the end of a run is concluded with. */
interface Conclusion {
  /** Null: the run was not divided. */
  readonly shard: ShardNumber | null;
  /** Null: a shard is left in a file of its own. */
  readonly blob: Blob | null;
  readonly secrets: SecretRegistry;
}

/**
 * Judges a run that has ended, writes the reports, searches them for secrets and prints the summary. A shard of a run leaves
 * what it saw instead, for `merge`.
 * @param secrets gets to know those of the run
 * @returns the exit code
 * @throws an error with a message for the reader when a report cannot be written
 */
export async function concludeRun(ended: EndedRun, { shard, blob, secrets }: Conclusion): Promise<number> {
  const state = readState();
  if (!state) return concludeUnprepared(ended);
  const directory = path.resolve(readOptions().out);
  registerSecrets(secrets, state);
  const run = { ...ended, suiteFaults: ended.suiteFaults.map((fault) => secrets.redact(fault)) };
  const { runId, startedAt, baseUrl, claimHints, controls } = state;
  const preparation = { runId, startedAt, baseUrl, claimHints, controls };
  const whole = { run, preparation, account: readAccount() };
  if (shard) return leaveShard(whole, { shard, blob, directory, secrets });
  return deliver(judgeEnded(whole, readParts()), { directory, secrets, view: readOptions().view ?? null });
}

/** What a refused run said, where a blob report brings its error as text. */
function misconfigurationIn([fault = '']: readonly string[]): string | null {
  const name = 'ConfigurationError: ';
  return fault.startsWith(name) ? fault.slice(name.length) : null;
}

/** The run ended before there was anything to judge. */
function concludeUnprepared({ interrupted, suiteFaults }: EndedRun): number {
  if (interrupted && suiteFaults.length === 0) {
    process.stderr.write('Interrupted before the first case: nothing was judged, no report was written.\n');
    return exitCodes.interrupted;
  }
  const misconfiguration = readMisconfiguration() ?? misconfigurationIn(suiteFaults);
  if (misconfiguration !== null) {
    process.stderr.write(`${visible(misconfiguration)}\n`);
    return usageExitCode;
  }
  const reason = suiteFaults[0] ?? 'the run ended before it was prepared';
  process.stderr.write(`The suite itself is at fault: ${visible(reason)}\n`);
  return exitCodes['suite-fault'];
}

interface ShardPlace extends Conclusion {
  readonly shard: ShardNumber;
  readonly directory: string;
}

/** Writes what a shard saw. Its exit code speaks of its own cases only; the verdict is that of all shards together. */
async function leaveShard(ended: EndedParts, place: ShardPlace): Promise<number> {
  const { shard } = place;
  const parts = readParts();
  const sealed = sealShard(ended, parts, shard);
  if (place.blob) putInto(place.blob, ended.preparation.runId, sealed);
  const files = place.blob ? [place.blob.file] : await writeShard(sealed, place);
  if (files.length === 0) return exitCodes['suite-fault'];
  const { exitCode, words } = partOf(ended, parts);
  const name = `Shard ${shard.index} of ${shard.count}`;
  const [file = ''] = files;
  print(
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

/** Nothing is left of a shard that holds a secret. */
async function writeShard(sealed: SealedShard, { shard, directory, secrets }: ShardPlace): Promise<readonly string[]> {
  const { files } = await writeFiles({ [shardFile(shard)]: `${JSON.stringify(sealed, null, 2)}\n` }, directory);
  return holdSecrets(files, secrets) ? [] : files;
}
