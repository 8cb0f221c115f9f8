/** A mistake of a target, and what fails of a target that makes it and no other. */
export interface KnownMistake {
  readonly id: string;
  /** What is wrong, in a sentence. */
  readonly sentence: string;
  /** Ids of the requirements that fail. */
  readonly rows: readonly string[];
  /** Ids of the checks that fail; those of cells only where it was tried in them. */
  readonly checks: readonly string[];
}

/** A check that was told: one that passed or failed. */
export interface ToldCheck {
  readonly id: string;
  readonly requirementIds: readonly string[];
  readonly isFailed: boolean;
  /** True for a check of a cell. Most mistakes were tried in no cell; those of a requirement that they break may fail. */
  readonly isCell: boolean;
}

/** One of the fewest mistakes that explain what failed. */
interface LikelyCause {
  /** All that leave this very trace, and then those that would explain as much of it in their place. */
  readonly mistakes: readonly KnownMistake[];
  /** How many of them leave this very trace. */
  readonly alike: number;
  /** Ids of the failed checks that it explains, in the order of the run. */
  readonly checks: readonly string[];
}

/** What known mistakes explain of a run. */
export interface LikelyCauses {
  readonly causes: readonly LikelyCause[];
  /** Ids of the failed checks that no known mistake explains. */
  readonly unexplained: readonly string[];
  /** True where a few checks passed that fail by themselves of targets that make these mistakes, and nothing explains the run better. */
  readonly isNear: boolean;
}

/** Mistakes that cannot be told from one another in this run. */
interface Candidate {
  readonly mistakes: readonly KnownMistake[];
  /** How many of their checks could not be told in this run, of each of them. */
  readonly untold: number;
  /** What fails for certain and did, and cells that may fail and did, as places among the failed checks. */
  readonly covers: ReadonlySet<number>;
}

/** Of more mistakes at once than these the fewest are not looked for: then those that explain most come first. */
const mostCauses = 5;
/** So many are named at most; where they explain less than this share, they explain nothing. */
const mostNamed = 12;
const leastShare = 0.5;

/** By steps and by no clock, so that a finished run is explained the same way wherever it is looked at. */
const mostSteps = 20_000;

/** Of the checks that a mistake fails this share has to have failed where no set of mistakes explains everything. */
const nearlyAll = 0.75;

/**
 * The kill matrix turned round: the smallest set of known mistakes whose failing checks, together, are the failed checks of a run, or,
 * where that would be more than a few, those that explain most of it one after the other. A
 * mistake of which a check fails that passed in the run is none of them; what could not be told speaks neither for nor against one.
 * Some mistakes show now and then, and two may hide a part of each other: where no set explains everything, one that comes near does.
 * Pure, and bounded.
 * @returns no cause where there is no such set: then it is like no known mistake
 */
export function likelyCauses(mistakes: readonly KnownMistake[], told: readonly ToldCheck[]): LikelyCauses {
  const exact = explained(mistakes, told, 1);
  if (exact.unexplained.length === 0) return { ...exact, isNear: false };
  const near = explained(mistakes, told, nearlyAll);
  return near.unexplained.length < exact.unexplained.length ? { ...near, isNear: true } : { ...exact, isNear: false };
}

function explained(
  mistakes: readonly KnownMistake[],
  told: readonly ToldCheck[],
  share: number,
): Omit<LikelyCauses, 'isNear'> {
  const failed = told.filter(({ isFailed }) => isFailed);
  const candidates = candidatesOf(mistakes, told, share);
  const coverable = new Set(candidates.flatMap(({ covers }) => [...covers]));
  const chosen =
    coverable.size === 0 ? [] : (smallestCover(candidates, coverable) ?? greedyCover(candidates, coverable));
  const covered = new Set(chosen.flatMap(({ covers }) => [...covers]));
  const idsOf = (places: Iterable<number>): readonly string[] =>
    [...places].toSorted((a, b) => a - b).flatMap((place) => failed[place]?.id ?? []);
  return {
    causes: chosen.map((one) => ({
      mistakes: [...one.mistakes, ...insteadOf(one, chosen, candidates)],
      alike: one.mistakes.length,
      checks: idsOf(one.covers),
    })),
    unexplained: idsOf(Array.from(failed.keys()).filter((place) => !covered.has(place))),
  };
}

/** The mistakes that may have been made: that explain most first, and of those the one of which most was told. */
function candidatesOf(
  mistakes: readonly KnownMistake[],
  told: readonly ToldCheck[],
  share: number,
): readonly Candidate[] {
  const isTold = new Set(told.map(({ id }) => id));
  const failed = told.filter(({ isFailed }) => isFailed);
  const places = new Map(failed.map(({ id }, place) => [id, place]));
  const cells = [...failed.entries()].filter(([, { isCell }]) => isCell);
  const alike = new Map<string, Candidate & { mistakes: KnownMistake[] }>();
  // Of those that explain the same the one stands first of which most was seen.
  const seen = new Map<KnownMistake, Seen>();
  for (const mistake of mistakes) {
    const trace = mistake.checks.filter((id) => isTold.has(id));
    const sure = trace.flatMap((id) => places.get(id) ?? []);
    if (sure.length === 0 || sure.length < share * trace.length) continue;
    seen.set(mistake, { share: sure.length / trace.length, count: sure.length });
    const rows = new Set(mistake.rows);
    const may = cells.flatMap(([place, { requirementIds }]) =>
      requirementIds.some((id) => rows.has(id)) ? place : [],
    );
    const covers = new Set([...sure, ...may].toSorted((a, b) => a - b));
    const untold = mistake.checks.length - trace.length;
    const key = [untold, ...covers].join();
    const known = alike.get(key);
    if (known) known.mistakes.push(mistake);
    else alike.set(key, { mistakes: [mistake], untold, covers });
  }
  for (const { mistakes: same } of alike.values()) same.sort((a, b) => moreSeen(seen.get(a), seen.get(b)));
  return [...alike.values()].toSorted((a, b) => b.covers.size - a.covers.size || a.untold - b.untold);
}

/** How many of the checks of a mistake failed, and which share of those that were told. */
interface Seen {
  readonly share: number;
  readonly count: number;
}

const moreSeen = (a: Seen | undefined, b: Seen | undefined): number =>
  (b?.share ?? 0) - (a?.share ?? 0) || (b?.count ?? 0) - (a?.count ?? 0);

/** The fewest candidates that cover all, or null where these would be too many, or take too long to find. */
function smallestCover(candidates: readonly Candidate[], all: ReadonlySet<number>): readonly Candidate[] | null {
  const covering = new Map(
    [...all].map((place) => [place, candidates.filter(({ covers }) => covers.has(place))] as const),
  );
  // What few can explain decides first.
  const order = [...all].toSorted((a, b) => (covering.get(a)?.length ?? 0) - (covering.get(b)?.length ?? 0) || a - b);
  let steps = 0;
  const cover = (chosen: readonly Candidate[], left: number): readonly Candidate[] | null => {
    const open = order.find((place) => !chosen.some(({ covers }) => covers.has(place)));
    if (open === undefined) return chosen;
    if (left === 0) return null;
    for (const candidate of covering.get(open) ?? []) {
      if ((steps += 1) > mostSteps) return null;
      const found = cover([...chosen, candidate], left - 1);
      if (found) return found;
    }
    return null;
  };
  for (let count = 1; count <= mostCauses; count += 1) {
    const found = cover([], count);
    if (found) return found;
  }
  return null;
}

/** Candidates that cover all together, each time the one that explains most of what is left: as a first version of a target has mistakes. */
function greedyCover(candidates: readonly Candidate[], all: ReadonlySet<number>): readonly Candidate[] {
  const [chosen, left] = [new Array<Candidate>(), new Set(all)];
  const gainOf = ({ covers }: Candidate): number => [...covers].filter((place) => left.has(place)).length;
  while (left.size > 0 && chosen.length < mostNamed) {
    const best = candidates.reduce((one, other) => (gainOf(other) > gainOf(one) ? other : one));
    chosen.push(best);
    for (const place of best.covers) left.delete(place);
  }
  return left.size <= leastShare * all.size ? chosen : [];
}

/** What would do as well in the place of one of those that were chosen. */
function insteadOf(
  one: Candidate,
  chosen: readonly Candidate[],
  candidates: readonly Candidate[],
): readonly KnownMistake[] {
  const others = chosen.filter((other) => other !== one);
  const own = [...one.covers].filter((place) => !others.some(({ covers }) => covers.has(place)));
  return candidates
    .filter((candidate) => !chosen.includes(candidate) && own.every((place) => candidate.covers.has(place)))
    .flatMap((candidate) => candidate.mistakes);
}
