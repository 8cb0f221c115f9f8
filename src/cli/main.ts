#!/usr/bin/env node
// The first module: it imports nothing but the platform, and is written so that a platform that is too old can read it too.
// What fails while a program is loaded ends in the platform's own code 1, which here would read as nonconformant; so
// everything else is loaded from here, where it is told apart what the suite, and what its surroundings are at fault for.
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parts of package.json that are looked at before anything is loaded. */
interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** A message and the exit code that goes with it. */
interface Ending {
  readonly words: string;
  readonly exitCode: 2 | 4;
}

/** The members that the platform gives its errors. */
interface Trouble {
  readonly code?: unknown;
  readonly path?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
}

const manifestFile = fileURLToPath(new URL('../../../package.json', import.meta.url));

function begin(): void {
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
  const [, , first] = process.argv;
  if (!isAdmitted(process.versions.node, manifest.engines.node)) {
    const words = `cancel-conformance needs Node.js ${manifest.engines.node}, and this is ${process.versions.node}: install another one`;
    end({ words, exitCode: 2 });
  }
  if (first === '--version' || first === '-V') process.stdout.write(`${manifest.version}\n`);
  else carryOut().catch(fail);
}

async function carryOut(): Promise<void> {
  const { keepCompiledCode } = await import('./compile-cache.js');
  keepCompiledCode(module);
  const { main } = await import('./program.js');
  process.exitCode = await main(process.argv.slice(2));
}

/**
 * Whether a version lies in a range.
 * @param range alternatives `^a.b.c` and `>=a.b.c`, as package.json has them
 */
function isAdmitted(version: string, range: string): boolean {
  const own = numbersOf(version);
  return range.split('||').some((alternative) => {
    const least = numbersOf(alternative);
    if (alternative.trim().startsWith('^') && own[0] !== least[0]) return false;
    const at = [0, 1, 2].find((index) => own[index] !== least[index]);
    return at === undefined || Number(own[at]) > Number(least[at]);
  });
}

function numbersOf(version: string): readonly number[] {
  return version
    .split(/\D+/)
    .filter((text) => text !== '')
    .slice(0, 3)
    .map(Number);
}

/** Ends the process for what nobody caught. */
function fail(error: unknown): never {
  const remedy = remedyOf(error);
  if (remedy !== null) return end({ words: remedy, exitCode: 2 });
  const message = error instanceof Error ? error.message : String(error);
  // A wrong use that was found where nobody waited for it.
  if (error instanceof Error && error.name === 'ConfigurationError') return end({ words: message, exitCode: 2 });
  const words = `The suite itself is at fault: ${inOneLine(message)}\nPlease report this with the command that you ran.`;
  return end({ words, exitCode: 4 });
}

/** Prints past the streams, which may be what is broken. */
function end(ending: Ending): never {
  try {
    writeSync(2, `${ending.words.split('\n').map(inOneLine).join('\n')}\n`);
  } catch {
    // Nobody reads; the exit code tells the rest.
  }
  process.exit(ending.exitCode);
}

/** A text without anything that acts on a terminal. Others go through src/report/visible.ts, which cannot be had here. */
function inOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => JSON.stringify(character).slice(1, -1));
}

const descriptorsRemedy =
  'there are too few file descriptors for this process: raise the limit, for example with ulimit -n 1024, and run again';

/** What to do about trouble that lies in the surroundings of the process; null for everything else. */
function remedyOf(error: unknown): string | null {
  for (let trouble = asTrouble(error), depth = 0; trouble !== null && depth < 8; depth++) {
    if (trouble.code === 'EMFILE' || trouble.code === 'ENFILE') return descriptorsRemedy;
    trouble = asTrouble(trouble.cause);
  }
  const trouble = asTrouble(error);
  if (trouble === null) return null;
  if (loadingTroubles.includes(String(trouble.code)) && areDescriptorsFew()) return descriptorsRemedy;
  if (trouble.syscall === 'uv_cwd') return 'the working directory is gone or cannot be read: change into another one';
  const folder = path.resolve('/', tmpdir());
  const isTemporary = typeof trouble.path === 'string' && `${trouble.path}${path.sep}`.startsWith(folder + path.sep);
  if (!isTemporary || !temporaryTroubles.includes(String(trouble.code))) return null;
  const what = existsSync(folder) ? `cannot be used (${String(trouble.code)})` : 'does not exist';
  return `the temporary folder ${folder} ${what}: set TMPDIR to a folder that can be written`;
}

/** Where package.json of a package cannot be opened, the platform says that there is no such package, or a folder in its place. */
const loadingTroubles: readonly string[] = ['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'];

const temporaryTroubles: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'ENOSPC', 'EDQUOT'];

function asTrouble(error: unknown): Trouble | null {
  return typeof error === 'object' && error !== null ? error : null;
}

/** More than loading the suite takes at once. */
const enoughDescriptors = 64;

function areDescriptorsFew(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < enoughDescriptors) opened.push(openSync(manifestFile, 'r'));
    return false;
  } catch {
    return true;
  } finally {
    opened.forEach((descriptor) => {
      closeSync(descriptor);
    });
  }
}

// Last, when every name above stands for something.
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Who reads the beginning only (`| head`), or has closed the terminal, has what they wanted; the exit code tells the rest.
    if (error.code === 'EPIPE' || error.code === 'EIO') return;
    const which = stream === process.stdout ? 'standard output' : 'standard error';
    end({ words: `${which} cannot be written (${String(error.code)}): send it somewhere else`, exitCode: 2 });
  });
}
begin();
