import { closestMatch } from 'leven';

/**
 * Bad input of a user: a file, an option, an environment variable. Ends in exit code 2.
 * The message says what is wrong, where (file and key) and what to do.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Something that a case needs is missing or out of reach. Makes the case inconclusive; never a finding. */
export class PrerequisiteError extends Error {
  override readonly name: string = 'PrerequisiteError';
}

/** The target cannot show what is wanted, however healthy it is: other cases tell what this one would have told as well. */
export class AbsentError extends PrerequisiteError {
  override readonly name = 'AbsentError';
}

/** The arranging side or the target is out of reach or out of order: several in a row open the circuit breaker. */
export class UnreachableError extends PrerequisiteError {
  override readonly name = 'UnreachableError';
}

/** The run was ended before something could be done. Whoever ended it may have said why, with the reason of its signal. */
export class StoppedError extends PrerequisiteError {
  override readonly name = 'StoppedError';

  /** @param reason that of the signal; one that the platform made up says nothing of the run */
  constructor(reason: unknown) {
    const told = reason instanceof Error && !(reason instanceof DOMException);
    super(told ? reason.message : 'the run was ended before this could be done', { cause: reason });
  }
}

/** So many words at most are told whole beside the likely one. */
const fewWords = 12;

/** A line of words, in characters. */
const lineLength = 100;

/**
 * A hint for a misspelt word.
 * @param word what was written
 * @param known what could have been meant
 * @returns `; did you mean X?`, with the known words behind it where they are few; or the known words, many of them in columns on lines
 * of their own; or nothing when there are none
 */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (known.length === 0 || (near !== '' && known.length > fewWords)) return near;
  if (known.length > fewWords) return `; known:\n${inColumns(known)}`;
  const words = known.join(', ');
  return near === '' ? `; known: ${words}` : known.length === 1 ? near : `${near} Known: ${words}`;
}

/** As `suggestion`, where all that is known would be too much: the likely word, or nothing. */
export function nearest(word: string, known: readonly string[]): string {
  const near = closestMatch(word, [...known], { maxDistance: Math.max(2, Math.floor(word.length / 3)) });
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Words side by side, read downwards, in as many columns as a line takes. */
function inColumns(words: readonly string[]): string {
  const height = [4, 3, 2, 1]
    .map((columns) => Math.ceil(words.length / columns))
    .find((lines) => columnsOf(words, lines).reduce((sum, column) => sum + widthOf(column), 0) <= lineLength);
  const columns = columnsOf(words, height ?? words.length);
  const [first = []] = columns;
  return first
    .map((_, line) => columns.map((column) => `  ${column[line] ?? ''}`.padEnd(widthOf(column))).join(''))
    .map((line) => line.trimEnd())
    .join('\n');
}

const columnsOf = (words: readonly string[], height: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(words.length / height) }, (_, at) => words.slice(at * height, (at + 1) * height));

const widthOf = (column: readonly string[]): number => 2 + Math.max(...column.map(({ length }) => length));
