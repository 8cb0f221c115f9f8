import { statSync, watch as watchFolder } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { groupBy } from '../engine/plan/group-by.js';

/** Why something is carried out again, or that it is not. */
export type Occasion = 'a file changed' | 'the target was started again' | 'Enter' | 'stopped';

/** What is watched. */
export interface Watched {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** What was changed after this was noticed by nobody, in milliseconds of the wall clock. */
  readonly since: number;
  /** Where the target listens; null where its restarts show nowhere. */
  readonly address: { readonly host: string; readonly port: number } | null;
  /** Called once when nobody listens there. */
  readonly away: () => void;
  /** What somebody types, whole lines. */
  readonly typed: NodeJS.ReadableStream;
  /** Aborted by whoever wants it to end. */
  readonly stopped: AbortSignal;
}

/** An editor writes a file in several steps; what comes within this, in milliseconds, is one change. */
const quietMs = 50;

/** How often a target that went away is looked for, in milliseconds. */
const lookEveryMs = 100;

/** Waits for the next reason to carry out again. Nothing is held any more when it comes. */
export async function nextOccasion({ files, since, address, away, typed, stopped }: Watched): Promise<Occasion> {
  const done = new AbortController();
  try {
    return await new Promise<Occasion>((resolve) => {
      const tell = (occasion: Occasion) => (): void => {
        resolve(occasion);
      };
      if (stopped.aborted) resolve('stopped');
      if (files.some((file) => changedAt(file) > since)) resolve('a file changed');
      stopped.addEventListener('abort', tell('stopped'), { signal: done.signal });
      // Where nobody can type any more and nothing else is watched, nothing will ever happen.
      const isAlone = files.length === 0 && address === null;
      onLine(typed, { tell: tell('Enter'), ended: isAlone ? tell('stopped') : () => undefined }, done.signal);
      onChange(files, tell('a file changed'), done.signal);
      if (address) onRestart(address, { tell: tell('the target was started again'), away }, done.signal);
    });
  } finally {
    done.abort();
  }
}

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function onLine(
  typed: NodeJS.ReadableStream,
  { tell, ended }: { readonly tell: () => void; readonly ended: () => void },
  done: AbortSignal,
): void {
  const look = (chunk: Buffer | string): void => {
    if (String(chunk).includes('\n')) tell();
  };
  typed.on('data', look).on('end', ended);
  if (!typed.readable) ended();
  done.addEventListener('abort', () => {
    typed.off('data', look).off('end', ended);
    typed.pause();
  });
}

/** The folders are watched and not the files: many editors put another file in the place of the one that was. */
function onChange(files: readonly string[], tell: () => void, done: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  for (const [folder, inIt] of groupBy(files, (file) => path.dirname(file))) {
    const names = inIt.map((file) => path.basename(file));
    watchFolder(folder, { signal: done }, (_event, name) => {
      if (name === null || !names.includes(name)) return;
      clearTimeout(timer);
      timer = setTimeout(tell, quietMs);
    });
  }
  done.addEventListener('abort', () => {
    clearTimeout(timer);
  });
}

/**
 * Holds a connection on which nothing is said: it ends with the process at its other end. Whoever listens again at once only
 * got tired of it; whoever does not was ended, and is waited for.
 */
function onRestart(
  address: { readonly host: string; readonly port: number },
  { tell, away }: { readonly tell: () => void; readonly away: () => void },
  done: AbortSignal,
): void {
  let [wasAway, socket]: [boolean, Socket | undefined] = [false, undefined];
  let timer: NodeJS.Timeout | undefined;
  const hold = (): void => {
    let isHeld = false;
    socket = connect(address)
      .once('connect', () => {
        isHeld = true;
        if (wasAway) tell();
      })
      .on('error', () => undefined)
      .once('close', () => {
        if (done.aborted) return;
        if (!isHeld && !wasAway) away();
        wasAway ||= !isHeld;
        timer = setTimeout(hold, isHeld ? 0 : lookEveryMs);
      });
    socket.resume();
  };
  hold();
  done.addEventListener('abort', () => {
    clearTimeout(timer);
    socket?.destroy();
  });
}
