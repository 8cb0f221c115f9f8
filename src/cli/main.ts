#!/usr/bin/env node
import module from 'node:module';
import { Command, CommanderError } from 'commander';
import dotenv from 'dotenv';
import { ConfigurationError } from '../engine/errors.js';
import { packageVersion } from '../engine/contract/load.js';
import { visible } from '../report/visible.js';
import { exitCodes, usageExitCode } from '../engine/verdict/outcome.js';
import { commandNames, isCommandName, loadCommand } from './all-commands.js';
import { keepCompiledCode } from './compile-cache.js';
import { exitCodeMeanings, exitCodesHelp } from './exit-codes.js';

keepCompiledCode(module);

// The only place where a .env file is read; what is set already wins.
dotenv.config({ quiet: true });

const program = new Command('cancel-conformance')
  .description('Conformance suite for accessPackageAssignmentRequest: cancel of Microsoft Graph')
  .version(packageVersion())
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', exitCodesHelp(exitCodeMeanings));

const [, , called = ''] = process.argv;
// Whatever is no command gets the help, or a suggestion, and both are about all of them.
const wanted = isCommandName(called) ? [called] : commandNames;
for (const name of wanted) program.addCommand(await loadCommand(name));

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

// Who reads the beginning only (`| head`) has what they wanted; the exit code tells the rest all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeFor(error);
}

function exitCodeFor(error: unknown): number {
  // Commander has printed its message already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.conformant : usageExitCode;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConfigurationError) {
    process.stderr.write(`${message.split('\n').map(visible).join('\n')}\n`);
    return usageExitCode;
  }
  process.stderr.write(
    `The suite itself is at fault: ${visible(message)}\nPlease report this with the command that you ran.\n`,
  );
  return exitCodes['suite-fault'];
}
