import { visible } from '../report/visible.js';

/** A line on a terminal that says how far the run is; silent when the stream is no terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #total = 0;
  #done = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  begin(total: number): void {
    this.#total = total;
    this.#show('starting');
  }

  /** One more case is done. */
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
    const line = `${this.#done} of ${this.#total} cases  ${visible(what)}`;
    // A terminal that does not know its width says 0.
    const width = this.#stream.columns > 0 ? this.#stream.columns : 80;
    this.#stream.write(`\r\u001b[2K${line.slice(0, width - 1)}`);
  }
}
