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

/**
 * A hint for a misspelt word.
 * @param word what was written
 * @param known what could have been meant
 * @returns `; did you mean X?`, or the list of known words, or nothing when there are none
 */
export function suggestion(word: string, known: readonly string[]): string {
  const near = closestMatch(word, [...known], { maxDistance: Math.max(2, Math.floor(word.length / 3)) });
  if (near !== undefined) return `; did you mean ${near}?`;
  return known.length > 0 ? `; known: ${known.join(', ')}` : '';
}
