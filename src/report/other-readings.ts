import type { OtherReading, Report, VerdictWord } from './model.js';

/** Ids of requirements, and what would become of them. */
interface OtherVerdicts {
  readonly ids: readonly string[];
  readonly would: string;
}

const wouldBe: Readonly<Record<VerdictWord, string>> = {
  failed: 'would fail',
  inconclusive: 'could not be told',
  passed: 'would pass',
  'not-applicable': 'would not be demanded',
};

/** The readings of a clause that were not in force and would have changed a verdict. */
export const changingReadings = ({ others = [] }: Report['contested'][number]): readonly OtherReading[] =>
  others.filter(({ requirements }) => requirements.length > 0);

/** What would become of requirements under another reading; a failure that would not fail the gate says so. */
export function otherVerdicts({ requirements }: OtherReading): readonly OtherVerdicts[] {
  const ids = new Map<string, string[]>();
  for (const { id, level, verdict } of requirements) {
    // What could not be told anyway may be listed because it would weigh more.
    const isWeighed = verdict === 'inconclusive' || (verdict === 'failed' && level !== 'MUST');
    const would = `${wouldBe[verdict]}${isWeighed ? `, as a ${level}` : ''}`;
    ids.set(would, [...(ids.get(would) ?? []), id]);
  }
  return [...ids].map(([would, of]) => ({ ids: of, would }));
}

/** The same in one line: `404: CANCEL-ADDR-001 would fail`. */
export const otherReadingWords = (other: OtherReading): string =>
  `${other.reading}: ${otherVerdicts(other)
    .map(({ ids, would }) => `${ids.join(', ')} ${would}`)
    .join('; ')}`;
