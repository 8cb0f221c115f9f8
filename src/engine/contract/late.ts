import type { Edition } from './types.js';

/**
 * True when something came to the suite after the edition's requirement set was frozen. It then runs and is shown, but does
 * not score: a claim of conformance to an edition means the same in every version of the suite.
 * @param since version of the suite that brought it; left out for what was there from the start
 */
export function isLate(since: string | undefined, { frozen }: Pick<Edition, 'frozen'>): boolean {
  return since !== undefined && compareVersions(since, frozen) > 0;
}

/** Negative when `a` is the earlier version, 0 when both are the same. Versions are three numbers with dots between. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const at = first.findIndex((part, index) => part !== second[index]);
  return at === -1 ? 0 : (first[at] ?? 0) - (second[at] ?? 0);
}

/** Why something that is late does not score. */
export const lateReason = (since: string, { id, frozen }: Pick<Edition, 'id' | 'frozen'>): string =>
  `runs unscored: it came with version ${since} of the suite, after the requirements of ${id} were frozen with ${frozen}`;
