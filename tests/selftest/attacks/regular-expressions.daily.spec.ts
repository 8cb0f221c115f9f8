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
  const add = (node: ts.Node, expression: RegExp): void => {
    const { line } = parsed.getLineAndCharacterOfPosition(node.getStart());
    found.push({ where: `src/${file}:${line + 1} ${node.getText()}`, expression });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      add(node, new RegExp(node.text.slice(1, end), node.text.slice(end + 1).replaceAll(/[gy]/g, '')));
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [text] = (node.arguments ?? []).map(madeOf);
      if (text !== undefined && text !== null) add(node, new RegExp(text));
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** Stands in a pattern for what is known at run time alone. */
const standIn = 'x1';

/** The text of a pattern that is put together; null where it is one that stands elsewhere. */
function madeOf(node: ts.Expression): string | null {
  const isRaw = ts.isTaggedTemplateExpression(node);
  const template = isRaw ? node.template : node;
  const textOf = (part: ts.TemplateLiteralLikeNode): string => (isRaw ? (part.rawText ?? '') : part.text);
  if (ts.isNoSubstitutionTemplateLiteral(template)) return textOf(template);
  if (!ts.isTemplateExpression(template)) return null;
  return textOf(template.head) + template.templateSpans.map(({ literal }) => standIn + textOf(literal)).join('');
}

const patterns = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .flatMap((name) => patternsIn(name));

/** A text of so many characters. */
type Hostile = (length: number) => string;

/** What an expression may go through again and again: what it names, alone and by turns, and then something else. */
function hostileTo({ source: text }: RegExp): readonly Hostile[] {
  const named = new Set(text.replaceAll(/\\[dDwWsSbBpPnrtukx]|\{[^}]*\}|[()[\]|*+?^$\\]/g, '').slice(0, 40));
  const units = [...new Set(['a', '1', ' ', '-', '.', '"', '\n', ...named])];
  const words = text.match(/[\w <>/=:.-]{3,}/g) ?? [];
  const turns = units.slice(0, 12).map((unit) => `a${unit}`);
  return [...units, ...turns, ...words.slice(0, 6), 'a1', '1a ', '<a ', 'a.b.'].flatMap((unit) => {
    const repeated = (length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    return [(length) => `${repeated(length)}\u0001`, (length) => `${words[0] ?? ''}${repeated(length)}\n\u0001`];
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

/** The least CPU time of three uses, in milliseconds: a machine may be busy once. */
const leastMs = (expression: RegExp, text: string): number => Math.min(...[1, 2, 3].map(() => msOf(expression, text)));

/** CPU time from which on growth is told from what the platform does besides, in milliseconds. */
const noticedMs = 100;

/** Whether an expression takes more than linear time: at some text of 16 KiB, or at the worst of these, longer and longer. */
function isWorseThanLinear(expression: RegExp): boolean {
  let worst: Hostile = (length) => 'a'.repeat(length);
  let worstMs = -1;
  for (const hostile of hostileTo(expression)) {
    const text = hostile(tried);
    const ms = msOf(expression, text);
    if (ms > boundMs && leastMs(expression, text) > boundMs) return true;
    if (ms > worstMs) [worst, worstMs] = [hostile, ms];
  }
  // Four times the text takes a linear one four times as long, and a quadratic one sixteen times.
  for (let [length, before] = [tried, worstMs]; length < 1024 * 1024; length *= 4) {
    const text = worst(length * 4);
    const first = msOf(expression, text);
    const now = first > noticedMs && first > 8 * before ? leastMs(expression, text) : first;
    if (now > noticedMs && now > 8 * before) return true;
    before = now;
  }
  return false;
}

test('no regular expression of ours takes more than linear time, up to 1 MiB', () => {
  expect(patterns.length).toBeGreaterThan(200);
  expect(patterns.filter(({ expression }) => isWorseThanLinear(expression)).map(({ where }) => where)).toEqual([]);
});

test('patterns that are put together are looked at as well', () => {
  const made = patterns.filter(({ where }) => where.includes('new RegExp('));
  expect(made.filter(({ expression }) => expression.source.includes(standIn)).length).toBeGreaterThan(5);
  expect(made.filter(({ expression }) => !expression.source.includes(standIn)).length).toBeGreaterThan(0);
});

test('this way finds one that does', () => {
  expect(isWorseThanLinear(/(?=[\w.]*\d)[\w.]{24,}$/)).toBe(true);
  expect(isWorseThanLinear(/[\w.]{24,}\d/)).toBe(true);
  expect(isWorseThanLinear(/\/cancel\/.+$/)).toBe(true);
  expect(isWorseThanLinear(/^[\w.]{24,}$/)).toBe(false);
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
