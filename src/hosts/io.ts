import { isatty } from 'node:tty';
import { forTerminal } from '../report/visible.js';

/** Where somebody reads. */
export interface Printer {
  readonly write: (text: string) => void;
  /** Writes commands for the agent of a pipeline, which nothing else that is written may hold; left out: as `write`. */
  readonly command?: (text: string) => void;
  readonly isTTY: boolean;
  /** Characters in a line; undefined where nobody knows. */
  readonly columns: number | undefined;
  /** Whether what is printed may be coloured. */
  readonly colour: boolean;
}

/** What a command talks to. Its working directory and its environment are those of the process. */
export interface Io {
  readonly stdout: Printer;
  readonly stderr: Printer;
}

/** The streams of this process: the one way out for what is printed, past which nothing goes (see eslint.config.js). */
export const processIo: Io = { stdout: printerOf(process.stdout), stderr: printerOf(process.stderr) };

/** A stream as it is when it is written to: a terminal may change its width. */
function printerOf(stream: NodeJS.WriteStream & { readonly fd: number }): Printer {
  return {
    write: (text) => void stream.write(forTerminal(text)),
    command: (text) => void stream.write(text),
    get isTTY() {
      return isTerminal(stream.fd);
    },
    get columns() {
      return stream.columns > 0 ? stream.columns : undefined;
    },
    get colour() {
      return wantsColour(stream.fd);
    },
  };
}

/** A terminal that can do what is asked of it: move to the beginning of a line, and colour. */
const isTerminal = (fd: number): boolean => isatty(fd) && process.env['TERM'] !== 'dumb';

/** Whoever reads decides, by the variables that are customary; a terminal has colours, and nothing else. */
function wantsColour(fd: number): boolean {
  const none = process.env['NO_COLOR'] ?? '';
  const forced = process.env['FORCE_COLOR'] ?? '';
  if (none !== '') return false;
  return forced === '' ? isTerminal(fd) : !['0', 'false'].includes(forced);
}
