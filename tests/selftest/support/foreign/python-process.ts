import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../../../src/engine/package.js';

const program = path.join(packageRoot, 'tests', 'selftest', 'support', 'foreign', 'stdlib_target.py');

/** What the target is to be like. */
interface Told {
  readonly fault: string | null;
  /** Statuses that it cannot bring a request into. */
  readonly leaveOut: readonly string[];
}

/** The target on Python's standard library, in a process of its own. */
export interface PythonTarget {
  readonly origin: string;
  /** Makes it another target, without any request. */
  readonly become: (told: Told) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Starts the target and waits until it says where it listens.
 * @param tokens the token of each persona
 */
export async function startPythonTarget(tokens: Readonly<Record<string, string>>): Promise<PythonTarget> {
  const child = spawn('python3', ['-B', program], {
    env: { PATH: process.env['PATH'], TARGET_TOKENS: JSON.stringify(tokens) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const said = async (pattern: RegExp): Promise<string> => {
    const { value = '' } = (await lines.next()) as IteratorResult<string, string | undefined>;
    const match = pattern.exec(value);
    if (!match) throw new Error(`the Python target said ${JSON.stringify(value)} where ${pattern.source} is due`);
    return match[1] ?? '';
  };
  return {
    origin: `http://127.0.0.1:${await said(/^listening on (\d+)$/)}`,
    become: async (told) => {
      child.stdin.write(`${JSON.stringify(told)}\n`);
      await said(/^ready$/);
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
