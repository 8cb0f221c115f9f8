import { closeSync, constants, existsSync, lstatSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { controlsOf, type Case } from '../../engine/case.js';
import { ConfigurationError } from '../../engine/errors.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import { makeFolder, readText, refusal } from '../../engine/files.js';
import { registryFor } from '../../target/shown.js';
import { systemClock } from '../../engine/patience.js';
import { knownRecord } from '../../engine/perform/known.js';
import { performGroup } from '../../engine/perform/group.js';
import type { Remarks } from '../../engine/perform/provider.js';
import type { RunParts, Session } from '../../engine/perform/session.js';
import { onlyCases } from '../../engine/plan/plan.js';
import { judgeRun, type RunVerdict } from '../../engine/verdict/judge-run.js';
import type { UsedRequests } from '../../arrange/inventory.js';
import type { Target } from '../../target/target.js';
import { openSession, type OpenedSession } from '../open-session.js';

/** One case, carried out and judged as a run of this case alone. */
export interface JudgedCase {
  /** Its own record, and before it those of its controls. */
  readonly records: readonly CaseRecord[];
  readonly verdict: RunVerdict;
}

/** A target as one worker of the runner met it. Controls are carried out when the first case needs them, and once. */
export class WorkerSession {
  readonly #opened: OpenedSession;
  readonly #early = new Map<string, CaseRecord>();

  private constructor(opened: OpenedSession) {
    this.#opened = opened;
  }

  /**
   * Meets the target.
   * @param folder where a note is kept, from worker to worker of one run, of what may be used once only
   * @throws ConfigurationError where requests are shared and several workers would take them from each other
   */
  static async open(
    parts: RunParts<Target>,
    { folder, workers }: { readonly folder: string; readonly workers: number },
  ): Promise<WorkerSession> {
    const { target } = parts;
    if (target.expensive && workers > 1) {
      throw new ConfigurationError(
        `${target.name} shares its requests among all cases, which ${workers} workers would take from each other; say --workers 1`,
      );
    }
    const used =
      target.provider === 'inventory' ? { used: new UsedOnDisk(path.join(folder, 'used-requests.txt')) } : {};
    return new WorkerSession(
      await openSession({ ...parts, clock: systemClock, secrets: registryFor(target), ...used }),
    );
  }

  get session(): Session {
    return this.#opened.session;
  }

  /** What the arranging side remarks on its part so far. */
  get remarks(): Remarks | null {
    return this.#opened.remarks();
  }

  /** Carries one case out, behind its control, and judges it. */
  async judge(entry: Case, { target, contract, plan, waivers = [] }: RunParts<Target>): Promise<JudgedCase> {
    const records: CaseRecord[] = [];
    for (const id of controlsOf(entry)) {
      const control = plan.cases.get(id);
      if (control) records.push(...(await this.#perform(control)));
    }
    records.push(...(await this.#perform(entry)));
    const { rules, startedAt } = this.session;
    const verdict = judgeRun({
      plan: onlyCases(plan, [entry.id]),
      records,
      contract,
      rules,
      provider: target.provider,
      suiteFaults: [],
      ending: 'complete',
      unfinished: 'it left no record',
      waiving: { waivers, startedAt },
    });
    return { records, verdict };
  }

  /** Carries cases out once more, whatever was before. */
  async perform(cases: readonly Case[]): Promise<readonly CaseRecord[]> {
    try {
      return await performGroup(this.session, { cases }, { known: [] });
    } catch (error) {
      // Every reporter of the runner shows what a test throws, with its cause.
      const { secrets } = this.session;
      if (error instanceof Error) {
        error.message = secrets.redact(error.message);
        error.stack = secrets.redact(error.stack ?? error.message);
        error.cause = undefined;
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#opened.close();
  }

  async #perform(entry: Case): Promise<readonly CaseRecord[]> {
    const { plan } = this.session;
    const known = knownRecord(entry.id, plan, [...this.#early.values()]);
    if (known) return [known];
    const carrier = plan.cases.get(plan.carriedBy.get(entry.id) ?? entry.id) ?? entry;
    const records = await this.perform([carrier]);
    if (plan.controls.some(({ id }) => id === carrier.id)) {
      for (const record of records) this.#early.set(record.caseId, record);
    }
    return records.map((record) => ({ ...record, caseId: entry.id }));
  }
}

/**
 * Ids that a run has used up, in a file: the runner ends a worker after each test that fails, and the next one must not use
 * them again. It stands in the runner's folder for results, which the runner empties when a run begins.
 */
class UsedOnDisk implements UsedRequests {
  readonly #file: string;
  readonly #ids: Set<string>;

  constructor(file: string) {
    this.#file = file;
    this.#ids = new Set(linesOf(file));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    if (this.#ids.has(id)) return;
    this.#ids.add(id);
    makeFolder(path.dirname(this.#file));
    const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
    const opened = openSync(this.#file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW);
    try {
      writeSync(opened, `${JSON.stringify(id)}\n`);
    } finally {
      closeSync(opened);
    }
  }

  /** For this worker; the next one leaves it alone. */
  delete(id: string): void {
    this.#ids.delete(id);
  }
}

/** Far more than any inventory lists, in bytes. */
const mostBytes = 16 * 1024 * 1024;

function linesOf(file: string): readonly string[] {
  // Whoever put a link there did not run the suite: what it leads to is not this run's.
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) rmSync(file);
  if (!existsSync(file)) return [];
  const expected = { what: 'the note of used requests', advice: 'remove it', capBytes: mostBytes };
  const lines = readText(file, expected).split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const id = parsed(line);
      if (typeof id === 'string') return id;
      throw refusal(file, 'holds something else than ids of used requests', expected);
    });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
