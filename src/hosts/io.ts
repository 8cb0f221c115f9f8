import { isatty } from 'node:tty';
import picocolors from 'picocolors';

/** Where somebody reads. */
export interface Printer {
  readonly write: (text: string) => void;
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

/** The streams of this process. */
export const processIo: Io = { stdout: printerOf(process.stdout), stderr: printerOf(process.stderr) };

/** A stream as it is when it is written to: a terminal may change its width. */
function printerOf(stream: NodeJS.WriteStream & { readonly fd: number }): Printer {
  return {
    write: (text) => void stream.write(text),
    get isTTY() {
      return isatty(stream.fd);
    },
    get columns() {
      return stream.columns > 0 ? stream.columns : undefined;
    },
    get colour() {
      return picocolors.isColorSupported && isatty(stream.fd);
    },
  };
}
