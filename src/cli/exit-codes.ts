import type { AddHelpTextContext } from 'commander';
import { exitCodes, foundExitCode, interruptions, usageExitCode } from '../engine/verdict/outcome.js';

/** A code that a command ends with, and when it does. */
export interface ExitCodeRow {
  readonly code: number;
  readonly when: string;
}

const { conformant, nonconformant, incomplete, 'suite-fault': suiteFault } = exitCodes;
const done = conformant;

/** What each code means whatever the command is. */
export const exitCodeMeanings: readonly ExitCodeRow[] = [
  { code: conformant, when: 'conformant; of commands without a verdict: done, and nothing was found' },
  {
    code: nonconformant,
    when: 'nonconformant; or what was looked for was found: a difference, a contradiction, a gap',
  },
  {
    code: usageExitCode,
    when: 'usage or configuration: an option, a file, a variable or a limit of the machine is wrong; the message says which',
  },
  { code: incomplete, when: 'incomplete: something was missing, so that not all could be told or done' },
  { code: suiteFault, when: 'fault of the suite: a bug, a file that could not be written, a secret found in a report' },
  ...interruptedWhen('interrupted'),
];

const rows = (when: readonly (readonly [code: number, when: string])[]): readonly ExitCodeRow[] =>
  when.map(([code, text]) => ({ code, when: text }));

/** A row for each signal: `what`, by which signal, and what comes of it. */
function interruptedWhen(what: string, outcome?: string): readonly ExitCodeRow[] {
  return Object.entries(interruptions).map(([signal, code]) => ({
    code,
    when: `${what} by ${signal}${outcome === undefined ? '' : `: ${outcome}`}`,
  }));
}

const wrongUse = 'an option, a file or a variable is wrong; the message says which';
const noPlace = 'the folder of --out cannot be written';
const bug = 'the suite itself is at fault: a bug';
const unwritten = `${bug}, or a file that could not be written`;
const unreadReport = 'the report is missing, is none, or is of another schema version; or an option is wrong';

/** Every code of every command: what `--help` says and the page of the docs is made from. */
export const exitCodesByCommand = {
  run: rows([
    [
      conformant,
      'conformant: every MUST that applies passed, or is waived (which the report says first); statuses that nobody can bring about and the file declares do not apply',
    ],
    [nonconformant, 'nonconformant: a MUST failed, or a waiver does not hold'],
    [
      usageExitCode,
      `${wrongUse}; or the folder of the reports, the history or the file that GITHUB_STEP_SUMMARY names cannot be written`,
    ],
    [
      incomplete,
      'incomplete: a MUST could not be told (a prerequisite was missing, the target went away or was not up within --wait), or the run was filtered',
    ],
    [suiteFault, `${bug}, a report or a history that could not be written, a secret found in a report`],
  ]).concat(interruptedWhen('interrupted', 'nothing is claimed')),
  plan: rows([
    [done, 'the plan is printed'],
    [usageExitCode, wrongUse],
    [suiteFault, bug],
  ]),
  doctor: rows([
    [done, 'a run could tell every MUST requirement'],
    [usageExitCode, wrongUse],
    [incomplete, 'a run could not: something is missing, or the target is not reached'],
    [suiteFault, bug],
  ]),
  init: rows([
    [done, 'the files are written'],
    [
      usageExitCode,
      'a file is there already, and nothing was written; or one cannot be written; or an option is wrong',
    ],
    [suiteFault, bug],
  ]),
  judge: rows([
    [done, 'the report is what its evidence gives, whether or not the target conformed'],
    [done, 'with --reading: the same, and the run is conformant under these readings'],
    [foundExitCode, 'the report differs, and each place is named; with --reading: that, or the run is nonconformant'],
    [
      usageExitCode,
      'a file is missing, cut off or malformed, or of another version; or a reading that no finished run can be judged by',
    ],
    [incomplete, 'with --reading: the run is incomplete under these readings'],
    [suiteFault, `${bug}; with --reading: or it was at fault in the run`],
  ]).concat(interruptedWhen('with --reading: the run was interrupted')),
  waive: rows([
    [done, 'the draft is written, or there is nothing to waive'],
    [usageExitCode, `${unreadReport}, or the file of --out is there already or cannot be written`],
    [suiteFault, bug],
  ]),
  compare: rows([
    [done, 'the runs are the same in everything that two of them or more carried out'],
    [foundExitCode, 'something differs: a verdict, a check below it, what was seen, the edition or a reading'],
    [
      usageExitCode,
      `a file is missing, is no report, or is of another schema version; one run alone or too many; the runs have nothing in common; or ${noPlace}`,
    ],
    [suiteFault, unwritten],
  ]),
  history: rows([
    [done, 'history.html is written, whatever the runs came to'],
    [
      usageExitCode,
      `the file is missing, is no history, or has no run of the target; or the name of one of several targets is missing; or ${noPlace}`,
    ],
    [suiteFault, unwritten],
  ]),
  night: rows([
    [done, 'as in the night in which it was last told; or the first night that told anything'],
    [foundExitCode, 'something moved and is not accepted yet; or a MUST failed'],
    [
      usageExitCode,
      'the run or the nights cannot be read, it was filed before, or is of another target; or an option is wrong',
    ],
    [incomplete, 'too little was told to say; the night that others are held against stays'],
    [suiteFault, `${unwritten}, or the suite was at fault in the run`],
  ]),
  accept: rows([
    [done, 'the last night is the one that others are held against'],
    [usageExitCode, 'there is no night, or nothing moved in the last one; or an option is wrong'],
    [suiteFault, unwritten],
  ]),
  annotate: rows([
    [done, 'the annotations are printed and the outputs set, whatever the run came to'],
    [usageExitCode, `${unreadReport}; or the file that GITHUB_OUTPUT names cannot be written`],
    [suiteFault, bug],
  ]),
  doc: rows([
    [done, 'nothing was found'],
    [done, 'with --suggest: the page says what the run saw; with --coverage: every sentence has an owner'],
    [foundExitCode, 'something was found: a contradiction, or with --edition drift from it'],
    [foundExitCode, 'with --suggest: there is something to correct; with --coverage: something has no owner'],
    [
      usageExitCode,
      'a file is no such page, or cannot be read; with --suggest: or the run proves no success status; with --coverage: or an ownership file is wrong; or the folder of --out cannot be written',
    ],
    [suiteFault, unwritten],
  ]),
  report: rows([
    [done, 'the pages are written'],
    [usageExitCode, `${unreadReport}, or a file of --doc is no such page; or ${noPlace}`],
    [suiteFault, unwritten],
  ]),
  serve: rows([
    [done, 'stopped by Ctrl-C (SIGINT) or SIGTERM'],
    [usageExitCode, `${wrongUse}; such as a port that is in use`],
    [suiteFault, bug],
  ]),
  prove: rows([
    [done, 'each fault is killed by the requirements that it breaks, and no variant is accused'],
    [
      foundExitCode,
      'a fault survived, changed nothing or could not start, a variant was accused, or there was nothing to prove; with --pairs: or a pair was not caught; with --across: or a fault survived over a variant',
    ],
    [usageExitCode, wrongUse],
    [suiteFault, `${unwritten}; or the target without any fault does not conform, so that nothing can be proved`],
  ]).concat(interruptedWhen('interrupted', 'nothing was proved, and no matrix was written')),
  prepare: rows([
    [done, 'the requests are prepared'],
    [
      usageExitCode,
      'an option, a file or a variable is wrong, the hash is missing or another one, or a run is at work in the tenant',
    ],
    [incomplete, 'the tenant did not let it; what could not be deleted again is named, with the journal for recover'],
    [suiteFault, bug],
  ]),
  recover: rows([
    [done, 'nothing is left'],
    [
      usageExitCode,
      'no such journal, one of another tenant or address, or its run is still at work; or an option, the target file or a variable is wrong',
    ],
    [incomplete, 'something is left, or nothing could be deleted'],
    [suiteFault, bug],
  ]),
} as const satisfies Readonly<Record<string, readonly ExitCodeRow[]>>;

/** Name of a command. */
export type CommandName = keyof typeof exitCodesByCommand;

/** Codes as a part of a help text, as wide as the rest of it. */
export function exitCodesHelp(codes: readonly ExitCodeRow[]): (context: AddHelpTextContext) => string {
  return ({ command }) => {
    const help = command.createHelp();
    help.prepareContext({ helpWidth: command.configureOutput().getOutHelpWidth?.() ?? defaultHelpWidth });
    const items = codes.map(({ code, when }) => help.formatItem(String(code), widestCode, when, help));
    return ['', ...help.formatItemList('Exit codes:', items, help)].join('\n').trimEnd();
  };
}

/** Commander's own, for what is no terminal; in columns. */
const defaultHelpWidth = 80;

const widestCode = 3;
