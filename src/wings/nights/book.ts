import { existsSync } from 'node:fs';
import path from 'node:path';
import { alone as lockedAlone } from '../../engine/alone.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import { readJson } from '../../engine/data-file.js';
import { ConfigurationError } from '../../engine/errors.js';
import { shownPath, writeWhole } from '../../engine/files.js';
import type { Night, Nights } from '../../engine/models/nights.js';
import { line, markdownFile, table } from '../../report/markdown.js';
import type { Report } from '../../report/model.js';
import { readReport } from '../../report/read.js';
import { assertWritable, renderJson } from '../../report/write.js';

/** The nights of a target as they are kept, in memory. */
export type Book = { -readonly [Key in keyof Nights]: Nights[Key] };

const bookFile = (folder: string): string => path.join(folder, 'nights.json');

/** Folder of a night. */
export const folderOf = (folder: string, night: string): string => path.join(folder, night);

/**
 * The nights that are kept in a folder; null before the first.
 * @throws ConfigurationError when the file that keeps them is none
 */
export function readBook(folder: string): Book | null {
  const file = bookFile(folder);
  if (!existsSync(file)) return null;
  const data = readJson(file, { what: 'the nights of a target', advice: 'take the file as the suite left it' });
  assertMatches(data, 'suite/nights');
  return { ...(data.value as Nights) };
}

/** Writes the nights for programs and for people, each as a whole. */
export function writeBook(folder: string, book: Book): void {
  writeWhole(bookFile(folder), renderJson(book), { flush: true });
  writeWhole(path.join(folder, 'nights.md'), renderNights(book));
}

/**
 * The report of a night.
 * @param runId of the run that the book says was filed there
 * @throws ConfigurationError when it cannot be read, or is that of another run
 */
export function reportFiled(place: string, runId: string | undefined): Report {
  const report = readReport(place);
  if (report.run.id === runId) return report;
  throw new ConfigurationError(
    `${shownPath(place)}: not the run that nights.json says was filed there; take both as the suite left them`,
  );
}

/**
 * Carries out what nobody else may do in the same folder meanwhile.
 * @throws ConfigurationError when somebody does, or the folder cannot be written
 */
export function alone<Result>(folder: string, work: () => Promise<Result> | Result): Promise<Result> {
  const named = `--nights ${shownPath(folder)}`;
  return lockedAlone({ file: path.join(folder, '.night.lock'), named }, () => {
    assertWritable(folder, ['nights.json', 'nights.md'], named);
    return work();
  });
}

const mostRows = 60;

function renderNights({ target, base, nights, accepted }: Book): string {
  const bounds = { most: mostRows, file: 'nights.json' };
  const rows = nights
    .toReversed()
    .map(({ night, state, outcome, told, of, line: words, kept }: Night) => [
      kept ? night : `${night} (no longer kept)`,
      state,
      outcome,
      `${told} of ${of}`,
      words,
    ]);
  return markdownFile([
    line`# Nights of ${target}`,
    line``,
    line`Held against: ${base ?? 'none yet'}`,
    line``,
    ...table('Nights, the latest first', { head: ['Night', 'State', 'Outcome', 'Told', 'In a line'], rows }, bounds),
    ...table(
      'Accepted',
      {
        head: ['Night', 'By', 'On', 'Because', 'What'],
        rows: accepted
          .toReversed()
          .map(({ night, owner, at, reason, moved }) => [night, owner, at.slice(0, 10), reason, moved.join('; ')]),
      },
      bounds,
    ),
  ]);
}
