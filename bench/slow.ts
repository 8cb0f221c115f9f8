import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeTarget } from '../tests/selftest/support/cli.js';
import { startMiddleman } from '../tests/selftest/support/middleman.js';
import { median, take } from './processes.js';

/** How long a slow target takes for each answer, in ms. */
const afterMs = 50;

/**
 * A default run on the embedded target behind a proxy that passes everything on late: the cancels and the calls that arrange.
 * @param main the built command
 * @returns the median of three runs, in ms
 */
export async function measureSlow(
  main: string,
  out: string,
): Promise<{ readonly afterMs: number; readonly wallMs: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-bench-slow-'));
  const middleman = await startMiddleman(() => ({ afterMs }));
  const file = writeTarget(folder, { ...middleman.target, timeoutMs: 10_000 });
  const took: number[] = [];
  for (let round = 0; round < 3; round++) took.push((await take([main, 'run', '--target', file, '--out', out])).wallMs);
  await middleman.close();
  rmSync(folder, { recursive: true, force: true });
  return { afterMs, wallMs: Math.round(median(took)) };
}
