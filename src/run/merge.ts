import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { successStatuses } from '../checks/judge/run.js';
import { ConfigurationError } from '../contract/errors.js';
import { loadContract } from '../contract/load.js';
import type { CaseRecord } from '../evidence/records.js';
import { planRun, type Plan } from '../plan/plan.js';
import type { Report } from '../report/model.js';
import { judgeEnded, type EndedRun, type Preparation } from './ended.js';
import { hashOfShard, shardFormat, type SealedShard, type Shard } from './shard.js';

/** A shard and the file that holds it. */
interface NamedShard extends Shard {
  readonly file: string;
}

/** What became of all shards together. */
export interface Merged {
  readonly report: Report;
  /** Numbers of the shards that were not there. */
  readonly missing: readonly number[];
  /** How many there should be. */
  readonly count: number;
}

/**
 * Reads the shards of one run.
 * @param places files of shards, or folders that hold them
 * @throws ConfigurationError for a file that is missing, cut off or changed, a folder without any, a shard given twice, and
 *   shards of different runs
 */
export function readShards(places: readonly string[]): readonly [NamedShard, ...NamedShard[]] {
  const [first, ...rest] = places
    .flatMap(filesAt)
    .map(readShard)
    .sort((a, b) => a.shard.index - b.shard.index);
  if (!first) throw new ConfigurationError('no shard is named; give the folders that run --shard wrote to');
  for (const [at, shard] of rest.entries()) {
    assertOfOneRun(first, shard);
    const before = at === 0 ? first : rest[at - 1];
    if (before?.shard.index === shard.shard.index) {
      throw new ConfigurationError(
        `${before.file} and ${shard.file} are both shard ${shard.shard.index}; give one of them`,
      );
    }
  }
  return [first, ...rest];
}

function filesAt(place: string): readonly string[] {
  if (!existsSync(place)) throw new ConfigurationError(`${place}: no such file or folder; give what run --shard wrote`);
  if (!statSync(place).isDirectory()) return [place];
  const files = readdirSync(place).filter((name) => /^shard-\d+-of-\d+\.json$/.test(name));
  if (files.length === 0)
    throw new ConfigurationError(`${place}: no shard in this folder; give a folder that run --shard wrote to`);
  return files.map((name) => path.join(place, name));
}

function readShard(file: string): NamedShard {
  const sealed = parse(file) as Partial<SealedShard> | null;
  if (sealed?.format !== shardFormat || typeof sealed.shard !== 'string') {
    throw new ConfigurationError(`${file}: not a shard of this version of the suite; give what run --shard wrote`);
  }
  if (sealed.sha256 !== hashOfShard(sealed.shard)) {
    throw new ConfigurationError(`${file}: it was changed after it had been written; run this shard again`);
  }
  // As it was written: the hash says so.
  return { ...(JSON.parse(sealed.shard) as Shard), file };
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(`${file}: not JSON, or cut off; run this shard again`, { cause });
  }
}

/** What all shards of a run have in common, in words. */
const commons: readonly (readonly [what: string, of: (shard: Shard) => unknown])[] = [
  ['version of the suite', ({ suiteVersion }) => suiteVersion],
  ['number of shards', ({ shard }) => shard.count],
  ['run', ({ runName }) => runName],
  ['plan', ({ planHash }) => planHash],
  ['target', ({ target }) => ({ ...target, configuration: null })],
  ['areas', ({ areas }) => areas],
  ['waivers', ({ waivers }) => waivers],
];

function assertOfOneRun(first: NamedShard, other: NamedShard): void {
  const different = commons.find(([, of]) => !isDeepStrictEqual(of(first), of(other)));
  if (!different) return;
  const [what, of] = different;
  const shown = [of(first), of(other)].map((value) => (typeof value === 'string' ? ` (${value})` : ''));
  throw new ConfigurationError(
    `${first.file}${shown[0] ?? ''} and ${other.file}${shown[1] ?? ''} are not of one run: another ${what}; give the shards of one run`,
  );
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
