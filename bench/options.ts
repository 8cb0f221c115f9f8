import { parseArgs } from 'node:util';

/** What is to be measured how often, and where the figures go. */
interface Options {
  readonly rounds: number;
  /** File for the figures; undefined: none. */
  readonly json: string | undefined;
}

/** @throws TypeError for what is no option */
export function readOptions(args: readonly string[]): Options {
  const options = { rounds: { type: 'string', default: '5' }, json: { type: 'string' } } as const;
  const { rounds, json } = parseArgs({ args: [...args], options }).values;
  return { rounds: Number(rounds), json };
}
