import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ConfigurationError } from '../../engine/errors.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import { toBeReplaced } from '../../engine/contract/waivers.js';
import { readReport } from '../../report/read.js';
import { visible } from '../../report/visible.js';
import { draftWaivers, renderWaiverDraft, type WaiverAuthor } from '../../report/waiver-draft.js';

interface WaiveFlags {
  readonly owner: string;
  readonly reason: string;
  readonly expires?: string;
  readonly out?: string;
}

const defaultDays = 30;
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** `waive`: drafts the waivers under which a run that failed would pass. */
export function waiveCommand(): Command {
  return new Command('waive')
    .description('draft a waiver file from a report: one waiver for each failed MUST check, and no more')
    .argument('[report]', 'report.json of a run', 'reports/report.json')
    .option('--owner <name>', 'who answers for the failures', `${toBeReplaced}: who answers for this?`)
    .option('--reason <text>', 'why they are accepted', `${toBeReplaced}: why is this failure accepted?`)
    .option('--expires <date>', `last day on which the waivers hold (default: in ${defaultDays} days)`)
    .option('--out <file>', 'write to a new file instead of standard output')
    .action(waive);
}

function waive(file: string, flags: WaiveFlags): void {
  const author = authorOf(flags);
  const report = readReport(file);
  const entries = draftWaivers(report, author);
  if (entries.length === 0) {
    const covered = report.waivers.some(({ state }) => state === 'applied') ? ' that is not waived already' : '';
    process.stderr.write(`Nothing to waive: no MUST requirement failed${covered}.\n`);
    return;
  }
  assertAuthor(entries);
  const text = renderWaiverDraft(report, entries);
  if (flags.out === undefined) {
    process.stdout.write(text);
    return;
  }
  writeNew(flags.out, text);
  const waivers = `${entries.length} waiver${entries.length === 1 ? '' : 's'}`;
  process.stderr.write(`Wrote ${waivers} to ${visible(flags.out)}\n`);
}

function authorOf({ owner, reason, expires }: WaiveFlags): WaiverAuthor {
  const day = (instant: number): string => new Date(instant).toISOString().slice(0, 'YYYY-MM-DD'.length);
  const today = day(Date.now());
  if (expires !== undefined && /^\d{4}-\d\d-\d\d$/.test(expires) && expires < today) {
    throw new ConfigurationError(`--expires ${expires}: that day is over; give a day from ${today} on`);
  }
  return { reason, owner, expires: expires ?? day(Date.now() + defaultDays * millisecondsPerDay) };
}

/** What `run --waivers` would refuse is refused here, by the name of its option. */
function assertAuthor(waivers: readonly object[]): void {
  const locate = (keys: readonly (string | number)[]): string => `--${keys.at(-1) ?? ''}`;
  assertMatches({ name: 'the draft', value: { waivers: waivers.slice(0, 1) }, locate }, 'suite/waivers');
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const what = code === 'EEXIST' ? 'exists already, and is left as it is' : `cannot be written (${code})`;
    throw new ConfigurationError(`--out ${file}: ${what}; give another file`, { cause });
  }
}
