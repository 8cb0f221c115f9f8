import type { HeaderPair } from '../evidence/records.js';

/** Whom a client trusts and what it shows of itself, as PEM; what is left out is as the platform has it. */
export interface TlsMaterial {
  /** The authorities that vouch for the other side; then no others do. */
  readonly ca?: string;
  /** The client's own certificate, with those of its issuers where they are needed. */
  readonly cert?: string;
  /** Its key, without a passphrase. */
  readonly key?: string;
}

/** What somebody between asks for, besides what a call is about: a gateway its header, a server the client's certificate. */
export interface Reach {
  /** Sent with every call, probes and all others alike. */
  readonly headers: readonly HeaderPair[];
  readonly tls: TlsMaterial;
}

/** What whoever calls the target has to get past, as far as a command line has to know. */
export type Between = 'proxy' | 'ca' | 'certificate';

/** Nobody asks for anything. */
export const plainReach: Reach = { headers: [], tls: {} };
