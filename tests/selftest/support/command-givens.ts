import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadContract } from '../../../src/cancel/contract.js';
import { emulatedClients } from '../../../src/emulators/endpoint/personas.js';
import { createIdentityPlatform } from '../../../src/emulators/tenant/identity/platform.js';
import { startTenant, type TenantExtension, type TenantHost } from '../../../src/emulators/tenant/server.js';
import { defaultDelays } from '../../../src/emulators/tenant/choices.js';
import { edit, example, finishedRunIn, serveAt, served, type Given, type Scene } from './command-scene.js';
import { placePages } from './doc-pages.js';
import { shownFile } from './documented-commands.js';
import { tenantId } from './live-tenant.js';

// What the documents take for granted, each under the name that they use.

/** Breaks one requirement, which one check catches. */
export const fault = 'scope-compared-by-prefix';

const here = ({ replaced }: Scene): readonly [string, string] => ['4010', replaced.get('4010') ?? ''];

/** A server that offers the control protocol, at the port of the documents. */
export const target = served();

/** A file that names that server. Where requests are dear, a whole run has the fewest cases. */
function nameTarget(scene: Scene, name: string): void {
  example(scene, 'control.example.yaml', name);
  edit(scene, name, here(scene), [/^baseUrl:/gm, 'expensive: true\nbaseUrl:']);
}

/** A file of the embedded target, likewise. */
export const dearTarget: Given = ({ folder }) => {
  writeFileSync(path.join(folder, 'dear.yaml'), 'name: embedded\nembedded: {}\nexpensive: true\n');
};

/** The same, and the file that names it. */
export const ownTarget: Given = async (scene) => {
  await target(scene);
  nameTarget(scene, 'target.yaml');
};

/** A target that fails, the report on it, and the file that names it. */
export const failingTarget: Given = async (scene) => {
  await served('--fault', fault)(scene);
  await finishedRunIn('reports', fault)(scene);
  nameTarget(scene, 'my-target.yaml');
};

export const conformantRun = finishedRunIn('reports');

/** Two nights without a difference, and three targets with one. */
export const comparableRuns: Given = async (scene) => {
  for (const name of ['last-night', 'tonight', 'emulator', 'live']) await finishedRunIn(name)(scene);
  await finishedRunIn('gateway', fault)(scene);
};

/** A page of the documentation, which disagrees with itself, and the include that stands in it. */
export const pages: Given = ({ folder }) => {
  placePages(folder, 'include.en-US.md', 'includes/cancel-permissions.md');
  renameSync(path.join(folder, 'include.en-US.md'), path.join(folder, 'page.md'));
  renameSync(path.join(folder, 'includes/cancel-permissions.md'), path.join(folder, 'cancel-permissions.md'));
};

/**
 * In place of a live tenant: a small one, in which everything happens at once. As `serve --tenant` has it but for the patience
 * that it asks of those who sign in.
 */
export const tenant: Given = async (scene) => {
  const { edition } = loadContract('beta-2026-06');
  const applications = [{ clientId: emulatedClients.people, publicClient: true }];
  const identities = ({ authority }: TenantHost): TenantExtension => {
    const platform = createIdentityPlatform({
      edition,
      applications,
      issue: (persona, asked) => authority.issue(persona, asked),
      deviceCodeIntervalS: 1,
    });
    return (incoming, response) => platform.handle(incoming, response);
  };
  const delays = Object.fromEntries(Object.keys(defaultDelays).map((name) => [name, 0]));
  const { originUrl, close } = await startTenant({ edition, delays, extensions: [identities] });
  serveAt(scene, originUrl, close);
};

/** What a reader sets in the file of `init --provider graph`; nothing comes late, and more calls in a second than on a live tenant. */
export const tenantTarget: Given = async (scene) => {
  example(scene, 'graph.example.yaml');
  await tenant(scene);
  const origin = `http://127.0.0.1:${here(scene)[1]}`;
  edit(
    scene,
    'target.yaml',
    ['https://graph.microsoft.com', origin],
    ['00000000-0000-4000-8000-000000000000', tenantId],
    ['00000000-0000-4000-8000-000000000001', emulatedClients.people],
    ['# cloud: usGov', `authority: ${origin}`],
    ['# callsPerSecond: 10', 'callsPerSecond: 500'],
    ['settleMs: 60000', 'settleMs: 0'],
  );
};

/** The file that the document shows; more calls in a second, too. */
export const trialFile: Given = (scene) => {
  writeFileSync(path.join(scene.folder, 'trial.yaml'), `${shownFile('docs/live-tenant.md', 'trial.yaml')}\n`);
  edit(
    scene,
    'trial.yaml',
    here(scene),
    ['provider: graph', 'provider: graph\n  callsPerSecond: 500'],
    ['settleMs: 2000', 'settleMs: 0'],
  );
};

/** The variables of the recipe for any shell. */
export const recipe: Given = async (scene) => {
  await ownTarget(scene);
  scene.environment['TARGET'] = 'target.yaml';
};

const entered = new Set<string>();

/** Signs in whoever is asked to, on another device. @param written all that was asked so far */
export async function signIn(written: string): Promise<void> {
  for (const [, persona, uri = '', userCode = ''] of written.matchAll(/^(\w+): open (\S+) .* code (\w+)\r?\n/gm)) {
    if (entered.has(userCode)) continue;
    entered.add(userCode);
    const body = JSON.stringify({ userCode, persona });
    const answer = await fetch(uri.replace(/^https:/, 'http:'), { method: 'POST', body });
    if (!answer.ok) throw new Error(`the sign-in of ${persona ?? ''} was answered with ${answer.status}`);
  }
}
