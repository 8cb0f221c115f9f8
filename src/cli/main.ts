#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import dotenv from 'dotenv';
import { ConfigurationError } from '../contract/errors.js';
import { packageVersion } from '../contract/load.js';
import { visible } from '../report/visible.js';
import { usageExitCode } from '../verdict/outcome.js';

const suiteFaultExitCode = 4;

/** The commands in the order of the help; what a command needs is loaded when it is called. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.js')).runCommand(),
  plan: async () => (await import('./commands/plan.js')).planCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
  init: async () => (await import('./commands/init.js')).initCommand(),
  judge: async () => (await import('./commands/judge.js')).judgeCommand(),
  waive: async () => (await import('./commands/waive.js')).waiveCommand(),
  compare: async () => (await import('./commands/compare.js')).compareCommand(),
  annotate: async () => (await import('./commands/annotate.js')).annotateCommand(),
  doc: async () => (await import('./commands/doc.js')).docCommand(),
  report: async () => (await import('./commands/report.js')).reportCommand(),
  merge: async () => (await import('./commands/merge.js')).mergeCommand(),
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  prove: async () => (await import('./commands/prove.js')).proveCommand(),
  prepare: async () => (await import('./commands/prepare.js')).prepareCommand(),
  recover: async () => (await import('./commands/recover.js')).recoverCommand(),
};

const exitCodesHelp = `
Exit codes:
  0 conformant   1 nonconformant   2 usage or configuration   3 incomplete   4 fault of the suite   130 interrupted`;

// The only place where a .env file is read; what is set already wins.
dotenv.config({ quiet: true });

const program = new Command('cancel-conformance')
  .description('Conformance suite for accessPackageAssignmentRequest: cancel of Microsoft Graph')
  .version(packageVersion())
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', exitCodesHelp);

const [, , called = ''] = process.argv;
// Whatever is no command gets the help, or a suggestion, and both are about all of them.
const wanted = Object.hasOwn(commands, called) ? [called] : Object.keys(commands);
for (const name of wanted) {
  const command = await commands[name]?.();
  if (command) program.addCommand(command);
}

for (const command of [program, ...program.commands]) {
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(`${text.trimEnd().split('\n').map(visible).join('\n')}\n`);
    },
  });
}

// The test runner works in this process too. Node's own exit code for what nobody caught is 1, which would read as nonconformant.
process.on('uncaughtException', (error) => {
  process.exit(exitCodeFor(error));
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
}

function exitCodeFor(error: unknown): number {
  // Commander has printed its message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${message.split('\n').map(visible).join('\n')}\n`);
    return usageExitCode;
  }
  process.stderr.write(
    `The suite itself is at fault: ${visible(message)}\nPlease report this with the command that you ran.\n`,
  );
  return suiteFaultExitCode;
}
