import { readFileSync, rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import { shardsIn, type Blob } from './blob.js';
import { heldSecret } from '../leaks.js';

/** As much as is needed of the event by which a blob report tells the configuration of its run. */
interface ConfigureEvent {
  readonly method?: unknown;
  readonly params?: { readonly config?: { readonly metadata?: Blob['metadata'] } };
}

/** The file of events in a blob report, one in JSON on each line. */
const eventsName = 'report.jsonl';

/**
 * What a blob report holds, as texts: its files, and by themselves the texts that its events carry packed once more.
 * @throws an error when it is missing or no zip file
 */
function textsInBlob(file: string): readonly string[] {
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
      const unpack = unpacking[key];
      if (unpack && typeof value === 'string') carried.push(unpack(value));
      return value;
    });
  }
  return carried;
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');

/** How a text is packed, by the member of an event: attachments, what a process printed as bytes, and the shard. */
const unpacking: Readonly<Record<string, (text: string) => string>> = {
  base64: fromBase64,
  data: fromBase64,
  shard: (text) => text,
};

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
