import path from 'node:path';
import { breakLock, journalOfKilled, keepStatePrivate } from '../../arrange/graph/lock.js';
import { ConfigurationError } from '../../engine/errors.js';
import { planRun } from '../../engine/plan/plan.js';
import { visible } from '../../report/visible.js';
import { isFolder } from '../../engine/files.js';
import { journalsAt, prune, recover, type Recovered } from '../../arrange/graph/recover.js';
import type { Io } from '../../hosts/io.js';
import { resolveTarget } from '../../hosts/target.js';
import { assertEncrypted } from '../../target/target.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { readFlags, type ContractFlags } from '../flags.js';

type RecoverFlags = Pick<ContractFlags, 'target'> & { readonly insecure?: boolean };

/** `recover`: deletes from a live tenant what a run that was killed has left there, and what was prepared and is over. */
export async function recoverFrom({ stdout, stderr }: Io, journal: string, flags: RecoverFlags): Promise<number> {
  const { target, contract } = resolveTarget(readFlags(flags));
  const { requests } = target;
  if (requests.provider !== 'graph') {
    throw new ConfigurationError(
      `${target.name}: only runs with the provider graph leave something to recover; give their target file`,
    );
  }
  if (flags.insecure !== true) assertEncrypted(target);
  for (const note of keepStatePrivate(requests.state)) stderr.write(`${visible(note)}\n`);
  const files = journalsAt(journal, requests);
  const parts = { target, contract, plan: planRun(contract, target) };
  const isState = isFolder(journal);
  const killed = journalOfKilled(requests.state, requests.tenant);
  let [removed, left] = [0, 0];
  for (const file of files) {
    // Who names a journal of what was prepared wants it gone, and a prepare that was killed did not end; the whole folder is cleaned up every night.
    const spares = isState && file !== killed && path.basename(file).startsWith('prepared-');
    const recovered = await recover(parts, requests, { file, spares });
    if (!isState || isWorthALine(recovered)) stdout.write(`${inWords(recovered)}\n`);
    removed += recovered.removed;
    left += recovered.leftovers.length + (recovered.obstacle === null ? 0 : 1);
  }
  if (isState) {
    const pruned = left === 0 ? prune(path.resolve(journal), Date.now()) : 0;
    stdout.write(
      `${journal}: ${files.length} journals, ${removed} objects deleted, ${left} left; ${pruned} old journals removed\n`,
    );
  }
  if (files.length === 0 && !isState) stdout.write(`${journal}: nothing was begun, so nothing is left\n`);
  // Only now: what could not be read or reached has to keep the next run out.
  breakLock(requests.state, requests.tenant);
  return left === 0 ? exitCodes.conformant : exitCodes.incomplete;
}

/** Of the journals of a folder, most say that nothing is left: the last line says that for all. */
const isWorthALine = ({ removed, leftovers, obstacle }: Recovered): boolean =>
  removed + leftovers.length > 0 || obstacle !== null;

function inWords({ file, removed, leftovers, obstacle }: Recovered): string {
  if (obstacle !== null) return `${file}: nothing could be deleted: ${visible(obstacle)}`;
  if (removed + leftovers.length === 0) return `${file}: nothing was left`;
  const left = leftovers.map(({ kind, id, name, why }) => `  left: ${kind} ${id} (${visible(name)}): ${visible(why)}`);
  return [`${file}: ${removed} objects deleted, ${leftovers.length} left`, ...left].join('\n');
}
