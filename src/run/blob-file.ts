import { readFileSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import type { SecretRegistry } from '../evidence/secrets.js';
import { shardsIn, type Blob } from './blob.js';
import { heldSecret } from './leaks.js';

/** As much as is needed of the event by which a blob report tells the configuration of its run. */
interface ConfigureEvent {
  readonly method?: unknown;
  readonly params?: { readonly config?: { readonly metadata?: Blob['metadata'] } };
}

/** The file of events in a blob report, one in JSON on each line. */
const eventsName = 'report.jsonl';

/**
 * What a blob report holds, as texts: its files, and in clear what its events carry in base64.
 * @throws an error when it is missing or no zip file
 */
export function textsInBlob(file: string): readonly string[] {
  const files = Object.entries(unzipSync(readFileSync(file)));
  return files.flatMap(([name, bytes]) => {
    const text = strFromU8(bytes);
    return name === eventsName ? [text, ...carriedIn(text)] : [text];
  });
}

function carriedIn(events: string): readonly string[] {
  const carried: string[] = [];
  for (const line of linesOf(events)) {
    JSON.parse(line, (key, value: unknown) => {
      // Attachments, and what a process printed as bytes.
      if ((key === 'base64' || key === 'data') && typeof value === 'string') {
        carried.push(Buffer.from(value, 'base64').toString('utf8'));
      }
      return value;
    });
  }
  return carried;
}

const linesOf = (events: string): readonly string[] => events.split('\n').filter((line) => line !== '');

/**
 * The shards in a blob report, as `shardsIn` gives them.
 * @throws an error when it is missing, no zip file, or no blob report
 */
export function shardsInBlob(file: string): ReturnType<typeof shardsIn> {
  const { [eventsName]: events } = unzipSync(readFileSync(file), { filter: ({ name }) => name === eventsName });
  if (!events) throw new Error(`it holds no ${eventsName}`);
  for (const line of linesOf(strFromU8(events))) {
    const { method, params } = JSON.parse(line) as ConfigureEvent;
    if (method === 'onConfigure') return shardsIn(params?.config?.metadata ?? {});
  }
  return [];
}

/**
 * Looks at the blob report once Playwright has written it, and removes one with a secret.
 * @returns what is wrong with it, in words; null when it is sound
 */
export function faultOfBlob({ file, metadata }: Blob, secrets: SecretRegistry): string | null {
  try {
    const [hit] = textsInBlob(file).flatMap((text) => secrets.find(text));
    if (hit) {
      rmSync(file, { force: true });
      return heldSecret(file, hit);
    }
    return isDeepStrictEqual(shardsInBlob(file), shardsIn(metadata))
      ? null
      : `${file}: not the blob report of this run; it could not be written`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `${file}: the blob report could not be written or read back: ${why}`;
  }
}
