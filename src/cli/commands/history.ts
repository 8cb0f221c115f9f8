import path from 'node:path';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { shownPath } from '../../engine/files.js';
import type { Io } from '../../hosts/io.js';
import { readTimeline, renderTimelineTerminal, writeTimeline } from '../../wings/history/index.js';

interface HistoryFlags {
  readonly target?: string;
  readonly out?: string;
}

/** `history`: the runs of a target side by side, and what changed in which. */
export async function history({ stdout }: Io, file: string, { target, out }: HistoryFlags): Promise<number> {
  const folder = path.resolve(out ?? path.dirname(file));
  const timeline = readTimeline(path.resolve(file), folder, target);
  const { files } = await writeTimeline(timeline, folder);
  const pagePath = shownPath(files[0] ?? folder);
  stdout.write(renderTimelineTerminal(timeline, { colour: stdout.colour, pagePath }));
  return exitCodes.conformant;
}
