// Made from schemas/suite/edition.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * API version and month (or year) of a published edition.
 *
 */
export type EditionId = string;
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
 * A file of specs/editions: what one published edition of the page says, as data.
 */
export interface Edition {
  /**
   * Id of the edition: the name of the file.
   */
  readonly id: EditionId;
  /**
   * Name for the reader of a report.
   */
  readonly title: Text;
  /**
   * Version of the suite in which the requirement set of the edition was frozen. What came later runs unscored.
   */
  readonly frozen: string;
  /**
   * The API version that the edition describes.
   */
  readonly api: 'beta' | 'v1.0';
  /**
   * Path between the target's base URL and the collection; starts with a slash, ends without one.
   */
  readonly servicePath: string;
  /**
   * Segments that name the collection, the preferred one first.
   */
  readonly collections: readonly string[];
  /**
   * Delegated scopes by what the caller does. Personal accounts and applications are unsupported in every edition.
   */
  readonly permissions: {
    /**
     * Scopes of which one suffices for an administrator who cancels somebody's request.
     */
    readonly administrator: readonly string[];
    /**
     * Scopes of which one suffices for cancelling one's own request.
     */
    readonly own: readonly string[];
    /**
     * Scopes of the page's table, the least first, where other sentences of the page say something else.
     */
    readonly table?: readonly string[];
  };
  /**
   * What the edition says about the body of the call.
   */
  readonly body: {
    /**
     * representation: a representation of the resource is to be sent. none: no body is to be sent.
     */
    readonly rule: 'representation' | 'none';
    /**
     * Members that a non-administrator has to send; none where no body is to be sent.
     */
    readonly requiredMembers: readonly string[];
    /**
     * The value that the status member of the body must have.
     */
    readonly cancelledLiteral: string;
  };
  /**
   * Names of the two members that tell how a request stands.
   */
  readonly resource: {
    /**
     * Member with the coarse state: requestState or state.
     */
    readonly stateMember: string;
    /**
     * Member with the fine status: requestStatus or status.
     */
    readonly statusMember: string;
  };
  /**
   * Statuses in which a cancel succeeds.
   */
  readonly cancellable: readonly string[];
  /**
   * Statuses in which a cancel is refused.
   */
  readonly notCancellable: readonly string[];
  /**
   * What the edition says about the status code of a success (clause C-1).
   */
  readonly success: {
    /**
     * The status code of the prose.
     */
    readonly proseStatus: number;
    /**
     * The status code of the example.
     */
    readonly exampleStatus: number;
  };
  /**
   * Readings of contested clauses that this edition settles, by clause id.
   */
  readonly readings: {
    /**
     * Name of a reading of the clause. Quote a name made of digits: YAML takes it for a number otherwise.
     *
     */
    readonly [k: string]: string;
  };
  /**
   * What the file was taken from.
   */
  readonly source: Sources;
}
