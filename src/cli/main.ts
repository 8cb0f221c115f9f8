#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import dotenv from 'dotenv';
import { ConfigurationError } from '../contract/errors.js';
import { packageVersion } from '../contract/load.js';
import { visible } from '../report/visible.js';
import { usageExitCode } from '../verdict/outcome.js';
import { annotateCommand } from './commands/annotate.js';
import { compareCommand } from './commands/compare.js';
import { docCommand } from './commands/doc.js';
import { doctorCommand } from './commands/doctor.js';
import { initCommand } from './commands/init.js';
import { judgeCommand } from './commands/judge.js';
import { planCommand } from './commands/plan.js';
import { prepareCommand } from './commands/prepare.js';
import { proveCommand } from './commands/prove.js';
import { recoverCommand } from './commands/recover.js';
import { reportCommand } from './commands/report.js';
import { runCommand } from './commands/run.js';
import { serveCommand } from './commands/serve.js';
import { waiveCommand } from './commands/waive.js';

const suiteFaultExitCode = 4;

const exitCodesHelp = `
Exit codes:
  0 conformant   1 nonconformant   2 usage or configuration   3 incomplete   4 fault of the suite   130 interrupted`;

// The only place where a .env file is read; what is set already wins.
dotenv.config({ quiet: true });

const program = new Command('cancel-conformance')
  .description('Conformance suite for accessPackageAssignmentRequest: cancel of Microsoft Graph')
  .version(packageVersion())
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', exitCodesHelp)
  .addCommand(runCommand())
  .addCommand(planCommand())
  .addCommand(doctorCommand())
  .addCommand(initCommand())
  .addCommand(judgeCommand())
  .addCommand(waiveCommand())
  .addCommand(compareCommand())
  .addCommand(annotateCommand())
  .addCommand(docCommand())
  .addCommand(reportCommand())
  .addCommand(serveCommand())
  .addCommand(proveCommand())
  .addCommand(prepareCommand())
  .addCommand(recoverCommand());

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
