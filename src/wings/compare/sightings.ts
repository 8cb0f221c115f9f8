import { cut } from '../../report/excerpt.js';
import type { Fact } from './facts.js';
import type { CaseFacts, IndexedRun } from './indexed.js';
import type { Drift } from './model.js';

/** One difference at one place. */
export interface Sighting extends Pick<Drift, 'aspect' | 'name' | 'values'> {
  readonly place: string;
  /** The case that it belongs to. */
  readonly caseId: string;
}

type Value = Fact['value'];
/** What one run saw at a place: facts, no call though the case was carried out, or nothing at all. */
type Seen = readonly Fact[] | 'not sent' | null;

const longestValue = 300;

/** Whatever the runs saw differently in a case. A run that did not carry it out has no part in this. Pure. */
export function sightingsOf(caseId: string, runs: readonly IndexedRun[]): readonly Sighting[] {
  const facts = runs.map((run) => run.facts.get(caseId) ?? null);
  const isRacing = facts.some((one) => one?.isRacing === true);
  const answers = facts.map((one) => one && (isRacing ? ordered(one) : one.answers));
  const calls = Math.max(0, ...answers.map((one) => one?.length ?? 0));
  const perCall = Array.from({ length: calls }, (_, index) => {
    const seen = answers.map((one): Seen => (one === null ? null : (one[index] ?? 'not sent')));
    return differences(seen).map((found) => ({ ...found, place: `${caseId}.${index + 1}`, caseId }));
  });
  const readings = differences(facts.map((one) => one?.readings ?? null));
  return [...perCall.flat(), ...readings.map((found) => ({ ...found, place: caseId, caseId }))];
}

/** Answers to calls that were made at once, in an order that does not depend on which came first. */
const ordered = ({ answers }: CaseFacts): CaseFacts['answers'] =>
  answers
    .map((facts) => ({ facts, key: JSON.stringify(facts) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ facts }) => facts);

const keyOf = ({ aspect, name }: Fact): string => `${aspect} ${name}`;

function differences(seen: readonly Seen[]): readonly Pick<Sighting, 'aspect' | 'name' | 'values'>[] {
  const known = new Map(
    seen
      .flatMap((facts): readonly Fact[] => (facts === null || facts === 'not sent' ? [] : facts))
      .map((fact) => [keyOf(fact), fact]),
  );
  return Array.from(known.entries()).flatMap(([key, { aspect, name }]) => {
    const values = seen.map((facts) => valueIn(facts, key));
    return differ(values) ? [{ aspect, name, values: shown(values) }] : [];
  });
}

function valueIn(seen: Seen, key: string): Value | null {
  if (seen === null) return null;
  if (seen === 'not sent') return key === 'status ' ? 'not sent' : null;
  return seen.find((fact) => keyOf(fact) === key)?.value ?? null;
}

/** True when two of the runs that could look saw something else. */
export function differ(values: readonly (Value | null)[]): boolean {
  return new Set(values.filter((value) => value !== null).map((value) => JSON.stringify(value))).size > 1;
}

/** As a reader needs them: of lists only what not all have. */
function shown(values: readonly (Value | null)[]): readonly (string | null)[] {
  const lists = values.filter((value) => Array.isArray(value)) as readonly (readonly string[])[];
  const isShared = (name: string): boolean => lists.every((names) => names.includes(name));
  return values.map((value) => {
    if (value === null || typeof value === 'string') return value === null ? null : cut(value, longestValue);
    const own = value.filter((name) => !isShared(name));
    return own.length === 0 ? 'absent' : cut(own.join(', '), longestValue);
  });
}
