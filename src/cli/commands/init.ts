import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../../engine/errors.js';
import { makeFolder } from '../../engine/files.js';
import { packageRoot } from '../../engine/package.js';
import { typedCommand } from '../../engine/typed.js';
import type { Io } from '../../hosts/io.js';
import { cloudsWith } from '../../target/clouds.js';
import { exitCodes } from '../../engine/verdict/outcome.js';

export interface InitFlags {
  readonly provider: 'control' | 'inventory' | 'graph';
  readonly dir: string;
}

/** What each provider's users start from, and under which name they get it. */
const templates: Readonly<Record<InitFlags['provider'], Readonly<Record<string, string>>>> = {
  control: { 'target.yaml': 'targets/control.example.yaml' },
  inventory: {
    'target.yaml': 'targets/inventory.example.yaml',
    'inventory.yaml': 'targets/inventory.requests.example.yaml',
  },
  graph: { 'target.yaml': 'targets/graph.example.yaml' },
};

const usualSteps = (target: string): readonly string[] => [
  `Next: in ${target}, set name and baseUrl. Then`,
  `  ${typedCommand()} doctor --target ${target}    says what a run could tell`,
  `  ${typedCommand()} run --target ${target}       tests it, and leaves reports/index.html`,
];

/** What to do with the file that was written. */
const nextSteps: Readonly<Record<InitFlags['provider'], (target: string) => readonly string[]>> = {
  control: usualSteps,
  inventory: usualSteps,
  graph: (target) => [
    `Next: in ${target}, set name, tenant (twice) and the clients. Then`,
    `  ${typedCommand()} doctor --sign-in --target ${target}    signs everybody in, once`,
    `  ${typedCommand()} plan --target ${target}                says what a run would create, and its hash`,
    `  ${typedCommand()} run --target ${target} --approve HASH  tests the tenant, and leaves reports/index.html`,
    `It is held to the newest edition of beta, in which the clouds ${cloudsWith('beta', true).join(' and ')} serve cancel; ${cloudsWith('beta', false).join(' and ')} do in v1.0 only.`,
  ],
};

/** `init`: a commented target file and a skeleton of `.env`; overwrites nothing. */
export function init({ stdout }: Io, { provider, dir }: InitFlags): number {
  const files = { ...templates[provider], '.env': '.env.example' };
  const taken = Object.keys(files).filter((name) => existsSync(path.join(dir, name)));
  if (taken.length > 0) {
    throw new ConfigurationError(
      `${path.join(dir, taken[0] ?? '')} is there already and is left alone; nothing was written. Choose another folder with --dir.`,
    );
  }
  for (const [name, template] of Object.entries(files)) write(path.join(dir, name), contentOf(template, dir));
  const written = Object.keys(files).map((name) => `  ${path.join(dir, name)}`);
  const target = path.join(dir, 'target.yaml');
  stdout.write(
    [
      'Written:',
      ...written,
      '',
      ...nextSteps[provider](target),
      'Keep .env out of version control: it is for secrets.',
      '',
    ].join('\n'),
  );
  return exitCodes.conformant;
}

/** A template as it should stand in the user's folder: an editor finds the schema of target files from there, too. */
function contentOf(template: string, dir: string): string {
  const schemas = path
    .join(path.relative(path.resolve(dir), packageRoot), 'schemas')
    .split(path.sep)
    .join('/');
  return readFileSync(path.join(packageRoot, template), 'utf8')
    .replace(/^(# yaml-language-server: \$schema=)\.\.\/schemas/m, (_, comment: string) => comment + schemas)
    .replace('inventory.requests.example.yaml', 'inventory.yaml');
}

function write(file: string, content: string): void {
  try {
    makeFolder(path.dirname(file));
    // The flag refuses to overwrite what came into being since it was looked at.
    writeFileSync(file, content, { flag: 'wx' });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${file}: cannot be written: ${why}`, { cause });
  }
}
