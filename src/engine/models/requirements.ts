// Made from schemas/suite/requirements.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * API version and month (or year) of a published edition.
 *
 */
export type EditionId = string;
/**
 * A clause of specs/contested.yaml.
 *
 */
export type ClauseId = string;
/**
 * Text of at least one character that is no white space.
 *
 */
export type Text = string;
/**
 * Where the clause stands in public documents; at least one place.
 *
 *
 * Items: One place in one document.
 */
export type Sources = readonly {
  /**
   * Key of the document under documents in specs/requirements.yaml.
   */
  readonly document: string;
  /**
   * Heading or number of the section.
   */
  readonly section: Text;
  /**
   * Segment id of the bilingual seed's English side, such as b4848-126.
   */
  readonly segment?: string;
}[];
/**
 * MUST fails the gate, SHOULD warns, MAY is recorded.
 *
 */
export type Level = 'MUST' | 'SHOULD' | 'MAY';
/**
 * specs/requirements.yaml: every clause that is judged, one row each, with the editions and documents that rows refer to.
 */
export interface Requirements {
  /**
   * Every edition that a row may name.
   */
  readonly editions: readonly EditionId[];
  /**
   * The sources: a short key and the title that a reader sees.
   */
  readonly documents: {
    /**
     * Title of the document, with version or date.
     *
     */
    readonly [k: string]: Text;
  };
  /**
   * Where each document can be read today: an address, in which {section} and {number} stand for the section of a row and its digits.
   */
  readonly links: {
    /**
     * Address of the document.
     *
     */
    readonly [k: string]: string;
  };
  /**
   * The rows. Ids are permanent once published.
   */
  readonly requirements: readonly Requirement[];
}
/**
 * One clause that is judged.
 *
 */
export interface Requirement {
  /**
   * CANCEL, area and number: permanent once published.
   */
  readonly id: string;
  /**
   * How much the row weighs.
   */
  readonly level: Level;
  /**
   * Another level for targets whose requests are arranged by the named provider.
   */
  readonly levelByProvider?: {
    /**
     * Level for targets arranged through the control protocol.
     */
    readonly control?: Level;
    /**
     * Level for targets with a standing inventory of requests.
     */
    readonly inventory?: Level;
    /**
     * Level for live tenants arranged through Graph.
     */
    readonly graph?: Level;
  };
  /**
   * The same area as in the id.
   */
  readonly area: string;
  /**
   * A fact in one line of at most 80 characters.
   */
  readonly title: string;
  /**
   * The clause in this project's own words.
   */
  readonly statement: Text;
  /**
   * What the clause rests on.
   */
  readonly source: Sources;
  /**
   * The editions that the row applies to.
   */
  readonly editions: 'all' | readonly EditionId[];
  /**
   * Status codes of a refusal that satisfy the row.
   *
   * Items: A 4xx status code: a 5xx is never a refusal.
   */
  readonly accepted?: readonly number[];
  /**
   * True when its cases use up a request each, which is too dear where each request counts: there it does not apply.
   */
  readonly spareable?: true;
  /**
   * Version of the suite that brought the row. In editions frozen before, it runs unscored.
   */
  readonly since?: string;
  /**
   * Contested clauses that bear on the row.
   */
  readonly contested?: readonly ClauseId[];
}
