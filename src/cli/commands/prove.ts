import { availableParallelism } from 'node:os';
import path from 'node:path';
import { ConfigurationError, suggestion } from '../../engine/errors.js';
import { makeFolder, writeWhole } from '../../engine/files.js';
import type { Area } from '../../engine/contract/types.js';
import type { Variant } from '../../emulators/endpoint/alterations.js';
import type { KillMatrix } from '../../engine/contract/kill-matrix.js';
import {
  type Crossing,
  crossingsOf,
  demandedOver,
  pairsWithin,
  problemsOf,
  prove,
  renderMatrix,
  renderTable,
  subjectsOf,
} from '../../wings/prove/index.js';
import { scoringRows } from '../../engine/contract/rows.js';
import type { Io, Printer } from '../../hosts/io.js';
import { Progress } from '../../hosts/progress.js';
import { exitCodes, foundExitCode, interruptions, stopSignals } from '../../engine/verdict/outcome.js';
import { readShare, readWhole } from '../flags.js';

interface ProveFlags {
  readonly edition?: string;
  readonly fault?: readonly string[];
  readonly variant?: readonly string[];
  /** True, or a share of the pairs such as `1/8`. */
  readonly pairs?: true | string;
  /** Ids of variants, and shares of all faults over all variants. */
  readonly across?: readonly string[];
  readonly workers?: string;
  readonly out: string;
}

const mostThreads = 64;

/** `prove`: every fault and every variant against the suite. */
export async function proveSuite({ stdout, stderr }: Io, flags: ProveFlags): Promise<number> {
  const begin = performance.now();
  const threads =
    flags.workers === undefined ? availableParallelism() : readWhole('--workers', flags.workers, [1, mostThreads]);
  const { contract, cases, ...all } = subjectsOf(flags.edition);
  const partial = flags.fault !== undefined || flags.variant !== undefined;
  const faults = partial ? choose(all.faults, flags.fault ?? [], '--fault') : all.faults;
  const areaOf = (row: string): Area | undefined => contract.requirements.find(({ id }) => id === row)?.area;
  const named = faults.filter(({ derived }) => derived !== true);
  const pairs = flags.pairs === undefined ? undefined : shareOf(pairsWithin(named, areaOf), flags.pairs);
  const over = (variant: Variant): ReadonlySet<string> => demandedOver(variant, contract.edition.id);
  const across = flags.across && acrossOf(crossingsOf(named, all.variants, over), flags.across, all.variants);
  // A fault is held against what the variant is like without it.
  const chosen = [
    ...(partial ? choose(all.variants, flags.variant ?? [], '--variant') : all.variants),
    ...(across ?? []).map(({ variant }) => variant),
  ];
  const variants = all.variants.filter((variant) => chosen.includes(variant));
  const out = path.resolve(flags.out);
  readyFor(out);
  const progress = new Progress(stderr, 'targets');
  const release = onInterruption(progress, stderr);
  progress.begin(faults.length + variants.length + (pairs?.length ?? 0) + (across?.length ?? 0) + 2);
  const onDone = (id: string): void => {
    progress.advance(id);
  };
  const beside = { ...(pairs && { pairs }), ...(across && { across }) };
  const matrix = await prove({ contract, faults, variants, cases, partial, threads, onDone, ...beside });
  progress.end();
  release();
  const page = write(out, matrix, renderMatrix({ matrix, rows: scoringRows(contract) }));
  const durationMs = performance.now() - begin;
  stdout.write(
    renderTable(matrix, { colour: stdout.colour, pagePath: path.relative(process.cwd(), page), durationMs }),
  );
  return problemsOf(matrix).length === 0 ? exitCodes.conformant : foundExitCode;
}

/** Nothing is worth waiting for: a matrix without its rest proves nothing. */
function onInterruption(progress: Progress, stderr: Printer): () => void {
  const handlers = stopSignals.map((signal) => {
    const handle = (): void => {
      progress.end();
      stderr.write('Interrupted: nothing was proved, no matrix was written.\n');
      process.exit(interruptions[signal]);
    };
    process.once(signal, handle);
    return [signal, handle] as const;
  });
  return () => {
    for (const [signal, handle] of handlers) process.off(signal, handle);
  };
}

/**
 * Every n-th of all, beginning with the i-th.
 * @param share `i/n`, or true for all
 */
function shareOf<T>(all: readonly T[], share: true | string): readonly T[] {
  if (share === true) return all;
  const { index, count } = readShare('--pairs', share);
  return all.filter((_, at) => at % count === index - 1);
}

/** The faults over each variant that is named, and each share, in the order of all. */
function acrossOf(
  all: readonly Crossing[],
  named: readonly string[],
  variants: readonly Variant[],
): readonly Crossing[] {
  const isShare = (text: string): boolean => text.includes('/');
  const shares = named.filter(isShare).map((text) => readShare('--across', text));
  const ids = named.filter((text) => !isShare(text));
  const chosen = choose(variants, ids, '--across').map(({ id }) => id);
  return all.filter(
    ({ variant }, at) => chosen.includes(variant.id) || shares.some(({ index, count }) => at % count === index - 1),
  );
}

function choose<T extends { readonly id: string }>(
  all: readonly T[],
  ids: readonly string[],
  flag: string,
): readonly T[] {
  const known = all.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new ConfigurationError(`${flag} ${unknown}: no such one${suggestion(unknown, known)}`);
  return all.filter(({ id }) => ids.includes(id));
}

/** @throws ConfigurationError when the folder cannot be made: it would be found when all is proved */
function readyFor(out: string): void {
  try {
    makeFolder(out);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ConfigurationError(`--out ${out}: cannot be made (${code}); choose another folder`, { cause });
  }
}

/**
 * Writes both files, each under its name only when it is whole.
 * @returns the path of the page
 */
function write(folder: string, matrix: KillMatrix, page: string): string {
  const file = path.join(folder, 'kill-matrix.html');
  for (const [name, content] of [
    [path.join(folder, 'kill-matrix.json'), `${JSON.stringify(matrix, null, 2)}\n`],
    [file, page],
  ] as const) {
    writeWhole(name, content);
  }
  return file;
}
