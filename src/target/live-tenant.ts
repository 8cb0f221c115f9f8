import path from 'node:path';
import type { TargetFile } from './target-file.js';

/** A live tenant, whose requests are arranged through Microsoft Graph itself. */
export interface LiveTenant {
  readonly provider: 'graph';
  /** The only tenant that may be touched. */
  readonly tenant: string;
  readonly arrangeAs: string;
  /** A persona, or `owner` for the user whose request it is. */
  readonly readAs: string;
  readonly standing: NonNullable<NonNullable<TargetFile['requests']>['standing']>;
  /** Folder of journals, of the lock and of prepared requests. */
  readonly state: string;
  readonly cases: 'fewest' | 'all';
  /** Most assignment requests that a run creates. */
  readonly mostCreated: number;
  readonly mostCalls: number;
  readonly callsPerSecond: number;
  /** Milliseconds that a request may take to reach a status, and an object to come or to go. */
  readonly patienceMs: number;
}

const defaults = { mostCreated: 14, mostCalls: 2000, callsPerSecond: 10, patienceMs: 300_000 };

/** What a target file says of a live tenant, defaults included. */
export function liveTenantOf(requests: NonNullable<TargetFile['requests']>, folder: string): LiveTenant {
  return {
    provider: 'graph',
    tenant: (requests.tenant ?? '').toLowerCase(),
    arrangeAs: requests.arrangeAs ?? 'administrator',
    readAs: requests.readAs ?? 'administrator',
    standing: requests.standing ?? [],
    state: path.resolve(folder, requests.state ?? '.cancel-conformance'),
    cases: requests.cases ?? 'fewest',
    mostCreated: requests.mostCreated ?? defaults.mostCreated,
    mostCalls: requests.mostCalls ?? defaults.mostCalls,
    callsPerSecond: requests.callsPerSecond ?? defaults.callsPerSecond,
    patienceMs: requests.patienceMs ?? defaults.patienceMs,
  };
}

/** What a run may do in the tenant at most: whoever approves a plan approves this. */
export const boundsOf = ({ tenant, arrangeAs, standing, mostCreated, mostCalls }: LiveTenant): object => ({
  tenant,
  arrangeAs,
  standing,
  mostCreated,
  mostCalls,
});
