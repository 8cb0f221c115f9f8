import { onlyCases, planRun } from '../../../src/engine/plan/plan.js';
import { RunEnding } from '../../../src/hosts/ending.js';
import { carryOut, type InProcessOptions } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { evidenceLines } from '../../../src/report/evidence.js';
import type { Report } from '../../../src/report/model.js';
import { jsonPieces, writeAsked } from '../../../src/report/write.js';
import { readBundle } from '../../../src/wings/rejudge/bundle.js';
import { rejudge } from '../../../src/wings/rejudge/judge-again.js';
import { writeTarget } from './cli.js';
import { startMiddleman, type Fate, type Middleman, type Passing } from './middleman.js';

/** A run that takes no longer than its tests, unless somebody ends it. */
const longMs = 600_000;

/** A target behind a middleman that keeps count of the requests which the run created. */
export interface CountedTarget extends Middleman {
  /** Ids of requests that were created and not deleted. */
  readonly left: () => readonly string[];
  /** How many were created. */
  readonly created: () => number;
}

const creation = '/conformance/v1/requests';

/** Starts one. @param decide as for a middleman; what passes is counted */
export async function startCounted(
  decide: (passing: Passing) => Fate = () => 'pass',
  faults: readonly string[] = [],
): Promise<CountedTarget> {
  const standing = new Set<string>();
  let created = 0;
  const counting = (passing: Passing): Fate => {
    const fate = decide(passing);
    if (fate !== 'pass' || !passing.isControl) return fate;
    const { method, target } = passing;
    if (method === 'DELETE') {
      return (answer) => {
        standing.delete(target.slice(creation.length + 1));
        return answer;
      };
    }
    if (method !== 'POST' || target !== creation) return fate;
    return (answer) => {
      standing.add((JSON.parse(answer.body) as { id: string }).id);
      created += 1;
      return answer;
    };
  };
  const middleman = await startMiddleman(counting, { faults });
  return { ...middleman, left: () => [...standing], created: () => created };
}

/** Where a run is: in the controls, in the cases, at the last of these, or at its last case of all. */
type Place = 'controls' | 'cases' | 'lastBeside' | 'last';

/** What is done at a place of a run. */
export interface EndedOptions extends Pick<InProcessOptions, 'lanes'> {
  /** Called once, when the run has come there. */
  readonly at?: Readonly<Partial<Record<Place, (ending: RunEnding) => void>>>;
  readonly ending?: RunEnding;
  /** Ids of the cases that are carried out, with their controls; default: all cases. */
  readonly only?: RegExp;
  /** True: a whole run, each gate where the documents show it and in no other cell; `judge` cannot tell this from the report. */
  readonly withoutCells?: boolean;
  /** Variables that hold tokens. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Carries a run out in this process on a target file with the given members. */
export async function endedRun(folder: string, members: object, options: EndedOptions = {}): Promise<Report> {
  const { at = {}, lanes, ending = new RunEnding(longMs), environment = {}, only, withoutCells = false } = options;
  const { target, contract } = resolveTarget({ target: writeTarget(folder, members) });
  const whole = planRun(contract, { ...target, withoutCells });
  const plan = only
    ? onlyCases(
        whole,
        [...whole.cases.keys()].filter((id) => only.test(id)),
      )
    : whole;
  // A case that rests on the record of a control is told as well; the controls once more come when all is done.
  const count = (isClosing: boolean): number =>
    plan.groups.reduce((sum, { cases, closing = false }) => sum + (closing === isClosing ? cases.length : 0), 0);
  const [total, closing] = [plan.controls.length + count(false), count(true)];
  const places: Readonly<Record<number, Place>> = {
    1: 'controls',
    [plan.controls.length + 20]: 'cases',
    [total]: 'lastBeside',
    [total + closing]: 'last',
  };
  let done = 0;
  const onCase = (): void => {
    done += 1;
    const place = places[done];
    if (place !== undefined) at[place]?.(ending);
  };
  const run = { ending, onCase, ...(lanes === undefined ? {} : { lanes }) };
  Object.assign(process.env, environment);
  try {
    return (await carryOut({ target, contract, plan }, run)).report;
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  }
}

/**
 * Where `judge` of the report's own files would find it different. What is made of a report for readers depends on nothing else,
 * however the run ended, and is held against it elsewhere (judge-files.spec.ts).
 */
export async function differencesOf(report: Report, folder: string): Promise<readonly unknown[]> {
  await writeAsked({ 'report.json': () => jsonPieces(report), 'evidence.jsonl': () => evidenceLines(report) }, folder);
  return rejudge(readBundle(folder), null).differences;
}
