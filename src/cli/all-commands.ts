import type { Command } from 'commander';
import { exitCodesByCommand, exitCodesHelp, type CommandName } from './exit-codes.js';

/** The commands in the order of the help; what a command needs is loaded when it is called. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
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
  serve: async () => (await import('./commands/serve.js')).serveCommand(),
  prove: async () => (await import('./commands/prove.js')).proveCommand(),
  prepare: async () => (await import('./commands/prepare.js')).prepareCommand(),
  recover: async () => (await import('./commands/recover.js')).recoverCommand(),
};

export const commandNames = Object.keys(commands) as readonly CommandName[];

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name);

/** A command, with its exit codes in its help. */
export async function loadCommand(name: CommandName): Promise<Command> {
  const command = await commands[name]();
  return command.addHelpText('after', exitCodesHelp(exitCodesByCommand[name]));
}
