import path from 'node:path';
import { onlyByCommand } from './arrange/graph/approval.js';
import { alterationOf } from './emulators/endpoint/named.js';
import { knownToCatch } from './engine/contract/kill-matrix.js';
import type { Area } from './engine/contract/types.js';
import { readWaivers } from './engine/contract/waivers.js';
import { ConfigurationError } from './engine/errors.js';
import type { SecretRegistry } from './engine/evidence/secrets.js';
import { selected } from './engine/plan/select.js';
import { planRun } from './engine/plan/plan.js';
import { readControlKey } from './hosts/control-key.js';
import { carryOut } from './hosts/in-process.js';
import { removeLeaks } from './hosts/leaks.js';
import { resolveTarget } from './hosts/target.js';
import type { Report } from './report/model.js';
import { ReportWriteError, readyFolder, writeReports } from './report/write.js';
import { assertEncrypted } from './target/target.js';

export { ConfigurationError } from './engine/errors.js';
export { ReportWriteError } from './report/write.js';
export type { CheckReport, Outcome, Report, RequirementReport, Share, VerdictWord } from './report/model.js';

/** What to run; every part may be left out. Paths are taken from the working directory. */
export interface RunOptions {
  /** Path of a target file, or the URL of a target that offers the control protocol. Default: the embedded target. */
  readonly target?: string;
  /** Id of the edition to judge by, such as `v1.0-2023`. Default: the target file's, else `beta-2021-05`. */
  readonly edition?: string;
  /** Readings of contested clauses by their id, such as `{ 'C-1': '200' }`. */
  readonly readings?: Readonly<Record<string, string>>;
  /** Judge these areas only; such a run makes no claim. Default: all. */
  readonly areas?: readonly Area[];
  /** Carry these out only, and what vouches for them: ids of requirements, cases or checks. Such a run makes no claim. Default: all. */
  readonly only?: readonly string[];
  /** Path of a waiver file. */
  readonly waivers?: string;
  /** Folder for the reports, created when missing. Left out: no file is written. */
  readonly out?: string;
  /** True: tokens may go over a network in the clear. Default: false. */
  readonly insecure?: boolean;
  /** Groups of cases that are carried out side by side. Default: by how fast the target answers, one where it answers at once. */
  readonly workers?: number;
}

/**
 * Runs the suite in this process and returns its report, for harnesses of one's own. Whatever the target does is told in the
 * report (`run.outcome`, `run.exitCode`), never thrown. Nothing is printed, the process goes on, and files are written only
 * where `out` says so. The run takes no longer than the target's `totalMs` (milliseconds) and its clean-up.
 *
 * As with the command, settings come from the options, else the environment variables, else the target file, else the
 * defaults; a `.env` file is not read.
 *
 * @throws ConfigurationError when options, environment or a file are wrong; the message says where and what to do
 * @throws ReportWriteError when a report cannot be written
 * @throws Error when the suite itself is at fault, such as a secret that was found in a report, which is then removed
 */
export async function run(options: RunOptions = {}): Promise<Report> {
  const { waivers, out, areas, only, insecure = false, workers, ...choice } = options;
  const { target, contract } = resolveTarget(choice);
  if (!insecure) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (target.requests.provider === 'graph') throw new ConfigurationError(`${target.name}: ${onlyByCommand}`);
  const whole = planRun(contract, target, areas ?? null);
  if (whole.cases.size === 0) {
    throw new ConfigurationError(`areas ${areas?.join(', ') ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  const plan = only === undefined ? whole : selected(whole, only, 'only');
  const given = waivers === undefined ? [] : readWaivers(path.resolve(waivers));
  const known = knownToCatch(contract.edition.id);
  const parts = { target, contract, plan, waivers: given };
  if (out !== undefined) readyFolder(path.resolve(out), `out ${out}`);
  const { report, secrets } = await carryOut(parts, { known, ...(workers === undefined ? {} : { lanes: workers }) });
  const [fault] = report.suiteFaults;
  if (fault !== undefined) throw new Error(`the suite itself is at fault: ${fault}`);
  const [inReport] = secrets.find(JSON.stringify(report));
  if (inReport) throw new Error(`the report held the secret ${inReport.name}, so it is withheld; please report this`);
  if (out !== undefined) await writeFreeOfSecrets(report, path.resolve(out), secrets);
  return report;
}

async function writeFreeOfSecrets(report: Report, folder: string, secrets: SecretRegistry): Promise<void> {
  try {
    const { files } = await writeReports(report, folder);
    const [leak] = removeLeaks(files, secrets);
    if (leak !== undefined) throw new Error(leak);
  } catch (error) {
    // What was written before a failure stays, so it is searched like all the rest.
    if (error instanceof ReportWriteError) removeLeaks(error.written, secrets);
    throw error;
  }
}
