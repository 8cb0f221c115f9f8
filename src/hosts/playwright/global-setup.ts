import { realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { FullConfig } from '@playwright/test';
import { ConfigurationError } from '../../engine/errors.js';
import { assertEncrypted } from '../../target/target.js';
import { onlyByCommand } from '../../arrange/graph/approval.js';
import { assertBlobCarries, placeBlob } from '../shards/blob.js';
import { prepareRun } from '../prepare.js';
import {
  publishAccount,
  publishMisconfiguration,
  publishState,
  readOptions,
  readParts,
  runnerFolder,
} from '../options.js';

const reporter = path.join(import.meta.dirname, `reporter${path.extname(import.meta.filename)}`);

/**
 * The test runner's global set-up: makes the run ready in the runner's main process and hands the state to its workers.
 * @returns the global tear-down
 * @throws ConfigurationError when the suite's reporter was replaced: some verdicts rest on the whole run, and only it gives them
 */
export default async function globalSetup(config: FullConfig): Promise<() => Promise<void>> {
  return setUp(config).catch((error: unknown) => {
    if (error instanceof ConfigurationError) publishMisconfiguration(error.message);
    throw error;
  });
}

async function setUp(config: FullConfig): Promise<() => Promise<void>> {
  // Whoever names ours may do so by a link.
  const reporters = config.reporter.map(([name]) => (path.isAbsolute(name) ? realpathSync(name) : name));
  // Before anything is refused: Playwright writes its blob report all the same.
  placeBlob(config);
  if (!reporters.includes(reporter)) {
    throw new ConfigurationError(
      `--reporter: the suite's own reporter is missing, which judges the whole run and sets the exit code; give it as well: --reporter=${[reporter, ...reporters].join(',')}`,
    );
  }
  assertBlobCarries(reporters, { own: reporter, shard: config.shard });
  const folder = runnerFolder();
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const { journal, insecure } = readOptions();
  const parts = { ...readParts(), ...(journal === undefined ? {} : { journal }) };
  if (insecure !== true) assertEncrypted(parts.target);
  if (parts.target.requests.provider === 'graph' && journal === undefined) {
    throw new ConfigurationError(`${parts.target.name}: ${onlyByCommand}`);
  }
  // The bound counts from the start of this process.
  const prepared = await prepareRun(parts, Math.max(1, parts.target.totalMs - performance.now()));
  publishState(prepared.state);
  return async () => {
    publishAccount(await prepared.close());
  };
}
