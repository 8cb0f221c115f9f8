import ts from 'typescript';

/** One place in a source, and the mistake that is made there. */
export interface Site {
  /** Below the root of the project, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The text of that line, without white space around it. */
  readonly text: string;
  /** What is done there, in words that stay the same: a list of equivalent mutants names them. */
  readonly mutation: string;
  readonly start: number;
  readonly end: number;
  /** What stands between start and end in the mutant. */
  readonly replacement: string;
}

/** What is put in the place of a node, or of a part of it. */
type Change = Pick<Site, 'mutation' | 'replacement'> & { readonly at: ts.Node };

/**
 * The operators that are taken for each other. `??` is not among them: most of ours are there for the compiler, which does not
 * know that an index exists.
 */
const takenFor: Readonly<Record<string, readonly [word: string, other: string]>> = {
  '===': ['operator', '!=='],
  '!==': ['operator', '==='],
  '&&': ['operator', '||'],
  '||': ['operator', '&&'],
  '<': ['boundary', '<='],
  '<=': ['boundary', '<'],
  '>': ['boundary', '>='],
  '>=': ['boundary', '>'],
};

const quantifiers: Readonly<Record<string, string>> = { some: 'every', every: 'some' };

/** Above this a number is a bound of time or of size, and one more is no mistake that could be seen. */
const largestCounted = 999;

/** Every place in a module where a mistake can be made that the compiler need not see; types, imports and exports are none. */
export function sitesIn(file: string, source: string): readonly Site[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lines = source.split('\n');
  const found: Site[] = [];
  const visit = (node: ts.Node): void => {
    if (isOutside(node)) return;
    for (const { at, mutation, replacement } of changesOf(node)) {
      const start = at.getStart(tree);
      const line = tree.getLineAndCharacterOfPosition(start).line;
      found.push({
        ...{ file, line: line + 1, text: (lines[line] ?? '').trim() },
        ...{ mutation, start, end: at.getEnd(), replacement },
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found.sort((a, b) => a.start - b.start);
}

/** The source with the mistake in it. */
export const mutated = (source: string, { start, end, replacement }: Site): string =>
  source.slice(0, start) + replacement + source.slice(end);

const isOutside = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);

function changesOf(node: ts.Node): readonly Change[] {
  if (ts.isBinaryExpression(node)) return ofOperator(node);
  if (ts.isPrefixUnaryExpression(node)) return ofNot(node);
  if (ts.isNumericLiteral(node)) return ofNumber(node);
  if (ts.isConditionalExpression(node)) return negated(node.condition);
  if (ts.isIfStatement(node)) return [...negated(node.expression), ...ofEarlyReturn(node)];
  if (ts.isCallExpression(node)) return ofQuantifier(node);
  if (ts.isExpressionStatement(node)) return ofStatement(node);
  if (ts.isReturnStatement(node)) return ofResult(node);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [{ at: node, mutation: 'true to false', replacement: 'false' }];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [{ at: node, mutation: 'false to true', replacement: 'true' }];
  return [];
}

function ofOperator({ operatorToken }: ts.BinaryExpression): readonly Change[] {
  const operator = operatorToken.getText();
  const [word, other] = takenFor[operator] ?? [];
  if (word === undefined || other === undefined) return [];
  return [{ at: operatorToken, mutation: `${word} ${operator} to ${other}`, replacement: other }];
}

const isNot = (node: ts.Node): node is ts.PrefixUnaryExpression =>
  ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;

const ofNot = (node: ts.PrefixUnaryExpression): readonly Change[] =>
  isNot(node) ? [{ at: node, mutation: '! dropped', replacement: node.operand.getText() }] : [];

function ofNumber(node: ts.NumericLiteral): readonly Change[] {
  // What is called after a number is no number.
  if (ts.isPropertyAssignment(node.parent) && node.parent.name === node) return [];
  const value = Number(node.text);
  if (!Number.isInteger(value) || value > largestCounted) return [];
  const others = value === 0 ? [1] : [value - 1, value + 1];
  return others.map((other) => ({ at: node, mutation: `number ${value} to ${other}`, replacement: String(other) }));
}

/** A condition turned around, where no other mutation does just that. */
function negated(condition: ts.Expression): readonly Change[] {
  const isTurnedAnyway =
    isNot(condition) || (ts.isBinaryExpression(condition) && /^[!=]==$/.test(condition.operatorToken.getText()));
  if (isTurnedAnyway) return [];
  return [{ at: condition, mutation: 'condition negated', replacement: `!(${condition.getText()})` }];
}

/** What is left to the statements after it, when the one that would have ended the function first is not there. */
function ofEarlyReturn(node: ts.IfStatement): readonly Change[] {
  const { thenStatement: then } = node;
  const only = ts.isBlock(then) && then.statements.length === 1 ? then.statements[0] : then;
  if (node.elseStatement || !only || !ts.isReturnStatement(only)) return [];
  return [{ at: node, mutation: 'early return removed', replacement: ';' }];
}

function ofQuantifier({ expression }: ts.CallExpression): readonly Change[] {
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const { name } = expression;
  const other = Object.hasOwn(quantifiers, name.text) ? quantifiers[name.text] : undefined;
  return other === undefined ? [] : [{ at: name, mutation: `${name.text} to ${other}`, replacement: other }];
}

function ofStatement(node: ts.ExpressionStatement): readonly Change[] {
  const { expression } = node;
  const called =
    ts.isAwaitExpression(expression) || ts.isVoidExpression(expression) ? expression.expression : expression;
  // Without it a constructor does not run at all: no mistake that anybody could leave in.
  if (!ts.isCallExpression(called) || called.expression.kind === ts.SyntaxKind.SuperKeyword) return [];
  return [{ at: node, mutation: 'call removed', replacement: ';' }];
}

/** A boolean that is missing reads as false, which the mutations of conditions say already. */
function ofResult({ expression }: ts.ReturnStatement): readonly Change[] {
  if (!expression || isNothing(expression) || isBoolean(expression)) return [];
  return [{ at: expression, mutation: 'result replaced by undefined', replacement: 'undefined' }];
}

const isNothing = (node: ts.Expression): boolean =>
  node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === 'undefined');

function isBoolean(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isBoolean(node.expression);
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || isNot(node)) return true;
  if (ts.isBinaryExpression(node)) return node.operatorToken.getText() in takenFor;
  let within: ts.Node = node;
  while (!ts.isSourceFile(within) && !ts.isFunctionLike(within)) within = within.parent;
  return ts.isFunctionLike(within) && /^boolean$| is /.test(within.type?.getText() ?? '');
}
