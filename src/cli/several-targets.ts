import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import picocolors from 'picocolors';
import { compareReports, mostRuns } from '../wings/compare/compare.js';
import { renderComparisonTerminal } from '../wings/compare/terminal.js';
import { writeComparison } from '../wings/compare/write.js';
import { ConfigurationError } from '../engine/errors.js';
import { packageVersion } from '../engine/contract/load.js';
import { readReport } from '../report/read.js';
import { visible } from '../report/visible.js';
import { shownPath } from '../engine/files.js';
import { exitCodes } from '../engine/verdict/outcome.js';
import { interruptions, worstFirst } from './exit-codes.js';

/** A target of several, and where its reports go. */
interface Placed {
  /** As it was named: a file or a URL. */
  readonly named: string;
  readonly out: string;
}

/** A target that has been resolved. */
export interface NamedTarget {
  readonly named: string;
  /** The target's own name. */
  readonly name: string;
}

/**
 * Runs the suite against several targets, one after the other, each in a process and a folder of its own, and compares them.
 * @param args options that hold for all of them
 * @param out folder of the comparison and of the targets' folders
 * @returns the worst of the exit codes; differences between targets are no failure
 * @throws ConfigurationError when there are more targets than can be compared
 */
export async function runSeveral(
  targets: readonly NamedTarget[],
  args: readonly string[],
  out: string,
): Promise<number> {
  if (targets.length > mostRuns) {
    throw new ConfigurationError(`${targets.length} targets are named; run at most ${mostRuns} at once`);
  }
  // An interruption reaches the run that is under way, which says so by its exit code.
  process.on('SIGINT', () => undefined);
  const exits: number[] = [];
  for (const [at, { named, out: folder }] of placesOf(targets, out).entries()) {
    process.stdout.write(`${at === 0 ? '' : '\n'}Target ${at + 1} of ${targets.length}: ${visible(named)}\n`);
    exits.push(await runOne(['--target', named, '--out', folder, ...args]));
    if (Object.values<number | undefined>(interruptions).includes(exits.at(-1))) break;
  }
  await compareAll(
    placesOf(targets, out).filter(({ out: folder }) => existsSync(path.join(folder, 'report.json'))),
    out,
  );
  return worstFirst.find((code) => exits.includes(code)) ?? exitCodes['suite-fault'];
}

/** A folder for each target, called after it. */
function placesOf(targets: readonly NamedTarget[], out: string): readonly Placed[] {
  const folders = targets.map(({ name }) =>
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+/, ''),
  );
  return targets.map(({ named }, at) => {
    const [own = '', before] = [folders[at], folders.slice(0, at)];
    const isTaken = own === '' || before.includes(own);
    return { named, out: path.join(out, isTaken ? `${own}-${at + 1}` : own) };
  });
}

async function runOne(args: readonly string[]): Promise<number> {
  const [, main = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, main, 'run', ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? exitCodes['suite-fault'];
}

/** Nothing is compared where fewer than two runs left a report: their own words say why. */
async function compareAll(places: readonly Placed[], out: string): Promise<void> {
  if (places.length < 2) return;
  const given = places.map(({ out: folder }) => ({ file: folder, report: readReport(folder) }));
  const comparison = compareReports(given, packageVersion());
  const { files } = await writeComparison(comparison, out);
  const colour = picocolors.isColorSupported && isatty(process.stdout.fd);
  process.stdout.write(`\n${renderComparisonTerminal(comparison, { colour, pagePath: shownPath(files[0] ?? out) })}`);
}
