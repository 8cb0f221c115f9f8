import { lstatSync } from 'node:fs';
import { ConfigurationError } from '../engine/errors.js';
import { readText } from '../engine/files.js';

/** A variable of the file that nobody has taken yet. */
interface Offered {
  readonly value: string;
  /** What is wrong with how it is written; null when nothing is. */
  readonly problem: string | null;
  /** File, line and name. */
  readonly where: string;
}

const usualFile = '.env';

/** Names of the suite's own variables. */
const isOwn = (name: string): boolean => name.startsWith('CANCEL_');

/** Which variables a target file names is known only when it has been read, which is in the middle of a command. */
let offered: ReadonlyMap<string, Offered> = new Map();

/**
 * Reads the `.env` file of the working directory, or the one that DOTENV_PATH names, and takes the suite's own variables from it.
 * The rest waits until `takeVariables` asks for it. The only place where such a file is read.
 * @throws ConfigurationError that names the file when it cannot be read, and as `takeVariables`
 */
export async function offerEnvironmentFile(): Promise<void> {
  const named = process.env['DOTENV_PATH'] ?? '';
  const file = named === '' ? usualFile : named;
  offered = named === '' && lstatSync(file, { throwIfNoEntry: false }) === undefined ? new Map() : await read(file);
  takeVariables([...offered.keys()].filter(isOwn));
}

/**
 * Sets variables of the environment from the `.env` file, where they stand there; one that is set already wins.
 * @throws ConfigurationError that names file, line and variable where a value is not what was meant; never with the value in it
 */
export function takeVariables(names: readonly string[]): void {
  for (const name of names) {
    const found = offered.get(name);
    if (found === undefined || process.env[name] !== undefined) continue;
    if (steering.test(name)) {
      throw new ConfigurationError(
        `${found.where}: this variable steers Node.js or other programs and is not taken from a file: set it where you start this one, or name another variable`,
      );
    }
    if (found.problem !== null) throw new ConfigurationError(`${found.where}: ${found.problem}`);
    process.env[name] = found.value;
  }
}

/**
 * What a file in a working directory must not set, whoever names it: it would have other code run, certificates not verified, or
 * tokens pass through somebody's proxy, here or in the commands that print tokens.
 */
const steering =
  /^(?:NODE_.*|LD_.*|DYLD_.*|npm_config_.*|GIT_.*|PYTHON.*|PERL5.*|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|PATH|HOME|SHELL|ENV|BASH_.*|IFS|TMPDIR|OPENSSL_.*|SSL_.*|SSLKEYLOGFILE|CURL_.*|REQUESTS_CA_BUNDLE|(?:https?|all|no|ftp)_proxy)$/i;

async function read(file: string): Promise<ReadonlyMap<string, Offered>> {
  const text = readText(file, { what: 'a file of variables', capBytes: mostBytes });
  const { parse } = await import('dotenv');
  const values = parse(text);
  const uncut = parse(text.replaceAll(joinedHash, stand));
  const lines = linesOf(text);
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const where = `${file}:${lines.get(name) ?? 0}: ${name}`;
      return [name, { value, where, problem: problemOf(value, uncut[name] ?? '') }] as const;
    }),
  );
}

/** Far more than any such file has, in bytes: of quotes that do not end its reader takes a time quadratic in them. */
const mostBytes = 64 * 1024;

/** A `#` that goes on with what stands before it: behind white space it begins a remark, and behind a quote nothing is lost. */
const joinedHash = /(?<=[^\s'"`])#/g;

/** Stands for such a `#` where the reader is to take it for a letter. */
const stand = '\ue000';

function problemOf(value: string, uncut: string): string | null {
  if (uncut.replaceAll(stand, '#') !== value) return 'the value is cut off at its #: put it in quotes';
  return /^["'`]/.test(value) ? 'the value has a quote in front that does not end: write both, or none' : null;
}

/** The line on which each variable gets its value, from 1: the last one counts. */
function linesOf(text: string): ReadonlyMap<string, number> {
  const named = text.split('\n').map((line) => /^\s*(?:export\s+)?([\w.-]+)\s*[=:]/.exec(line)?.[1] ?? '');
  return new Map(named.map((name, at) => [name, at + 1]));
}
