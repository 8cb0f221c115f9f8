import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Where commands are typed. */
export interface Place {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Longest that one command may take, in ms; only one that hangs comes near, however busy the machine is. */
export const commandBoundMs = 600_000;

/** How a command ended. */
export interface Ended {
  /** Null when a signal ended it, as it does when its time is over. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell that is told one command after the other, so that its variables live on. */
export interface Shell {
  /** @param command text for `sh` */
  readonly run: (command: string) => Promise<Ended>;
  /** What a program that it starts next gets. */
  readonly exported: () => Promise<Readonly<Record<string, string>>>;
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
  const run: Shell['run'] = async (command) => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('an earlier command has ended the shell');
    const written = { stdout: '', stderr: '' };
    const marked = Promise.all([
      collect(child.stdout, (chunk) => behindStdout.test((written.stdout += chunk))),
      collect(child.stderr, (chunk) => (written.stderr += chunk).endsWith(behindStderr)),
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
  const exported: Shell['exported'] = async () => {
    const { stdout } = await run('env -0');
    const pairs = stdout
      .split('\0')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
    return Object.fromEntries(pairs.filter(([name]) => name !== '')) as Readonly<Record<string, string>>;
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    endGroup(child);
    await closed;
  };
  // A command may end the shell before it has read all that it was told.
  child.stdin.on('error', () => undefined);
  return { run, exported, close };
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
