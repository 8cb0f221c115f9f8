import type { CaseRecord } from '../evidence/records.js';
import type { Report } from '../report/model.js';
import { judgeRun } from '../verdict/judge-run.js';
import { assembleReport } from './assemble.js';
import { FrameKeeper } from './frame.js';
import { performCase } from './perform.js';
import { prepareRun } from './prepare.js';
import { allRecords } from './records-attachment.js';
import { openSession, type SessionParts } from './session.js';

/**
 * Runs a whole plan in this process, without a test runner: cases are data and need none.
 * @returns the report of the run; nothing is written
 */
export async function runInProcess(parts: SessionParts): Promise<Report> {
  const begin = performance.now();
  const prepared = await prepareRun(parts);
  const session = openSession(parts, prepared.state);
  const known = new Map(prepared.state.controls.map((record) => [record.caseId, record]));
  try {
    const records = await Promise.all(
      parts.plan.groups.map(async (group) => {
        const keeper = new FrameKeeper(session);
        const own: CaseRecord[] = [];
        for (const entry of group.cases) own.push(known.get(entry.id) ?? (await performCase(session, keeper, entry)));
        await keeper.close();
        return own;
      }),
    );
    const evidence = {
      plan: parts.plan,
      records: allRecords([...records.flat(), ...prepared.state.controls]),
      contract: parts.contract,
      rules: session.rules,
      provider: 'control',
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
      baseUrl: prepared.state.baseUrl,
    };
    return assembleReport(evidence, judgeRun(evidence), circumstances);
  } finally {
    await session.provider.close();
    await prepared.close();
  }
}
