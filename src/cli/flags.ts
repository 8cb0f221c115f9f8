import { areaIds as areas } from '../cancel/areas.js';
import { wordInWords } from '../engine/address.js';
import { ConfigurationError, suggestion } from '../engine/errors.js';
import type { Area } from '../engine/contract/types.js';
import { parseReading } from '../target/readings.js';
import type { TargetChoice } from '../target/target.js';

/** Options that say who is tested and how the contract is read; the same for every command that needs them. */
export interface ContractFlags {
  readonly target?: string;
  readonly edition?: string;
  readonly reading?: readonly string[];
  readonly area?: string;
}

/**
 * The options as the rest of the suite takes them.
 * @throws ConfigurationError for a reading that is not written clause=name, or an unknown area
 */
export function readFlags(flags: ContractFlags): TargetChoice & { areas?: readonly Area[] } {
  return {
    ...(flags.target === undefined ? {} : { target: flags.target }),
    ...(flags.edition === undefined ? {} : { edition: flags.edition }),
    ...(flags.reading === undefined
      ? {}
      : { readings: Object.fromEntries(flags.reading.map((text) => parseReading(text, '--reading'))) }),
    ...(flags.area === undefined ? {} : { areas: flags.area.split(',').map(readArea) }),
  };
}

function readArea(text: string): Area {
  const name = text.trim().toUpperCase();
  const known = areas.find((area) => area === name);
  if (!known) throw new ConfigurationError(`--area ${wordInWords(text)}: no such area${suggestion(name, areas)}`);
  return known;
}

/** The parts of a list that is separated by commas. */
export const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/**
 * A share of a whole.
 * @param text `i/n`, both from 1
 */
export function readShare(name: string, text: string): { readonly index: number; readonly count: number } {
  const [, i, n] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? [];
  const [index, count] = [Number(i), Number(n)];
  if (index <= count) return { index, count };
  throw new ConfigurationError(`${name} ${wordInWords(text)}: give a share as i/n with i from 1 to n, such as 1/8`);
}

/** A whole number within bounds. */
export function readWhole(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ConfigurationError(`${name} ${wordInWords(text)}: give a whole number from ${least} to ${most}`);
}
