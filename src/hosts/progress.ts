import { visible } from '../report/visible.js';
import type { Printer } from './io.js';

/** Says how far the run is, in one line that changes; silent where no terminal is. */
export class Progress {
  readonly #stream: Omit<Printer, 'colour'>;
  readonly #unit: string;
  #total = 0;
  #done = 0;

  /** @param unit what is counted, as in `12 of 100 cases` */
  constructor(stream: Omit<Printer, 'colour'>, unit = 'cases') {
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
    const { columns = 80 } = this.#stream;
    this.#stream.write(`\r\u001b[2K${line.slice(0, columns - 1)}`);
  }
}
