import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Most bytes that a body may become. */
const unpackedCapBytes = 1024 * 1024;

/** How often a body may be compressed. */
const mostLayers = 3;

/** Anything can be taken for compressed, and gives a few bytes. */
const fewestBytes = 16;

const bounds = { maxOutputLength: unpackedCapBytes, finishFlush: constants.Z_SYNC_FLUSH };

/** What a compressed body may be read by; a stream that was cut off gives what it has. */
const readers: readonly ((bytes: Buffer) => Buffer)[] = [
  (bytes) => gunzipSync(bytes, bounds),
  (bytes) => inflateSync(bytes, bounds),
  (bytes) => inflateRawSync(bytes, bounds),
  (bytes) => brotliDecompressSync(bytes, { ...bounds, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
];

/** What a body holds when it is taken for compressed. */
export interface Unpacked {
  readonly contents: readonly Buffer[];
  /** True when something in it is larger than anybody looks at. */
  readonly isTooLarge: boolean;
}

/**
 * Everything that a body may hold when it is taken for compressed (gzip, zlib, deflate, brotli, one within the other), whatever its
 * head says; of a stream that is broken, what comes before.
 */
export function unpacked(bytes: Buffer, layers = mostLayers): Unpacked {
  const read = layers === 0 ? [] : readers.map((reader) => contentOf(bytes, reader));
  const contents = read.filter((content) => content !== null).filter(({ length }) => length >= fewestBytes);
  const within = contents.map((content) => unpacked(content, layers - 1));
  return {
    contents: [...contents, ...within.flatMap((inner) => inner.contents)],
    isTooLarge: read.includes(null) || within.some((inner) => inner.isTooLarge),
  };
}

/** As much as can be read: the longest beginning that gives no error, by halves. Null: more than anybody looks at. */
function contentOf(bytes: Buffer, reader: (bytes: Buffer) => Buffer): Buffer | null {
  const attempt = (length: number): Buffer | 'broken' | null => {
    try {
      return reader(bytes.subarray(0, length));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? null : 'broken';
    }
  };
  let [good, bad] = [0, bytes.length + 1];
  let content: Buffer = Buffer.alloc(0);
  for (let length = bytes.length; bad - good > 1; length = (good + bad) >> 1) {
    const found = attempt(length);
    if (found === null) return null;
    if (found === 'broken') bad = length;
    else [good, content] = [length, found];
  }
  return content;
}
