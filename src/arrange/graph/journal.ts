import { closeSync, existsSync, fsyncSync, openSync, truncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { bounds, excessOf } from '../../engine/bounds.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import { ConfigurationError } from '../../engine/errors.js';
import {
  decodeText,
  keepPrivate,
  lacksDescriptors,
  makeFolder,
  privateModes,
  readBytes,
  shownPath,
} from '../../engine/files.js';

/** What a run makes in a tenant. */
export type ObjectKind = 'catalog' | 'package' | 'policy' | 'request';

const format = 'cancel-conformance-journal/1';

/** Which tenant a journal speaks of, and on whose behalf. */
export interface JournalHead {
  readonly journal: typeof format;
  /** Stands in the name or justification of everything that the run makes. */
  readonly tag: string;
  readonly tenant: string;
  /** What stands before /identityGovernance. */
  readonly baseUrl: string;
  readonly collection: string;
  readonly edition: string;
  readonly target: string;
  readonly startedAt: string;
}

/** An object that a run made. */
export interface JournalledObject {
  readonly kind: ObjectKind;
  readonly id: string;
  /** Display name, or the justification of a request. */
  readonly name: string;
  /** The persona who owns it; for a request. */
  readonly owner?: string;
  /** The persona whose token created it. */
  readonly createdAs: string;
  readonly createdAt: string;
  /** For a prepared request: the moment from which it can be used. */
  readonly readyAt?: string;
  /** For a prepared request: the edition that it is for. */
  readonly edition?: string;
}

/** Which object it is that has an id. */
type Known = Pick<JournalledObject, 'kind' | 'name'>;

/** How many objects were deleted, and how many were not there any more when they were to be. */
export interface Ended {
  readonly deleted: number;
  readonly missing: number;
}

/** An object that is about to be made. */
export type NewObject = Omit<JournalledObject, 'id'>;

/** A create of which no answer is known: it may have been carried out or not. */
export interface UnansweredCreate {
  readonly seq: number;
  readonly object: NewObject;
}

interface Intent {
  readonly seq: number;
  readonly at: string;
  readonly intend: string;
  readonly create?: NewObject;
  /** Of the object that the call is about, when it exists already. */
  readonly kind?: ObjectKind;
  readonly id?: string;
}

interface Outcome {
  readonly seq: number;
  readonly at: string;
  /** Id of what came into being. */
  readonly made?: string;
  /** True: the object is gone. */
  readonly gone?: true;
  /** True: nothing came into being. */
  readonly refused?: true;
}

type Line = Intent | Outcome;

/** What a journal says is in the tenant. */
export interface JournalState {
  readonly head: JournalHead;
  readonly standing: readonly JournalledObject[];
  readonly unanswered: readonly UnansweredCreate[];
}

/**
 * What a run is about to do in a tenant, and what came of it: one JSON object a line. Each line is on the disk before the
 * call that it announces is sent, so that a kill at any moment leaves nothing behind that is not written down.
 */
export class Journal {
  readonly file: string;
  readonly head: JournalHead;
  readonly #descriptor: number;
  readonly #known = new Map<string, JournalledObject>();
  readonly #ever: Map<string, Known>;
  /** The latest object of each name. */
  readonly #named = new Map<string, JournalledObject>();
  readonly #gone = new Set<string>();
  readonly #unanswered: Map<number, NewObject>;
  #seq: number;
  #ended: Ended = { deleted: 0, missing: 0 };

  private constructor(file: string, flags: 'ax' | 'a', { head, lines }: Pick<Parsed, 'head' | 'lines'>) {
    this.file = file;
    this.head = head;
    const state = replay(head, lines);
    for (const object of state.standing) this.#known.set(object.id, object);
    for (const object of [...state.standing].reverse()) this.#named.set(object.name, object);
    this.#unanswered = new Map(state.unanswered.map(({ seq, object }) => [seq, object]));
    this.#ever = new Map(state.ever);
    this.#seq = lines.reduce((most, { seq }) => Math.max(most, seq), 0);
    this.#descriptor = openSync(file, flags, privateModes.file);
  }

  /**
   * Begins a journal, which is not there yet. The folder is made when it is not there.
   * @throws ConfigurationError when nothing can be written there
   */
  static begin(file: string, head: JournalHead): Journal {
    return opened(file, () => {
      makeFolder(path.dirname(file), privateModes.folder);
      const journal = new Journal(file, 'ax', { head, lines: [] });
      journal.#write(head);
      return journal;
    });
  }

  /**
   * Goes on with a journal that is there.
   * @throws ConfigurationError when the file is no journal, not its owner's alone and cannot be made so, or cannot be written
   */
  static reopen(file: string): Journal {
    keepPrivate(file);
    const parsed = parse(file);
    return opened(file, () => {
      // The last line of a run that was killed may have no end: what comes next must not be taken for the rest of it.
      truncateSync(file, parsed.wholeBytes);
      const journal = new Journal(file, 'a', parsed);
      if (!parsed.isEnded) writeSync(journal.#descriptor, '\n');
      return journal;
    });
  }

  /** Announces the making of an object. */
  intendCreate(create: NewObject): number {
    const seq = this.#intend({ intend: 'create', create });
    this.#unanswered.set(seq, create);
    return seq;
  }

  /**
   * Announces a call on an object.
   * @throws Error when the object is not one that this journal saw made: the suite's own fault, never a target's
   */
  intendCall(intend: string, kind: ObjectKind, id: string): number {
    if (!this.owns(id)) throw new Error(`the suite was about to ${intend} the ${kind} ${id}, which it did not make`);
    return this.#intend({ intend, kind, id });
  }

  /**
   * Notes that an announced create was carried out.
   * @throws Error when its id is that of another object (`holderInWords`): it would take the place of that
   */
  made(seq: number, object: JournalledObject): void {
    const holder = this.holderInWords(object.id, object);
    if (holder !== null) throw new Error(`the id ${object.id} is that of the ${holder}`);
    this.#gone.delete(object.id);
    this.#known.set(object.id, object);
    this.#named.set(object.name, object);
    this.#ever.set(object.id, object);
    this.#unanswered.delete(seq);
    this.#write({ seq, at: now(), made: object.id });
  }

  /** Notes that an announced create was not carried out. */
  refused(seq: number): void {
    this.#unanswered.delete(seq);
    this.#write({ seq, at: now(), refused: true });
  }

  /**
   * The object, gone or not, that has an id which is to be that of another one, in words; null when none has it.
   * @param object what the id is to be of; an object that was found again is no other one
   */
  holderInWords(id: string, object: Known): string | null {
    const holder = this.#ever.get(id);
    return holder === undefined || isSame(holder, object) ? null : `${holder.kind} "${holder.name}"`;
  }

  /**
   * Notes that an object is gone.
   * @param how whether this call deleted it, or it was not there any more; default: deleted
   */
  gone(seq: number, id: string, how: keyof Ended = 'deleted'): void {
    this.#ended = { ...this.#ended, [how]: this.#ended[how] + 1 };
    this.#gone.add(id);
    this.#write({ seq, at: now(), gone: true });
  }

  /** Whether the journal saw the object made and not yet gone. */
  owns(id: string): boolean {
    return this.#known.has(id) && !this.#gone.has(id);
  }

  /** Whether the journal saw such an object made, gone or not. */
  sawMade(kind: ObjectKind, id: string): boolean {
    return this.#ever.get(id)?.kind === kind;
  }

  /** Notes that an object is gone already, without a call. */
  forget({ kind, id }: Pick<JournalledObject, 'kind' | 'id'>): void {
    this.gone(this.intendCall('forget', kind, id), id, 'missing');
  }

  /** What was made and is not gone, the latest first. */
  standing(): readonly JournalledObject[] {
    return [...this.#known.values()].filter(({ id }) => !this.#gone.has(id)).reverse();
  }

  /** What was made under a name and is not gone; null for none. */
  standingNamed(name: string): JournalledObject | null {
    const object = this.#named.get(name);
    return object && this.owns(object.id) ? object : null;
  }

  /** What became of objects since the journal was opened. */
  get ended(): Ended {
    return this.#ended;
  }

  /** Creates of which it is not known whether they were carried out. */
  unanswered(): readonly UnansweredCreate[] {
    return [...this.#unanswered].map(([seq, object]) => ({ seq, object }));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #intend(intent: Omit<Intent, 'seq' | 'at'>): number {
    this.#seq += 1;
    this.#write({ seq: this.#seq, at: now(), ...intent });
    return this.#seq;
  }

  #write(line: JournalHead | Line): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#descriptor);
  }
}

/** @throws ConfigurationError where the system does not let a journal be written: then no call is sent */
function opened<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || lacksDescriptors(cause)) throw cause;
    throw new ConfigurationError(
      `${file}: the journal cannot be written (${code}); see to its rights and the room on the disk`,
      { cause },
    );
  }
}

const isSame = (one: Known, other: Known): boolean => one.kind === other.kind && one.name === other.name;

const now = (): string => new Date().toISOString();

/**
 * Reads what a journal says is in the tenant.
 * @throws ConfigurationError when the file is no journal
 */
export function readJournal(file: string): JournalState {
  const { head, lines } = parse(file);
  return replay(head, lines);
}

/** What lines say, with all that was ever made, by its id. */
type Replayed = JournalState & { readonly ever: ReadonlyMap<string, Known> };

function replay(head: JournalHead, lines: readonly Line[]): Replayed {
  const known = new Map<string, JournalledObject>();
  const ever = new Map<string, Known>();
  const open = new Map<number, NewObject>();
  const about = new Map<number, string>();
  for (const line of lines) {
    if ('intend' in line) {
      if (line.create) open.set(line.seq, line.create);
      if (line.id !== undefined) about.set(line.seq, line.id);
      continue;
    }
    const create = open.get(line.seq);
    const holder = ever.get(line.made ?? '');
    // What has the id of another object, and would take the place of that, is looked for by its name.
    if (create && holder && !isSame(create, holder)) continue;
    open.delete(line.seq);
    if (line.made !== undefined && create) {
      known.set(line.made, { ...create, id: line.made });
      ever.set(line.made, create);
    }
    if (line.gone === true) known.delete(about.get(line.seq) ?? '');
  }
  const unanswered = [...open].map(([seq, object]) => ({ seq, object }));
  return { head, standing: [...known.values()].reverse(), unanswered, ever };
}

/** A journal as it lies on the disk. */
interface Parsed {
  readonly head: JournalHead;
  readonly lines: readonly Line[];
  /** Bytes up to the end of its last whole line, and whether it has one. */
  readonly wholeBytes: number;
  readonly isEnded: boolean;
}

const noJournal = 'not a journal of this suite; give the file that a run left in its state folder';

/**
 * Reads a journal and believes nothing of it that is not as a run writes it.
 * @throws ConfigurationError that names file and line
 */
function parse(file: string): Parsed {
  if (!existsSync(file))
    throw new ConfigurationError(`${file}: no such journal; runs leave theirs in the state folder`);
  const advice = 'it is no journal of this suite; move it away, or give another one';
  const what = { what: 'a journal', advice, capBytes: bounds.journal.bytes };
  const text = decodeText(readBytes(file, what), file, what);
  const texts = text.split('\n');
  if (texts.length > bounds.journal.lines)
    throw new ConfigurationError(`${file}: has more than ${bounds.journal.lines} lines; ${noJournal}`);
  const values = texts.map((line) => (excessOf(line, bounds.journal) === null ? parseLine(line) : undefined));
  const last = texts.findLastIndex((line) => line.trim() !== '');
  // The last line of a run that was killed may be cut; what it would have announced was then not sent.
  const isCut = last > 0 && values[last] === undefined;
  const end = isCut ? last : texts.length;
  const lines: Line[] = [];
  for (const [index, value] of values.slice(0, end).entries()) {
    const where = `${shownPath(file)}:${index + 1}`;
    if (index === 0 && (value as Partial<JournalHead> | null | undefined)?.journal !== format)
      throw new ConfigurationError(`${file}: ${noJournal}`);
    if (texts[index]?.trim() === '') continue;
    if (value === undefined)
      throw new ConfigurationError(
        `${where}: ${excessOf(texts[index] ?? '', bounds.journal) ?? 'not JSON'}; ${noJournal}`,
      );
    assertMatches({ name: where, value, locate: (keys) => [where, ...keys].join(': ') }, 'suite/journal-line');
    if (index === 0) continue;
    assertOwn(value as Line | JournalHead, values[0] as JournalHead, where);
    lines.push(value as Line);
  }
  const whole = isCut ? text.slice(0, texts.slice(0, end).join('\n').length + 1) : text;
  return {
    head: values[0] as JournalHead,
    lines,
    wholeBytes: Buffer.byteLength(whole),
    isEnded: whole.endsWith('\n'),
  };
}

/** What a run writes down bears its tag: what does not is none of its objects, whoever wrote it. */
function assertOwn(line: Line | JournalHead, { tag }: JournalHead, where: string): void {
  if ('journal' in line) throw new ConfigurationError(`${where}: a second head; ${noJournal}`);
  const { name } = ('create' in line ? line.create : undefined) ?? {};
  if (name === undefined || name === tag || name.startsWith(`${tag} `)) return;
  throw new ConfigurationError(`${where}: names an object that does not bear the tag of the run, ${tag}; ${noJournal}`);
}

/** @returns undefined for what is not JSON */
function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
