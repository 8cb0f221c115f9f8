import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { runCli } from './cli.js';
import type { Placed } from './documented-commands.js';

/** The long options of each command, as its own help lists them; '' has those of the program. */
export type KnownCommands = Readonly<Record<string, ReadonlySet<string>>>;

const optionsIn = (help: string): ReadonlySet<string> =>
  new Set([...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option));

/** Asks the command itself. */
export async function askForCommands(cwd: string): Promise<KnownCommands> {
  const helpOf = async (...command: readonly string[]): Promise<string> =>
    (await runCli([...command, '--help'], { cwd })).stdout;
  const help = await helpOf();
  const names = [...(help.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
  const options = names.map(async (name) => [name, optionsIn(await helpOf(name))] as const);
  return { '': optionsIn(help), ...Object.fromEntries(await Promise.all(options)) };
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

const { scripts } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as Manifest;

/**
 * What the last part of a script of the package starts: what is left of `npm run …` without npm, and without the build, which
 * stands in front of it.
 */
export function lastPartOf(script: string): string {
  const last = scripts[script]?.split(' && ').at(-1);
  if (last === undefined) throw new Error(`package.json has no script ${script}`);
  return last;
}

/** Commands of npm itself that the documents use, besides those that are scripts. */
const ownOfNpm = new Set(['ci', 'cit', 'version', 'install']);
const startsScript = new Set(['start', 'test']);

/** How the documents start the command. */
const program = /^(npx cancel-conformance(@\S+)?|cancel-conformance|node dist\/src\/cli\/main\.js)(?= |$)/;

const isProgram = (name: string): boolean => existsSync(path.join(packageRoot, 'node_modules', '.bin', name));

/**
 * What is wrong with a text in a sentence that names a command, a script or an option.
 * @returns null when nothing is, or when it names none
 */
export function problemOfInline({ file, line, text }: Placed, known: KnownCommands): string | null {
  const told = (what: string): string => `${file}:${line} \`${text}\`: ${what}`;
  const words = text.split(' ');
  if (program.test(text)) return whatIsWrong(text.replace(program, '').trim(), known, told);
  if (words[0] === 'npm') return problemOfNpm(words.slice(1), told);
  if (words[0] === 'npx') return isProgram(words[1] ?? '') ? null : told(`no dependency brings ${words[1] ?? ''}`);
  // A command of ours without the name of the program.
  if (Object.hasOwn(known, words[0] ?? '')) return whatIsWrong(text, known, told);
  if (!text.startsWith('--')) return null;
  const [option = ''] = text.split(/[ =]/);
  return Object.values(known).some((options) => options.has(option)) ? null : told('no command has this option');
}

function whatIsWrong(text: string, known: KnownCommands, told: (what: string) => string): string | null {
  const [first = '', ...rest] = text.split(' ');
  const name = first.startsWith('-') ? '' : first;
  const options = Object.hasOwn(known, name) ? known[name] : undefined;
  if (options === undefined) return told(`there is no command ${name}`);
  const given = [first, ...rest].filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/, ''));
  const unknown = given.filter((option) => !options.has(option));
  return unknown.length === 0 ? null : told(`${name} has no ${unknown.join(', ')}`);
}

function problemOfNpm(words: readonly string[], told: (what: string) => string): string | null {
  const [command = '', ...rest] = words.filter((word) => !word.startsWith('--'));
  const script = command === 'run' ? rest[0] : startsScript.has(command) ? command : undefined;
  if (script !== undefined) return Object.hasOwn(scripts, script) ? null : told(`package.json has no script ${script}`);
  return ownOfNpm.has(command) ? null : told(`npm ${command} is not known to this test`);
}

/** Scripts of the package that start what there is not: a script, a program or a file that was built. */
export const brokenScripts = (): readonly string[] =>
  Object.entries(scripts).flatMap(([name, script]) =>
    script.split(' && ').flatMap((part) => {
      const [first = '', second = '', third = ''] = part.split(' ');
      const missing =
        first === 'npm'
          ? second === 'run' && !Object.hasOwn(scripts, third.startsWith('-') ? '' : third)
          : first === 'node' || first === 'sh'
            ? !existsSync(path.join(packageRoot, second))
            : !isProgram(first);
      return missing ? [`${name}: ${part}`] : [];
    }),
  );
