import { successStatuses } from '../../cancel/verbs/run.js';
import { ConfigurationError } from '../../engine/errors.js';
import { loadContract } from '../../engine/contract/load.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import { planRun, type Plan } from '../../engine/plan/plan.js';
import type { Report } from '../../report/model.js';
import { judgeEnded, type EndedRun, type Preparation } from '../../report/assemble/ended.js';
import type { NamedShard } from './read-shards.js';
import type { Shard } from './shard.js';

/** What became of all shards together. */
export interface Merged {
  readonly report: Report;
  /** Numbers of the shards that were not there. */
  readonly missing: readonly number[];
  /** How many there should be. */
  readonly count: number;
}

/**
 * Puts the shards of one run together and judges it as if it had never been divided. Pure.
 * @throws ConfigurationError when this suite is not the one that ran
 */
export function mergeShards(shards: readonly [NamedShard, ...NamedShard[]]): Merged {
  const [first] = shards;
  const { target, areas, waivers, shard } = first;
  const contract = loadContract(target.edition);
  const plan = planRun(contract, target, areas);
  if (contract.version !== first.suiteVersion || plan.hash !== first.planHash) {
    throw new ConfigurationError(
      `${first.file}: it was left by another suite (version ${first.suiteVersion}; this is ${contract.version}); merge with the suite that ran`,
    );
  }
  const present = new Set(shards.map(({ shard: { index } }) => index));
  const missing = Array.from({ length: shard.count }, (_, at) => at + 1).filter((index) => !present.has(index));
  const placed = target.embedded ? inOnePlace(shards) : shards;
  const run = runOf(placed, missing);
  const preparation = preparationOf(placed, plan);
  const report = judgeEnded({ run, preparation, account: null }, { target, contract, plan, waivers });
  return { report, missing, count: shard.count };
}

/**
 * Every shard starts an embedded target of its own, on a port that was free there. They are one target, and are told by the
 * address of the first: else each case would differ from its control in the address.
 */
function inOnePlace([first, ...rest]: readonly [Shard, ...Shard[]]): readonly [Shard, ...Shard[]] {
  const hostOf = ({ preparation }: Shard): string => new URL(preparation.baseUrl).host;
  const moved = (shard: Shard): Shard =>
    JSON.parse(JSON.stringify(shard).replaceAll(hostOf(shard), hostOf(first))) as Shard;
  return [first, ...rest.map(moved)];
}

function runOf(shards: readonly Shard[], missing: readonly number[]): EndedRun {
  const { count } = shards[0]?.shard ?? { count: 0 };
  const begun = Math.min(...shards.map(({ preparation }) => Date.parse(preparation.startedAt)));
  const over = Math.max(...shards.map(({ preparation, run }) => Date.parse(preparation.startedAt) + run.durationMs));
  const cut = shards.filter(({ run }) => run.interrupted).map(({ shard: { index } }) => index);
  const reasons = [
    ...missing.map((index) => `shard ${index} of ${count} is missing`),
    ...cut.map((index) => `shard ${index} of ${count} was interrupted`),
  ];
  return {
    records: shards.flatMap(({ run }) => run.records),
    suiteFaults: shards.flatMap(({ run }) => run.suiteFaults),
    unfinished: reasons.length > 0 ? reasons.join(', ') : (shards[0]?.run.unfinished ?? ''),
    interrupted: cut.length > 0,
    durationMs: over - begun,
  };
}

/** Every shard carries out the controls by itself. One that failed anywhere counts: what rests on it there proves nothing. */
function preparationOf(shards: readonly [Shard, ...Shard[]], plan: Plan): Preparation {
  const succeeded = (record: CaseRecord): boolean => successStatuses(plan.cases, [record]).size > 0;
  const all = shards.flatMap(({ preparation }) => preparation.controls);
  const controls = plan.controls.flatMap(({ id }) => {
    const own = all.filter(({ caseId }) => caseId === id);
    return own.find((record) => !succeeded(record)) ?? own[0] ?? [];
  });
  return { ...shards[0].preparation, controls };
}
