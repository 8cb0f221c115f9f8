import type { OpenAPIV3_1 } from 'openapi-types';
import type { Endpoint } from '../endpoint.js';
import type { Clause, Reading, RowReading } from '../models/contested.js';
import type { Edition as EditionFile } from '../models/edition.js';
import type { Level, Requirement as Row, Sources } from '../models/requirements.js';

export type { Level };

/** Id of an area of the endpoint's. */
export type Area = string;

/** Where a clause stands in the public sources; in a report `document` is its title. */
export type SourcePointer = Sources[number];

/** One clause that is judged: a row of `specs/requirements.yaml`. */
export interface Requirement extends Omit<Row, 'levelByProvider'> {
  /** Where it stands in `specs/requirements.yaml`, from 1. */
  readonly line: number;
  /** Another level for targets arranged by the named provider, where the sources say so. */
  readonly levelByProvider?: Readonly<Record<string, Level>>;
  /** Set by the reading in force where that does not demand it; never in the file. */
  readonly open?: OpenRow;
}

/** A row that a reading does not demand: of anybody, or of some callers. */
export interface OpenRow {
  readonly clause: string;
  readonly reading: string;
  /** Personas: open in the cases in which these alone call; left out: in all. */
  readonly callers?: readonly string[];
}

/** One way to read a clause on which the sources disagree. */
export type { Reading, RowReading };

/** Names of readings by clause id. */
export type Readings = Readonly<Record<string, string>>;

/** A clause on which the public sources disagree. */
export type ContestedClause = Clause;

/** One documented edition of the endpoint: a file of `specs/editions/`. */
export interface Edition extends Omit<EditionFile, 'collections'> {
  /** Collection segments, the preferred one first. */
  readonly collections: readonly [string, ...string[]];
}

/** What the contract's files hold for one edition, as plain data. */
export interface ContractData {
  readonly version: string;
  readonly openapi: OpenAPIV3_1.Document;
  /** Title of each document that source pointers name. */
  readonly documents: Readonly<Record<string, string>>;
  /** Where each can be read today; `{section}` and `{number}` stand for the section of a pointer and its digits. */
  readonly links: Readonly<Record<string, string>>;
  readonly requirements: readonly Requirement[];
  readonly contested: readonly ContestedClause[];
  readonly edition: Edition;
}

/** The whole contract: its files' data as they read under the readings in force, and the endpoint that they speak of. */
export interface Contract extends ContractData {
  readonly endpoint: Endpoint;
  /** The reading in force of each contested clause. */
  readonly readings: Readings;
  /** The rows as the file states them; `requirements` are those under the readings. */
  readonly stated: readonly Requirement[];
}
