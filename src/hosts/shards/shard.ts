import { createHash } from 'node:crypto';
import type { Area } from '../../engine/contract/types.js';
import type { Waiver } from '../../engine/contract/waivers.js';
import { onlyCases } from '../../engine/plan/plan.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import type { Target } from '../../target/target.js';
import { judgeEnded, type EndedParts, type EndedRun, type Preparation } from '../../report/assemble/ended.js';
import { runName } from '../options.js';
import type { SessionParts } from '../../engine/perform/session.js';

/** Which part of a run, counted from 1. */
export interface ShardNumber {
  readonly index: number;
  readonly count: number;
}

/** What a shard leaves for `merge`. No secret stands in it. */
export interface Shard {
  readonly suiteVersion: string;
  /** Of the whole plan. */
  readonly planHash: string;
  readonly shard: ShardNumber;
  /** What all shards of one run have in common; null where nobody said. */
  readonly runName: string | null;
  readonly target: Target;
  readonly areas: readonly Area[] | null;
  readonly waivers: readonly Waiver[];
  readonly preparation: Preparation;
  readonly run: EndedRun;
}

/** A shard as it stands in its file: its text, and the hash by which `merge` knows that it is whole and as it was written. */
export interface SealedShard {
  readonly format: typeof shardFormat;
  readonly sha256: string;
  /** JSON. */
  readonly shard: string;
}

export const shardFormat = 'cancel-conformance-shard/1';

/** How the files of shards are called; those of one run may share a folder. */
export const shardFile = ({ index, count }: ShardNumber): string => `shard-${index}-of-${count}.json`;

export const hashOfShard = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A shard as it is left. */
export function sealShard({ run, preparation }: EndedParts, parts: SessionParts, shard: ShardNumber): SealedShard {
  const { contract, plan, target, waivers = [] } = parts;
  const content: Shard = {
    suiteVersion: contract.version,
    planHash: plan.hash,
    shard,
    runName: runName(),
    target,
    areas: plan.areas,
    waivers,
    preparation,
    run,
  };
  const text = JSON.stringify(content);
  return { format: shardFormat, sha256: hashOfShard(text), shard: text };
}

/** How a shard's own cases went. */
export interface ShardPart {
  readonly exitCode: number;
  readonly words: string;
}

/**
 * Judges the cases of a shard by themselves. What is told from the whole run, and waivers, are left to `merge`.
 * @returns 0 when each of its checks of a MUST passed; the words say how many checks there were
 */
export function partOf(ended: EndedParts, parts: SessionParts): ShardPart {
  const { run } = ended;
  const plan = onlyCases(
    parts.plan,
    run.records.map(({ caseId }) => caseId),
  );
  const { checks, requirements, suiteFaults, run: judged } = judgeEnded(ended, { ...parts, plan, waivers: [] });
  if (judged.outcome === 'suite-fault' || judged.outcome === 'interrupted') {
    return { exitCode: judged.exitCode, words: suiteFaults[0] ?? judged.explanation };
  }
  const must = new Set(requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  const own = checks.filter(({ caseId }) => plan.cases.has(caseId));
  const of = (verdict: string): typeof checks => own.filter((check) => check.verdict === verdict);
  const weighs = ({ requirementIds }: (typeof checks)[number]): boolean => requirementIds.some((id) => must.has(id));
  const words = `${plan.cases.size} cases; of ${own.length} checks ${of('passed').length} passed, ${of('failed').length} failed, ${of('inconclusive').length} could not be told`;
  if (of('failed').some(weighs)) return { exitCode: exitCodes.nonconformant, words };
  return { exitCode: of('inconclusive').some(weighs) ? exitCodes.incomplete : exitCodes.conformant, words };
}
