import type { Printer } from '../hosts/io.js';
import { waitForAnswer } from '../hosts/reaching.js';
import { exitCodes } from '../engine/verdict/outcome.js';
import { readWhole } from './flags.js';

/** Longest that a target may be waited for, in seconds: an hour. */
const mostSeconds = 3600;

/**
 * The value of `--wait`.
 * @returns seconds; null when it was not given
 * @throws ConfigurationError for anything but a whole number within bounds
 */
export const readWait = (wait: string | undefined): number | null =>
  wait === undefined ? null : readWhole('--wait', wait, [1, mostSeconds]);

interface Asked {
  readonly stderr: Printer;
  readonly wait: string | undefined;
}

/**
 * Waits for a target as long as `--wait` says, and says so when it did not answer.
 * @returns the exit code; null when the command may go on
 */
export async function waitedFor(
  awaited: Parameters<typeof waitForAnswer>[0],
  { stderr, wait }: Asked,
): Promise<number | null> {
  const seconds = readWait(wait);
  const lines = seconds === null ? null : await waitForAnswer(awaited, { seconds, stream: stderr });
  if (lines === null) return null;
  stderr.write(`${lines.join('\n')}\n`);
  return exitCodes.incomplete;
}
