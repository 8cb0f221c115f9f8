import path from 'node:path';
import { bounds, excessOf } from '../../engine/bounds.js';
import { ConfigurationError, suggestion } from '../../engine/errors.js';
import { quoted, readJson, type DataFile } from '../../engine/data-file.js';
import { isFolder, readText, shownPath } from '../../engine/files.js';
import { packageVersion } from '../../engine/package.js';
import { loadContract } from '../../cancel/contract.js';
import { knownEditions } from '../../engine/contract/load.js';
import { knownToCatch, type Proof } from '../../engine/contract/kill-matrix.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Exchange } from '../../engine/evidence/records.js';
import type { JudgingBasis, Report } from '../../report/model.js';
import { asWritten, readReadersFiles, type ReadersFiles, type Written } from './files.js';

/** A finished run as it lies on disk, read and found well-formed; whether it is true is another question. */
export interface Bundle {
  /** Path of the report, as the user should see it. */
  readonly name: string;
  readonly report: Report;
  readonly basis: JudgingBasis;
  /** The lines of `evidence.jsonl`, in their order. */
  readonly exchanges: readonly Exchange[];
  readonly contract: Contract;
  /** What lies beside them for readers. */
  readonly files: ReadersFiles;
  /** Both as they were written; null where they were read from no file. */
  readonly written: Written | null;
  /** The matrix by which the run named likely causes; null where this suite has another one, or the report names none. */
  readonly proof: Proof | null;
}

type Keys = readonly (string | number)[];

const remedy = 'give the folder of a finished run, or its report.json';

/**
 * Reads `report.json`, the `evidence.jsonl` beside it, and what a run made of both for readers.
 * @param place the folder of a finished run, or its report.json
 * @throws ConfigurationError that names file and line: missing, not JSON, cut off, another version, an unknown edition
 */
export function readBundle(place: string): Bundle {
  const file = isFolder(place) ? path.join(place, 'report.json') : place;
  const data = readJson(file, { what: 'a report', advice: remedy });
  const { name } = data;
  assertSameVersion(data);
  assertMatches(data, 'suite/report');
  const report = data.value as Report;
  const contract = contractOf(report, data);
  const basis = basisOf(report, name);
  const evidence = path.join(path.dirname(file), 'evidence.jsonl');
  const exchanges = readEvidence(evidence, report);
  const written = { report: asWritten(file), evidence: asWritten(evidence) };
  const files = readReadersFiles(path.dirname(file));
  return { name, report, basis, exchanges, contract, files, written, proof: proofOf(report) };
}

function proofOf({ causes, target }: Report): Proof | null {
  if (causes === undefined) return null;
  const { proof } = knownToCatch(target.edition);
  return proof?.stamp === causes.proof ? proof : null;
}

/** Before the schema: a report of another version need not match it. */
function assertSameVersion(data: DataFile): void {
  const { schemaVersion, suite } = (data.value ?? {}) as {
    schemaVersion?: unknown;
    suite?: { version?: unknown } | null;
  };
  const version = suite?.version;
  const writer = typeof version === 'string' ? version : null;
  const advice = `judge it with the version that wrote it${writer === null ? '' : `: ${writer}`}`;
  if (schemaVersion !== undefined && schemaVersion !== 1) {
    throw new ConfigurationError(
      `${data.locate(['schemaVersion'])}: this is schema version ${quoted(schemaVersion)}, and this suite reads 1; ${advice}`,
    );
  }
  if (writer !== null && writer !== packageVersion()) {
    throw new ConfigurationError(
      `${data.locate(['suite', 'version'])}: written by version ${writer} of the suite, and this is ${packageVersion()}, whose checks may be others; ${advice}`,
    );
  }
}

function contractOf({ target, suite }: Report, data: DataFile): Contract {
  if (suite.name !== 'cancel-conformance') {
    throw new ConfigurationError(
      `${data.locate(['suite', 'name'])}: the report of another suite, ${suite.name}; ${remedy}`,
    );
  }
  const editions = knownEditions();
  if (!editions.includes(target.edition)) {
    const hint = suggestion(target.edition, editions);
    throw new ConfigurationError(`${data.locate(['target', 'edition'])}: no edition ${target.edition}${hint}`);
  }
  const contract = loadContract(target.edition);
  for (const { id, readings } of contract.contested) {
    const names = readings.map(({ name }) => name);
    const name = target.readings[id];
    if (name !== undefined && names.includes(name)) continue;
    const what = name === undefined ? `the reading of ${id} is missing` : `${id} has no reading ${name}`;
    throw new ConfigurationError(
      `${data.locate(['target', 'readings', id])}: ${what}${suggestion(name ?? '', names)}; give a report as the run wrote it`,
    );
  }
  return contract;
}

function basisOf({ basis, waivers }: Report, name: string): JudgingBasis {
  const homeless = waivers.find(({ at }) => at === undefined);
  if (basis && !homeless) return basis;
  const what = basis ? `waivers: the one for ${homeless?.check ?? ''} has no member at` : 'the member basis is missing';
  throw new ConfigurationError(
    `${name}: ${what}, so its verdicts cannot be recomputed: a report from before judge; run again to get one that can be judged`,
  );
}

function readEvidence(file: string, report: Report): readonly Exchange[] {
  const name = shownPath(file);
  const advice = 'judge needs the evidence.jsonl that the run wrote beside its report.json';
  const text = readText(file, { what: 'the evidence of a run', advice });
  const excess = excessOf(text, bounds.machineMade);
  if (excess !== null) throw new ConfigurationError(`${name}: ${excess}; ${advice}`);
  const lines = text.split('\n');
  if (lines.length > bounds.machineMade.lines)
    throw new ConfigurationError(`${name}: has more than ${bounds.machineMade.lines} lines; ${advice}`);
  if (lines.at(-1) === '') lines.pop();
  const exchanges = lines.map((line, index) => parseLine(line, `${name}:${index + 1}`, index === lines.length - 1));
  const locate = ([, index, ...keys]: Keys): string =>
    [`${name}:${Number(index ?? 0) + 1}`, ...(keys.length === 0 ? [] : [keys.join('.')])].join(': ');
  // The report itself has passed, so whatever is wrong now is wrong with a line.
  assertMatches({ name, value: { ...report, exchanges }, locate }, 'suite/report');
  return exchanges as readonly Exchange[];
}

function parseLine(line: string, where: string, isLast: boolean): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const what = line === '' ? 'an empty line' : `not JSON${isLast ? ': the line is cut off' : ''}`;
    throw new ConfigurationError(`${where}: ${what}; each line holds one exchange; give the file as the run wrote it`, {
      cause,
    });
  }
}
