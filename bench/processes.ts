import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Loaded by each process first: says at its end what it took. */
const meter = new URL('meter.js', import.meta.url).href;

/** How one process went. */
export interface Took {
  readonly wallMs: number;
  readonly stdout: string;
  /** Processor time, user and system, in ms. */
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/**
 * Runs one process to its end.
 * @throws Error when it fails: a failed run measures nothing
 */
export async function take(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Took> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', meter, ...args], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const [, printed, , measured] = child.stdio as unknown as readonly [null, Readable, null, Readable];
  const [stdout, used] = await Promise.all([text(printed), text(measured), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${args.join(' ')} ended with exit code ${child.exitCode ?? 'none'}`);
  const { cpuMs, peakMiB } = JSON.parse(used) as Pick<Took, 'cpuMs' | 'peakMiB'>;
  return { wallMs: performance.now() - begin, stdout, cpuMs, peakMiB };
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Two decimals: more are noise. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;
