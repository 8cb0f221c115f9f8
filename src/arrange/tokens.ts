import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import { readText } from '../engine/files.js';

/** Where a ready-made token comes from. */
export type ReadyMadeToken =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly command: readonly [program: string, ...args: string[]] };

/** How long a command may take to print a token, in milliseconds: signing in at a slow tenant takes seconds. */
const commandMs = 30_000;

/** Far larger than any token, in bytes. */
const outputCapBytes = 256 * 1024;

/** A text that ordinary prose may hold by chance: it could neither be hidden in reports nor be searched for. */
const plainWord = /^[a-z]{1,15}$/i;

/** Shorter texts are everywhere. */
const shortestToken = 6;

/** Why a text cannot be what it is taken for; null when it can. */
type Problem = (text: string) => string | null;

/**
 * Reads a token.
 * @param signal ends a command that has not printed it yet
 * @throws PrerequisiteError that says why there is none and what to do; never with a secret in it
 */
export const readToken = (source: ReadyMadeToken, signal?: AbortSignal): Promise<string> =>
  readSecret(source, problemOf, signal);

/** As `readToken`, for another secret than a token. */
export async function readSecret(source: ReadyMadeToken, problemOf: Problem, signal?: AbortSignal): Promise<string> {
  const secret = (await textOf(source, signal)).trim();
  const problem = problemOf(secret);
  if (problem === null) return secret;
  throw new PrerequisiteError(`${originOf(source)} ${problem}`);
}

/** Why a text cannot serve as a token; null when it can. */
export function problemOf(token: string): string | null {
  if (token === '') return 'is empty: put the token there, and nothing else';
  if (token.startsWith('{')) return 'holds JSON: it has to hold the token alone';
  if (!/^[\x21-\x7e]+$/.test(token)) return 'holds white space or other characters that no token has';
  return plainWordIn(token);
}

/** Why a text could not be kept secret; null when it can. */
export const plainWordIn: Problem = (text) =>
  text.length < shortestToken || plainWord.test(text)
    ? 'holds a plain word, so reports could not be kept free of it: use one with digits, or of 16 characters and more'
    : null;

function originOf(source: ReadyMadeToken): string {
  if ('env' in source) return `the environment variable ${source.env}`;
  if ('file' in source) return `the file ${source.file}`;
  return `the output of ${source.command[0]}`;
}

async function textOf(source: ReadyMadeToken, signal: AbortSignal | undefined): Promise<string> {
  if ('command' in source) return runCommand(source.command, signal);
  if ('env' in source) {
    const text = process.env[source.env] ?? '';
    if (text !== '') return text;
    throw new PrerequisiteError(`the environment variable ${source.env} is not set`);
  }
  try {
    return readText(source.file, { what: 'a token', capBytes: outputCapBytes, piped: true });
  } catch (cause) {
    if (!(cause instanceof ConfigurationError)) throw cause;
    throw new PrerequisiteError(`the file ${cause.message}`, { cause });
  }
}

interface CommandFailure {
  readonly code?: string | number;
  readonly killed?: boolean;
  readonly stderr?: string;
}

async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      timeout: commandMs,
      killSignal: 'SIGKILL',
      maxBuffer: outputCapBytes,
      encoding: 'utf8',
      ...(signal && { signal }),
    });
    return stdout;
  } catch (error) {
    // The error itself is left behind: its message holds the whole command line.
    throw new PrerequisiteError(`the command ${program} ${failureInWords(error as CommandFailure, args)}`);
  }
}

function failureInWords({ code, killed, stderr }: CommandFailure, args: readonly string[]): string {
  if (code === 'ABORT_ERR') return 'was ended with the run, before it printed a token';
  if (code === 'ENOENT') return 'was not found: install it, or give its path';
  if (code === 'EACCES') return 'may not be executed';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed more than any token has';
  if (killed) return `did not end within ${commandMs / 1000} s`;
  const said = hideSecrets((stderr ?? '').trim(), args)
    .split('\n')
    .slice(0, 3)
    .join(' ')
    .slice(0, 300);
  return `ended with exit code ${code ?? 'unknown'}${said === '' ? '' : `: ${said}`}`;
}

/** What may be a secret in somebody else's words: long runs that are no prose, and what follows a telling name. */
const suspicious = [
  /eyJ[\w-]+(?:\.[\w-]+){0,2}/g,
  /(?<=\b(?:secret|password|passwd|pwd|token|key|assertion|code)["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
  /(?=[\w+/~.=-]*\d)(?=[\w+/~.=-]*[A-Za-z])[\w+/~.=-]{24,}/g,
];

/** A text without what may be a secret in it: the arguments of the command, and what looks like one. */
function hideSecrets(text: string, args: readonly string[]): string {
  const values = args.flatMap((arg) => [arg, arg.replace(/^--?[\w-]+=/, '')]).filter((arg) => !/^--?[\w-]*$/.test(arg));
  const known = [...new Set(values)].filter((arg) => arg.length >= 4).sort((a, b) => b.length - a.length);
  const withoutArguments = known.reduce((rest, arg) => rest.replaceAll(arg, '‹hidden›'), text);
  return suspicious.reduce((rest, pattern) => rest.replaceAll(pattern, '‹hidden›'), withoutArguments);
}
