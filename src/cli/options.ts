import { Option } from 'commander';
import { areaIds as areas } from '../cancel/areas.js';
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

export const targetOption = (): Option =>
  new Option(
    '--target <file|url>',
    'target file, or the URL of a target with the control protocol (default: embedded)',
  );

/** The same for a command that takes several. */
export const targetsOption = (): Option =>
  new Option(
    '--target <file|url>',
    'target file, or the URL of a target with the control protocol (default: embedded); given again: one more target, compared with the first',
  ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);

export const editionOption = (): Option => new Option('--edition <id>', 'edition of the documentation to judge by');

export const readingOption = (): Option =>
  new Option('--reading <clause=name...>', 'how to read a contested clause, such as C-1=200');

/** The same for a command with an argument, which would be taken for one more reading. */
export const oneReadingOption = (): Option =>
  new Option(
    '--reading <clause=name>',
    'judge by this reading of a contested clause, such as C-1=200; may be repeated',
  ).argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]);

export const insecureOption = (): Option =>
  new Option('--insecure', 'allow plain http to a host other than this one: tokens go over the network in the clear');

export const areaOption = (): Option =>
  new Option('--area <areas>', `judge these areas only, separated by commas: ${areas.join(', ')}; makes no claim`);

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
  if (!known) throw new ConfigurationError(`--area ${text}: no such area${suggestion(name, areas)}`);
  return known;
}

/**
 * A share of a whole.
 * @param text `i/n`, both from 1
 */
export function readShare(name: string, text: string): { readonly index: number; readonly count: number } {
  const [, i, n] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? [];
  const [index, count] = [Number(i), Number(n)];
  if (index <= count) return { index, count };
  throw new ConfigurationError(`${name} ${text}: give a share as i/n with i from 1 to n, such as 1/8`);
}

/** A whole number within bounds. */
export function readWhole(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ConfigurationError(`${name} ${text}: give a whole number from ${least} to ${most}`);
}
