import { ConfigurationError } from '../../engine/errors.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import type { Io } from '../../hosts/io.js';
import { visible } from '../../report/visible.js';
import { counted } from '../../report/words.js';
import { acceptNight } from '../../wings/nights/index.js';

interface AcceptFlags {
  readonly nights: string;
  readonly owner: string;
  readonly reason: string;
}

/** `accept`: takes what moved in the last night as it is. */
export async function accept({ stdout }: Io, flags: AcceptFlags): Promise<number> {
  for (const key of ['owner', 'reason'] as const) {
    if (flags[key].trim() === '') throw new ConfigurationError(`--${key}: nothing stands in it; write the ${key}`);
  }
  const { owner, reason } = flags;
  const accepted = await acceptNight(flags.nights, { owner, reason, at: new Date() });
  const lines = [
    `${accepted.night} is the base from now on: ${counted(accepted.moved.length, 'thing')} that moved ${accepted.moved.length === 1 ? 'is' : 'are'} accepted by ${owner}`,
    ...accepted.moved.map((words) => `  ${words}`),
  ];
  stdout.write(`${lines.map(visible).join('\n')}\n`);
  return exitCodes.conformant;
}
