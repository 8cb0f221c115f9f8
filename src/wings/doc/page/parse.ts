import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Root } from 'mdast';
import { ConfigurationError } from '../../../engine/errors.js';
import { packageRoot } from '../../../engine/package.js';
import type { Parsed } from './markdown.js';
import type { SourceFile } from './read.js';
import { lacksDescriptors } from '../../../engine/files.js';

/** Compiled: a thread has nobody who compiles for it. */
const workerFile = path.join(packageRoot, 'dist', 'src', 'wings', 'doc', 'page', 'parse-worker.js');

/** Memory of the parsing thread, in mebibytes. */
const limits = { maxOldGenerationSizeMb: 512, stackSizeMb: 8 };

/**
 * Parses Markdown into a tree with positions. The parser needs quadratic time for some inputs made to hurt it, so it works
 * in a thread of its own with bounds of time, memory and depth.
 * @param parse default: in that thread
 * @throws ConfigurationError when a bound is reached
 */
export async function parseMarkdown(
  { name, text }: SourceFile,
  parse: (text: string) => Parsed | Promise<Parsed> = parsedInThread,
): Promise<Root> {
  const answer = await parse(text);
  if ('tree' in answer) return answer.tree;
  throw new ConfigurationError(`${name}: ${answer.problem}; give a page as the documentation publishes it`);
}

/** @param boundMs longest that parsing may take; a real page takes some hundredths of the default */
export async function parsedInThread(text: string, boundMs = 10_000): Promise<Parsed> {
  const worker = new Worker(workerFile, {
    workerData: text,
    resourceLimits: limits,
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Parsed>((resolve, reject) => {
      timer = setTimeout(() => {
        resolve({ problem: `its Markdown could not be parsed within ${boundMs / 1000} seconds` });
      }, boundMs);
      worker.once('message', resolve);
      // Out of memory or of stack: the thread ends, and this process does not.
      worker.once('error', (error: NodeJS.ErrnoException) => {
        // No page is at fault for a thread that could not be loaded.
        if (lacksDescriptors(error)) reject(error);
        else resolve({ problem: `its Markdown could not be parsed (${error.message})` });
      });
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
