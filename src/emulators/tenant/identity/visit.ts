import type { IncomingMessage } from 'node:http';
import { boundedText } from '../../endpoint/loopback.js';

export interface Answer {
  readonly status: number;
  /** A text is a page for people. */
  readonly body?: object | string;
  /** Where a browser goes next. */
  readonly location?: string;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (visit: Visit) => Promise<Answer> | Answer;
}

/** A request on its way to an answer. */
export interface Visit {
  readonly incoming: IncomingMessage;
  /** First segment of the path. */
  readonly tenant: string;
  /** As behind TLS: clients take no other address of an identity platform, however they came here. */
  readonly origin: string;
  /** As people open it. */
  readonly pages: string;
}

/** Whether a page sent it. */
export const isForm = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

/** What a page sent; nothing where it was no page. */
export const formOf = async (incoming: IncomingMessage): Promise<URLSearchParams> =>
  new URLSearchParams(isForm(incoming) ? await boundedText(incoming) : '');
