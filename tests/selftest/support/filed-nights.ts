import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Nights } from '../../../src/engine/models/nights.js';
import type { Report } from '../../../src/report/model.js';
import { acceptNight } from '../../../src/wings/nights/accept.js';
import { fileNight, type FiledNight } from '../../../src/wings/nights/file-night.js';
import { leave } from './compared-runs.js';

/** The report of a night in which some checks could not be told, for that reason. */
export function untold(report: Report, reason: string, isLost: (id: string) => boolean = () => true): Report {
  const checks = report.checks.map((check) =>
    isLost(check.id) ? { ...check, verdict: 'inconclusive' as const, reason, findings: [] } : check,
  );
  const lost = new Set(checks.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id));
  const requirements = report.requirements.map((row) =>
    row.checks.some((id) => lost.has(id)) ? { ...row, verdict: 'inconclusive' as const, reason } : row,
  );
  const cases = report.cases.map((item) =>
    checks.some(({ caseId, verdict }) => caseId === item.id && verdict !== 'inconclusive')
      ? item
      : { ...item, blocked: reason, looks: [] },
  );
  const run = { ...report.run, outcome: 'incomplete' as const, exitCode: 3 as const };
  const told = new Set(cases.filter(({ blocked }) => blocked === null).map(({ id }) => id));
  const exchanges = report.exchanges.filter(({ id }) => told.has(id.slice(0, id.lastIndexOf('.'))));
  return { ...report, run, checks, requirements, cases, exchanges };
}

/** What is looked at of a run: a night is filed dozens of times. */
export const looked = /^(?:perm-refuses-|state-cancels-|resp-|robust-number$)/;

/** A run of those cases alone. */
export function partOf(report: Report): Report {
  const cases = report.cases.filter(({ id }) => looked.test(id));
  const checks = report.checks.filter(({ caseId }) => looked.test(caseId));
  const ids = new Set(checks.map(({ id }) => id));
  const requirements = report.requirements
    .map((row) => ({ ...row, checks: row.checks.filter((id) => ids.has(id)) }))
    .filter((row) => row.checks.length > 0);
  return { ...report, cases, checks, requirements, exchanges: report.exchanges.filter(({ id }) => looked.test(id)) };
}

/** A run of a day, which nobody has filed. */
export const onDay = (report: Report, day: string): Report => ({
  ...report,
  run: { ...report.run, id: randomUUID(), startedAt: `${day}T02:17:00.000Z` },
});

export const settings = { leastPercent: 96, keep: 30 };

/** Files a run as the night of a day: in the folder of nights below `folder`. */
export const filer =
  (folder: string, more: Partial<typeof settings> = {}) =>
  (report: Report, day: string): Promise<FiledNight> => {
    const run = leave(folder, `run-${randomUUID()}`, onDay(partOf(report), day));
    return fileNight({ folder: path.join(folder, 'nights'), run, ...settings, ...more });
  };

export const bookIn = (folder: string): Nights =>
  JSON.parse(readFileSync(path.join(folder, 'nights', 'nights.json'), 'utf8')) as Nights;

export const accept = (folder: string, day: string): Promise<unknown> =>
  acceptNight(path.join(folder, 'nights'), { owner: 'team-x', reason: 'announced', at: new Date(`${day}T09:00:00Z`) });
