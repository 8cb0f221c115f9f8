import path from 'node:path';
import { ConfigurationError } from '../src/engine/errors.js';
import { readDataFile } from '../src/engine/data-file.js';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import { interruptions, stopSignals, type StopSignal } from '../src/engine/verdict/outcome.js';
import { processIo } from '../src/hosts/io.js';
import { Progress } from '../src/hosts/progress.js';
import { copyCheckout } from './mutants/copy.js';
import { readOptions, type Options } from './mutants/options.js';
import { pick, withoutEquivalents, type Picked } from './mutants/pick.js';
import { allSites, byRoom, onLine } from './mutants/rooms.js';
import { renderTried } from './mutants/table.js';
import { endTrials } from './mutants/trial.js';
import { ControlFailure, Trials, type Tried } from './mutants/try.js';

// Makes mistakes in a copy of the suite, one at a time, and counts those that no self-test notices. A measurement and no gate: it ends
// with 0 whatever it found, with 2 when it was asked for what there is not, and with 3 when tests fail without any mistake.

const equivalents = path.join(packageRoot, 'proof', 'equivalent-mutants.yaml');

interface Choice {
  readonly picked: readonly Picked[];
  /** How many were left out as equivalent. */
  readonly leftOut: number;
}

function choose({ only, rooms, ...sample }: Options): Choice {
  const all = allSites(packageRoot);
  if (only) return { picked: onLine(all, only, packageRoot), leftOut: 0 };
  const rest = withoutEquivalents(all, readDataFile(equivalents));
  return { picked: pick(byRoom(rest, rooms), sample), leftOut: all.length - rest.size };
}

/** What came of the mutants until all were tried, or until somebody ended it. */
interface Outcome {
  readonly tried: readonly Tried[];
  /** What fails without any mistake; null when nothing does. */
  readonly wrong: string | null;
  readonly endedBy: StopSignal | null;
}

/** @param note is told all that was tried, whenever that is more */
async function tryAll(
  picked: readonly Picked[],
  { workers, only }: Options,
  note: (tried: readonly Tried[]) => void,
): Promise<Outcome> {
  const copy = copyCheckout(packageRoot);
  const ended: { by: StopSignal | null } = { by: null };
  for (const signal of stopSignals) {
    process.once(signal, () => {
      ended.by = signal;
      endTrials();
    });
  }
  const progress = new Progress(processIo.stderr, 'mutants');
  let tried: readonly Tried[] = [];
  try {
    progress.begin(picked.length);
    const trials = new Trials(copy, workers, picked);
    await trials.begin(only ? 'rooms' : 'all');
    for (const one of picked) {
      const result = await trials.of(one);
      // What was ended from without was not killed by a test.
      if (ended.by !== null) break;
      tried = [...tried, result];
      note(tried);
      progress.advance(`${one.site.file}:${one.site.line} ${one.site.mutation}`);
    }
    if (ended.by === null) {
      const killed = await trials.together(tried.filter(({ state }) => state === 'survived'));
      tried = tried.map((one) => killed.find(({ site }) => site === one.site) ?? one);
    }
    return { tried, wrong: null, endedBy: ended.by };
  } catch (error) {
    if (!(error instanceof ControlFailure)) throw error;
    return { tried, wrong: ended.by === null ? error.message : null, endedBy: ended.by };
  } finally {
    progress.end();
    copy.remove();
  }
}

function writeFigures(
  file: string,
  { seed, leftOut }: { readonly seed: number; readonly leftOut: number },
  tried: readonly Tried[],
): void {
  const mutants = tried.map(({ site, ...rest }) => ({
    ...{ file: site.file, line: site.line, mutation: site.mutation, text: site.text },
    ...rest,
  }));
  writeWhole(file, `${JSON.stringify({ seed, made: new Date().toISOString(), leftOut, mutants }, null, 2)}\n`);
}

async function measure(options: Options): Promise<number> {
  const { seed, json } = options;
  const { stdout, stderr } = processIo;
  stdout.write(`seed ${seed}\n`);
  const { picked, leftOut } = choose(options);
  const note = (tried: readonly Tried[]): void => {
    if (json !== null) writeFigures(json, { seed, leftOut }, tried);
  };
  const { tried, wrong, endedBy } = await tryAll(picked, options, note);
  stdout.write(`${renderTried(tried)}\nleft out as equivalent: ${leftOut}\n`);
  note(tried);
  if (wrong === null && endedBy === null) return 0;
  const why =
    wrong === null ? 'interrupted' : `this fails whatever the mistake, so nothing can be told by it: ${wrong}`;
  stderr.write(`Ended after ${tried.length} of ${picked.length} mutants: ${why}\n`);
  return endedBy === null ? 3 : interruptions[endedBy];
}

try {
  process.exitCode = await measure(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
