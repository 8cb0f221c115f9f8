import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { quoted, readJson } from '../engine/data-file.js';
import { isFolder } from '../engine/files.js';
import { schemaValidator } from '../engine/contract/schemas.js';
import type { Report } from './model.js';

/** The version of `report.json` that this suite writes and reads. */
const schemaVersion = 1;

const expected = { what: 'a report', advice: 'give the report.json of a run', piped: true };

/**
 * Reads the report of a finished run.
 * @param place a `report.json`, or a folder that holds one
 * @throws ConfigurationError that names the file: missing, not JSON, of another version, or not a report
 */
export function readReport(place: string): Report {
  const file = isFolder(place) ? path.join(place, 'report.json') : place;
  const { name, value: report } = readJson(file, expected);
  const version = versionOf(report);
  if (version !== undefined && version !== schemaVersion) {
    throw new ConfigurationError(
      `${name}: a report of schema version ${quoted(version)}, and this suite reads version ${schemaVersion}; run again with this suite, or use the suite that wrote it`,
    );
  }
  const validate = schemaValidator('suite/report');
  if (validate(report)) return report as Report;
  const [problem] = validate.errors ?? [];
  const where = problem === undefined || problem.instancePath === '' ? '' : ` at ${problem.instancePath}`;
  throw new ConfigurationError(
    `${name}: not a report of this version of the suite${where}: ${problem?.message ?? 'it does not match its schema'}; ${expected.advice}`,
  );
}

const versionOf = (report: unknown): unknown =>
  typeof report === 'object' && report !== null ? (report as { schemaVersion?: unknown }).schemaVersion : undefined;
