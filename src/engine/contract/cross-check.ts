import path from 'node:path';
import { ConfigurationError, suggestion } from '../errors.js';
import type { DataFile } from '../data-file.js';
import { compareVersions } from './late.js';
import { rowOf } from './rows.js';
import type { ContractData, Requirement, SourcePointer } from './types.js';

/** The files a contract is made of, as read. */
export interface ContractFiles {
  readonly openapi: DataFile;
  readonly requirements: DataFile;
  readonly contested: DataFile;
  readonly edition: DataFile;
}

/** What `specs/requirements.yaml` holds. */
export interface RequirementCatalogue {
  readonly editions: readonly string[];
  readonly documents: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
}

type Report = (place: string, problem: string) => void;

/**
 * Holds the contract's files against each other: every name that one file uses must be one that another defines.
 * @throws ConfigurationError that lists the first five problems, each with file, line, key and the likely typo
 */
export function assertConsistent(contract: ContractData, files: ContractFiles, catalogue: RequirementCatalogue): void {
  const problems: string[] = [];
  const report: Report = (place, problem) => problems.push(`${place}: ${problem}`);
  checkRequirements(contract, { files, catalogue, report });
  checkContested(contract, { files, catalogue, report });
  checkEdition(contract, { files, catalogue, report });
  if (problems.length > 0) {
    const rest = problems.length > 5 ? `\n… and ${problems.length - 5} more problems` : '';
    throw new ConfigurationError(problems.slice(0, 5).join('\n') + rest);
  }
}

interface Context {
  readonly files: ContractFiles;
  readonly catalogue: RequirementCatalogue;
  readonly report: Report;
}

function checkRequirements(contract: ContractData, { files, catalogue, report }: Context): void {
  const seen = new Set<string>();
  const clauses = contract.contested.map((clause) => clause.id);
  const documented = documentedStatuses(contract);
  catalogue.requirements.forEach((row, index) => {
    const at = (...keys: (string | number)[]): string => files.requirements.locate(['requirements', index, ...keys]);
    if (seen.has(row.id)) report(at('id'), `${row.id} is used twice; ids are permanent and unique`);
    seen.add(row.id);
    if (row.id.split('-')[1] !== row.area) report(at('area'), `${row.id} does not belong to area ${row.area}`);
    checkSources(row, catalogue, (key, problem) => {
      report(at('source', key), problem);
    });
    checkVersion(row.since, contract, (problem) => {
      report(at('since'), problem);
    });
    for (const edition of row.editions === 'all' ? [] : row.editions) {
      if (!catalogue.editions.includes(edition)) {
        report(at('editions'), `no edition ${edition}${suggestion(edition, catalogue.editions)}`);
      }
    }
    for (const id of row.contested ?? []) {
      if (!clauses.includes(id)) report(at('contested'), `no contested clause ${id}${suggestion(id, clauses)}`);
    }
    for (const status of row.accepted ?? []) {
      if (!documented.has(String(status))) {
        report(at('accepted'), `${status} is not a response of the cancel operation in ${files.openapi.name}`);
      }
    }
  });
}

/** Nothing can have come, or been frozen, with a version that there is not yet. */
function checkVersion(version: string | undefined, contract: ContractData, report: (problem: string) => void): void {
  if (version !== undefined && compareVersions(version, contract.version) > 0) {
    report(`${version} is later than this version of the suite, ${contract.version}`);
  }
}

function checkSources(
  row: Pick<Requirement, 'source'>,
  catalogue: RequirementCatalogue,
  report: (index: number, problem: string) => void,
): void {
  const documents = Object.keys(catalogue.documents);
  row.source.forEach((pointer: SourcePointer, index) => {
    if (!documents.includes(pointer.document)) {
      report(index, `no document ${pointer.document}${suggestion(pointer.document, documents)}`);
    } else if (catalogue.links[pointer.document] === undefined) {
      report(index, `the document ${pointer.document} has no address under links`);
    }
  });
}

/** Status codes that some cancel operation of the OpenAPI document lists as a response. */
function documentedStatuses(contract: ContractData): ReadonlySet<string> {
  const paths = contract.openapi.paths ?? {};
  const cancels = Object.entries(paths).filter(([template]) => template.endsWith('/cancel'));
  return new Set(cancels.flatMap(([, item]) => Object.keys(item?.post?.responses ?? {})));
}

function checkContested(contract: ContractData, { files, catalogue, report }: Context): void {
  const documented = documentedStatuses(contract);
  const ids = contract.requirements.map(({ id }) => id);
  contract.contested.forEach((clause, index) => {
    const at = (...keys: (string | number)[]): string => files.contested.locate(['contested', index, ...keys]);
    const readings = clause.readings.map((reading) => reading.name);
    if (!readings.includes(clause.defaultReading)) {
      report(at('defaultReading'), `no reading ${clause.defaultReading}${suggestion(clause.defaultReading, readings)}`);
    }
    if (clause.selectable && clause.readings.length < 2)
      report(at('selectable'), `${clause.id} has nothing to choose from`);
    if (clause.selectable === (clause.settled !== undefined))
      report(
        at('selectable'),
        `${clause.id} needs a reason under settled where it cannot be chosen, and none where it can`,
      );
    clause.readings.forEach(({ rows = {} }, index) => {
      for (const [id, read] of Object.entries(rows)) {
        const row = rowOf(contract, id);
        const where = at('readings', index, 'rows', id);
        if (!row) report(where, `no requirement ${id}${suggestion(id, ids)}`);
        else if (row.contested?.includes(clause.id) !== true)
          report(where, `${id} does not name ${clause.id} as contested`);
        for (const status of read.accepted ?? []) {
          if (!documented.has(String(status)))
            report(where, `${status} is not a response of the cancel operation in ${files.openapi.name}`);
        }
      }
    });
    checkSources(clause, catalogue, (key, problem) => {
      report(at('source', key), problem);
    });
  });
}

function checkEdition(contract: ContractData, { files, catalogue, report }: Context): void {
  const { edition } = contract;
  const at = (...keys: (string | number)[]): string => files.edition.locate(keys);
  const fileName = path.basename(files.edition.name, '.yaml');
  if (edition.id !== fileName) report(at('id'), `the file ${fileName}.yaml holds the edition ${edition.id}`);
  if (!catalogue.editions.includes(edition.id)) {
    report(at('id'), `${edition.id} is not listed under editions in ${files.requirements.name}`);
  }
  checkVersion(edition.frozen, contract, (problem) => {
    report(at('frozen'), problem);
  });
  for (const [id, name] of Object.entries(edition.readings)) {
    const clause = contract.contested.find((candidate) => candidate.id === id);
    const names = clause?.readings.map((reading) => reading.name) ?? [];
    if (!clause) {
      report(
        at('readings', id),
        `no contested clause ${id}${suggestion(
          id,
          contract.contested.map((candidate) => candidate.id),
        )}`,
      );
    } else if (!names.includes(name)) {
      report(at('readings', id), `${id} has no reading ${name}${suggestion(name, names)}`);
    }
  }
  const both = edition.cancellable.filter((status) => edition.notCancellable.includes(status));
  for (const status of both) report(at('notCancellable'), `${status} is listed as cancellable too`);
  checkSources(edition, catalogue, (key, problem) => {
    report(at('source', key), problem);
  });
}
