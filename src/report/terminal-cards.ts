import { someAgain } from './again.js';
import { cardsOf, likelySentence, toRuleOut, type Card } from './cards.js';
import { consequenceWords } from './consequences.js';
import type { Digest } from './digest.js';
import { aloneText, controlWords, folded, foldedWords, sideBySide, type SideBySide } from './side-by-side.js';
import { typedCommand } from '../engine/typed.js';

/** Below this many columns the control stands above the probe. */
const leastForTwo = 100;

/** What failed, one likely cause after another, each with the call that shows it beside the one that vouches for it: for `--verbose`. */
export function renderCards(all: Digest, width: number, runOptions: readonly string[]): readonly string[] {
  return cardsOf(all.failedMust, all).flatMap((card) => ['', ...cardLines(card, { all, width, runOptions })]);
}

interface Surroundings {
  readonly all: Digest;
  readonly width: number;
  readonly runOptions: readonly string[];
}

function cardLines(card: Card, { all, width, runOptions }: Surroundings): readonly string[] {
  const { consequence, title, rows, check, likely, pattern } = card;
  const pair = check === undefined ? null : sideBySide(check, all);
  const [first] = rows;
  const before = toRuleOut(all.report);
  return [
    `✗ ${consequenceWords[consequence].badge.toUpperCase()}: ${title}`,
    `  Demanded  ${first.id}: ${first.statement}`,
    ...(rows.length === 1 ? [] : [`  Breaks    ${rows.map(({ id }) => id).join(', ')}`]),
    ...(pattern === null ? [] : [`  Pattern   ${pattern}`]),
    ...(before === null ? [] : [`  See first ${before.words}: ${before.command}`]),
    ...(likely === null ? [] : [`  Likely    ${likelySentence(likely, all.report)}`]),
    ...(pair === null ? [] : pairLines(pair, width)),
    `  Again     ${someAgain(rows, runOptions, typedCommand())}`,
  ];
}

function pairLines(pair: SideBySide, width: number): readonly string[] {
  const { control, probe, expectedAnswer, expectedChange, further } = pair;
  const expected = (text: string | null): string => (text === null ? '' : `  (expected: ${text})`);
  const lines: readonly Row[] = [
    {
      left: control === null ? null : controlWords(control),
      right: `probe, as ${probe.persona}`,
      mark: ' ',
    },
    ...(pair.alone === null ? [] : [{ left: null, right: aloneText(pair.alone), mark: ' ' }]),
    ...(pair.before === null ? [] : [{ left: null, right: pair.before, mark: ' ' }]),
    ...folded(pair.lines).flatMap((own): readonly Row[] =>
      own[0]?.kind === 'same'
        ? [{ left: null, right: `… ${foldedWords(own, pair)}`, mark: ' ' }]
        : own.map(({ control: left, probe: right }) => ({
            left,
            right: right ?? '',
            mark: control === null ? ' ' : '≠',
          })),
    ),
    { left: control?.answer ?? null, right: `${probe.answer}${expected(expectedAnswer)}`, mark: '→' },
    ...(probe.change === null
      ? []
      : [{ left: control?.change ?? null, right: `${probe.change}${expected(expectedChange)}`, mark: '→' }]),
    ...further.map((one) => ({ left: null, right: `${one.seen}${expected(one.expected)}`, mark: '→' })),
  ];
  return lines.flatMap((line) => (control === null ? [oneColumn(line)] : columns(line, width)));
}

interface Row {
  readonly left: string | null;
  readonly right: string;
  readonly mark: string;
}

const oneColumn = ({ right, mark }: Row): string => `    ${mark} ${right}`;

function columns(line: Row, width: number): readonly string[] {
  const { left, right, mark } = line;
  if (left === null) return [oneColumn(line)];
  if (width < leastForTwo) return [`    ${mark} control  ${left}`, `    ${mark} probe    ${right}`];
  const half = Math.floor((width - 9) / 2);
  const [ofControl, ofProbe] = [pieces(left, half), pieces(right, half)];
  return Array.from({ length: Math.max(ofControl.length, ofProbe.length) }, (_, at) => {
    const [one = '', other = ''] = [ofControl[at], ofProbe[at]];
    return `    ${at === 0 ? mark : ' '} ${one.padEnd(half)} │ ${other}`;
  });
}

const pieces = (text: string, width: number): readonly string[] =>
  Array.from({ length: Math.max(1, Math.ceil(text.length / width)) }, (_, at) =>
    text.slice(at * width, (at + 1) * width),
  );
