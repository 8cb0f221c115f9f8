/** What a finding sets against each other. */
export type About = 'page' | 'languages' | 'edition';

/** Where a finding points, in a file; lines and columns from 1. */
export interface Location {
  readonly line: number;
  readonly column: number;
  readonly segment?: string;
}

/** Something that a page says against itself, against its translation or against an edition. */
export interface DocFinding extends Location {
  readonly rule: RuleId;
  readonly message: string;
  /** The place that it disagrees with, in the same file. */
  readonly also?: Location & { readonly message: string };
}

interface Rule {
  readonly about: About;
  readonly level: 'error' | 'warning' | 'note';
  readonly title: string;
  /** The contested clause of the suite that settles how the disagreement is read. */
  readonly clause?: string;
}

/** Every rule by its id; ids are permanent once published. */
export const rules = {
  'success-status': {
    about: 'page',
    level: 'error',
    title: 'The prose and the example response name different success statuses',
    clause: 'C-1',
  },
  'several-success-statuses': {
    about: 'page',
    level: 'error',
    title: 'The prose names several success statuses',
    clause: 'C-1',
  },
  'reason-phrase': {
    about: 'page',
    level: 'note',
    title: 'The prose and the example response name one status with different reason phrases',
  },
  'authorization-not-shown': {
    about: 'page',
    level: 'error',
    title: 'The Authorization header must be sent, and the example request does not show it',
  },
  'content-type-not-named': {
    about: 'page',
    level: 'error',
    title: 'A body is to be sent, and nothing names its Content-Type',
    clause: 'C-12',
  },
  'body-forbidden-and-shown': {
    about: 'page',
    level: 'error',
    title: 'No body is to be sent, and the example request shows one',
    clause: 'C-2',
  },
  'body-demanded-and-not-shown': {
    about: 'page',
    level: 'error',
    title: 'A body is to be sent, and the example request shows none',
    clause: 'C-2',
  },
  'body-member-not-shown': {
    about: 'page',
    level: 'error',
    title: 'The body must hold a member or value that the example body lacks',
  },
  'body-not-json': { about: 'page', level: 'error', title: 'The example body is no JSON' },
  'request-not-listed': {
    about: 'page',
    level: 'error',
    title: 'The example request has a method or path that the page does not list',
    clause: 'C-7',
  },
  'example-path-retiring': {
    about: 'page',
    level: 'warning',
    title: 'The example request uses the path that a note announces as retiring',
    clause: 'C-7',
  },
  'api-version': { about: 'page', level: 'error', title: 'The parts of the page belong to different API versions' },
  'content-shown': {
    about: 'page',
    level: 'error',
    title: 'The response carries nothing, and the example response shows content',
  },
  'content-not-shown': {
    about: 'page',
    level: 'warning',
    title: 'The response carries a resource, and the example response shows none',
  },
  'part-missing': { about: 'page', level: 'error', title: 'The page lacks a part that the contract stands in' },
  'front-matter': { about: 'page', level: 'error', title: 'The front matter cannot be read' },
  'block-comment': { about: 'page', level: 'warning', title: 'A blockType comment cannot be read' },
  'token-lost': {
    about: 'languages',
    level: 'error',
    title: 'The translation lost a code token, or has one that its source lacks',
  },
  'token-changed': { about: 'languages', level: 'error', title: 'The translation changed a code token' },
  'token-elsewhere': {
    about: 'languages',
    level: 'error',
    title: 'The translation moved a code token to another sentence',
  },
  'token-displaced': {
    about: 'languages',
    level: 'warning',
    title: 'The translation moved code tokens out of their places in the sentence',
  },
  'name-damaged': { about: 'languages', level: 'error', title: 'The translation translated a part of a name' },
  'segment-alone': { about: 'languages', level: 'warning', title: 'A segment stands in one language only' },
  'drift-api': { about: 'edition', level: 'error', title: 'Another API version than the edition' },
  'drift-path': { about: 'edition', level: 'error', title: 'Other paths than the edition', clause: 'C-7' },
  'drift-permission': { about: 'edition', level: 'error', title: 'Other permissions than the edition', clause: 'C-9' },
  'drift-cancellable': { about: 'edition', level: 'error', title: 'Other cancellable states than the edition' },
  'drift-body': { about: 'edition', level: 'error', title: 'Another body rule than the edition', clause: 'C-2' },
  'drift-prose-status': {
    about: 'edition',
    level: 'error',
    title: 'Another success status in the prose than the edition',
    clause: 'C-1',
  },
  'drift-example-status': {
    about: 'edition',
    level: 'error',
    title: 'Another status in the example than the edition',
    clause: 'C-1',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** A rule by its id, with the members that some rules leave out. */
export const ruleOf = (id: RuleId): Rule => rules[id];
