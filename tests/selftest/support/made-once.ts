import { execFile } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Names the folder of what all tests of one invocation share. */
const variable = 'CANCEL_CONFORMANCE_SHARED_BY_TESTS';

/** Makes the folder. @returns what removes it */
export async function openShared(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cancel-conformance-'));
  process.env[variable] = folder;
  return async () => {
    // Some of it may be made so that nobody can write there.
    await execute('chmod', ['-R', 'u+w', folder]);
    await rm(folder, { recursive: true, force: true });
  };
}

type Made<Value> = { readonly value: Value } | { readonly failure: string };

/** What this worker has asked for, by name: it is read once. */
const known = new Map<string, Promise<unknown>>();

/**
 * What is dear to make and only looked at afterwards: made by the worker that asks first, for all; the others wait for it.
 * A fixture of the worker would do that too, but workers are not shared by files whose worker fixtures differ.
 * @param make gets a folder that lasts as long as the tests
 * @returns what `make` returned, through JSON
 */
export function madeOnce<Value>(name: string, make: (folder: string) => Promise<Value>): Promise<Value> {
  const asked = (known.get(name) as Promise<Value> | undefined) ?? made(name, make);
  known.set(name, asked);
  return asked;
}

async function made<Value>(name: string, make: (folder: string) => Promise<Value>): Promise<Value> {
  const shared = process.env[variable];
  if (shared === undefined) throw new Error('the global set-up of the tests did not run');
  const folder = path.join(shared, name);
  const file = `${folder}.json`;
  const isFirst = await mkdir(folder).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    const outcome: Made<Value> = await make(folder).then(
      (value) => ({ value }),
      (error: unknown) => ({ failure: String(error) }),
    );
    await writeFile(`${file}.tmp`, JSON.stringify(outcome));
    await rename(`${file}.tmp`, file);
  } else {
    await appearance(file);
  }
  const outcome = JSON.parse(await readFile(file, 'utf8')) as Made<Value>;
  if ('failure' in outcome) throw new Error(`${name} could not be made: ${outcome.failure}`);
  return outcome.value;
}

/** Waits until there is such a file. */
function appearance(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(path.dirname(file), look).on('error', reject);
    // After the watch has begun, so that it cannot come in between.
    look();
  });
}
