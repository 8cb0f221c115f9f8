import path from 'node:path';
import { existsSync } from 'node:fs';
import { linesOf, moveRun, movedPages } from '../../report/history/file.js';
import { renderHtml } from '../../report/html/page.js';
import type { Report } from '../../report/model.js';
import { jsonPieces, writeAsked } from '../../report/write.js';
import { readTimeline, writeTimeline } from '../history/index.js';

/**
 * The history that lies in the folder of the nights, where it has this run.
 * @returns its file; null where there is none, or it does not have it
 * @throws ConfigurationError when it is no history
 */
export function historyIn(folder: string, { run }: Report): string | null {
  const file = path.resolve(folder, 'history.jsonl');
  if (!existsSync(file)) return null;
  return linesOf(file).some((line) => line.run.id === run.id) ? file : null;
}

/** Notes where the run lies by now, and writes the page of all runs of its target anew. */
export async function retold(file: string, { run, target }: Report, place: string): Promise<void> {
  await moveRun(file, run.id, path.resolve(place));
  const folder = path.dirname(file);
  await writeTimeline(readTimeline(file, folder, target.name), folder);
}

/** A run that is moved to another depth leads to the pages of earlier ones by other ways: its report and its page are told so. */
export async function relink(report: Report, from: string, to: string): Promise<void> {
  if (path.dirname(path.resolve(from)) === path.dirname(path.resolve(to))) return;
  const { history = [] } = report;
  const moved = { ...report, history: movedPages(history, path.resolve(from), path.resolve(to)) };
  await writeAsked({ 'report.json': () => jsonPieces(moved), 'index.html': () => renderHtml(moved) }, to);
}
