import { visible } from '../report/visible.js';

/** A line on a terminal that says how far the run is; silent when the stream is no terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #unit: string;
  #total = 0;
  #done = 0;

  /** @param unit what is counted, as in `12 of 100 cases` */
  constructor(stream: NodeJS.WriteStream, unit = 'cases') {
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
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }

  #show(what: string): void {
    if (!this.#stream.isTTY) return;
    const line = `${this.#done} of ${this.#total} ${this.#unit}  ${visible(what)}`;
    // A terminal that does not know its width says 0.
    const width = this.#stream.columns > 0 ? this.#stream.columns : 80;
    this.#stream.write(`\r\u001b[2K${line.slice(0, width - 1)}`);
  }
}
