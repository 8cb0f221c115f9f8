import { CommanderError } from 'commander';
import { exitCodes, usageExitCode } from '../engine/verdict/outcome.js';
import { visible } from '../report/visible.js';
import { processIo, type Io } from '../hosts/io.js';
import { offerEnvironmentFile } from '../target/environment-file.js';
import { declaredProgram, isCommandName } from './declarations.js';
import type { CommandName } from './exit-codes.js';

/** What a command does with its arguments and options; ends in an exit code. */
type Action = (io: Io, ...given: never[]) => number | Promise<number>;

/** What a command needs is loaded when it is called. */
const actions: Readonly<Record<CommandName, () => Promise<Action>>> = {
  run: async () => (await import('./commands/run.js')).run,
  plan: async () => (await import('./commands/plan.js')).plan,
  doctor: async () => (await import('./commands/doctor.js')).doctor,
  init: async () => (await import('./commands/init.js')).init,
  judge: async () => (await import('./commands/judge.js')).judge,
  waive: async () => (await import('./commands/waive.js')).waive,
  compare: async () => (await import('./commands/compare.js')).compare,
  history: async () => (await import('./commands/history.js')).history,
  night: async () => (await import('./commands/night.js')).night,
  accept: async () => (await import('./commands/accept.js')).accept,
  annotate: async () => (await import('./commands/annotate.js')).annotate,
  doc: async () => (await import('./commands/doc.js')).doc,
  report: async () => (await import('./commands/report.js')).report,
  serve: async () => (await import('./commands/serve.js')).serve,
  prove: async () => (await import('./commands/prove.js')).proveSuite,
  prepare: async () => (await import('./commands/prepare.js')).prepare,
  recover: async () => (await import('./commands/recover.js')).recoverFrom,
};

/**
 * Carries one command line out. Prints what it has to say, the wrong use too.
 * @param argv the arguments, without the program's own name
 * @param io where it prints
 * @returns the exit code
 * @throws whatever is no wrong use: trouble of the surroundings, and bugs
 */
export async function main(argv: readonly string[], io: Io = processIo): Promise<number> {
  let exitCode: number = exitCodes.conformant;
  const program = declaredProgram().hook('preAction', () => offerEnvironmentFile());
  const output = {
    writeOut: io.stdout.write,
    // What is given to an option that does not exist may be a secret that was meant for another program.
    writeErr: (text: string) => {
      io.stderr.write(text.replace(/(unknown option '-[\w-]+=)[^\n]*/, "$1…'"));
    },
  };
  program.configureOutput(output);
  for (const command of program.commands) {
    command.configureOutput(output);
    const name = command.name();
    if (!isCommandName(name)) continue;
    command.action(async (...given) => {
      const action = await actions[name]();
      exitCode = await action(io, ...(given as never[]));
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // It has printed its message already; help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.conformant : usageExitCode;
    // Told by its name, so that whoever asks for help need not wait for its module.
    if (!(error instanceof Error) || error.name !== 'ConfigurationError') throw error;
    io.stderr.write(`${error.message.split('\n').map(visible).join('\n')}\n`);
    return usageExitCode;
  }
}
