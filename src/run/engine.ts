import type { CaseGroup } from '../checks/case.js';
import type { CaseRecord } from '../evidence/records.js';
import type { Report } from '../report/model.js';
import { judgeRun } from '../verdict/judge-run.js';
import { assembleReport } from './assemble.js';
import { FrameKeeper } from './frame.js';
import { performCase } from './perform.js';
import { prepareRun } from './prepare.js';
import { allRecords, knownRecord } from './records-attachment.js';
import { openSession, providerName, type Session, type SessionParts } from './session.js';

/**
 * Runs a whole plan in this process, without a test runner: cases are data and need none.
 * @returns the report of the run; nothing is written
 */
export async function runInProcess(parts: SessionParts): Promise<Report> {
  const begin = performance.now();
  const prepared = await prepareRun(parts);
  const session = openSession(parts, prepared.state);
  try {
    const records: CaseRecord[] = [];
    // One after the other, so that what a target does to requests of another group never changes a verdict.
    for (const group of parts.plan.groups) records.push(...(await performGroup(session, group)));
    const evidence = {
      plan: parts.plan,
      records: allRecords([...records, ...prepared.state.controls]),
      contract: parts.contract,
      rules: session.rules,
      provider: providerName(parts.target),
      suiteFaults: [],
      interrupted: false,
      unfinished: 'not carried out',
      waiving: { waivers: parts.waivers ?? [], startedAt: prepared.state.startedAt },
    };
    const circumstances = {
      runId: prepared.state.runId,
      startedAt: prepared.state.startedAt,
      durationMs: Math.round(performance.now() - begin),
      target: parts.target,
      claimHints: prepared.state.claimHints,
      account: null,
      // The faults themselves are judged with this: it must not rest on what they came to.
      knownToCatch: new Map<string, readonly string[]>(),
      baseUrl: prepared.state.baseUrl,
    };
    return assembleReport(evidence, judgeRun(evidence), circumstances);
  } finally {
    await session.provider.close();
    await prepared.close();
  }
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
