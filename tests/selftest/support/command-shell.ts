import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

type Environment = Readonly<Record<string, string>>;

/** Where commands are typed. */
export interface Place {
  readonly cwd: string;
  readonly environment: Environment;
}

/** Longest that one command may take, in ms; only one that hangs comes near, however busy the machine is. */
export const commandBoundMs = 600_000;

/** How a command of a shell ended. */
export interface Ended {
  /** Null when a signal ended it, as it does when its time is over. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell that is told one command after the other, so that its variables live on. */
export interface Shell {
  /**
   * @param command text for `sh`
   * @param read gets what the command has written to standard error so far, while it runs
   */
  readonly run: (command: string, read?: (written: string) => void) => Promise<Ended>;
  /** Ends it, and all that it started. */
  readonly close: () => Promise<void>;
}

/** Stands behind the output of each command. */
const mark = '--- end of a command of the documents ---';
const behindStdout = new RegExp(`\n${mark} (\\d+)\n$`);
const behindStderr = `\n${mark}\n`;

/** Starts a shell. Commands find nothing on their standard input: no test has a person at the keyboard. */
export function openShell({ cwd, environment }: Place): Shell {
  const child = spawn('sh', ['-s'], { cwd, env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const closed = once(child, 'close');
  const run: Shell['run'] = async (command, read = () => undefined) => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('an earlier command has ended the shell');
    const written = { stdout: '', stderr: '' };
    const marked = Promise.all([
      collect(child.stdout, (chunk) => behindStdout.test((written.stdout += chunk))),
      collect(child.stderr, (chunk) => {
        read((written.stderr += chunk));
        return written.stderr.endsWith(behindStderr);
      }),
    ]);
    child.stdin.write(`{ ${command}\n} </dev/null\nprintf '\\n${mark} %s\\n' "$?"\nprintf '\\n${mark}\\n' >&2\n`);
    const bound = setTimeout(() => {
      endGroup(child);
    }, commandBoundMs);
    await Promise.race([marked, closed]);
    clearTimeout(bound);
    const [, code] = behindStdout.exec(written.stdout) ?? [];
    return {
      // Without its mark, the command ended the shell itself.
      exitCode: code === undefined ? child.exitCode : Number(code),
      stdout: written.stdout.replace(behindStdout, ''),
      stderr: written.stderr.replace(behindStderr, ''),
    };
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    endGroup(child);
    await closed;
  };
  // A command may end the shell before it has read all that it was told.
  child.stdin.on('error', () => undefined);
  return { run, close };
}

/** Hands on what a stream brings, until that is enough. */
function collect(stream: NodeJS.ReadableStream, isEnough: (chunk: string) => boolean): Promise<void> {
  stream.setEncoding('utf8');
  return new Promise((resolve) => {
    const take = (chunk: string): void => {
      if (!isEnough(chunk)) return;
      stream.off('data', take);
      resolve();
    };
    stream.on('data', take);
  });
}

/** Ends a process and all that it started, which may have outlived it. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // Nothing is left of it.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A command that goes on until it is ended: a reader has it in another terminal. */
export interface Server {
  /** The port that it said it listens on. */
  readonly port: string;
  /** Ends it. @returns the exit code; null when the signal ended it */
  readonly stop: () => Promise<number | null>;
}

/**
 * Starts a server by a command for `sh`, and waits until it has said where it listens.
 * @throws Error when it ends before
 */
export async function startServer(command: string, { cwd, environment }: Place): Promise<Server> {
  const child = spawn('sh', ['-c', command], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const closed = once(child, 'close');
  const stderr = text(child.stderr);
  let printed = '';
  const listens = (chunk: string): boolean => /http:\/\/127\.0\.0\.1:\d+\S*\s/.test((printed += chunk));
  const port = await Promise.race([
    collect(child.stdout, listens).then(() => /http:\/\/127\.0\.0\.1:(\d+)/.exec(printed)?.[1] ?? ''),
    closed.then(async () => {
      throw new Error(`it ended with exit code ${child.exitCode ?? 'none'} and serves nothing: ${await stderr}`);
    }),
  ]);
  return {
    port,
    stop: async () => {
      endGroup(child);
      await closed;
      return child.exitCode;
    },
  };
}
