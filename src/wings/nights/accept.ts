import { ConfigurationError } from '../../engine/errors.js';
import { shownPath } from '../../engine/files.js';
import { alone, folderOf, readBook, reportFiled, writeBook } from './book.js';
import { takeAsBase } from './file-night.js';

/** Who accepts what moved, and why. */
export interface Acceptor {
  readonly owner: string;
  readonly reason: string;
  readonly at: Date;
}

/** What was accepted. */
interface Accepted {
  readonly night: string;
  readonly moved: readonly string[];
}

/**
 * Takes the last night as it is: what moved in it is held against no earlier night any more, and checks that its suite does not have
 * are no longer waited for.
 * @throws ConfigurationError when there is no night, nothing to accept in the last one, or too little was told in it to be held against
 */
export async function acceptNight(folder: string, acceptor: Acceptor): Promise<Accepted> {
  if (readBook(folder) === null) throw new ConfigurationError(`${shownPath(folder)}: no night was filed there`);
  return alone(folder, () => acceptAlone(folder, acceptor));
}

function acceptAlone(folder: string, { owner, reason, at }: Acceptor): Accepted {
  const where = shownPath(folder);
  const book = readBook(folder);
  const last = book?.nights.at(-1);
  if (!book || !last) throw new ConfigurationError(`${where}: no night was filed there`);
  if (last.state === 'same' || last.state === 'base') {
    throw new ConfigurationError(`${where}: nothing moved in the last night, ${last.night}: ${last.line}`);
  }
  const base = book.nights.find(({ night }) => night === book.base);
  // Another suite, or another edition, has other checks: what it does not tell will not be told by any night.
  const isJudgedAlike = base?.suiteVersion === last.suiteVersion && base.edition === last.edition;
  const report = reportFiled(folderOf(folder, last.night), last.runId);
  const verdicts = report.checks.some(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  if (!verdicts || (!last.enough && isJudgedAlike)) {
    throw new ConfigurationError(
      `${where}: the last night, ${last.night}, told too little to be held against; accept after one that tells enough`,
    );
  }
  const moved = Object.keys(book.moved);
  const ids = new Set(report.checks.map(({ id }) => id));
  book.told = Object.fromEntries(Object.entries(book.told).filter(([id]) => ids.has(id)));
  takeAsBase(book, last.night, report);
  book.moved = {};
  book.accepted = [...book.accepted, { night: last.night, moved, owner, reason, at: at.toISOString() }];
  writeBook(folder, book);
  return { night: last.night, moved };
}
