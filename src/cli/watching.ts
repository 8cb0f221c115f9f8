import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { placeOf } from '../engine/exchange/connection.js';
import { stopSignals, usageExitCode } from '../engine/verdict/outcome.js';
import type { Io, Printer } from '../hosts/io.js';
import { nextOccasion, type Occasion, type Watched } from '../hosts/watch.js';
import type { Report, VerdictWord } from '../report/model.js';
import { visible } from '../report/visible.js';
import { counted } from '../report/words.js';
import type { Target } from '../target/target.js';

/** So many changes are named; more are a change of everything. */
const mostNamed = 12;

/** What is watched besides the signals that end it. */
type Places = Pick<Watched, 'files' | 'address'>;

/** How one round ended. */
interface Round {
  readonly exitCode: number;
  readonly interrupted: boolean;
}

/** @throws ConfigurationError where each round would use up what is dear */
export function assertRepeatable({ provider, name, expensive }: Target): void {
  if (!expensive && provider !== 'graph') return;
  throw new ConfigurationError(
    `--watch: ${name} has requests that are hard to come by, and each round takes new ones; run it without --watch`,
  );
}

/** Where a target that is no embedded one listens, and the files of its user. */
export function placesOf({ embedded, baseUrl }: Target, named: readonly string[]): Places {
  const files = named.map((file) => path.resolve(file));
  if (embedded || baseUrl === null) return { files, address: null };
  return { files, address: placeOf(new URL(baseUrl)) };
}

/**
 * Carries out a round, then another one on each occasion, until a signal comes.
 * @param places what to watch now: a file that changed may name another target
 * @param round gets what to call with the report before anything is printed of it
 * @returns the exit code of the last round
 */
export async function again(
  { stdout, stderr }: Io,
  places: () => Places,
  round: (told: (report: Report) => void) => Promise<Round>,
): Promise<number> {
  let before: Report | undefined;
  for (;;) {
    const told = (report: Report): void => {
      if (before) stdout.write(differenceWords(before, report));
      before = report;
    };
    const since = Date.now();
    const { exitCode, interrupted } = await round(told).catch((error: unknown) => mistaken(error, stderr));
    if (interrupted) return exitCode;
    const away = (): void => {
      stdout.write('The target is down; the next round begins when it is up again.\n');
    };
    const occasion = await waited({ ...places(), since, away }, () => {
      stdout.write('\nWatching; Enter carries it out again, Ctrl-C ends.\n');
    });
    if (occasion === 'stopped') return exitCode;
    stdout.write(`\n${occasion[0]?.toUpperCase() ?? ''}${occasion.slice(1)}.\n`);
  }
}

/** A mistake in a file is mended while it is watched; it ends nothing. */
function mistaken(error: unknown, stderr: Printer): Round {
  if (!(error instanceof ConfigurationError)) throw error;
  stderr.write(`${visible(error.message)}\n`);
  return { exitCode: usageExitCode, interrupted: false };
}

/** Waits for the next occasion, or the next signal. @param begun called when both are waited for */
async function waited(places: Omit<Watched, 'typed' | 'stopped'>, begun: () => void): Promise<Occasion> {
  const stopping = new AbortController();
  const stop = (): void => {
    stopping.abort();
  };
  for (const signal of stopSignals) process.on(signal, stop);
  try {
    const occasion = nextOccasion({ ...places, typed: process.stdin, stopped: stopping.signal });
    begun();
    return await occasion;
  } finally {
    for (const signal of stopSignals) process.off(signal, stop);
  }
}

/** What reads otherwise than in the round before. */
function differenceWords(before: Report, now: Report): string {
  const verdicts = new Map(before.requirements.map(({ id, verdict }) => [id, verdict]));
  const changes = now.requirements.flatMap(({ id, verdict }) => {
    const was: VerdictWord | undefined = verdicts.get(id);
    return was === undefined || was === verdict ? [] : [`  ${id}  ${was}, now ${verdict}`];
  });
  if (changes.length === 0) return 'Nothing changed since the last round.\n\n';
  const more = changes.length > mostNamed ? [`  and ${changes.length - mostNamed} more`] : [];
  const lines = [
    `${counted(changes.length, 'requirement')} changed since the last round:`,
    ...changes.slice(0, mostNamed),
    ...more,
  ];
  return `${lines.join('\n')}\n\n`;
}
