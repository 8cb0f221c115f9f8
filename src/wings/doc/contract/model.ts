import type { SectionKey } from '../page/sections.js';

/** A fact of the page and where it stands; lines and columns from 1. */
export interface Fact<Value> {
  readonly value: Value;
  readonly line: number;
  readonly column: number;
  /** Segment id of a bilingual page. */
  readonly segment?: string;
}

/** Who a row of the permission table is about. */
export type AccountKind = 'delegated-work' | 'delegated-personal' | 'application';

export interface PermissionRow {
  readonly account: AccountKind;
  /** The first cell, as written. */
  readonly label: string;
  readonly supported: boolean;
  /** The permission marked as least privileged; null where none is supported. */
  readonly least: string | null;
  /** Permissions with higher privileges, in the order of the page. */
  readonly higher: readonly string[];
  readonly line: number;
  readonly column: number;
  readonly segment?: string;
}

/** The permission table, or the include that stands in its place. */
export interface Permissions {
  readonly layout: 'two-columns' | 'three-columns' | 'include';
  /** Path of the include that replaces the table, as written. */
  readonly include?: string;
  /** The file that the rows were read from; null while the include was not given. */
  readonly from: string | null;
  readonly rows: readonly PermissionRow[];
}

/** A request as the page lists it, without host and version. */
export interface ListedRequest {
  readonly method: string;
  readonly path: string;
  /** The collection segment: the one before the id. */
  readonly collection: string | null;
}

export interface ListedHeader {
  readonly name: string;
  readonly description: string;
  /** Scheme of the credentials, such as Bearer. */
  readonly scheme?: string;
  /** Null when the page does not say it in a language that is known. */
  readonly required: boolean | null;
}

export interface BodyRule {
  /** Null when the page does not say. */
  readonly rule: 'representation' | 'none' | null;
  /** Name of the resource of which a representation is sent. */
  readonly resource: string | null;
  /** Members that are named, in the order of the page. */
  readonly members: readonly Fact<string>[];
  /** Values that are named. */
  readonly values: readonly Fact<string>[];
  /** Of whom they are demanded; null when the page does not say it in English. */
  readonly demandedOf: 'non-administrators' | null;
}

/** A message of the examples. */
export interface ExampleRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null: no body is shown. */
  readonly body: Fact<string> | null;
  /** The body as JSON; undefined when there is none or it is not JSON. */
  readonly json?: unknown;
}

export interface ExampleResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Fact<string> | null;
}

export interface Success {
  readonly status: number;
  readonly reason: string;
}

/** Everything that a page says about its operation. */
export interface PageContract {
  readonly file: string;
  readonly title: Fact<string>;
  /** The language of the page, as its front matter or its path names it; null when neither does. */
  readonly language: string | null;
  /** True when it holds two languages side by side; the source language is then the normative one. */
  readonly bilingual: boolean;
  readonly frontMatter: Readonly<Record<string, unknown>>;
  readonly sections: readonly (Fact<SectionKey | null> & { readonly title: string })[];
  readonly api: Fact<'beta' | 'v1.0'> | null;
  readonly permissions: Permissions | null;
  readonly requests: readonly Fact<ListedRequest>[];
  /** Collection that a note announces as retiring. */
  readonly retiring: Fact<string> | null;
  readonly headers: readonly Fact<ListedHeader>[];
  readonly cancellable: readonly Fact<string>[];
  readonly body: BodyRule;
  /** Success statuses that the prose names. */
  readonly success: readonly Fact<Success>[];
  /** What the prose says that a success carries; null when the page does not say. */
  readonly content: 'none' | 'resource' | null;
  readonly exampleRequest: Fact<ExampleRequest> | null;
  readonly exampleResponse: Fact<ExampleResponse> | null;
  readonly blockTypes: readonly Fact<Readonly<Record<string, unknown>>>[];
  readonly includes: readonly Fact<{ readonly path: string; readonly given: boolean }>[];
}
