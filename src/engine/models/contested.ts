// Made from schemas/suite/contested.schema.json by: npm run types. Change the schema, and the words in it, not this file.

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
 * An identity that a target gives the suite.
 *
 */
export type Persona =
  | 'administrator'
  | 'requestor'
  | 'otherUser'
  | 'readOnlyAdministrator'
  | 'unscopedUser'
  | 'similarScopeUser'
  | 'subjectUser'
  | 'personalAccount'
  | 'application'
  | 'expired'
  | 'manyScopesUser'
  | 'wrongAudience'
  | 'notYetValid'
  | 'foreignTenant';
/**
 * specs/contested.yaml: clauses on which the public sources disagree or keep silent, each with its named readings.
 */
export interface Contested {
  /**
   * The clauses.
   */
  readonly contested: readonly Clause[];
}
/**
 * One clause and the ways to take it.
 *
 */
export interface Clause {
  /**
   * C and a number: permanent once published.
   */
  readonly id: ClauseId;
  /**
   * What the clause is about, in at most 80 characters.
   */
  readonly title: string;
  /**
   * Where the sources disagree or what they leave out.
   */
  readonly disagreement: Text;
  /**
   * The places that disagree.
   */
  readonly source: Sources;
  /**
   * The ways to take the clause.
   */
  readonly readings: readonly Reading[];
  /**
   * Name of the reading in force when nobody chose one.
   */
  readonly defaultReading: string;
  /**
   * True when a user may choose the reading, but for those that come with an edition; false when the suite settles it.
   */
  readonly selectable: boolean;
  /**
   * Why nobody could gate on another reading; given when the clause is not selectable.
   */
  readonly settled?: Text;
}
/**
 * One way to take the clause.
 *
 */
export interface Reading {
  /**
   * Name to select the reading by. Quote a name made of digits.
   */
  readonly name: string;
  /**
   * What holds under this reading.
   */
  readonly meaning: Text;
  /**
   * Status codes that count as success under this reading.
   *
   * Items: A 2xx status code.
   */
  readonly successStatuses?: readonly number[];
  /**
   * Requirements that are other ones under this reading, by id; all else stays as the row says.
   */
  readonly rows?: {
    /*
     */
    readonly [k: string]: RowReading;
  };
  /**
   * Callers whose right calls a target need not carry out under this reading: where it refuses them, what rests on their success is not applicable.
   */
  readonly unserved?: readonly Persona[];
  /**
   * Given when the reading says what is sent, as an edition does: it is chosen with the edition, and in no other way.
   */
  readonly byEdition?: true;
}
/**
 * What a reading makes of one requirement.
 *
 */
export interface RowReading {
  /**
   * Status codes that count as the demanded answer under this reading. A requirement that is otherwise observed is judged by them.
   *
   * Items: A status code that the OpenAPI document lists for the operation.
   */
  readonly accepted?: readonly number[];
  /**
   * How much the requirement weighs under this reading.
   */
  readonly level?: 'MUST' | 'SHOULD' | 'MAY';
  /**
   * Of whom the requirement is not demanded under this reading: true for everybody, or callers, in the cases in which they alone call. Its checks are then not applicable.
   */
  readonly open?: true | readonly Persona[];
}
