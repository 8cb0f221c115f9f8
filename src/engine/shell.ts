/**
 * Text for a POSIX shell that expands to exactly the bytes that are meant. Nothing of it is ever executed, whatever it
 * holds, and it consists of printable ASCII alone, so that it can be shown and pasted as it stands.
 */

/** A part of a text: bytes as they are (one character each, Latin-1), or a variable of the shell. */
export type Piece = { readonly bytes: string } | { readonly variable: string };

/** What a shell makes of a piece: bytes that it must not look at, or an expression that it has to expand. */
type Part = { readonly literal: string } | { readonly expression: string };

/** Runs of one character that are worth an expression of their own. */
const longRun = /([A-Za-z0-9[\]{} ])\1{255,}/;
const unprintable = /[^ -~]+/;

/** One word of a command: always quoted, expanded without being split. */
export function shellWord(pieces: readonly Piece[]): string {
  const parts = partsOf(pieces);
  const isPlain = parts.every((part) => 'expression' in part || !/["$`\\!]/.test(part.literal));
  const hasExpression = parts.some((part) => 'expression' in part);
  if (isPlain && hasExpression) {
    return `"${parts.map((part) => ('literal' in part ? part.literal : part.expression)).join('')}"`;
  }
  const words = parts.map((part) => ('literal' in part ? singleQuoted(part.literal) : `"${part.expression}"`));
  return words.length === 0 ? "''" : words.join('');
}

/** Whether one word can carry the bytes: a shell knows no zero byte, and line breaks at the end of an expression get lost. */
export function fitsShellWord(pieces: readonly Piece[]): boolean {
  return pieces.every((piece) => 'variable' in piece || /^[ -~\u0080-\uffff]*$/.test(piece.bytes));
}

/** A command that prints the bytes, whatever they are and however many. */
export function printCommand(pieces: readonly Piece[]): string {
  const words: string[] = [];
  const format = pieces
    .flatMap((piece) => splitRuns(piece))
    .map((part) => {
      if ('literal' in part) return formatOf(part.literal);
      words.push(` "${part.expression}"`);
      return '%s';
    });
  // A format that begins with a hyphen would be read as an option.
  const safe = format.join('').replace(/^-/, String.raw`\055`);
  return `printf ${singleQuoted(safe)}${words.join('')}`;
}

/** A value for a variable of the shell, quoted where it has to be. */
export function shellValue(bytes: string): string {
  return /^[\w.:/-]+$/.test(bytes) ? bytes : shellWord([{ bytes }]);
}

/** As `shellValue`, of a text such as a path, which a shell is given in UTF-8: names of folders may hold any character. */
export const shellText = (text: string): string => shellValue(Buffer.from(text).toString('latin1'));

/** Text of a comment: no character that could end the comment or mean something where comments are not known. */
export function commentText(text: string): string {
  return text.replaceAll(/[^\w ,.:/=-]+/g, ' ').trim();
}

const singleQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const octal = (text: string): string =>
  text.replaceAll(/[^]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);

const formatOf = (text: string): string =>
  text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('%', '%%')
    .replaceAll(new RegExp(unprintable, 'g'), octal);

function partsOf(pieces: readonly Piece[]): readonly Part[] {
  return pieces
    .flatMap((piece) => splitRuns(piece))
    .flatMap((part) =>
      'expression' in part ? [part] : split(part.literal, unprintable, (text) => `$(printf '${octal(text)}')`),
    );
}

const splitRuns = (piece: Piece): readonly Part[] =>
  'variable' in piece
    ? [{ expression: `\${${piece.variable}}` }]
    : split(piece.bytes, longRun, (run) => `$(printf '%${run.length}s' '' | tr ' ' '${run[0] ?? ''}')`);

/** The text with whatever matches replaced by an expression. */
function split(text: string, pattern: RegExp, expressionOf: (match: string) => string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(new RegExp(pattern, 'g'))) {
    if (match.index > at) parts.push({ literal: text.slice(at, match.index) });
    parts.push({ expression: expressionOf(match[0]) });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ literal: text.slice(at) });
  return parts;
}
