import type { Mistake } from './mistake.js';
import { contents, pastedSecrets, targetFiles, variables } from './target-files.js';
import { fewDescriptors, poorSurroundings, releases, thrown } from './surroundings.js';
import { notUp, otherVersion, refusedToken, targets } from './targets.js';
import { misuses, noStepSummary, occupied, places } from './uses.js';
import { verdicts } from './verdicts.js';
import { headerMistakes, tlsMistakes } from './way.js';

/** Mistakes of one kind. */
interface Section {
  readonly title: string;
  /** The self-tests that make each of them, below tests/selftest. */
  readonly tests: readonly string[];
  readonly rows: readonly Mistake[];
}

const kept = (what: string, rows: readonly Mistake[]): readonly Mistake[] =>
  rows.map((row) => ({ ...row, what: `${what}${row.what}` }));

/** Every mistake that the self-tests make as a row of these tables. */
export const sections: readonly Section[] = [
  { title: 'The command line', tests: ['cli/run-usage'], rows: misuses },
  { title: 'Where files are written', tests: ['cli/run-usage'], rows: [...places, ...occupied, noStepSummary] },
  {
    title: 'The target file',
    tests: ['cli/run-usage', 'cli/files-of-users'],
    rows: [...targetFiles, ...pastedSecrets],
  },
  {
    title: 'What lies in the place of the target file',
    tests: ['cli/files-of-users'],
    rows: Object.entries(contents).flatMap(([what, { says }]) => (says === '' ? [] : [{ what, says, code: 2 }])),
  },
  { title: 'Variables in .env', tests: ['cli/files-of-users'], rows: variables },
  {
    title: 'The way to the target',
    tests: ['target/reach'],
    rows: [...kept('a header: ', headerMistakes), ...kept('TLS: ', tlsMistakes)],
  },
  {
    title: 'The target',
    tests: ['hosts/mistaken-targets', 'hosts/run-doctor', 'hosts/reaching'],
    rows: [...Object.values(targets), refusedToken, ...Object.values(otherVersion), notUp],
  },
  { title: 'What is judged', tests: ['cli/waivers'], rows: Object.values(verdicts) },
  {
    title: 'What there is around the command',
    tests: ['cli/surroundings'],
    rows: [
      ...poorSurroundings.map((row) => ({ ...row, what: `${row.command ?? 'doctor'}: ${row.what}` })),
      fewDescriptors,
      ...releases,
    ],
  },
  { title: 'What nobody caught', tests: ['cli/surroundings'], rows: thrown },
];
