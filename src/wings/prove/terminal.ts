import picocolors from 'picocolors';
import type { CrossingResult, FaultResult, KillMatrix } from '../../engine/contract/kill-matrix.js';
import { visible } from '../../report/visible.js';
import { problemsOf } from './matrix.js';

interface TableOptions {
  readonly colour: boolean;
  /** Where the page stands, as the user should open it. */
  readonly pagePath: string;
  readonly durationMs: number;
}

/** The kill matrix for a terminal: a line for each fault, what is wrong with the proof, and its figures. */
export function renderTable(matrix: KillMatrix, { colour, pagePath, durationMs }: TableOptions): string {
  const colours = picocolors.createColors(colour);
  const { faults, variants, pairs, across } = matrix;
  const widest = Math.max(0, ...faults.map(({ id }) => id.length));
  const problems = problemsOf(matrix);
  const killed = faults.filter(({ state }) => state === 'killed').length;
  const conformant = variants.filter(({ state }) => state === 'conformant').length;
  const proved = problems.length === 0;
  const title = proved ? '✓ PROVED' : '✗ NOT PROVED';
  const paint = proved ? colours.green : colours.red;
  const lines = [
    ...(faults.length > 0 ? [colours.bold(`  ${'fault'.padEnd(widest)}  killed by`)] : []),
    ...faults.map((fault) =>
      fault.state === 'killed' ? faultLine(fault, widest) : colours.red(faultLine(fault, widest)),
    ),
    '',
    colours.bold(paint(`${title}${matrix.partial ? ', PARTIAL' : ''} for the edition ${matrix.edition}`)),
    `  Faults    ${share(killed, faults.length)} killed by requirements that they break`,
    `  Variants  ${share(conformant, variants.length)} conformant, without a false alarm`,
    ...(pairs
      ? [
          `  Pairs     ${share(pairs.filter(({ state }) => state === 'killed').length, pairs.length)} caught within their area`,
        ]
      : []),
    ...(across ? [`  Across    ${acrossInWords(across)}`] : []),
    ...problems.map((problem) => colours.red(`  ✗ ${visible(problem)}`)),
    `  Took      ${(durationMs / 1000).toFixed(1)} s, ${Math.round(durationMs / (faults.length + variants.length + (pairs?.length ?? 0) + (across?.length ?? 0) + 1))} ms for each target`,
    `  Matrix    ${visible(pagePath)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function faultLine({ id, state, killedBy, collateral }: FaultResult, widest: number): string {
  const rows = killedBy.map(({ requirement }) => short(requirement)).join(', ');
  const also = collateral.map(({ requirement }) => short(requirement)).join(', ');
  const mark = state === 'killed' ? '✓' : '✗';
  return `${mark} ${id.padEnd(widest)}  ${rows === '' ? 'nothing' : rows}${also === '' ? '' : `; failed too: ${also}`}`;
}

/** `CANCEL-PERM-008` without what all ids have in common. */
export const short = (id: string): string => id.replace(/^CANCEL-/, '');

/** `1,180 of 1,190 killed, 9 hidden by the variant, 1 not demanded under its readings`. */
export function acrossInWords(across: readonly CrossingResult[]): string {
  const count = (wanted: CrossingResult['state']): string =>
    inThousands(across.filter(({ state }) => state === wanted).length);
  return `${count('killed')} of ${inThousands(across.length)} killed, ${count('hidden')} hidden by the variant, ${count('not-demanded')} not demanded under its readings`;
}

const inThousands = (count: number): string => count.toLocaleString('en-US');

function share(part: number, whole: number): string {
  if (whole === 0) return '0 of 0';
  return `${part} of ${whole} (${Math.floor((part / whole) * 1000) / 10} %)`;
}
