import type { CaseGroup } from '../engine/case.js';
import type { KnownToCatch } from '../engine/contract/kill-matrix.js';
import type { CaseRecord } from '../engine/evidence/records.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Report } from '../report/model.js';
import { judgeRun } from '../engine/verdict/judge-run.js';
import { assembleReport } from '../report/assemble/assemble.js';
import { FrameKeeper } from '../engine/perform/frame.js';
import { performCase } from '../engine/perform/perform.js';
import { prepareRun, type PreparedRun } from './prepare.js';
import { allRecords, knownRecord } from '../engine/evidence/known.js';
import { openSession, providerName, type Account, type Session, type SessionParts } from '../engine/perform/session.js';

/** The faults themselves are judged with this: what is known to catch them must not rest on what they came to. */
const nothingKnown: KnownToCatch = { byCheck: new Map(), problem: null, note: null };

/** A finished run, and what may stand in none of its files. */
export interface FinishedRun {
  readonly report: Report;
  readonly secrets: SecretRegistry;
}

/**
 * Runs a whole plan in this process, without a test runner: cases are data and need none.
 * @returns the report of the run; nothing is written
 */
export async function runInProcess(parts: SessionParts): Promise<Report> {
  return (await finishRun(parts, nothingKnown)).report;
}

/** As `runInProcess`, with the faults that the checks are known to catch, and with the secrets of the run. */
export async function finishRun(parts: SessionParts, known: KnownToCatch): Promise<FinishedRun> {
  const begin = performance.now();
  const prepared = await prepareRun(parts);
  const session = openSession(parts, prepared.state);
  const { records, account } = await performAll(session, prepared, begin);
  const { runId, startedAt, baseUrl, claimHints, controls } = prepared.state;
  const evidence = {
    plan: parts.plan,
    records: allRecords([...records, ...controls]),
    contract: parts.contract,
    rules: session.rules,
    provider: providerName(parts.target),
    suiteFaults: known.problem === null ? [] : [known.problem],
    interrupted: false,
    unfinished: 'it was not carried out before the run reached its total time bound',
    waiving: { waivers: parts.waivers ?? [], startedAt },
  };
  const durationMs = Math.round(performance.now() - begin);
  const circumstances = { runId, startedAt, durationMs, target: parts.target, baseUrl, claimHints, account };
  const report = assembleReport(evidence, judgeRun(evidence), { ...circumstances, knownToCatch: known.byCheck });
  return { report, secrets: session.secrets };
}

interface Performed {
  readonly records: readonly CaseRecord[];
  /** What became of an inventory's requests; null when there is none. */
  readonly account: Account | null;
}

/** Carries out every group, as long as the run's time is not over, and ends what was started for it. */
async function performAll(session: Session, prepared: PreparedRun, begin: number): Promise<Performed> {
  const records: CaseRecord[] = [];
  let account: Account | null;
  try {
    // One after the other, so that what a target does to requests of another group never changes a verdict.
    for (const group of session.plan.groups) {
      if (performance.now() - begin > session.target.totalMs) break;
      records.push(...(await performGroup(session, group)));
    }
  } finally {
    await session.provider.close();
    account = await prepared.close();
  }
  return { records, account };
}

async function performGroup(session: Session, group: CaseGroup): Promise<readonly CaseRecord[]> {
  const keeper = new FrameKeeper(session);
  const records: CaseRecord[] = [];
  for (const entry of group.cases) {
    const known = knownRecord(entry.id, session.plan, session.state.controls);
    records.push(known ?? (await performCase(session, keeper, entry)));
  }
  await keeper.close();
  return records;
}
