import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { cliMain, environmentOf, runOnDearEmbedded, startServed } from './cli.js';
import { openShell, type Shell } from './command-shell.js';

/** What the commands of one block find, and what they leave for the next. */
export interface Scene {
  /** The working directory. */
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** Texts of the documents, and what stands for each here: a free port for 4010, the hash that plan has shown for HASH. */
  readonly replaced: Map<string, string>;
  /** What was provided already. */
  readonly provided: Set<Given>;
  /** Ends the servers. */
  readonly closing: (() => Promise<unknown>)[];
  /** The shell of the block; null until a command needs one. */
  shell: Shell | null;
}

/** Something that a command presupposes. It is provided once for each block, just before the first command that needs it. */
export type Given = (scene: Scene) => void | Promise<void>;

/** The port that the documents use for targets on this machine. */
const documentedPort = '4010';

/** A folder for the commands of a block, and the programs that they name. */
export function openScene(folder: string): Scene {
  const cwd = path.join(folder, 'work');
  mkdirSync(cwd);
  const environment = environmentOf({
    PATH: `${putPrograms(folder)}:${process.env['PATH'] ?? ''}`,
    // No test asks a registry.
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  });
  return { folder: cwd, environment, replaced: new Map(), provided: new Set(), closing: [], shell: null };
}

/** The shell of a block. It knows the variables that there are when it starts: those that its first command presupposes, too. */
export const shellOf = (scene: Scene): Shell =>
  (scene.shell ??= openShell({ cwd: scene.folder, environment: scene.environment }));

/** Ends the shell and the servers of a block. */
export async function closeScene({ shell, closing }: Scene): Promise<void> {
  await shell?.close();
  await Promise.all(closing.map((close) => close()));
}

/** A text of the documents as it is here. */
export const asHere = ({ replaced }: Scene, text: string): string =>
  [...replaced].reduce((before, [from, to]) => before.replaceAll(from, to), text);

/** Lets a port stand for the documented one in all that follows, until the block ends. */
export function serveAt(scene: Scene, origin: string, close: () => Promise<unknown>): void {
  scene.closing.push(close);
  scene.replaced.set(documentedPort, new URL(origin).port);
}

/**
 * Starts a server at a free port, in this process.
 * @param args of `serve`, as they stand in the documents
 */
export async function serve(
  scene: Scene,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = scene.environment,
): Promise<void> {
  const free = args.map((arg) => (arg === documentedPort ? '0' : arg));
  const { origin, close } = await startServed(free, { cwd: scene.folder, environment });
  serveAt(scene, origin, close);
}

/**
 * What a reader has on the PATH: the installed command, `npx`, which finds it, and `jq`, as far as the documents use it, since
 * not every machine has it.
 */
function putPrograms(folder: string): string {
  const programs = {
    'cancel-conformance': `exec "${process.execPath}" "${cliMain}" "$@"`,
    npx: `
case "$1 $2" in
  'cancel-conformance '*) shift ;;
  '--no cancel-conformance') shift 2 ;;
  *) echo "the npx of this test knows the command of this version only: $*" >&2; exit 2 ;;
esac
exec cancel-conformance "$@"`,
    jq: `
case "$1 $2" in '-r .'[a-z]*) ;; *) echo "the jq of this test knows -r .member only: $*" >&2; exit 2 ;; esac
exec sed -n "s/.*\\"\${2#.}\\": *\\"\\([^\\"]*\\)\\".*/\\1/p"`,
  };
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return bin;
}

/** A checkout, for commands that write nothing but reports. */
export const checkout: Given = ({ folder }) => {
  for (const name of ['dist', 'package.json', 'scripts']) {
    symlinkSync(path.join(packageRoot, name), path.join(folder, name));
  }
};

/** The folder of a finished run, with what the commands read of it. */
export function finishedRunIn(name: string, fault?: string): Given {
  return async ({ folder }) => {
    const { out } = await runOnDearEmbedded(fault);
    for (const file of ['report.json', 'evidence.jsonl']) cpSync(path.join(out, file), path.join(folder, name, file));
  };
}

/** A target at the documented port. */
export const served =
  (...args: readonly string[]): Given =>
  (scene) =>
    serve(scene, [...args, '--port', documentedPort]);

/** Edits a file of the folder, as a reader is told to. @throws Error when there is nothing to edit */
export function edit({ folder }: Scene, name: string, ...edits: readonly (readonly [string | RegExp, string])[]): void {
  const file = path.join(folder, name);
  const before = readFileSync(file, 'utf8');
  const after = edits.reduce((text, [from, to]) => {
    if (text.search(from) === -1) throw new Error(`${name} holds no ${String(from)}: there is nothing to edit`);
    return text.replaceAll(from, to);
  }, before);
  writeFileSync(file, after);
}

/** Provides what a command needs and the block has not yet. */
export async function provide(scene: Scene, needs: readonly Given[]): Promise<void> {
  for (const given of needs.filter((needed) => !scene.provided.has(needed))) {
    scene.provided.add(given);
    await given(scene);
  }
}

/** A file that `init` writes, unless the reader has it already. */
export function example(scene: Scene, template: string, name = 'target.yaml'): void {
  const file = path.join(scene.folder, name);
  if (!existsSync(file)) cpSync(path.join(packageRoot, 'targets', template), file);
}
