import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError, suggestion } from '../../engine/errors.js';
import { readDataFile } from '../../engine/files.js';
import { loadContract } from '../../cancel/contract.js';
import { knownEditions, packageVersion } from '../../engine/contract/load.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Exchange } from '../../engine/evidence/records.js';
import type { JudgingBasis, Report } from '../../report/model.js';

/** A finished run as it lies on disk, read and found well-formed; whether it is true is another question. */
export interface Bundle {
  /** Path of the report, as the user should see it. */
  readonly name: string;
  readonly report: Report;
  readonly basis: JudgingBasis;
  /** The lines of `evidence.jsonl`, in their order. */
  readonly exchanges: readonly Exchange[];
  readonly contract: Contract;
}

type Keys = readonly (string | number)[];

const remedy = 'give the folder of a finished run, or its report.json';

/**
 * Reads `report.json` and the `evidence.jsonl` beside it.
 * @param place the folder of a finished run, or its report.json
 * @throws ConfigurationError that names file and line: missing, not JSON, cut off, another version, an unknown edition
 */
export function readBundle(place: string): Bundle {
  const file = isFolder(place) ? path.join(place, 'report.json') : place;
  const name = shown(file);
  const value = parseReport(readText(file, remedy), name);
  const locate = lazyLocator(file, name);
  assertSameVersion(value, locate);
  assertMatches({ name, value, locate }, 'suite/report');
  const report = value as Report;
  const contract = contractOf(report, locate);
  const basis = basisOf(report, name);
  const exchanges = readEvidence(path.join(path.dirname(file), 'evidence.jsonl'), report);
  return { name, report, basis, exchanges, contract };
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    // What is not there is told by the attempt to read it.
    return false;
  }
}

function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

function readText(file: string, advice: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const what = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new ConfigurationError(`${shown(file)}: ${what}; ${advice}`, { cause });
  }
}

function parseReport(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const line = lineOfError(text, cause);
    throw new ConfigurationError(
      `${name}:${line}: not JSON${line >= text.trimEnd().split('\n').length ? ', and it seems to be cut off' : ''}; ${remedy}`,
      { cause },
    );
  }
}

/** Node says where it stopped as a number of characters; where it does not, the text ended too early. */
function lineOfError(text: string, cause: unknown): number {
  const position = /at position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
  const read = position === undefined ? text.trimEnd() : text.slice(0, Number(position));
  return read.split('\n').length;
}

/** Only an error needs lines, and finding them means to read the whole file once more. */
function lazyLocator(file: string, name: string): (keys: Keys) => string {
  let locate: ((keys: Keys) => string) | undefined;
  return (keys) => {
    locate ??= locatorOf(file, name);
    return locate(keys);
  };
}

function locatorOf(file: string, name: string): (keys: Keys) => string {
  try {
    // JSON is YAML, too.
    const data = readDataFile(file);
    return (keys) => data.locate(keys);
  } catch {
    return (keys) => `${name}: ${keys.join('.')}`;
  }
}

/** Before the schema: a report of another version need not match it. */
function assertSameVersion(value: unknown, locate: (keys: Keys) => string): void {
  const { schemaVersion, suite } = (value ?? {}) as { schemaVersion?: unknown; suite?: { version?: unknown } | null };
  const version = suite?.version;
  const writer = typeof version === 'string' ? version : null;
  const advice = `judge it with the version that wrote it${writer === null ? '' : `: npx cancel-conformance@${writer} judge`}`;
  if (schemaVersion !== undefined && schemaVersion !== 1) {
    throw new ConfigurationError(
      `${locate(['schemaVersion'])}: this is schema version ${JSON.stringify(schemaVersion)}, and this suite reads 1; ${advice}`,
    );
  }
  if (writer !== null && writer !== packageVersion()) {
    throw new ConfigurationError(
      `${locate(['suite', 'version'])}: written by version ${writer} of the suite, and this is ${packageVersion()}, whose checks may be others; ${advice}`,
    );
  }
}

function contractOf({ target, suite }: Report, locate: (keys: Keys) => string): Contract {
  if (suite.name !== 'cancel-conformance') {
    throw new ConfigurationError(`${locate(['suite', 'name'])}: the report of another suite, ${suite.name}; ${remedy}`);
  }
  const editions = knownEditions();
  if (!editions.includes(target.edition)) {
    const hint = suggestion(target.edition, editions);
    throw new ConfigurationError(`${locate(['target', 'edition'])}: no edition ${target.edition}${hint}`);
  }
  const contract = loadContract(target.edition);
  for (const { id, readings } of contract.contested) {
    const names = readings.map(({ name }) => name);
    const name = target.readings[id];
    if (name !== undefined && names.includes(name)) continue;
    const what = name === undefined ? `the reading of ${id} is missing` : `${id} has no reading ${name}`;
    throw new ConfigurationError(
      `${locate(['target', 'readings', id])}: ${what}${suggestion(name ?? '', names)}; give a report as the run wrote it`,
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
  const name = shown(file);
  const text = readText(file, 'judge needs the evidence.jsonl that the run wrote beside its report.json');
  const lines = text.split('\n');
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
