import type { Level } from '../../engine/contract/types.js';
import type { VerdictWord } from '../../engine/evidence/verdicts.js';
import type { Report } from '../../report/model.js';

/** A verdict that is another one under other readings. */
export interface Change {
  readonly about: 'requirement' | 'check';
  readonly id: string;
  readonly title: string;
  /** Of a requirement. */
  readonly level?: Level;
  readonly from: VerdictWord;
  readonly to: VerdictWord;
  /** What speaks against it, or why nothing could be told. */
  readonly because: string | null;
}

/** What has another verdict in one report than in the other. Pure. */
export function changesBetween(before: Report, after: Report): readonly Change[] {
  return [
    ...changed('requirement', before.requirements, after.requirements),
    ...changed('check', before.checks, after.checks),
  ];
}

type Judged = Pick<Report['requirements'][number], 'id' | 'title' | 'verdict' | 'reason'> & {
  readonly level?: Level;
  readonly findings?: Report['checks'][number]['findings'];
};

function changed(about: Change['about'], before: readonly Judged[], after: readonly Judged[]): readonly Change[] {
  const former = new Map(before.map(({ id, verdict }) => [id, verdict]));
  return after.flatMap(({ id, title, level, verdict, reason, findings }) => {
    const from = former.get(id);
    if (from === undefined || from === verdict) return [];
    const because = findings?.[0]?.message ?? reason ?? null;
    return [{ about, id, title, ...(level === undefined ? {} : { level }), from, to: verdict, because }];
  });
}
