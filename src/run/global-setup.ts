import { prepareRun } from './prepare.js';
import { publishAccount, publishState, readParts } from './options.js';

/**
 * The test runner's global set-up: makes the run ready in the runner's main process and hands the state to its workers.
 * @returns the global tear-down
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const parts = readParts();
  // The bound counts from the start of this process.
  const prepared = await prepareRun(parts, Math.max(1, parts.target.totalMs - performance.now()));
  publishState(prepared.state);
  return async () => {
    publishAccount(await prepared.close());
  };
}
