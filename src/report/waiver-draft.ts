import type { WaiverEntry } from '../engine/contract/waivers.js';
import { cut } from './excerpt.js';
import type { CheckReport, Report } from './model.js';
import { typedCommand } from '../engine/typed.js';
import { visible } from './visible.js';
import { isWaivedFor } from './waived.js';

/** What the author of a waiver says; the rest stands in the report. */
export interface WaiverAuthor {
  readonly reason: string;
  readonly owner: string;
  /** Last day: `YYYY-MM-DD`. */
  readonly expires: string;
}

const commentWidth = 120;

/** A waiver for each failure of a MUST requirement that none covers yet: nothing less turns the run conformant, nothing more is waived. */
export function draftWaivers(report: Report, author: WaiverAuthor): readonly WaiverEntry[] {
  const failedMust = new Set(
    report.requirements.filter(({ level, verdict }) => level === 'MUST' && verdict === 'failed').map(({ id }) => id),
  );
  return report.checks.flatMap((check) => {
    const { id, fingerprint, requirementIds } = check;
    if (check.verdict !== 'failed' || fingerprint === undefined) return [];
    const open = requirementIds.filter(
      (requirement) => failedMust.has(requirement) && !isWaivedFor(check, requirement),
    );
    return open.map((requirement) => ({
      requirement,
      check: id,
      edition: report.target.edition,
      fingerprint,
      ...author,
    }));
  });
}

/** The waivers as a YAML file with comments that say what each of them accepts. */
export function renderWaiverDraft(report: Report, entries: readonly WaiverEntry[]): string {
  const checks = new Map(report.checks.map((check) => [check.id, check]));
  const lines = [
    comment(`Drafted from run ${report.run.id} on ${report.target.name}, ${report.run.startedAt}.`),
    comment(`Write reason and owner, delete what you do not accept, then: ${typedCommand()} run --waivers FILE`),
    'waivers:',
    ...entries.flatMap((entry) => entryLines(entry, checks.get(entry.check), report)),
  ];
  return `${lines.join('\n')}\n`;
}

function entryLines(entry: WaiverEntry, check: CheckReport | undefined, report: Report): readonly string[] {
  const title = report.requirements.find(({ id }) => id === entry.requirement)?.title;
  const former = report.waivers.find(
    ({ requirement, check: id, edition }) =>
      requirement === entry.requirement && id === entry.check && edition === entry.edition,
  );
  const remarks = [
    title,
    check?.findings[0]?.message,
    former && `Takes the place of the waiver that did not hold: ${former.message}`,
  ].filter((remark) => remark !== undefined);
  // A JSON string is a YAML string, whatever it holds, and the escapes of both are the same.
  const members = Object.entries(entry).map(([key, value]) => `    ${key}: ${visible(JSON.stringify(value))}`);
  return ['', ...remarks.map((remark) => `  ${comment(remark)}`), ...members.map(asItem)];
}

/** The first member of an item carries its dash. */
const asItem = (line: string, index: number): string => (index === 0 ? line.replace('    ', '  - ') : line);

/** Text of a target on one line and without characters that act. */
const comment = (text: string): string => `# ${cut(visible(text), commentWidth)}`;
