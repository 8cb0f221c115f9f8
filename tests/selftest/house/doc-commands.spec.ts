import { expect, test } from '../support/cli.js';
import { carryOut, problemsOf, type CoverageTable } from '../support/command-run.js';
import { commandBoundMs } from '../support/command-shell.js';
import { commandTable } from '../support/command-table.js';
import {
  blocksOf,
  documents,
  inlineCodesOf,
  textsOfForms,
  unmarkedBlocksOf,
  type Block,
} from '../support/documented-commands.js';
import { brokenScripts, knownCommands, problemOfInline, type KnownCommands } from '../support/inline-commands.js';

// More than one command may take, so that a test can still say which it was that hung.
test.describe.configure({ timeout: 2 * commandBoundMs });

const blocks = documents().flatMap(blocksOf);

test('every command of the documents is executed, and every row of the table is for one', () => {
  expect(problemsOf(blocks, commandTable)).toEqual([]);
  expect(documents().flatMap(unmarkedBlocksOf)).toEqual([]);
  expect(blocks.length).toBeGreaterThan(20);
});

for (const block of blocks) {
  test(`${block.file}:${block.line} does what it says`, async ({ folder }) => {
    await expect(carryOut(block, commandTable, folder)).resolves.toBeUndefined();
  });
}

test('every command, script and option that a sentence names is there', () => {
  // What is printed of mistakes names what is not there.
  const written = documents().filter(({ file }) => file !== 'docs/mistakes.md');
  const codes = [...written, ...textsOfForms()].flatMap(inlineCodesOf);
  expect(codes.map((code) => problemOfInline(code, knownCommands)).filter((problem) => problem !== null)).toEqual([]);
  expect(codes.length).toBeGreaterThan(100);
  expect(brokenScripts()).toEqual([]);
});

test.describe('the test of the commands', () => {
  const madeUp = (...lines: readonly string[]): Block => {
    const [block] = blocksOf({ file: 'made-up.md', line: 1, text: ['# Made up', '```sh', ...lines, '```'].join('\n') });
    if (block === undefined) throw new Error('no block');
    return block;
  };
  const executed = async (block: Block, table: CoverageTable, folder: string): Promise<string> =>
    carryOut(block, table, folder).then(
      () => 'nothing is wrong',
      (error: unknown) => (error as Error).message,
    );

  test('names a command that nobody executes, and a row that is for none', async ({ folder }) => {
    const block = madeUp('# a comment', 'true   # another', 'rm -rf "$HOME"');
    const unknown = /^made-up\.md:5 `rm -rf "\$HOME"` is not executed by any test: add it to tests\/selftest\/\S+\.ts/;
    expect(problemsOf([block], { true: {}, ls: {} })).toEqual([
      expect.stringMatching(unknown),
      expect.stringContaining('no document has the command `ls`: delete its row'),
    ]);
    // None of the block is carried out before all of it is known.
    expect(await executed(block, { true: { exit: 7 } }, folder)).toMatch(unknown);
  });

  for (const [what, command, row, wrong] of [
    ['another exit code', 'echo why >&2; (exit 7)', {}, /: it ended with exit code 7, not 0\nstandard error: … why$/],
    ['success where it should fail', 'true', { exit: 1 }, /: it ended with exit code 0, not 1$/],
    ['another output', 'echo no', { prints: /yes/ }, /: its standard output has no yes\nstandard output: … no$/],
    ['another complaint', 'echo no >&2', { complains: /yes/ }, /: its standard error has no yes\n/],
    ['nothing left', 'true', { leaves: ['report.json'] }, /: it left no report\.json$/],
    [
      'no such program',
      'cancel-conformanse run',
      {},
      /: it ended with exit code 127, not 0\nstandard error: .*not found/,
    ],
    ['no such option', 'npx cancel-conformance run --outt x', {}, /exit code 2, not 0\nstandard error: .*--outt/],
    [
      'a server that does not serve',
      'cancel-conformance serve --tenent',
      { serves: true },
      /unknown option '--tenent'/,
    ],
    ['the end of the shell', 'exit 3', {}, /: it ended with exit code 3, not 0$/],
  ] as const) {
    test(`fails on ${what}, and says where`, async ({ folder }) => {
      const told = await executed(madeUp(command), { [command]: row }, folder);
      expect(told.slice(0, told.indexOf('`: ') + 1)).toBe(`made-up.md:3 \`${command}\``);
      expect(told).toMatch(wrong);
    });
  }

  test('keeps the variables of a block, and joins what the shell takes for one command', async ({ folder }) => {
    const block = madeUp(
      'WORD=kept',
      'for N in 1 2; do',
      '  echo "$WORD $N" \\',
      '    >> "file # $N"',
      'done',
      'cat file*',
    );
    const [, loop] = block.commands.map(({ text }) => text);
    expect(loop).toBe('for N in 1 2; do\n  echo "$WORD $N" >> "file # $N"\ndone');
    const table = { 'WORD=kept': {}, [loop ?? '']: {}, 'cat file*': { prints: /^kept 1\nkept 2\n$/ } };
    expect(await executed(block, table, folder)).toBe('nothing is wrong');
  });

  test('refuses a text that the shell does not understand', () => {
    expect(() => madeUp('for N in 1 2; do', 'echo "$N"')).toThrow(/made-up\.md:3: the shell does not understand/);
  });

  test('names what a sentence gets wrong', () => {
    const known: KnownCommands = { '': new Set(['--version']), run: new Set(['--out']) };
    const said = (text: string): string | null => problemOfInline({ file: 'x.md', line: 9, text }, known);
    expect(said('cancel-conformance ruin')).toBe('x.md:9 `cancel-conformance ruin`: there is no command ruin');
    expect(said('npx cancel-conformance run --area PERM')).toMatch(/: run has no --area$/);
    expect(said('run --area PERM')).toMatch(/: run has no --area$/);
    expect(said('--area')).toMatch(/: no command has this option$/);
    expect(said('npm run brench')).toMatch(/: package\.json has no script brench$/);
    expect(said('npx playwrite test')).toMatch(/: no dependency brings playwrite$/);
    const right = ['cancel-conformance --version', 'run --out DIR', '--out', 'npm run bench', 'npm cit', 'report.json'];
    expect(right.map(said)).toEqual(right.map(() => null));
  });
});
