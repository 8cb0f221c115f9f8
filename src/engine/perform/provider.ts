import type { Look } from '../evidence/records.js';

/** A credential as the arranging side gave it. */
export interface Credential {
  readonly token: string;
  /** The user behind it; null for an application or when the source does not know. */
  readonly userId: string | null;
  /** True: the target's own control side handed it out, so the target takes it. */
  readonly handedOut?: true;
}

/** The credential of each persona, or why there is none and how to supply it. */
export type Credentials = Readonly<Record<string, Credential | MissingCredential>>;

/** Why there is no token of a persona. */
export interface MissingCredential {
  readonly missing: string;
  /** The persona that has the very same token: both are one caller. */
  readonly sameAs?: string;
}

/** What a target lets the suite arrange. */
export interface Offer {
  readonly statuses: readonly string[];
  readonly personas: readonly string[];
}

/** A request as the arranging side reads it. */
export type StateReading = Pick<Look, 'found' | 'status' | 'resource'>;

/** Requests of one kind that will be asked for. */
export interface Wanted {
  readonly status: string;
  readonly requestor: string;
  readonly count: number;
}

/**
 * Brings requests into a status and reads them back, independent of the identity that acts on them.
 * Every method throws PrerequisiteError when it cannot do its part; that is never a finding.
 */
export interface Provider {
  /** What can be arranged. Changes nothing. */
  describe(): Promise<Offer>;
  /** A request in `status` that belongs to the persona `requestor`; returns its id. */
  create(status: string, requestor: string): Promise<string>;
  read(id: string): Promise<StateReading>;
  /** Other requests that the reading of this one shows by the way, at no cost: by their ids; left out: none. */
  shownWith?(id: string): readonly string[];
  /**
   * Tells how many requests will be asked for in any case, those that were there already counted in, so that some can be made while
   * others are at work; whoever makes them at once has no use for it.
   */
  foresee?(wanted: readonly Wanted[]): void;
  /**
   * Notes that the suite is about to send a call on a request, before it is sent.
   * @param what a verb
   */
  intend(id: string, what: string): Promise<void>;
  /** Gives back a request that is not to be used again; one that is gone already is no trouble. */
  remove(id: string): Promise<void>;
  /** Gives back a request that no call succeeded on: where requests are shared, it may be used again if it is untouched. */
  release(id: string): Promise<void>;
  close(): Promise<void>;
}

/** What the arranging side remarks on its part at the end of a run, in words. */
export type Remarks = Readonly<Record<string, string>>;

/** The side that arranges requests, and how the suite speaks of it. */
export interface Arranging {
  readonly provider: Provider;
  /** Null when it could not be asked. */
  readonly offer: Offer | null;
  /** As a sentence names it, such as `the control protocol`. */
  readonly name: string;
  /** How to supply an owner of requests that is missing; begins with a semicolon. */
  readonly supplyOf: (persona: string) => string;
  /** Why a status that is not offered is known to be out of reach; null where that is a lack which can be mended. */
  readonly absenceOf: (status: string) => string | null;
  /** Whether nobody can bring a request into a status at will: where the target file declares it, what needs it does not apply. */
  readonly isOutOfReach: (status: string) => boolean;
  /** True when requests move on by themselves, so that one may have left its status when its turn comes. */
  readonly movesOn: boolean;
  /** True when a request that it removes is gone at once. */
  readonly forgets: boolean;
  /** True when it makes requests for whoever has a token. */
  readonly makesForTokens: boolean;
  /** Why no request is given with this status to this owner although both are known; null when one may be. */
  readonly lackOf: (status: string, owner: string) => string | null;
}
