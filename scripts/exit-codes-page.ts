import { commandNames, declaredCommand } from '../src/cli/declarations.js';
import { exitCodeMeanings, exitCodesByCommand, type CommandName } from '../src/cli/exit-codes.js';
import { worstFirst } from '../src/engine/verdict/outcome.js';
import { exitCodes, usageExitCode } from '../src/engine/verdict/outcome.js';
import { code, table } from './markdown.js';

/** The page of the docs that is made from the table of exit codes, below the root of the package. */
export const exitCodesPage = 'docs/exit-codes.md';

/** Every code of every command, as a page of the docs. */
export function renderExitCodes(): string {
  const commands = commandNames.map(sectionOf);
  return [
    '# Exit codes',
    '',
    '<!-- Made by `npm run pages` from src/cli/exit-codes.ts. Edits are lost. -->',
    '',
    'The same code means the same in every command, and in every version ([versioning.md](versioning.md)). Trouble of the',
    'infrastructure never reads as nonconformant, and nothing broken reads as conformant.',
    '',
    ...table(
      ['code', 'means'],
      exitCodeMeanings.map(({ code: exitCode, when }) => [exitCode, when]),
    ),
    '',
    `\`--help\` and \`--version\` end with ${exitCodes.conformant}, an unknown command with ${usageExitCode}. Below, each command has all its codes, and its`,
    '`--help` shows the same. A process that is killed has no code of its own; a shell makes one of 128 and the number of the signal.',
    '',
    ...commands.flat(),
  ].join('\n');
}

function sectionOf(name: CommandName): readonly string[] {
  const command = declaredCommand(name);
  return [
    `## ${name}`,
    '',
    `${code(name)}: ${command.description()}.`,
    '',
    ...table(
      ['code', 'when'],
      exitCodesByCommand[name].map(({ code: exitCode, when }) => [exitCode, when]),
    ),
    '',
    ...(name === 'run' ? [...severalTargets, ''] : []),
  ];
}

const severalTargets = [
  'Of several targets the worst code counts; from the worst to the best:',
  `${worstFirst.join(', ')}. Differences between them are no failure.`,
];
