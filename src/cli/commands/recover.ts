import { breakLock, keepStatePrivate } from '../../arrange/graph/lock.js';
import { ConfigurationError } from '../../engine/errors.js';
import { planRun } from '../../engine/plan/plan.js';
import { visible } from '../../report/visible.js';
import { journalsAt, recover, type Recovered } from '../../arrange/graph/recover.js';
import type { Io } from '../../hosts/io.js';
import { resolveTarget } from '../../hosts/target.js';
import { assertEncrypted } from '../../target/target.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { readFlags, type ContractFlags } from '../flags.js';

type RecoverFlags = Pick<ContractFlags, 'target'> & { readonly insecure?: boolean };

/** `recover`: deletes from a live tenant what a run that was killed has left there. */
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
  let left = 0;
  for (const file of files) {
    const recovered = await recover(parts, requests, file);
    stdout.write(`${inWords(recovered)}\n`);
    left += recovered.leftovers.length + (recovered.obstacle === null ? 0 : 1);
  }
  if (files.length === 0) stdout.write(`${journal}: nothing was begun, so nothing is left\n`);
  // Only now: what could not be read or reached has to keep the next run out.
  breakLock(requests.state, requests.tenant);
  return left === 0 ? exitCodes.conformant : exitCodes.incomplete;
}

function inWords({ file, removed, leftovers, obstacle }: Recovered): string {
  if (obstacle !== null) return `${file}: nothing could be deleted: ${visible(obstacle)}`;
  if (removed + leftovers.length === 0) return `${file}: nothing was left`;
  const left = leftovers.map(({ kind, id, name, why }) => `  left: ${kind} ${id} (${visible(name)}): ${visible(why)}`);
  return [`${file}: ${removed} objects deleted, ${leftovers.length} left`, ...left].join('\n');
}
