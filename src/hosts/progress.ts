import { cut } from '../report/excerpt.js';
import { visible } from '../report/visible.js';
import type { Printer } from './io.js';

/** A target may say anything, at any length. */
const mostCharacters = 160;

/** Says how far the run is, in one line that changes; silent where no terminal is. */
export class Progress {
  readonly #stream: Omit<Printer, 'colour'>;
  readonly #unit: string;
  #total = 0;
  #done = 0;
  readonly #failed = new Set<string>();

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

  /** Something failed: said at once, above the line, the first time that `name` does. */
  fail(name: string, message: string): void {
    if (!this.#stream.isTTY || this.#failed.has(name)) return;
    this.#failed.add(name);
    this.#stream.write(`\r\u001b[2K✗ ${visible(name)}  ${cut(visible(message), mostCharacters)}\n`);
  }

  /** Removes the line. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[2K');
  }

  #show(what: string): void {
    if (!this.#stream.isTTY) return;
    const failed = this.#failed.size === 0 ? '' : `, ${this.#failed.size} failed`;
    const line = `${this.#done} of ${this.#total} ${this.#unit}${failed}  ${visible(what)}`;
    const { columns = 80 } = this.#stream;
    this.#stream.write(`\r\u001b[2K${line.slice(0, columns - 1)}`);
  }
}
