import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Site } from './sites.js';

/** Name of the global function that a mark calls. */
export const recorder = 'cancelConformanceReached';

/** Names the file to which the recorder writes. */
export const recordVariable = 'CANCEL_CONFORMANCE_REACHED';

/** A site, and the number by which its mark calls the recorder. */
export interface Place {
  readonly site: Site;
  readonly place: number;
}

/**
 * The source with a mark before the statement of each place. What is carried out while a module is loaded gets none: it is not
 * the test that comes first that alone depends on it.
 * @param places all of that source
 */
export function marked(source: string, places: readonly Place[]): string {
  const tree = ts.createSourceFile('marked.ts', source, ts.ScriptTarget.Latest, true);
  const inserted = places.flatMap(({ site, place }) => {
    const around = reachedWith(tree, site);
    return around ? markAround(around, tree, `globalThis.${recorder}?.(${place})`) : [];
  });
  // From the end, so that what is still to come stands where it stood. At one position an end comes before a beginning, and what
  // begins further out before what begins further in.
  const ordered = inserted.sort((a, b) => b.at - a.at || a.rank - b.rank);
  return ordered.reduce((text, { at, mark }) => text.slice(0, at) + mark + text.slice(at), source);
}

/** Whether a site is carried out while its module is loaded, by whoever comes first: it bears no mark, and no test reaches it alone. */
export const isLoaded = (root: string, site: Site): boolean => {
  const source = readFileSync(path.join(root, site.file), 'utf8');
  return marked(source, [{ site, place: 0 }]) === source;
};

interface Insertion {
  readonly at: number;
  readonly mark: string;
  /** What is inserted first stands last. */
  readonly rank: number;
}

function markAround(node: ts.Node, tree: ts.SourceFile, call: string): readonly Insertion[] {
  const [start, end] = [node.getStart(tree), node.getEnd()];
  const width = end - start;
  const around = (before: string, after: string): readonly Insertion[] => [
    { at: start, mark: before, rank: width },
    { at: end, mark: after, rank: -width },
  ];
  if (!ts.isStatement(node)) return around(`(${call}, `, ')');
  const isInList = ts.isBlock(node.parent) || ts.isCaseOrDefaultClause(node.parent);
  return isInList ? [{ at: start, mark: `${call}; `, rank: width }] : around(`{ ${call}; `, ' }');
}

/** The statement, or the body of an arrow function, that is carried out just when the site is; null where no function is around. */
function reachedWith(tree: ts.SourceFile, { start, end }: Site): ts.Node | null {
  for (let node: ts.Node = innermost(tree, start, end); !ts.isSourceFile(node); node = node.parent) {
    if (ts.isArrowFunction(node.parent) && node.parent.body === node && !ts.isBlock(node)) return node;
    if (ts.isStatement(node) && !ts.isBlock(node)) return isInFunction(node) ? node : null;
  }
  return null;
}

function innermost(tree: ts.SourceFile, start: number, end: number): ts.Node {
  const within = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) =>
      child.getStart(tree) <= start && end <= child.getEnd() ? within(child) : undefined,
    ) ?? node;
  return within(tree);
}

const isInFunction = (node: ts.Node): boolean =>
  !ts.isSourceFile(node.parent) && (ts.isFunctionLike(node.parent) || isInFunction(node.parent));

/** A test, by the place where it is declared: `tests/selftest/room/name.spec.ts:12`. */
export type TestPlace = string;

/** @returns by number of the place, the tests that reached it */
export function readReach(file: string, root: string): ReadonlyMap<number, ReadonlySet<TestPlace>> {
  const reach = new Map<number, Set<TestPlace>>();
  if (!existsSync(file)) return reach;
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { place, ...test } = JSON.parse(line) as {
      readonly place: number;
      readonly file: string;
      readonly line: number;
    };
    const tests = reach.get(place) ?? new Set();
    reach.set(place, tests.add(`${path.relative(root, test.file).replaceAll(path.sep, '/')}:${test.line}`));
  }
  return reach;
}
