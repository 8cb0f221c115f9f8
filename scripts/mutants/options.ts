import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../src/engine/errors.js';

/** What is to be tried. */
export interface Options {
  readonly seed: number;
  readonly count: number;
  readonly rooms: readonly string[];
  readonly workers: number;
  /** File for the figures; null: none. */
  readonly json: string | null;
  /** The one line of which every mutant is tried; null: a sample is. */
  readonly only: { readonly file: string; readonly line: number } | null;
}

/** The rooms whose mistakes would turn a verdict, or what is said of one. */
const usualRooms = 'engine,cancel,report,wings/rejudge,wings/compare,arrange,hosts';

/** @throws ConfigurationError for what is no option, or no value of one */
export function readOptions(args: readonly string[], today = new Date()): Options {
  const values = parsed(args);
  return {
    seed: whole('--seed', values.seed ?? today.toISOString().slice(0, 'YYYY-MM-DD'.length).replaceAll('-', ''), 0),
    count: whole('--count', values.count, 1),
    rooms: values.rooms.split(',').filter((room) => room !== ''),
    workers: whole('--workers', values.workers, 1),
    json: values.json ?? null,
    only: values.only === undefined ? null : placeOf(values.only),
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        count: { type: 'string', default: '30' },
        rooms: { type: 'string', default: usualRooms },
        workers: { type: 'string', default: '2' },
        json: { type: 'string' },
        only: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new ConfigurationError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function whole(name: string, value: string, least: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
  throw new ConfigurationError(`${name} ${value}: not a whole number from ${least}`);
}

function placeOf(only: string): NonNullable<Options['only']> {
  const [, file, line] = /^(.+):(\d+)$/.exec(only) ?? [];
  if (file === undefined || line === undefined) throw new ConfigurationError(`--only ${only}: not FILE:LINE`);
  return { file, line: Number(line) };
}
