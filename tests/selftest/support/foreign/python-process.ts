import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../../src/engine/package.js';

const program = path.join(packageRoot, 'tests', 'selftest', 'support', 'foreign', 'stdlib_target.py');

/** The target on Python's standard library, in a process of its own. */
interface Running {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the target and waits until it says where it listens.
 * @param tokens the token of each persona
 */
export async function startPythonTarget(
  args: readonly string[],
  tokens: Readonly<Record<string, string>>,
): Promise<Running> {
  const child = spawn('python3', ['-B', program, ...args], {
    env: { PATH: process.env['PATH'], TARGET_TOKENS: JSON.stringify(tokens) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  for await (const line of createInterface(child.stdout)) {
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return { origin: `http://127.0.0.1:${port}`, close };
  }
  throw new Error('the Python target ended before it said where it listens');
}
