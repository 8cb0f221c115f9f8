import { visible } from '../report/visible.js';

/** A log of a job grows by a line so often at most: a quick run leaves none, a slow one shows that it lives. */
const LOG_EVERY_MS = 10_000;

/** As much of a stream as progress needs. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Says how far the run is: in a line that changes on a terminal, in a plain line now and then elsewhere. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #unit: string;
  readonly #now: () => number;
  #loggedAt = 0;
  #total = 0;
  #done = 0;

  /**
   * @param unit what is counted, as in `12 of 100 cases`
   * @param now a clock in ms
   */
  constructor(stream: ProgressStream, unit = 'cases', now = (): number => performance.now()) {
    this.#stream = stream;
    this.#unit = unit;
    this.#now = now;
  }

  begin(total: number): void {
    this.#total = total;
    this.#loggedAt = this.#now();
    this.#show('starting');
  }

  /** One more is done. */
  advance(what: string): void {
    this.#done += 1;
    this.#show(what);
  }

  /** Removes the line. */
  end(): void {
    if (this.#stream.isTTY === true) this.#stream.write('\r\u001b[2K');
  }

  #show(what: string): void {
    const line = `${this.#done} of ${this.#total} ${this.#unit}  ${visible(what)}`;
    if (this.#stream.isTTY !== true) {
      this.#log(line);
      return;
    }
    // A terminal that does not know its width says 0.
    const { columns = 0 } = this.#stream;
    const width = columns > 0 ? columns : 80;
    this.#stream.write(`\r\u001b[2K${line.slice(0, width - 1)}`);
  }

  #log(line: string): void {
    if (this.#now() - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = this.#now();
    this.#stream.write(`${line}\n`);
  }
}
