import { ConfigurationError } from '../../engine/errors.js';
import { shownPath } from '../../engine/files.js';
import { readReport } from '../../report/read.js';
import { folderOf, readBook, writeBook } from './book.js';
import { takeAsBase } from './file-night.js';

/** Who accepts what moved, and why. */
export interface Acceptor {
  readonly owner: string;
  readonly reason: string;
  readonly at: Date;
}

/**
 * Takes the last night as it is: what moved in it is held against no earlier night any more.
 * @returns the night, and what was accepted
 * @throws ConfigurationError when there is no night, or none with anything to accept
 */
export function acceptNight(
  folder: string,
  { owner, reason, at }: Acceptor,
): { readonly night: string; readonly moved: readonly string[] } {
  const book = readBook(folder);
  const last = book?.nights.at(-1);
  if (!book || !last) throw new ConfigurationError(`${shownPath(folder)}: no night was filed there`);
  if (last.state === 'same' || last.state === 'base') {
    throw new ConfigurationError(`${shownPath(folder)}: nothing moved in the last night, ${last.night}: ${last.line}`);
  }
  const report = readReport(folderOf(folder, last.night));
  if (!report.checks.some(({ verdict }) => verdict === 'passed' || verdict === 'failed')) {
    throw new ConfigurationError(
      `${shownPath(folder)}: the last night, ${last.night}, told nothing that could be accepted`,
    );
  }
  const moved = Object.keys(book.moved);
  takeAsBase(book, last.night, report);
  book.moved = {};
  book.accepted = [...book.accepted, { night: last.night, moved, owner, reason, at: at.toISOString() }];
  writeBook(folder, book);
  return { night: last.night, moved };
}
