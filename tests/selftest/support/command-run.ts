import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { runCli } from './cli.js';
import { asHere, closeScene, openScene, provide, serve, shellOf, type Given, type Scene } from './command-scene.js';
import type { Ended } from './command-shell.js';
import type { Block, Placed } from './documented-commands.js';
import { invocationIn, knownCommands, problemOfInline } from './inline-commands.js';

/** How a command of the documents is executed, and what it must come to. */
interface Coverage {
  /** What it presupposes. */
  readonly needs?: readonly Given[];
  /** Exit code; default 0. */
  readonly exit?: number;
  /** What it must write to standard output. */
  readonly prints?: RegExp;
  /** What it must write to standard error. */
  readonly complains?: RegExp;
  /** Files that must be there afterwards. */
  readonly leaves?: readonly string[];
  /** True: it goes on in another terminal, while the rest of the block is carried out. */
  readonly serves?: true;
  /** Texts of later commands, and where this one prints what stands for each. */
  readonly shows?: Readonly<Record<string, RegExp>>;
  /** What the documents tell the reader to do before the next command. */
  readonly afterwards?: (scene: Scene) => void;
  /** Carried out in its place, where a test cannot or should not carry out what stands there. */
  readonly instead?: { readonly command: string; readonly because: string };
  /** In place of a script that takes minutes: its own reader of options gets those of the command. It throws what is wrong. */
  readonly reads?: (options: readonly string[]) => unknown;
  /** Not carried out by these tests: a file of the project has it done wherever they run, as it holds this text. */
  readonly elsewhere?: { readonly file: string; readonly holds: string; readonly because: string };
  /** Reads on a terminal what it has printed so far, and does what a person would. */
  readonly person?: (written: string) => Promise<void>;
}

/** By the text of the command. */
export type CoverageTable = Readonly<Record<string, Coverage>>;

/** Where a command is to be added. */
const tableFile = 'tests/selftest/support/command-table.ts';

const named = ({ file, line, text }: Placed): string => `${file}:${line} \`${text}\``;

/** What to do about commands that no test executes, and about rows that are for none. */
export function problemsOf(blocks: readonly Block[], table: CoverageTable): readonly string[] {
  const commands = blocks.flatMap((block) => block.commands);
  const documented = new Set(commands.map(({ text }) => text));
  return [
    ...commands.filter(({ text }) => !Object.hasOwn(table, text)).map(uncovered),
    ...Object.keys(table)
      .filter((text) => !documented.has(text))
      .map((text) => `${tableFile}: no document has the command \`${text}\`: delete its row`),
  ];
}

const uncovered = (command: Placed): string =>
  `${named(command)} is not executed by any test: add it to ${tableFile}, with what it presupposes and its exit code`;

/**
 * Carries out the commands of a block, one after the other: those that only call the command of this suite in this process, all
 * others in one shell.
 * @param folder empty
 * @throws Error that names the command when one comes to anything else than its row says
 */
export async function carryOut(block: Block, table: CoverageTable, folder: string): Promise<void> {
  const rows = block.commands.map((command) => {
    const coverage = Object.hasOwn(table, command.text) ? table[command.text] : undefined;
    if (coverage === undefined) throw new Error(uncovered(command));
    return { command, coverage };
  });
  const scene = openScene(folder);
  try {
    for (const { command, coverage } of rows) {
      if (coverage.elsewhere) assertElsewhere(command, coverage.elsewhere);
      else await carryOutOne(command, coverage, scene);
    }
  } finally {
    await closeScene(scene);
  }
}

/** @throws Error when the file does not have it done, or there is no such script */
function assertElsewhere(command: Placed, { file, holds }: NonNullable<Coverage['elsewhere']>): void {
  const problem = problemOfInline(command, knownCommands);
  if (problem !== null) throw new Error(problem);
  if (readFileSync(path.join(packageRoot, file), 'utf8').includes(holds)) return;
  throw new Error(`${named(command)} is carried out nowhere: ${file} holds no ${JSON.stringify(holds)}`);
}

async function carryOutOne(command: Placed, coverage: Coverage, scene: Scene): Promise<void> {
  await provide(scene, coverage.needs ?? []);
  const text = coverage.instead?.command ?? command.text;
  const carriedOut = asHere(scene, text);
  // A server takes the place of the documented port only now.
  const ended = await (coverage.serves ? started(text, scene) : endOf(carriedOut, coverage, scene)).catch(
    (error: unknown) => {
      throw new Error(`${named(command)}: ${(error as Error).message}`);
    },
  );
  const wrong = complaintsOf(coverage, ended, scene);
  if (wrong.length > 0) throw new Error(told(command, carriedOut, { wrong, ended }));
  for (const [shown, where] of Object.entries(coverage.shows ?? {})) {
    scene.replaced.set(shown, where.exec(ended.stdout)?.[1] ?? '');
  }
  coverage.afterwards?.(scene);
}

/** What programs of the block get from its shell, where there is one. */
const environmentIn = async ({ shell, environment }: Scene): Promise<Readonly<Record<string, string>>> =>
  shell === null ? environment : shell.exported();

async function started(text: string, scene: Scene): Promise<Ended> {
  const {
    variables,
    args: [name, ...args],
  } = invocationIn(text) ?? { variables: {}, args: [] };
  if (name !== 'serve') throw new Error('it serves nothing');
  await serve(scene, args, { ...(await environmentIn(scene)), ...variables });
  return { exitCode: 0, stdout: '', stderr: '' };
}

async function endOf(text: string, { reads, person }: Coverage, scene: Scene): Promise<Ended> {
  if (reads) {
    const [, options = ''] = text.split(' -- ');
    reads(options.split(' ').filter((option) => option !== ''));
    return { exitCode: 0, stdout: '', stderr: '' };
  }
  const invocation = invocationIn(text);
  if (invocation === null) return shellOf(scene).run(text);
  const environment = { ...(await environmentIn(scene)), ...invocation.variables };
  const done: Promise<void>[] = [];
  const reader = person && ((written: string): unknown => done.push(person(written)));
  const ended = await runCli(invocation.args, { cwd: scene.folder, environment, reader });
  await Promise.all(done);
  return ended;
}

/** What a command came to that its row does not say. */
function complaintsOf(coverage: Coverage, { exitCode, stdout, stderr }: Ended, { folder }: Scene): readonly string[] {
  const { exit = 0, prints, complains, leaves = [], shows = {} } = coverage;
  return [
    ...(exitCode === exit ? [] : [`it ended with exit code ${exitCode ?? 'none'}, not ${exit}`]),
    ...[...(prints ? [prints] : []), ...Object.values(shows)]
      .filter((wanted) => !wanted.test(stdout))
      .map((wanted) => `its standard output has no ${wanted.source}`),
    ...(complains === undefined || complains.test(stderr) ? [] : [`its standard error has no ${complains.source}`]),
    ...leaves.filter((name) => !existsSync(path.join(folder, name))).map((name) => `it left no ${name}`),
  ];
}

/** How much of an output stands in a message, in characters. */
const tailLength = 2000;

function told(
  command: Placed,
  carriedOut: string,
  { wrong, ended: { stdout, stderr } }: { readonly wrong: readonly string[]; readonly ended: Ended },
): string {
  const as = carriedOut === command.text ? '' : ` (as \`${carriedOut}\`)`;
  const tail = (name: string, output: string): string =>
    output.trim() === '' ? '' : `\n${name}: … ${output.trim().slice(-tailLength)}`;
  return `${named(command)}${as}: ${wrong.join('; ')}${tail('standard error', stderr)}${tail('standard output', stdout)}`;
}
