import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How one process went. */
export interface Took {
  readonly wallMs: number;
  readonly stdout: string;
}

/**
 * Runs one process to its end.
 * @throws Error when it fails: a failed run measures nothing
 */
export async function take(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Took> {
  const begin = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [stdout] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} ended with exit code ${child.exitCode ?? 'none'}`);
  return { wallMs: performance.now() - begin, stdout };
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Two decimals: more are noise. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
