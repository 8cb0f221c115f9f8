import { ConfigurationError, PrerequisiteError } from '../../engine/errors.js';
import { acquireLock, keepStatePrivate } from '../../arrange/graph/lock.js';
import { planRun } from '../../engine/plan/plan.js';
import { visible } from '../../report/visible.js';
import { assertApproved } from '../../arrange/graph/approval.js';
import { preparedFile, prepareAhead } from '../../arrange/graph/ahead.js';
import { CommandBound } from '../../hosts/ending.js';
import type { Io } from '../../hosts/io.js';
import { resolveTarget } from '../../hosts/target.js';
import { assertEncrypted } from '../../target/target.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { readFlags, readWhole, type ContractFlags } from '../flags.js';

interface PrepareFlags extends Pick<ContractFlags, 'target' | 'edition'> {
  readonly count: string;
  readonly insecure?: boolean;
  readonly approve?: string;
}

const mostPrepared = 20;

/** `prepare`: makes requests today that a run can use tomorrow. */
export async function prepare({ stdout, stderr }: Io, flags: PrepareFlags): Promise<number> {
  const count = readWhole('--count', flags.count, [1, mostPrepared]);
  const { target, contract } = resolveTarget(readFlags(flags));
  const { requests } = target;
  if (requests.provider !== 'graph') {
    throw new ConfigurationError(`${target.name}: only a target with the provider graph can be prepared`);
  }
  if (count > requests.mostCreated) {
    throw new ConfigurationError(
      `--count ${count}: the target file lets ${requests.mostCreated} requests be created (requests.mostCreated); prepare fewer, or raise it`,
    );
  }
  if (flags.insecure !== true) assertEncrypted(target);
  const plan = planRun(contract, target);
  assertApproved(target, plan, flags.approve);
  const file = preparedFile(requests);
  for (const note of keepStatePrivate(requests.state)) stderr.write(`${visible(note)}\n`);
  const release = acquireLock(requests.state, requests.tenant, file);
  const bound = new CommandBound(target.totalMs, 'prepare fewer, or raise it');
  try {
    const parts = { target, contract, plan, bound };
    const { requests: ids, readyAt } = await prepareAhead(parts, requests, { file, count });
    stdout.write(
      [
        `Prepared ${ids.length} for ${contract.edition.id}, ready at ${readyAt}:`,
        ...ids.map((id) => `  ${id}`),
        `Journal  ${file}`,
        '',
      ].join('\n'),
    );
    return exitCodes.conformant;
  } catch (error) {
    if (!(error instanceof PrerequisiteError)) throw error;
    stderr.write(`Nothing was prepared: ${visible(error.message)}\n`);
    return exitCodes.incomplete;
  } finally {
    bound.dismiss();
    release();
  }
}
