import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import { tooCommon } from '../engine/evidence/common.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
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

/** Why a text cannot be what it is taken for; null when it can. */
type Problem = (text: string) => string | null;

/** How a text is read that is to be secret. */
interface Reading {
  /** What reports say of the target. */
  readonly near?: readonly string[];
  /** Gets to know what a command printed besides. */
  readonly secrets?: SecretRegistry;
  /** Ends a command that has not printed it yet. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a token.
 * @throws PrerequisiteError that says why there is none and what to do; never with a secret in it
 * @throws ConfigurationError when it is too common to be kept secret
 */
export const readToken = (source: ReadyMadeToken, reading: Reading = {}): Promise<string> =>
  readSecret(source, shapeProblem, reading);

/** As `readToken`, for another secret than a token. */
export async function readSecret(source: ReadyMadeToken, problemOf: Problem, reading: Reading = {}): Promise<string> {
  const printed = await textOf(source, reading);
  const secret = printed.trim();
  const problem = problemOf(secret);
  if (problem !== null) {
    hear(printed, reading);
    throw new PrerequisiteError(`${originOf(source)} ${problem}`);
  }
  const common = tooCommon(secret, reading.near);
  if (common !== null) throw new ConfigurationError(`${originOf(source)} ${common}`);
  return secret;
}

/** Why a text cannot serve as a token, whatever it says; null when it can. */
function shapeProblem(token: string): string | null {
  if (token === '') return 'is empty: put the token there, and nothing else';
  if (token.startsWith('{')) return 'holds JSON: it has to hold the token alone';
  if (!/^[\x21-\x7e]+$/.test(token)) return 'holds white space or other characters that no token has';
  return null;
}

/** Why a text that somebody else handed out cannot serve as a token; null when it can. */
export const problemOf = (token: string, near: readonly string[]): string | null =>
  shapeProblem(token) ?? tooCommon(token, near);

function originOf(source: ReadyMadeToken): string {
  if ('env' in source) return `the environment variable ${source.env}`;
  if ('file' in source) return `the file ${source.file}`;
  return `the output of ${source.command[0]}`;
}

async function textOf(source: ReadyMadeToken, reading: Reading): Promise<string> {
  if ('command' in source) return runCommand(source.command, reading);
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
  readonly stdout?: string;
  readonly stderr?: string;
}

async function runCommand(
  [program, ...args]: readonly [string, ...string[]],
  { signal, secrets }: Reading,
): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, {
      timeout: commandMs,
      killSignal: 'SIGKILL',
      maxBuffer: outputCapBytes,
      encoding: 'utf8',
      ...(signal && { signal }),
    });
    hear(stderr, { ...(secrets && { secrets }) });
    return stdout;
  } catch (error) {
    const failure = error as CommandFailure;
    hear(`${failure.stdout ?? ''} ${failure.stderr ?? ''}`, { ...(secrets && { secrets }) });
    // The error itself is left behind: its message holds the whole command line.
    throw new PrerequisiteError(`the command ${program} ${failureInWords(failure, args)}`);
  }
}

function failureInWords({ code, killed, stderr }: CommandFailure, args: readonly string[]): string {
  if (code === 'ABORT_ERR') return 'was ended with the run, before it printed a token';
  if (code === 'ENOENT') return 'was not found: install it, or give its path';
  if (code === 'EACCES') return 'may not be executed';
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'printed more than any token has';
  if (killed) return `did not end within ${commandMs / 1000} s`;
  const said = spokenOf(stderr ?? '', args);
  return `ended with exit code ${code ?? 'unknown'}${said === '' ? '' : `: ${said}`}`;
}

/** Characters of what a command says that are looked at, and those that are shown. */
const heardLength = 4096;
const shownLength = 300;

/** Most words of what a command printed that are kept in mind. */
const mostHeard = 100;

const hidden = '‹hidden›';

/** What may be a secret in what a command printed is hidden wherever it comes up later. */
function hear(printed: string, { secrets }: Pick<Reading, 'secrets'>): void {
  const words = printed.slice(0, 16 * heardLength).split(/[\s"',;{}[\]<>]+/);
  for (const word of words.filter(isSuspicious).slice(0, mostHeard)) secrets?.register(word, 'printed by a command');
}

/** The first lines of what a command said, without what may be a secret in it: the arguments of the command, and what looks like one. */
export function spokenOf(said: string, args: readonly string[]): string {
  const heard = said.trim().slice(0, heardLength);
  const values = args.flatMap((arg) => [arg, arg.replace(/^--?[\w-]+=/, '')]).filter((arg) => !/^--?[\w-]*$/.test(arg));
  const known = [...new Set(values)].filter((arg) => arg.length >= 4).sort((a, b) => b.length - a.length);
  const withoutArguments = known.reduce((rest, arg) => rest.replaceAll(arg, hidden), heard);
  // At the end of what was cut off an argument may begin.
  const whole = heard.length < heardLength ? withoutArguments : withoutArguments.slice(0, shownLength);
  const lines = whole.split('\n').slice(0, 3).join(' ');
  return hideWords(lines.split(' ')).join(' ').slice(0, shownLength);
}

/** A name behind which a secret stands, and what stands between the two. */
const tellingName = /(?:secret|password|passwd|pwd|token|key|assertion|code)["']?[:=]["']?/i;

/** The same, where the secret is the next word. */
const tellingEnd = /(?:secret|password|passwd|pwd|token|key|assertion|code)["']?[:=]?["']?$/i;

function hideWords(words: readonly string[]): readonly string[] {
  let isNext = false;
  return words.map((word) => {
    const isTold = isNext && word !== '' && !/^[:=]$/.test(word);
    isNext = word === '' || /^[:=]$/.test(word) ? isNext : tellingEnd.test(word) && /[:=]["']?$/.test(word);
    if (isTold) return hidden;
    const name = tellingName.exec(word);
    const value = name === null ? '' : word.slice(name.index + name[0].length);
    if (name !== null && value !== '') return word.slice(0, -value.length) + hidden;
    return isSuspicious(word) ? hidden : word;
  });
}

/** Shortest run of letters and digits that is taken for a secret. */
const suspiciousLength = 24;

/** Whether a word is no prose: it holds a JSON Web Token, or a long run of letters and digits. */
function isSuspicious(word: string): boolean {
  if (word.includes('eyJ')) return true;
  return word
    .split(/[^\w+/~.=-]/)
    .some((run) => run.length >= suspiciousLength && /\d/.test(run) && /[A-Za-z]/.test(run));
}
