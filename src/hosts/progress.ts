import { visible } from '../report/visible.js';

/** As much of a stream as progress needs. */
interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Says how far the run is, in one line that changes; silent where no terminal is. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #unit: string;
  #total = 0;
  #done = 0;

  /** @param unit what is counted, as in `12 of 100 cases` */
  constructor(stream: ProgressStream, unit = 'cases') {
    this.#stream = stream;
    this.#unit = unit;
  }

  begin(total: number): void {
    this.#total = total;
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
    if (this.#stream.isTTY !== true) return;
    const line = `${this.#done} of ${this.#total} ${this.#unit}  ${visible(what)}`;
    // A terminal that does not know its width says 0.
    const { columns = 0 } = this.#stream;
    const width = columns > 0 ? columns : 80;
    this.#stream.write(`\r\u001b[2K${line.slice(0, width - 1)}`);
  }
}
