import type { Report, RequirementReport } from './model.js';
import { shellValue } from './shell.js';

/** More requirements than this are carried out again by carrying out all. */
const mostIds = 6;

/**
 * The command that carries requirements out again, alone.
 * @param options those of the run, as words; left out where nobody knows them any more
 * @param command how it is started; left out in files, which others read elsewhere
 */
export function againCommand(
  rows: readonly Pick<RequirementReport, 'id'>[],
  options: readonly string[] = [],
  command = 'cancel-conformance',
): string {
  const only = rows.length > mostIds ? [] : ['--only', rows.map(({ id }) => id).join(',')];
  const written = options.map((word) => (/^--[a-z]+$/.test(word) ? word : shellValue(word)));
  return [command, 'run', ...written, ...only].join(' ');
}

/** A reader's own target has to be named, in a file that a report knows nothing of; the embedded one needs no name. */
export const targetOption = ({ target }: Pick<Report, 'target'>): readonly string[] =>
  target.configuration['target']?.startsWith('the embedded target') === true ? [] : ['--target', 'FILE'];
