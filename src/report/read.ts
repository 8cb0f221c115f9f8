import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { schemaValidator } from '../engine/contract/schemas.js';
import type { Report } from './model.js';

/** The version of `report.json` that this suite writes and reads. */
const schemaVersion = 1;

const advice = 'give the report.json of a run';

/**
 * Reads the report of a finished run.
 * @param place a `report.json`, or a folder that holds one
 * @throws ConfigurationError that names the file: missing, not JSON, of another version, or not a report
 */
export function readReport(place: string): Report {
  const file = isFolder(place) ? path.join(place, 'report.json') : place;
  const report = parse(file);
  const version = versionOf(report);
  if (version !== undefined && version !== schemaVersion) {
    throw new ConfigurationError(
      `${file}: a report of schema version ${JSON.stringify(version)}, and this suite reads version ${schemaVersion}; run again with this suite, or use the suite that wrote it`,
    );
  }
  const validate = schemaValidator('suite/report');
  if (validate(report)) return report as Report;
  const [problem] = validate.errors ?? [];
  const where = problem === undefined || problem.instancePath === '' ? '' : ` at ${problem.instancePath}`;
  throw new ConfigurationError(
    `${file}: not a report of this version of the suite${where}: ${problem?.message ?? 'it does not match its schema'}; ${advice}`,
  );
}

const isFolder = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;

const versionOf = (report: unknown): unknown =>
  typeof report === 'object' && report !== null ? (report as { schemaVersion?: unknown }).schemaVersion : undefined;

function parse(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const what = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new ConfigurationError(`${file}: ${what}; ${advice}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${file}: not JSON; ${advice}`, { cause });
  }
}
