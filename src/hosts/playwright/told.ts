import { createHash } from 'node:crypto';
import type { Area } from '../../engine/contract/types.js';
import type { Waiver } from '../../engine/contract/waivers.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import type { Remarks } from '../../engine/perform/provider.js';
import type { RunParts } from '../../engine/perform/session.js';
import type { Target } from '../../target/target.js';
import type { WorkerSession } from './worker-session.js';

/** Name of the attachment in which a test tells the reporter what it saw. */
export const toldAttachment = 'cancel-conformance';

/**
 * Types of the annotations by which the reporter knows the case of a test, which tests belong together, and that the test of the
 * whole run came to a verdict.
 */
export const caseAnnotation = 'case';
export const runAnnotation = 'conformance';
export const verdictAnnotation = 'verdict';

/** What tests of one target and one choice have in common, as a short hash. */
export const runKeyOf = ({ target, plan }: Pick<RunParts<Target>, 'target' | 'plan'>): string =>
  createHash('sha256')
    .update(JSON.stringify([plan.hash, target]))
    .digest('hex')
    .slice(0, runKeyLength);

const runKeyLength = 12;

/** A part of a run that was divided over machines. */
interface ShardNumber {
  readonly current: number;
  readonly total: number;
}

/**
 * What a test tells the reporter: all that a report needs, so that it can be written where the tests did not run. No secret
 * stands in it.
 */
export interface Told {
  /** As `runKeyOf` tells it. */
  readonly runKey: string;
  readonly suiteVersion: string;
  readonly planHash: string;
  readonly target: Target;
  readonly areas: readonly Area[] | null;
  readonly waivers: readonly Waiver[];
  readonly shard: ShardNumber | null;
  readonly runId: string;
  readonly startedAt: string;
  readonly baseUrl: string;
  readonly claimHints: Readonly<Record<string, readonly string[]>>;
  readonly remarks: Remarks | null;
  /** The record of the control, where there is one, and that of the case. */
  readonly records: readonly CaseRecord[];
}

/**
 * What a test has to tell.
 * @throws Error when a secret stands in it: the suite's own fault
 */
export function toldOf(
  { target, contract, plan, waivers = [] }: RunParts<Target>,
  worker: WorkerSession,
  { shard, records }: Pick<Told, 'shard' | 'records'>,
): Told {
  const { runId, startedAt, baseUrl, claimHints, secrets } = worker.session;
  const told: Told = {
    runKey: runKeyOf({ target, plan }),
    suiteVersion: contract.version,
    planHash: plan.hash,
    target,
    areas: plan.areas,
    waivers,
    shard,
    runId,
    startedAt,
    baseUrl,
    claimHints,
    remarks: worker.remarks,
    records,
  };
  const [hit] = secrets.find(JSON.stringify(told));
  if (hit) throw new Error(`what this test saw held the secret ${hit.name}, so it is withheld; please report this`);
  return told;
}
