import type { OpenAPIV3_1 } from 'openapi-types';
import type { Endpoint } from '../endpoint.js';

/** How much a row weighs: MUST fails the gate, SHOULD warns, MAY is recorded. */
export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** Id of an area of the endpoint's. */
export type Area = string;

/** Where a clause stands in the public sources. */
export interface SourcePointer {
  /** Key of a document in `specs/requirements.yaml`; in a report, its title. */
  readonly document: string;
  readonly section: string;
  /** Segment id of the bilingual seed's English side, such as `b4848-126`. */
  readonly segment?: string;
}

/** One clause that is judged: a row of `specs/requirements.yaml`. */
export interface Requirement {
  /** `CANCEL-<AREA>-<NNN>`, permanent once published. */
  readonly id: string;
  /** Where it stands in `specs/requirements.yaml`, from 1. */
  readonly line: number;
  readonly level: Level;
  /** Another level for targets arranged by the named provider, where the sources say so. */
  readonly levelByProvider?: Readonly<Record<string, Level>>;
  readonly area: Area;
  /** At most 80 characters. */
  readonly title: string;
  /** The clause in this project's own words. */
  readonly statement: string;
  readonly source: readonly SourcePointer[];
  /** Editions it applies to: ids, or `all`. */
  readonly editions: 'all' | readonly string[];
  /** Status codes that count as the demanded answer, where the row names a set. */
  readonly accepted?: readonly number[];
  /** True: told by cases that use up a request each, which is too dear where each request counts. */
  readonly spareable?: true;
  /** Contested clauses that bear on the row. */
  readonly contested?: readonly string[];
  /** Set by the reading in force where that does not demand it; never in the file. */
  readonly open?: OpenRow;
  /** Version of the suite that brought the row; left out for rows of the first. */
  readonly since?: string;
}

/** A row that a reading does not demand: of anybody, or of some callers. */
export interface OpenRow {
  readonly clause: string;
  readonly reading: string;
  /** Personas: open in the cases in which these alone call; left out: in all. */
  readonly callers?: readonly string[];
}

/** What a reading makes of one row. */
export interface RowReading {
  /** Answers accepted under the reading. */
  readonly accepted?: readonly number[];
  readonly level?: Level;
  /** Of whom it is not demanded: true for everybody, or personas, in the cases in which these alone call. */
  readonly open?: true | readonly string[];
}

/** One way to read a clause on which the sources disagree. */
export interface Reading {
  readonly name: string;
  readonly meaning: string;
  /** Success status codes under this reading (C-1 only). */
  readonly successStatuses?: readonly number[];
  /** Rows that are other ones under this reading, by id. */
  readonly rows?: Readonly<Record<string, RowReading>>;
  /** Personas whose right calls a target need not carry out under this reading. */
  readonly unserved?: readonly string[];
  /** True: it says what is sent, as an edition does; so it is chosen with the edition, and in no other way. */
  readonly byEdition?: true;
}

/** Names of readings by clause id. */
export type Readings = Readonly<Record<string, string>>;

/** A clause on which the public sources disagree. */
export interface ContestedClause {
  /** `C-<n>`. */
  readonly id: string;
  readonly title: string;
  /** Where the sources disagree. */
  readonly disagreement: string;
  readonly source: readonly SourcePointer[];
  readonly readings: readonly Reading[];
  /** The reading in force when nobody chose one. */
  readonly defaultReading: string;
  /** True when `--reading` and a target file may choose; false when the suite settles it. */
  readonly selectable: boolean;
  /** Why nobody could gate on another reading, where it is not selectable. */
  readonly settled?: string;
}

/** One documented edition of the endpoint: a file of `specs/editions/`. */
export interface Edition {
  readonly id: string;
  readonly title: string;
  /** Version of the suite in which the requirement set was frozen: what came later runs unscored. */
  readonly frozen: string;
  readonly api: 'beta' | 'v1.0';
  /** Path between the target's base URL and the collection, such as `/identityGovernance/entitlementManagement`. */
  readonly servicePath: string;
  /** Collection segments, the preferred one first. */
  readonly collections: readonly [string, ...string[]];
  readonly permissions: {
    /** Delegated scopes, each of which suffices for an administrator. */
    readonly administrator: readonly string[];
    /** Delegated scopes, each of which suffices for cancelling one's own request. */
    readonly own: readonly string[];
    /** Scopes of the page's table, the least first, where its tip says something else. */
    readonly table?: readonly string[];
  };
  readonly body: {
    /** `representation`: a JSON representation is to be supplied; `none`: no body. */
    readonly rule: 'representation' | 'none';
    /** Members that a non-administrator must send. */
    readonly requiredMembers: readonly string[];
    /** The value that the status member must have in the body. */
    readonly cancelledLiteral: string;
  };
  readonly resource: { readonly stateMember: string; readonly statusMember: string };
  readonly cancellable: readonly string[];
  readonly notCancellable: readonly string[];
  readonly success: { readonly proseStatus: number; readonly exampleStatus: number };
  /** Readings that this edition settles, by clause id. */
  readonly readings: Readonly<Record<string, string>>;
  readonly source: readonly SourcePointer[];
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
