import path from 'node:path';
import { breakLock, journalOfKilled, keepStatePrivate } from '../../arrange/graph/lock.js';
import { ConfigurationError } from '../../engine/errors.js';
import { visible } from '../../report/visible.js';
import { isFolder } from '../../engine/files.js';
import { journalsAt, prune, recover, type Recovered } from '../../arrange/graph/recover.js';
import { CommandBound } from '../../hosts/ending.js';
import type { Io } from '../../hosts/io.js';
import { resolveTarget } from '../../hosts/target.js';
import { assertEncrypted } from '../../target/target.js';
import { counted } from '../../report/words.js';
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
  const isState = isFolder(journal);
  const killed = journalOfKilled(requests.state, requests.tenant);
  let [deleted, missing, left] = [0, 0, 0];
  const bound = new CommandBound(target.totalMs, 'go on with recover, or raise it');
  const parts = { target, contract, clock: bound.clock };
  try {
    for (const file of files) {
      // Who names a journal of what was prepared wants it gone, and a prepare that was killed did not end; the whole folder is cleaned up every night.
      const spares = isState && file !== killed && path.basename(file).startsWith('prepared-');
      const recovered = await recover(parts, requests, { file, spares });
      if (!isState || isWorthALine(recovered)) stdout.write(`${inWords(recovered)}\n`);
      deleted += recovered.ended.deleted;
      missing += recovered.ended.missing;
      left += recovered.leftovers.length + (recovered.obstacle === null ? 0 : 1);
    }
  } finally {
    bound.dismiss();
  }
  if (isState) {
    const pruned = left === 0 ? prune(path.resolve(journal), Date.now()) : 0;
    stdout.write(
      `${journal}: ${counted(files.length, 'journal')}, ${endedInWords({ deleted, missing })}, ${left} left; ${counted(pruned, 'old journal')} removed\n`,
    );
  }
  if (files.length === 0 && !isState) stdout.write(`${journal}: nothing was begun, so nothing is left\n`);
  // Only now: what could not be read or reached has to keep the next run out.
  breakLock(requests.state, requests.tenant);
  return left === 0 ? exitCodes.conformant : exitCodes.incomplete;
}

/** Of the journals of a folder, most say that nothing is left: the last line says that for all. */
const isWorthALine = ({ ended, leftovers, obstacle }: Recovered): boolean =>
  ended.deleted + ended.missing + leftovers.length > 0 || obstacle !== null;

const endedInWords = ({ deleted, missing }: Recovered['ended']): string =>
  `${counted(deleted, 'object')} deleted${missing === 0 ? '' : `, ${missing} not there any more`}`;

/** What is left is told one by one as far as anybody reads; the journal names all of it. */
const mostTold = 100;

function inWords({ file, ended, leftovers, obstacle }: Recovered): string {
  if (obstacle !== null) {
    const done = ended.deleted + ended.missing === 0 ? 'nothing could be deleted' : endedInWords(ended);
    return `${file}: ${done}: ${visible(obstacle)}`;
  }
  if (ended.deleted + ended.missing + leftovers.length === 0) return `${file}: nothing was left`;
  const told = leftovers.slice(0, mostTold);
  const left = told.map(({ kind, id, name, why }) => `  left: ${kind} ${id} (${visible(name)}): ${visible(why)}`);
  const last = leftovers.at(-1);
  const more =
    leftovers.length > mostTold && last
      ? [`  and ${leftovers.length - mostTold} more, which the journal names; the last of them: ${visible(last.why)}`]
      : [];
  return [`${file}: ${endedInWords(ended)}, ${leftovers.length} left`, ...left, ...more].join('\n');
}
