import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { declaredProgram } from '../../../src/cli/declarations.js';
import { packageRoot } from '../../../src/engine/package.js';
import type { Placed } from './documented-commands.js';

/** The long options of each command, as its help lists them; '' has those of the program. */
export type KnownCommands = Readonly<Record<string, ReadonlySet<string>>>;

const optionsOf = (command: Command): ReadonlySet<string> =>
  new Set(
    command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long }) => long ?? []),
  );

const program = declaredProgram();
const commands = program.createHelp().visibleCommands(program);

export const knownCommands: KnownCommands = Object.fromEntries([
  ['', optionsOf(program)],
  ...commands.map((command) => [command.name(), optionsOf(command)] as const),
]);

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
const ownOfNpm = new Set(['ci', 'cit', 'version', 'install', 'pack']);
const startsScript = new Set(['start', 'test']);

/** How the documents start the command. */
const starts = /^(npx (--no )?cancel-conformance|cancel-conformance|node dist\/src\/cli\/main\.js)(?= |$)/;

/** A call of the command. */
interface Invocation {
  readonly variables: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const word = String.raw`[\w.,:/@=-]+`;
const invocation = new RegExp(
  String.raw`^((?:\w+=${word} )*)(?:npx cancel-conformance|cancel-conformance|node dist/src/cli/main\.js)((?: ${word})*)$`,
);

/** A text that does nothing but call the command, with nothing in it that a shell would have to do; null for all others. */
export function invocationIn(text: string): Invocation | null {
  const [whole, assignments = '', args = ''] = invocation.exec(text) ?? [];
  if (whole === undefined) return null;
  const words = (part: string): readonly string[] => part.split(' ').filter((one) => one !== '');
  const variables = words(assignments).map((one) => /^(\w+)=(.*)$/.exec(one)?.slice(1) ?? []);
  return { variables: Object.fromEntries(variables) as Record<string, string>, args: words(args) };
}

const isProgram = (name: string): boolean => existsSync(path.join(packageRoot, 'node_modules', '.bin', name));

/**
 * What is wrong with a text in a sentence that names a command, a script or an option.
 * @returns null when nothing is, or when it names none
 */
export function problemOfInline({ file, line, text }: Placed, known: KnownCommands): string | null {
  const told = (what: string): string => `${file}:${line} \`${text}\`: ${what}`;
  const words = text.split(' ');
  if (starts.test(text)) return whatIsWrong(text.replace(starts, '').trim(), known, told);
  if (words[0] === 'npm') return problemOfNpm(words.slice(1), told);
  if (words[0] === 'npx') {
    const [name = 'cancel-conformance'] = words.slice(1).filter((word) => word !== '--no');
    return name === 'cancel-conformance' || isProgram(name) ? null : told(`no dependency brings ${name}`);
  }
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
