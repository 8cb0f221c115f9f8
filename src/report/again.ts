import type { Report, RequirementReport } from './model.js';
import { shellText } from '../engine/shell.js';
import { installedCommand } from '../engine/typed.js';

/** More requirements than this are carried out again by carrying out all. */
export const mostIds = 6;
/** Of what has one cause so many show it. */
export const mostOfCause = 3;

/** As `againCommand`, for what has one cause: as many of its requirements as show it. */
export const someAgain = (
  rows: readonly Pick<RequirementReport, 'id'>[],
  ...how: readonly [options?: readonly string[], command?: string]
): string => againCommand(rows.slice(0, mostOfCause), ...how);

/**
 * The command that carries requirements out again, alone.
 * @param options those of the run, as words; left out where nobody knows them any more
 * @param command how it is started; left out in files, which others read elsewhere
 */
export function againCommand(
  rows: readonly Pick<RequirementReport, 'id'>[],
  options: readonly string[] = [],
  command = installedCommand,
): string {
  const only = rows.length > mostIds ? [] : ['--only', rows.map(({ id }) => id).join(',')];
  return [command, 'run', ...inShell(options), ...only].join(' ');
}

const inShell = (words: readonly string[]): readonly string[] =>
  words.map((word) => (/^--[a-z]+$/.test(word) ? word : shellText(word)));

/** The command that tells whether a target takes the tokens of a run. */
export const doctorCommand = (report: Pick<Report, 'target'>): string =>
  [installedCommand, 'doctor', ...inShell(targetOption(report))].join(' ');

/**
 * The options of a run, as a part of it needs them to be judged as the whole was: its target, and the edition and the readings that were chosen on its
 * command line. What stands in the target file or in variables stands there still; of its other options a report tells nothing.
 * @param named how the target is named, as words
 */
export function optionsOf(
  { target }: Pick<Report, 'target'>,
  named: readonly string[] = targetOption({ target }),
): readonly string[] {
  const { edition = '', readings = '' } = target.configuration;
  const flags = readings.split(', ').flatMap((reading) => chosen(reading) ?? []);
  return [
    ...named,
    ...(chosen(edition) === null ? [] : ['--edition', target.edition]),
    ...flags.flatMap((reading) => ['--reading', reading]),
  ];
}

/** The readings of a run as its configuration tells them, where some were chosen on the command line in the place of those. */
export const chosenInstead = (readings: string, instead: Readonly<Record<string, string>>): string =>
  readings
    .split(', ')
    .map((reading) => {
      const [id = ''] = reading.split('=');
      return instead[id] === undefined ? reading : `${id}=${instead[id]} (flag)`;
    })
    .join(', ');

/** What was chosen on the command line; null where it was not chosen there. */
const chosen = (setting: string): string | null => /^(\S+) \(flag\)$/.exec(setting)?.[1] ?? null;

/** A target as it was named on the command line; the embedded one needs no name, and one that was named elsewhere is the reader's to name. */
export function targetOption({ target }: Pick<Report, 'target'>): readonly string[] {
  const named = target.configuration['target'] ?? '';
  if (named.startsWith('the embedded target')) return [];
  return ['--target', /^(.+) \(flag\)$/.exec(named)?.[1] ?? 'FILE'];
}
