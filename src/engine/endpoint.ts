import type { Case, CaseGroup, Probe, Words } from './case.js';
import type { Contract, Edition } from './contract/types.js';
import type { CaseRecord, FrameIds, HeaderPair } from './evidence/records.js';
import type { Facts, Judge, JudgedCheck } from './judge/facts.js';

/** What the claims of a token say, as far as they can be read. */
export interface Claims {
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** Template ids of the directory roles that the person holds. */
  readonly directoryRoles: readonly string[];
  /** True when it says what it may be used for, in whatever words. */
  readonly saysRights: boolean;
  readonly application: boolean;
  readonly personal: boolean;
  readonly expired: boolean;
  readonly tenant: string | null;
  /** The person behind it; null for an application. */
  readonly userId: string | null;
  /** Seconds since 1970; null when it says nothing of it. */
  readonly endS: number | null;
}

/** An identity that a target may give the suite. */
export interface PersonaRule {
  /** Who it is, for the reader of a document. */
  readonly is: string;
  /** The one thing for which its calls must be refused; null for whoever is right. */
  readonly defect: string | null;
  /** What looks wrong with the claims of its token, in words. A hint, never a verdict. */
  readonly doubts: (claims: Claims, edition: Edition) => readonly string[];
  /** True for people of whom each must be another user than the others. */
  readonly person?: true;
  /** Place among those who may own the bystander of another requestor, the lowest preferred; left out for whoever may not. */
  readonly standsBy?: number;
  /** True when it can make requests of its own on a live tenant. */
  readonly makesRequests?: true;
  /** True for whoever is no user of the target's own, or the same one as another persona: an inventory lists no requests of theirs. */
  readonly ownsNothing?: true;
  /** True for whoever is of another tenant than the target's by what it is. */
  readonly elsewhere?: true;
  /** True for whoever a target may leave out: what is about it then does not apply. */
  readonly optional?: true;
  /** Providers whose targets can have nobody of the kind, and why: what is about it does not apply there, unless somebody is given. */
  readonly unknownTo?: Readonly<Record<string, string>>;
  /** The permission that it is to hold on a live tenant; left out where there is no such one. */
  readonly permission?: string;
}

/** One question that a call has to pass. */
export interface GateRule {
  /** For a reader: completes "the gate on …". */
  readonly title: string;
}

/** The part of an answer that a failure shows in. */
export type AnswerPlace = 'status' | 'headers' | 'body';

/**
 * What a failure means to whoever relies on a target, gravest first: a call that had to be refused changed something · another request
 * was touched · what has to stay inside got out · somebody who may did not get what they asked for · a wrong answer · its form.
 */
export const consequences = ['changed', 'touched', 'leaked', 'denied', 'answer', 'form'] as const;

export type Consequence = (typeof consequences)[number];

/** One thing that can be demanded of a case. */
export interface VerbRule {
  /** What is demanded, for the reader of a report; completes "the target …". */
  readonly title: string;
  readonly judge: Judge;
  /** Where in an answer a failure shows. */
  readonly place: AnswerPlace;
  /** What a failure means to whoever relies on the target. */
  readonly consequence: Consequence;
  /** True: a failure is a change that was seen, so it stands whether or not the control succeeded. */
  readonly seenByEffect?: true;
  /** True: the contract leaves a target no choice but to refuse. */
  readonly demandsRefusal?: true;
  /** True: answers are held against each other and not against a cause, so a call may have several reasons to be refused. */
  readonly comparesAnswers?: true;
  /** True: a call that breaks no gate may be accepted, and then nothing is told of the others. */
  readonly mootWhereAllowed?: true;
  /** True: the contract demands a success, which is then visible in the status. */
  readonly demandsSuccess?: true;
  /** True: a refusal of the call fails it, for whatever reason it was refused. */
  readonly needsSuccess?: true;
  /** True: a hang must be told from a target that is gone. */
  readonly asksForLife?: true;
  /** True: what was seen is another text with every build or call, so a failure is known by its message. */
  readonly knownByMessage?: true;
}

/** One thing that was seen, and the case in which it was. */
export interface Sighting {
  readonly seen: string;
  readonly caseId: string;
}

/** What a clause is observed on. */
export interface Observed {
  readonly cases: ReadonlyMap<string, Case>;
  readonly records: readonly CaseRecord[];
}

/** How a run shows what a target makes of a contested clause. */
export interface ClauseRule {
  readonly sightings: (observed: Observed) => readonly Sighting[];
  /** How the sightings read together; default `answered …`. */
  readonly phrase?: (sightings: readonly Sighting[]) => string;
}

/** What a body may be made from. */
export interface BodyContext {
  readonly edition: Edition;
  readonly ids: FrameIds;
  /** The user who calls; null when it is not known. */
  readonly callerId: string | null;
  /** The token of whoever calls, presented or not; null when there is none. */
  readonly token: string | null;
  /** The subject as the arranging side reads it; null when it gives no resource. */
  readonly resource: Readonly<Record<string, unknown>> | null;
}

/** A credential as it goes on the wire. */
export interface PreparedCredential {
  /** Value of the Authorization header; null sends no such header. */
  readonly authorization: string | null;
  /** Query string with its question mark, or empty. */
  readonly query: string;
  /** Further headers that carry it; left out: none. */
  readonly headers?: readonly HeaderPair[];
  /** The caller's name in the evidence. */
  readonly caller: string;
  /** A token that the suite made itself; it is as secret as the one it was made from. */
  readonly derived: { readonly token: string; readonly name: string } | null;
}

/** What an address may be made from. */
export interface AddressContext {
  readonly ids: FrameIds;
  /** The collection segment in force. */
  readonly collection: string;
}

/** A path, and the request that it names. */
export interface NamedPath {
  /** Behind the path of the service, exactly as it goes on the wire, with its slash. */
  readonly path: string;
  /** The id that a body has to name, so that path and body agree; left out: the subject's. */
  readonly named?: string;
}

/** What a client may say of a call. */
export interface ClientContext {
  /** Whose request it is: the person's id, and where that is not known the persona's name. */
  readonly owner: string;
  /** A GUID made for the call: no id of a call is sent again. */
  readonly call: string;
}

/** A header that a kind of client sends in the place of the suite's own, or besides; null: that it sends none of the name, which is in lower case. */
export type ClientHeader = readonly [name: string, value: string | null];

/** Everything that a call can be made of, by name. */
interface Forms<W extends Words = Words> {
  /** The bytes of a body, or null for none. */
  readonly bodies: Readonly<Record<W['body'], (context: BodyContext) => Buffer | null>>;
  /** Where a call goes; null where the target's ids have no such spelling. */
  readonly addresses: Readonly<Record<W['address'], (context: AddressContext) => NamedPath | null>>;
  /** Null where no such one can be made of the target's tokens. */
  readonly credentials: Readonly<
    Record<W['credential'], (token: string, persona: string) => PreparedCredential | null>
  >;
  /** What a kind of client says with each of its calls. */
  readonly clients: Readonly<Record<W['client'], (context: ClientContext) => readonly ClientHeader[]>>;
  /** The credentials that need no token of a persona. */
  readonly anonymous: readonly W['credential'][];
  /** What stands where a probe says nothing. */
  readonly usual: {
    readonly method: string;
    readonly credential: W['credential'];
    readonly address: W['address'];
    readonly body: (edition: Edition) => W['body'];
  };
}

/** What can only be told from all cases together, filed like a case. */
export interface WholeRun<W extends Words = Words> {
  readonly case: { readonly id: string; readonly area: W['area']; readonly group: string; readonly title: string };
  readonly verb: string;
  readonly title: string;
  readonly requirementId: string;
  /** Pure. */
  readonly judge: (cases: ReadonlyMap<string, Case>, records: readonly CaseRecord[]) => JudgedCheck;
}

/**
 * All that the engine is told about one endpoint: one value, no registry, no plug-ins. A second endpoint is a sibling folder.
 * Each table is the one home of its words.
 */
export interface Endpoint<W extends Words = Words> {
  /** Titles of the areas, in the order in which reports show them. */
  readonly areas: Readonly<Record<W['area'], string>>;
  readonly personas: Readonly<Record<W['persona'], PersonaRule>>;
  /** Who plays which part where a declaration says nothing. */
  readonly cast: { readonly owner: W['persona']; readonly decider: W['persona'] };
  readonly verbs: Readonly<Record<W['verb'], VerbRule>>;
  readonly clauses: Readonly<Record<W['clause'], ClauseRule>>;
  /** What a call has to pass, in the order in which reports show it. */
  readonly gates: Readonly<Record<W['gate'], GateRule>>;
  /** The gates that a call does not pass, by its declaration alone. Pure. */
  brokenGates(probe: Probe<W>, given: Case<W>['given'], edition: Edition): ReadonlySet<W['gate']>;
  /** The clause whose reading is the collection segment. */
  readonly collectionClause: W['clause'];
  /** Every case, in the order in which reports show them. */
  readonly groups: readonly CaseGroup<W>[];
  readonly forms: Forms<W>;
  /** A harmless call that any living endpoint answers. */
  readonly liveness: Probe<W>;
  /** A harmless call that nothing but the credentials could be refused for, and the gate that these are asked at. */
  readonly signOfLife: { readonly probe: Omit<Probe<W>, 'persona'>; readonly gate: W['gate'] };
  /** A well-formed id that no target has given to a request. */
  readonly unknownId: string;
  /** Members of a resource that may not change by themselves; whatever else differs between readings is the target's own. */
  readonly stableMembers: readonly string[];
  /** The status of bystanders: one in which a call that goes astray shows. */
  readonly bystanderStatus: string;
  /** Statuses that a request is in for a moment only, in lower case. */
  readonly passingStatuses: readonly string[];
  /** Whether a request reads as it must after a success. */
  readonly readsDone: (status: string | null) => boolean;
  /** What is wrong with probes that are meant to be beyond reproach, on the bytes that were sent; each is the suite's own fault. */
  readonly flawsOfOwnMessages: (facts: Facts) => readonly string[];
  readonly wholeRun: WholeRun<W>;
}

/** Who made the subject of a case. */
export const ownerOf = (entry: Pick<Case, 'given'>, { endpoint }: Pick<Contract, 'endpoint'>): string =>
  entry.given.requestor ?? endpoint.cast.owner;
