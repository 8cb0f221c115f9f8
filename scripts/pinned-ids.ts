import { caseGroups } from '../src/cancel/cases/index.js';
import { loadContract } from '../src/cancel/contract.js';
import { declaredChecks } from '../src/engine/plan/coverage.js';

/** Every id that was ever given: reports, waivers and nightly comparisons name them. */
export const pinnedFile = 'tests/selftest/pinned-ids.txt';

/** Ids by their kind, which is the heading that they stand under. */
type IdsByKind = ReadonlyMap<string, readonly string[]>;

/** The ids that the suite has now. */
export function presentIds(): IdsByKind {
  const { requirements, endpoint } = loadContract();
  return new Map([
    ['requirements', requirements.map(({ id }) => id)],
    ['cases', caseGroups.flatMap(({ cases }) => cases.map(({ id }) => id))],
    ['checks', declaredChecks(endpoint).map(({ id }) => id)],
  ]);
}

const headingOf = (line: string): string | undefined => /^\[(\w+)\]$/.exec(line)?.[1];

/** The pinned ids; a heading stands in brackets, and a line with `#` is a remark. */
export function readPinned(text: string): IdsByKind {
  const pinned = new Map<string, string[]>();
  let own: string[] = [];
  for (const line of text.split('\n').filter((candidate) => candidate !== '' && !candidate.startsWith('#'))) {
    const kind = headingOf(line);
    if (kind === undefined) own.push(line);
    else pinned.set(kind, (own = []));
  }
  return pinned;
}

/**
 * The text with the ids that it lacks, each in its alphabetical place. It only ever grows: an id that is there no more stays,
 * so that the self-test names who lost it.
 * @throws Error when a kind has no heading
 */
export function withNewIds(text: string, present: IdsByKind): string {
  const lines = text.split('\n');
  const pinned = readPinned(text);
  for (const [kind, ids] of present) {
    const known = pinned.get(kind);
    if (!known) throw new Error(`${pinnedFile} has no heading [${kind}]`);
    const heading = lines.findIndex((line) => headingOf(line) === kind);
    for (const id of new Set(ids.filter((candidate) => !known.includes(candidate)))) {
      const after = lines.findIndex((line, index) => index > heading && (line === '' || line > id));
      lines.splice(after === -1 ? lines.length : after, 0, id);
    }
  }
  return lines.join('\n');
}
