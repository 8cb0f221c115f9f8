import { writeFileSync } from 'node:fs';
import { ConfigurationError } from '../../engine/errors.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import { defaultDays } from '../../engine/contract/waiver-defaults.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import type { Io } from '../../hosts/io.js';
import { readReport } from '../../report/read.js';
import { visible } from '../../report/visible.js';
import { draftWaivers, renderWaiverDraft, type WaiverAuthor } from '../../report/waiver-draft.js';

interface WaiveFlags {
  readonly owner: string;
  readonly reason: string;
  readonly expires?: string;
  readonly out?: string;
}

const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** `waive`: drafts the waivers under which a run that failed would pass. */
export function waive({ stdout, stderr }: Io, file: string, flags: WaiveFlags): number {
  const author = authorOf(flags);
  const report = readReport(file);
  const entries = draftWaivers(report, author);
  if (entries.length === 0) {
    const covered = report.waivers.some(({ state }) => state === 'applied') ? ' that is not waived already' : '';
    stderr.write(`Nothing to waive: no MUST requirement failed${covered}.\n`);
    return exitCodes.conformant;
  }
  assertAuthor(entries);
  const text = renderWaiverDraft(report, entries);
  if (flags.out === undefined) {
    stdout.write(text);
    return exitCodes.conformant;
  }
  writeNew(flags.out, text);
  const waivers = `${entries.length} waiver${entries.length === 1 ? '' : 's'}`;
  stderr.write(`Wrote ${waivers} to ${visible(flags.out)}\n`);
  return exitCodes.conformant;
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
