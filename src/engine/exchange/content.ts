import type { IncomingMessage } from 'node:http';

/** The content of an answer as far as it was read. */
export interface Content {
  readonly bytes: Buffer;
  /** True when there was more. */
  readonly isCut: boolean;
}

/**
 * Reads the content of an answer, to its end or to a cap.
 * @param capBytes a byte more ends the reading
 * @returns never when the answer breaks off: that is an `error` of the message
 */
export function readContent(incoming: IncomingMessage, capBytes: number): Promise<Content> {
  return new Promise((resolve) => {
    const collected: Buffer[] = [];
    let size = 0;
    const finish = (isCut: boolean): void => {
      incoming.off('data', collect);
      resolve({ bytes: Buffer.concat(collected), isCut });
    };
    const collect = (chunk: Buffer): void => {
      collected.push(chunk);
      size += chunk.length;
      if (size > capBytes) finish(true);
    };
    incoming.on('data', collect).on('end', () => {
      finish(false);
    });
  });
}
