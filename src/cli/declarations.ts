import { Command, Option } from 'commander';
import {
  areaOption,
  editionOption,
  insecureOption,
  oneReadingOption,
  onlyOption,
  ownershipOption,
  readingOption,
  reportsOption,
  targetOption,
  targetsOption,
  waitOption,
} from './options.js';
import { defaultDelays, nuisances } from '../emulators/tenant/choices.js';
import { defaultDays, toBeReplaced } from '../engine/contract/waiver-defaults.js';
import { packageVersion } from '../engine/package.js';
import { pipelines } from '../report/pipelines.js';
import { visible } from '../report/visible.js';
import { defaultKeyEnv } from '../target/control-key.js';
import { exitCodeMeanings, exitCodesByCommand, exitCodesHelp, type CommandName } from './exit-codes.js';
import type { InitFlags } from './commands/init.js';

// What the command line is, without what it does: whoever asks for help waits for nothing else. See tests/selftest/cli/help.spec.ts.

const providers: readonly InitFlags['provider'][] = ['control', 'inventory', 'graph'];

/** What the help of `serve` says about a tenant. */
const tenantHelp = [
  '\n\nNuisances of a tenant:',
  ...Object.entries(nuisances).map(([name, sentence]) => `  ${name.padEnd(17)} ${sentence}`),
  `\nDelays of a tenant: ${Object.keys(defaultDelays).join(', ')}`,
].join('\n');

/** The commands in the order of the help. */
const declarations: Readonly<Record<CommandName, () => Command>> = {
  run: () =>
    new Command('run')
      .description('run the suite against a target, write the reports and set the exit code')
      .addOption(targetsOption())
      .addOption(editionOption())
      .addOption(readingOption())
      .addOption(areaOption())
      .addOption(onlyOption())
      .option(
        '--workers <n>',
        'lanes: groups of cases carried out side by side, or refused calls at one moment where requests are shared (default: by how fast the target answers)',
      )
      .addOption(insecureOption())
      .addOption(waitOption())
      .option('--waivers <file>', 'failures that somebody answers for; the file that waive drafts')
      .option(
        '--watch',
        'again when a file of this run changes, when the target is started again, and on Enter; until Ctrl-C',
      )
      .option('--approve <hash>', 'the hash that plan shows, or emulated; asked for where a tenant is changed')
      .option(
        '--sarif-at <file>',
        'where results.sarif and annotations show what failed, FILE or FILE:LINE (default: the target file, at its address)',
      )
      .option(
        '--history <file>',
        'go on with this history (JSON Lines): a line is added for the run, and its page shows the runs before',
      )
      .option('--verbose', 'show each failure with its likely cause, and the call beside the one that vouches for it')
      .addOption(reportsOption()),

  plan: () =>
    new Command('plan')
      .description('show what run would do: cases, calls and a hash; sends nothing')
      .addOption(targetOption())
      .addOption(editionOption())
      .addOption(readingOption())
      .addOption(areaOption())
      .option('--json', 'as JSON'),

  doctor: () =>
    new Command('doctor')
      .description('look at configuration, target and identities, and say what a run could tell; changes nothing')
      .addOption(targetOption())
      .addOption(editionOption())
      .addOption(readingOption())
      .addOption(insecureOption())
      .addOption(waitOption())
      .option(
        '--sign-in',
        'before that, sign in whoever has not yet; shows codes and addresses for it on this terminal',
      ),

  init: () =>
    new Command('init')
      .description('write a commented target file and a .env skeleton; overwrites nothing')
      .addOption(new Option('--provider <name>', 'where requests come from').choices(providers).default('control'))
      .option('--dir <dir>', 'folder to write into', '.'),

  judge: () =>
    new Command('judge')
      .description(
        'recompute every verdict of a finished run from its evidence, offline, and say where the report differs',
      )
      .argument(
        '[bundle]',
        'folder of a finished run, or its report.json; evidence.jsonl is taken from beside it',
        'reports',
      )
      .addOption(oneReadingOption())
      .option(
        '--verify',
        'say what was recomputed, what was taken as it stands, and what the evidence is recognised by',
      )
      .option('--json', 'as JSON'),

  waive: () =>
    new Command('waive')
      .description('draft a waiver file from a report: one waiver for each failed MUST check, and no more')
      .argument('[report]', 'report.json of a run', 'reports/report.json')
      .option('--owner <name>', 'who answers for the failures', `${toBeReplaced}: who answers for this?`)
      .option('--reason <text>', 'why they are accepted', `${toBeReplaced}: why is this failure accepted?`)
      .option('--expires <date>', `last day on which the waivers hold (default: in ${defaultDays} days)`)
      .option('--out <file>', 'write to a new file instead of standard output'),

  compare: () =>
    new Command('compare')
      .description('show what differs between two runs or more, of one target over time or of several, and why')
      .argument('<runs...>', 'report.json of each run, or the folder that holds it; the first one is the base')
      .option('--out <dir>', 'folder of comparison.html, comparison.json and comparison.md', 'reports'),

  history: () =>
    new Command('history')
      .description('write history.html: which requirements changed in which run of a target, and since when')
      .argument('<file>', 'the history that run --history writes')
      .option('--target <name>', 'name of the target, where the file has several')
      .option('--out <dir>', 'folder of history.html (default: beside the file)'),

  night: () =>
    new Command('night')
      .description(
        'file a finished run as a night of its target, and say whether anything moved since it was last told',
      )
      .argument('<run>', 'folder of the run; it is moved below --nights')
      .option('--nights <dir>', 'folder of the nights', 'nights')
      .option('--least <percent>', 'share of what was told before that has to be told again', '96')
      .option('--keep <n>', 'nights whose folders are kept, besides those that others are held against', '30'),

  accept: () =>
    new Command('accept')
      .description('take what moved in the last night as it is: later nights are held against it')
      .option('--nights <dir>', 'folder of the nights', 'nights')
      .requiredOption('--owner <name>', 'who answers for it')
      .requiredOption('--reason <text>', 'why it is accepted'),

  annotate: () =>
    new Command('annotate')
      .description('print the failed requirements of a finished run as annotations of a pipeline, and set its outputs')
      .argument('[report]', 'report.json of a run, or the folder that holds it', 'reports')
      .addOption(new Option('--for <pipeline>', 'whose commands').choices(pipelines).makeOptionMandatory())
      .addHelpText(
        'after',
        `
Outputs: outcome, provable and proven (in percent), report and sarif (paths); for github they go to the file that
GITHUB_OUTPUT names.`,
      ),

  doc: () =>
    new Command('doc')
      .description(
        "read a page of the documentation in Microsoft's Markdown: its contract, and where it contradicts itself, its translation or an edition",
      )
      .argument('<files...>', 'pages, in any language; and the includes that stand in them, such as permission tables')
      .option('--edition <id>', 'say where the page drifts from this edition, too')
      .addOption(
        new Option('--format <name>', 'what is printed').choices(['text', 'yaml', 'json', 'sarif']).default('text'),
      )
      .option('--out <dir>', 'also write doc.yaml, doc.json and doc.sarif into this folder')
      .option('--suggest <report>', 'write page.diff and overlay.yaml into --out: what this run saw, put into the page')
      .option('--coverage', 'say whether every sentence has an owner: a requirement, or a reason for having none')
      .option('--draft', 'with --coverage: print rows to fill in for what has no owner')
      .addOption(ownershipOption()),

  report: () =>
    new Command('report')
      .description(
        'write index.html of a finished run anew from its report.json, and pages of the documentation with its verdicts',
      )
      .argument('[report]', 'folder of a finished run, or its report.json', 'reports')
      .option('--doc <files...>', 'pages of the documentation, shown in doc.html with the verdicts of the run')
      .option('--har', 'also write evidence.har: every exchange, for tools that show traffic (HTTP Archive 1.2)')
      .addOption(ownershipOption())
      .option('--out <dir>', 'folder to write into (default: beside the report.json)'),

  serve: () =>
    new Command('serve')
      .description('run the embedded target as a server of its own on 127.0.0.1')
      .option('--port <n>', 'port; 0 takes any free one', '0')
      .option('--host <name...>', 'names by which it is called besides those of this machine, as behind a gateway')
      .addOption(editionOption())
      .option('--fault <id...>', 'break it on purpose, in one way or several')
      .option('--variant <id>', 'use a freedom of the contract')
      .option('--tenant', 'make it a small entitlement-management tenant, without the control protocol')
      .option('--nuisances <names>', 'what the tenant puts in the way: all, none, or names separated by commas')
      .option('--others <n>', 'how many requests of other people the tenant holds')
      .option('--seed <n>', 'decides what looks like chance in the tenant')
      .option('--delays <ms>', "how long the tenant's transitions take: one number, or name=ms separated by commas")
      .addHelpText(
        'after',
        `\nThe control protocol asks for a key when the environment variable ${defaultKeyEnv} is set.${tenantHelp}`,
      ),

  prove: () =>
    new Command('prove')
      .description('run every fault and every variant of the embedded target against the suite: the kill matrix')
      .addOption(editionOption())
      .option('--fault <id...>', 'these faults only')
      .option('--variant <id...>', 'these variants only')
      .option('--pairs [i/n]', 'all pairs of these faults within an area, too, or the i-th of n shares of them')
      .option(
        '--across <what...>',
        'these faults over variants, too: over each variant that is named, and i/n, the i-th of n shares of all',
      )
      .option('--workers <n>', 'parallel threads (default: the cores)')
      .option('--out <dir>', 'folder of the matrix', 'reports'),

  prepare: () =>
    new Command('prepare')
      .description('make requests in a live tenant today that will be escalated tomorrow, for a run then')
      .addOption(targetOption())
      .addOption(editionOption())
      .option('--count <n>', 'how many; a run uses one', '1')
      .option('--approve <hash>', 'the hash that plan shows, or emulated; asked for in any case')
      .addOption(insecureOption()),

  recover: () =>
    new Command('recover')
      .description('delete what a run that was killed has left in a live tenant, by its journal')
      .argument('<journal>', 'the journal of the run, or the state folder for those of all runs')
      .addOption(targetOption())
      .addOption(insecureOption()),
};

export const commandNames = Object.keys(declarations) as readonly CommandName[];

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(declarations, name);

/** A command without its action, with its exit codes in its help. */
export function declaredCommand(name: CommandName): Command {
  return inOurWords(declarations[name]().addHelpText('after', exitCodesHelp(exitCodesByCommand[name])));
}

/** The whole command line, without any action. */
export function declaredProgram(): Command {
  const program = new Command('cancel-conformance')
    .description('Conformance suite for accessPackageAssignmentRequest: cancel of Microsoft Graph')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', exitCodesHelp(exitCodeMeanings));
  for (const name of commandNames) program.addCommand(declaredCommand(name));
  return inOurWords(program);
}

/** Errors are thrown and not ended with; what a user wrote is shown with nothing in it that acts on the terminal. */
const inOurWords = (command: Command): Command =>
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(`${text.trimEnd().split('\n').map(visible).join('\n')}\n`);
    },
  });
