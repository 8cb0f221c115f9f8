import type { RequirementReport } from './model.js';
import { shellValue } from './shell.js';

/** More requirements than this are carried out again by carrying out all. */
const mostIds = 6;

/**
 * The command that carries requirements out again, alone.
 * @param target what the run was given as its target; null for none, and where nobody knows any more
 */
export function againCommand(rows: readonly Pick<RequirementReport, 'id'>[], target: string | null): string {
  const only = rows.length > mostIds ? [] : ['--only', rows.map(({ id }) => id).join(',')];
  const against = target === null ? [] : ['--target', shellValue(target)];
  return ['cancel-conformance run', ...against, ...only].join(' ');
}
