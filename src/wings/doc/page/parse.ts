import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Root } from 'mdast';
import { ConfigurationError } from '../../../engine/errors.js';
import { packageRoot } from '../../../engine/package.js';
import type { SourceFile } from './read.js';

/** What the parsing thread answers. */
export type Parsed = { readonly tree: Root } | { readonly problem: string };

/** Longest that parsing may take, in milliseconds; a real page takes some hundredths of this. */
const boundMs = 10_000;

/** Compiled: a thread has nobody who compiles for it. */
const workerFile = path.join(packageRoot, 'dist', 'src', 'wings', 'doc', 'page', 'parse-worker.js');

/** Memory of the parsing thread, in mebibytes. */
const limits = { maxOldGenerationSizeMb: 512, stackSizeMb: 8 };

/**
 * Parses Markdown into a tree with positions. The parser needs quadratic time for some inputs made to hurt it, so it works
 * in a thread of its own with bounds of time, memory and depth.
 * @throws ConfigurationError when a bound is reached
 */
export async function parseMarkdown({ name, text }: SourceFile): Promise<Root> {
  const answer = await parsedInThread(text);
  if ('tree' in answer) return answer.tree;
  throw new ConfigurationError(`${name}: ${answer.problem}; give a page as the documentation publishes it`);
}

async function parsedInThread(text: string): Promise<Parsed> {
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
        if (error.code === 'EMFILE' || error.code === 'ENFILE') reject(error);
        else resolve({ problem: `its Markdown could not be parsed (${error.message})` });
      });
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
