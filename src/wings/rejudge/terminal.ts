import picocolors from 'picocolors';
import { cut } from '../../report/excerpt.js';
import { sealOf } from '../../report/seal.js';
import { visible } from '../../report/visible.js';
import { counted, shareWords } from '../../report/words.js';
import type { Bundle } from './bundle.js';
import type { Difference } from './difference.js';
import { filesInWords } from './files.js';
import type { Change } from './changes.js';
import type { OtherReadings, Rejudged } from './judge-again.js';

/** How the result is written. */
export interface RejudgedOptions {
  readonly colour: boolean;
  readonly exitCode: number;
  /** True: with what was recomputed, and what was taken as it stands. */
  readonly verify?: boolean;
}

type Colours = ReturnType<typeof picocolors.createColors>;

const mostDifferences = 25;
const mostChanges = 25;
const widest = 160;

/** What `judge` found, for people: the word first, then what it rests on. */
export function renderRejudged(
  bundle: Bundle,
  rejudged: Rejudged,
  { colour, exitCode, verify = false }: RejudgedOptions,
): string {
  const colours = picocolors.createColors(colour);
  const lines = [
    ...heldLines(bundle, rejudged, { colours, exitCode }),
    ...(verify ? ['', ...coveredLines(bundle, rejudged)] : []),
    ...(rejudged.other ? ['', ...otherLines(rejudged.other, colours)] : []),
    ...(rejudged.other && rejudged.differences.length > 0
      ? ['', `  The exit code is ${exitCode} all the same, because the report is not what its evidence gives.`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function heldLines(
  { name, report, files }: Bundle,
  { again, differences, other }: Rejudged,
  { colours, exitCode }: { readonly colours: Colours; readonly exitCode: number },
): readonly string[] {
  const code = other ? '' : ` (exit code ${exitCode})`;
  const { checks, requirements, totals, run } = again;
  const about = [
    `  Report    ${visible(name)}`,
    `  Run       ${visible(`${report.run.id} of ${report.run.startedAt} on ${report.target.name}`)}`,
    `  Judged    ${checks.length} checks of ${requirements.length} requirements, on ${totals.exchanges} exchanges`,
    `  Compared  ${filesInWords(files)}`,
    `  ${differences.every(({ about }) => about === 'file') ? 'Outcome ' : 'Would be'}  ${run.outcome} (the run's exit code ${run.exitCode}): ${visible(run.explanation)}`,
  ];
  if (differences.length === 0) {
    const title = `✓ EQUAL${code}: every verdict recomputed from the evidence is the one in the report, and every file is what the report gives`;
    return [colours.bold(colours.green(title)), ...about];
  }
  const title = `✗ DIFFERENT${code}: ${counted(differences.length, 'difference')} between the report, its files and what its evidence gives`;
  const places = byPlace(differences);
  const more = places.length - mostDifferences;
  return [
    colours.bold(colours.red(title)),
    ...places.slice(0, mostDifferences).map(placeLine),
    ...(more > 0 ? [`    and ${counted(more, 'more place')}; --json lists all`] : []),
    ...about,
    '  Next      Do not rely on this report: take all files as the run left them, or run again.',
  ];
}

/** What `judge` covered and what it did not, so that nobody takes it for more than it is. */
function coveredLines(bundle: Bundle, { again }: Rejudged): readonly string[] {
  const { report, files, proof } = bundle;
  const { evidence, root } = sealOf(bundle);
  const causes =
    report.causes === undefined
      ? []
      : [
          proof === null
            ? '  As it stands  the likely causes, which another matrix of faults named'
            : '  Recomputed    the likely causes, by the matrix of faults that this suite comes with',
        ];
  return [
    `  Recomputed    ${again.checks.length} checks, ${again.requirements.length} requirements, counts, shares, outcome and exit code, from ${bundle.exchanges.length} exchanges`,
    `  Made anew     ${filesInWords(files)}`,
    ...causes,
    '  As it stands  how requests read before and after each call, what kept cases from being carried out, how the run ended',
    '  As it stands  times, names, configuration, provenance, and the faults that checks are known to catch',
    '  Cannot tell   who wrote these files: whoever changes evidence and all that follows leaves files that agree',
    `  Evidence      sha256 ${evidence}`,
    `  Root          ${root}, of the chain of ${bundle.exchanges.length} exchanges`,
    '  Signed        where a signature of the root or of evidence.jsonl is kept elsewhere, hold it against these',
  ];
}

/** The differences of one thing together: the first of them says enough. */
function byPlace(differences: readonly Difference[]): readonly (readonly Difference[])[] {
  const places = new Map<string, Difference[]>();
  for (const difference of differences) {
    const { about, against, id, member } = difference;
    // What was changed of the run itself is told member by member.
    const key = JSON.stringify([about, against, about === 'run' ? member : id]);
    const known = places.get(key);
    if (known) known.push(difference);
    else places.set(key, [difference]);
  }
  return [...places.values()];
}

/** A thing that stands there a thousand times is told by the first of its places, in characters. */
const longestMessage = 1000;

const placeLine = ([first, ...others]: readonly Difference[]): string =>
  `  ✗ ${cut(first?.message ?? '', longestMessage)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;

function otherLines({ chosen, report, changes }: OtherReadings, colours: Colours): readonly string[] {
  const { run, provable, proven } = report;
  const readings = Object.entries(chosen).map(([id, name]) => `${id}=${name}`);
  const more = changes.length - mostChanges;
  return [
    colours.bold(`Under ${readings.join(', ')}: ${run.outcome.toUpperCase()} (exit code ${run.exitCode})`),
    `  ${visible(run.explanation)}`,
    `  Provable  ${shareWords(provable)} of the applicable MUST requirements could be checked`,
    `  Proven    ${shareWords(proven)} of the applicable MUST requirements passed`,
    changes.length === 0 ? '  No verdict changes' : '  Verdicts that change',
    ...changes.slice(0, mostChanges).map(changeLine),
    ...(more > 0 ? [`    and ${more} more; --json lists all`] : []),
  ];
}

function changeLine({ about, id, level, title, from, to, because }: Change): string {
  const what = about === 'requirement' ? `${level ?? ''} ${id}` : `check ${id}`;
  return cut(visible(`    ${what}: ${from} -> ${to}  ${because ?? title}`), widest);
}
