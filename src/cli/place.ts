import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { isFolder } from '../engine/files.js';
import { visible } from '../report/visible.js';

/** A line of a file, as programs name it that show findings beside code. */
interface Place {
  /** From the folder of the run, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Reads `FILE` or `FILE:LINE`; without a line it is the first.
 * @param flag the option, for the message
 * @throws ConfigurationError where there is no such file below this folder, or no such line
 */
export function readPlace(flag: string, value: string): Place {
  const [, named = '', digits = '1'] = /^(.+?)(?::(\d+))?$/s.exec(value) ?? [];
  const file = path.relative('.', named).replaceAll(path.sep, '/');
  const line = Number(digits);
  const fail = (why: string): ConfigurationError =>
    new ConfigurationError(`${flag} ${visible(value)}: ${why}; give a file below this folder, or FILE:LINE`);
  if (named === '' || !existsSync(named) || isFolder(named)) throw fail('there is no such file');
  if (file.startsWith('../') || path.isAbsolute(file)) throw fail('it does not lie below this folder');
  if (line < 1 || !Number.isSafeInteger(line)) throw fail('lines count from 1');
  return { file, line };
}
