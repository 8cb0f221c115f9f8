import type { PageContract } from './contract/model.js';
import type { About, DocFinding } from './findings/model.js';

/** A finding with what its rule says about it. */
export interface PageFinding extends DocFinding {
  readonly about: About;
  readonly level: 'error' | 'warning' | 'note';
  readonly clause?: string;
}

/** What came out of one page. */
export interface PageReading {
  readonly file: string;
  /** Ids of the editions from which it drifts least. */
  readonly closestEditions: readonly string[];
  /** The edition that drift was asked from; null: none. */
  readonly edition: string | null;
  /** What could not be read or compared, and why. */
  readonly unresolved: readonly string[];
  /** In the order of the page. */
  readonly findings: readonly PageFinding[];
  readonly contract: PageContract;
}

/** The one model of `doc`; every format is a projection of it. */
export interface DocReport {
  readonly schemaVersion: 1;
  readonly suite: { readonly name: string; readonly version: string };
  readonly totals: { readonly pages: number; readonly findings: Readonly<Record<About, number>> };
  readonly pages: readonly PageReading[];
}
