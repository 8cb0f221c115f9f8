import { deflateSync } from 'fflate';
import { readCheckedContract } from '../engine/contract/checked.js';
import { checkContract, knownEditions } from '../engine/contract/load.js';
import type { ContractData } from '../engine/contract/types.js';
import type { CheckReport, Report } from './model.js';

/** What follows from the evidence of a run. */
const followers = [
  'requirements',
  'checks',
  'reproducers',
  'observations',
  'contested',
  'totals',
  'provable',
  'proven',
] as const satisfies readonly (keyof Report)[];

type Follower = (typeof followers)[number];

/** A report without what follows from its evidence. */
export type CarriedReport = Omit<Report, Follower> & {
  readonly checks: readonly Pick<CheckReport, 'id' | 'knownToCatch'>[];
};

/** What a page carries, so that all its verdicts can be computed in it. */
export interface Carried {
  readonly report: CarriedReport;
  readonly contract: ContractData;
}

/** Characters of evidence that a page carries at most: what a target fills with megabytes is judged by the command. */
const mostEvidence = 8 << 20;

/** By edition: read once in a process, which may write many pages. */
const contracts = new Map<string, ContractData>();

/** Characters that it takes in the page at most. */
const mostPacked = 640 << 10;

/**
 * What a page carries of a report, as base64 of raw deflate of JSON. By a library in JavaScript: the platform's own deflates otherwise
 * from version to version, and a page must come out the same wherever it is made.
 * @returns null where that is more than a page should hold, where the report is from before it could be judged, or its edition unknown here
 */
export function packed(report: Report): string | null {
  const { edition } = report.target;
  if (report.basis === undefined || !knownEditions().includes(edition)) return null;
  let length = 0;
  for (const { request, response } of report.exchanges) {
    length += JSON.stringify([request, response]).length;
    if (length > mostEvidence) return null;
  }
  const contract = contracts.get(edition) ?? readCheckedContract(edition) ?? checkContract(edition);
  contracts.set(edition, contract);
  const carried: Carried = { report: withoutWhatFollows(report), contract };
  const text = Buffer.from(deflateSync(Buffer.from(JSON.stringify(carried)))).toString('base64');
  return text.length > mostPacked ? null : text;
}

function withoutWhatFollows(report: Report): CarriedReport {
  // In an order of their own: that of a report is what its file gave.
  const kept = Object.entries(report)
    .filter(([name]) => !followers.some((follower) => follower === name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const checks = report.checks.map(({ id, knownToCatch }) => ({ id, knownToCatch }));
  return { ...(Object.fromEntries(kept) as Omit<Report, Follower>), checks };
}
