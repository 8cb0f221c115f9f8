import { _baseTest as base, expect } from '@playwright/test';
import { judgeCase, type JudgedCheck } from '../../src/engine/judge/judge-case.js';
import type { Case, CaseGroup } from '../../src/engine/case.js';
import type { Area } from '../../src/engine/contract/types.js';
import type { CaseRecord } from '../../src/engine/evidence/records.js';
import { FrameKeeper } from '../../src/engine/perform/frame.js';
import { readParts, readState } from '../../src/hosts/options.js';
import { performCase } from '../../src/engine/perform/perform.js';
import { knownRecord, recordsAttachment } from '../../src/engine/evidence/known.js';
import { openSession, type Session, type SessionParts } from '../../src/engine/perform/session.js';

/** Calls that a case makes at most besides its probes: three made, read twice, removed. */
const arrangingCallsPerCase = 10;

const parts: SessionParts = readParts();

const location = { file: import.meta.filename, line: 1, column: 1 };

const test = base.extend<object, { session: Session }>({
  session: [
    // Playwright reads the names of the fixtures that are needed from this pattern, so it stays, empty.
    async ({}, use) => {
      const state = readState();
      if (!state) throw new Error('the run was not prepared: its global set-up did not finish');
      const session = openSession(parts, state);
      await use(session);
      await session.provider.close();
    },
    { scope: 'worker' },
  ],
});

/** Declares one test for each group of cases of an area; each case is a step of it. */
export function declareArea(area: Area): void {
  for (const group of parts.plan.groups.filter((candidate) => candidate.area === area)) {
    const ids = new Set(group.cases.flatMap((entry) => entry.then.flatMap(({ requirementIds }) => requirementIds)));
    const annotation = [...ids].map((id) => ({ type: 'requirement', description: id }));

    test(`${area}: ${group.title}`, { annotation }, async ({ session }, testInfo) => {
      const calls = group.cases.reduce((sum, entry) => sum + entry.when.length + arrangingCallsPerCase, 0);
      testInfo.setTimeout(calls * (session.target.timeoutMs + session.target.settleMs));
      const { records, findings, doubts } = await runGroup(session, group);
      await testInfo.attach(recordsAttachment, { body: JSON.stringify(records), contentType: 'application/json' });
      for (const [title, messages] of findings) expect.soft(messages, title).toEqual([]);
      // The runner replaces its worker after each test that fails against expectation, a second for every one. The verdict is the
      // report's: the reporter, without which no run starts, ends one with findings as failed.
      test.fail(findings.size > 0, 'the findings stand in the report');
      // What could not be told must not read as passed, here as little as in the report.
      test.skip(doubts.length > 0 && testInfo.errors.length === 0, doubts[0]);
      expect(records.map((record) => record.caseId)).toEqual(group.cases.map((entry) => entry.id));
    });
  }
}

interface GroupResult {
  readonly records: readonly CaseRecord[];
  /** Messages of failed checks by title of their case. */
  readonly findings: ReadonlyMap<string, readonly string[]>;
  readonly doubts: readonly string[];
}

async function runGroup(session: Session, group: CaseGroup): Promise<GroupResult> {
  const keeper = new FrameKeeper(session);
  const records: CaseRecord[] = [];
  const findings = new Map<string, readonly string[]>();
  const doubts: string[] = [];
  for (const entry of group.cases) {
    // A step that is given its location need not capture a stack, which costs more than the calls of a case.
    await test.step(
      entry.title,
      async () => {
        const record =
          knownRecord(entry.id, session.plan, session.state.controls) ?? (await performCase(session, keeper, entry));
        records.push(record);
        const checks = judge(session, entry, record);
        const messages = findingsOf(checks);
        if (messages.length > 0) findings.set(entry.title, messages);
        doubts.push(...checks.flatMap((check) => (check.verdict === 'inconclusive' ? [check.reason ?? ''] : [])));
      },
      { location },
    );
  }
  await keeper.close();
  return { records, findings, doubts };
}

const judge = (session: Session, entry: Case, record: CaseRecord): readonly JudgedCheck[] =>
  judgeCase(
    { case: entry, record, rules: session.rules },
    entry.control ? knownRecord(entry.control.caseId, session.plan, session.state.controls) : undefined,
  );

/** Failed checks in words; only MUST rows make a test of the runner red, as they alone fail the gate. */
function findingsOf(checks: readonly JudgedCheck[]): readonly string[] {
  const must = (id: string): boolean => parts.contract.requirements.find((row) => row.id === id)?.level === 'MUST';
  return checks
    .filter((check) => check.verdict === 'failed' && check.requirementIds.some(must))
    .flatMap((check) => check.findings.map(({ message }) => `${check.requirementIds.join(', ')}: ${message}`));
}
