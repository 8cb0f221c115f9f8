import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { spokenOf } from '../../../src/arrange/tokens.js';
import { packageRoot } from '../../../src/engine/package.js';

/** A regular expression of ours. */
interface Pattern {
  readonly where: string;
  readonly expression: RegExp;
}

const source = path.join(packageRoot, 'src');

function patternsIn(file: string): readonly Pattern[] {
  const name = path.join(source, file);
  const parsed = ts.createSourceFile(name, readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
      const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1).replaceAll(/[gy]/g, ''));
      found.push({ where: `src/${file}:${line + 1} ${node.text}`, expression });
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

const patterns = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .flatMap((name) => patternsIn(name));

/** What an expression may go through again and again: what it names, alone and by turns, and then something else. */
function hostileTo({ source: text }: RegExp, length: number): readonly string[] {
  const named = new Set(text.replaceAll(/\\[dDwWsSbBpPnrtukx]|\{[^}]*\}|[()[\]|*+?^$\\]/g, '').slice(0, 40));
  const units = [...new Set(['a', '1', ' ', '-', '.', '"', '\n', ...named])];
  const words = text.match(/[\w <>/=:.-]{3,}/g) ?? [];
  const turns = units.slice(0, 12).map((unit) => `a${unit}`);
  return [...units, ...turns, ...words.slice(0, 6), 'a1', '1a ', '<a ', 'a.b.'].flatMap((unit) => {
    const repeated = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    return [`${repeated}\u0001`, `${words[0] ?? ''}${repeated}\n\u0001`];
  });
}

/** Characters for which a quadratic expression takes a fifth of a second, and a linear one no time that could be told. */
const tried = 16 * 1024;

/** CPU time that nothing linear takes for so many characters, in milliseconds. */
const boundMs = 60;

/** CPU time of one use, in milliseconds. */
function msOf(expression: RegExp, text: string): number {
  const begin = process.cpuUsage();
  expression.test(text);
  return process.cpuUsage(begin).user / 1000;
}

test('no regular expression of ours takes more than linear time', () => {
  expect(patterns.length).toBeGreaterThan(200);
  const slow = patterns.filter(({ expression }) =>
    hostileTo(expression, tried).some(
      (text) =>
        msOf(expression, text) > boundMs && msOf(expression, text) > boundMs && msOf(expression, text) > boundMs,
    ),
  );
  expect(slow.map(({ where }) => where)).toEqual([]);
});

test('this way finds one that does', () => {
  const expression = /(?=[\w.]*\d)[\w.]{24,}$/;
  expect(hostileTo(expression, tried).some((text) => msOf(expression, text) > boundMs)).toBe(true);
});

test('what a command says is cut before it is looked through, and hidden word by word', () => {
  const megabyte = 1024 * 1024;
  for (const unit of ['a', 'a1', 'eyJ', 'password=', 'secret ', ' ', '\n', 'a.1-', 'x'.repeat(30)]) {
    const said = unit.repeat(megabyte / unit.length);
    const begin = process.cpuUsage();
    expect(spokenOf(said, ['--key=abcd1234', 'x'.repeat(2000), said.slice(0, 5000)]).length).toBeLessThanOrEqual(300);
    expect(process.cpuUsage(begin).user / 1000).toBeLessThan(200);
  }
  for (const [said, shown] of [
    ['no such user', 'no such user'],
    ['password: hunter22, try again', 'password: ‹hidden› try again'],
    ['token=abc def', 'token=‹hidden› def'],
    ['"client_secret":"abc"', '"client_secret":"‹hidden›'],
    ['sent eyJhbGciOi.J9 to it', 'sent ‹hidden› to it'],
    ['key a1b2c3d4e5f6a1b2c3d4e5f6 is wrong', 'key ‹hidden› is wrong'],
    ['login --user me --pw s3same failed', 'login --user me --pw ‹hidden› failed'],
    ['one\ntwo\nthree\nfour', 'one two three'],
  ] as const) {
    expect(spokenOf(said, ['--pw', 's3same'])).toBe(shown);
  }
});
