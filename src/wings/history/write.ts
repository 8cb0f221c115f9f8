import { writeAsked } from '../../report/write.js';
import { renderTimeline } from './html/page.js';
import type { Timeline } from './timeline.js';

/**
 * Writes the page of a history below `folder`, as `writeAsked` writes.
 * @returns its path
 * @throws ConfigurationError where it cannot be written, and ReportWriteError
 */
export const writeTimeline = (timeline: Timeline, folder: string): Promise<{ readonly files: readonly string[] }> =>
  writeAsked({ 'history.html': renderTimeline(timeline) }, folder);
