import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageRoot, packageVersion } from '../../../src/engine/package.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { renderEvidence } from '../../../src/report/evidence.js';
import type { Report } from '../../../src/report/model.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { cliMain, environmentOf } from './cli.js';
import { startServer, type Server } from './command-shell.js';

const execute = promisify(execFile);

/** What the commands of one block find, and what they leave for the next. */
export interface Scene {
  /** The working directory. */
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** Texts of the documents, and what stands for each here: a free port for 4010, the hash that plan has shown for HASH. */
  readonly replaced: Map<string, string>;
  /** What was provided already. */
  readonly provided: Set<Given>;
  readonly servers: Server[];
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
  return { folder: cwd, environment, replaced: new Map(), provided: new Set(), servers: [] };
}

/** Ends the servers of a block. @returns what is wrong: one that had ended by itself, or could not end well */
export async function closeScene({ servers }: Scene): Promise<readonly string[]> {
  const codes = await Promise.all(servers.map(({ stop }) => stop()));
  return codes.flatMap((code) => (code === null || code === 0 ? [] : [`a server ended with exit code ${code}`]));
}

/** A text of the documents as it is here. */
export const asHere = ({ replaced }: Scene, text: string): string =>
  [...replaced].reduce((before, [from, to]) => before.replaceAll(from, to), text);

/**
 * Starts a server with a free port in place of the documented one, which stands for it in all that follows.
 * @param command as it stands in the documents
 */
export async function serve(scene: Scene, command: string): Promise<void> {
  const server = await startServer(command.replaceAll(documentedPort, '0'), {
    cwd: scene.folder,
    environment: scene.environment,
  });
  scene.servers.push(server);
  scene.replaced.set(documentedPort, server.port);
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
  'cancel-conformance '*) shift; exec cancel-conformance "$@" ;;
  '--yes cancel-conformance@${packageVersion()}') shift 2; exec cancel-conformance "$@" ;;
esac
PATH=\${PATH#*:} exec npx "$@"`,
    jq: `
case "$1 $2" in '-r .'[a-z]*) ;; *) echo "the jq of this test knows -r .member only: $*" >&2; exit 2 ;; esac
exec "${process.execPath}" -p 'JSON.parse(require("fs").readFileSync(0, "utf8"))[process.argv[1]]' "\${2#.}"`,
  };
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return bin;
}

/** Nothing of these belongs to a clean copy; packages are linked. */
const notCopied = new Set(['node_modules', 'reports', 'test-results', '.git', '.cancel-conformance', '.env']);

/**
 * A clean checkout, built as this one is: building takes longer than all the rest, and `npm test` has built.
 * @param place puts a folder or a file of this checkout there
 */
async function layOut({ folder }: Scene, place: (from: string, to: string) => Promise<unknown>): Promise<void> {
  const names = readdirSync(packageRoot).filter((name) => !notCopied.has(name) && !name.endsWith('.tgz'));
  for (const name of names) await place(path.join(packageRoot, name), path.join(folder, name));
  mkdirSync(path.join(folder, 'reports'), { recursive: true });
  symlinkSync(path.join(packageRoot, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { readonly scripts: object };
  const scripts = { ...manifest.scripts, build: 'test -f dist/stamp.json' };
  writeFileSync(file, JSON.stringify({ ...manifest, scripts }, null, 2));
}

const copy = (from: string, to: string): Promise<unknown> => execute('cp', ['-R', from, to]);

/** One whose files are its own: for commands that write into the checkout. */
export const copiedCheckout: Given = (scene) => layOut(scene, copy);

/**
 * One whose folders are those of this checkout, for commands that write nothing but reports: what the runner has compiled of
 * their modules is there already.
 */
export const checkout: Given = (scene) =>
  layOut(scene, async (from, to) => {
    if (statSync(from).isDirectory()) symlinkSync(from, to);
    else await copy(from, to);
  });

const finished = new Map<string, Promise<Report>>();

/** A run in this process; each is carried out once. */
async function finishedRun(fault: string): Promise<Report> {
  const { target, contract } = resolveTarget({});
  const tested = { ...target, embedded: fault === '' ? {} : { fault } };
  const running = finished.get(fault) ?? runInProcess({ target: tested, contract, plan: planRun(contract, tested) });
  finished.set(fault, running);
  return running;
}

/** The folder of a finished run, with what the commands read of it. */
export function finishedRunIn(name: string, fault = ''): Given {
  return async ({ folder }) => {
    const report = await finishedRun(fault);
    const place = path.join(folder, name);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'report.json'), JSON.stringify(report));
    writeFileSync(path.join(place, 'evidence.jsonl'), renderEvidence(report));
  };
}

/** A target at the documented port. */
export function served(options = ''): Given {
  return (scene) => serve(scene, `exec cancel-conformance serve ${options} --port ${documentedPort}`);
}

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
