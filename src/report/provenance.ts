import type { Exchange } from '../engine/evidence/records.js';
import type { Report } from './model.js';
import type { Seal } from './seal.js';

/**
 * Where a report comes from, as names and values: what an auditor asks first.
 * @param seal of the evidence as it was captured, which what is made visible no longer is
 */
export function provenanceRows(
  report: Report,
  { evidence, root }: Seal,
): readonly (readonly [name: string, value: string])[] {
  const { suite, run, provenance } = report;
  const { pipeline } = provenance ?? {};
  const version = serverOf(report.exchanges);
  const offset = clockOffset(report.exchanges);
  return [
    [
      'Suite',
      `${suite.name} ${suite.version}${provenance?.build === undefined ? '' : `, build ${provenance.build.slice(0, 16)}`}`,
    ],
    ['Run', `${run.id} of ${run.startedAt}`],
    ...(provenance === undefined
      ? []
      : [
          ['Runtime', `Node.js ${provenance.node}, ${provenance.platform}`] as const,
          ['Machine', pipeline?.runner ?? 'none that the environment named'] as const,
        ]),
    ...(pipeline === undefined
      ? [['Pipeline', 'none that the environment named: no commit, no job'] as const]
      : [
          ['Pipeline', pipeline.name] as const,
          ...(pipeline.run === undefined ? [] : [['Run of the pipeline', pipeline.run] as const]),
          ...(pipeline.commit === undefined
            ? []
            : [['Commit of the repository of the pipeline', pipeline.commit] as const]),
        ]),
    ['Started by', pipeline?.by ?? 'nobody that the environment named'] as const,
    ['Target says it is', version ?? 'nothing in Server: which build of it was judged is not told'] as const,
    ...(offset === null ? [] : [["Target's clock", offset] as const]),
    ['SHA-256 of evidence.jsonl', evidence],
    ['Root of the chain of exchanges', root],
  ];
}

/** What answers say in `Server`, where all that say something say the same. */
function serverOf(exchanges: readonly Exchange[]): string | null {
  const said = new Set(exchanges.flatMap(({ response }) => headerOf(response?.headers ?? [], 'server') ?? []));
  const [first] = said;
  return said.size === 1 && first !== undefined ? first : null;
}

const headerOf = (headers: readonly (readonly [string, string])[], name: string): string | null =>
  headers.find(([own]) => own.toLowerCase() === name)?.[1] ?? null;

/** How far the `Date` of the answers is from when the calls were made, the median of all; null where none says it. */
function clockOffset(exchanges: readonly Exchange[]): string | null {
  const offsets = exchanges
    .map(
      ({ response, startedAt }) => Date.parse(headerOf(response?.headers ?? [], 'date') ?? '') - Date.parse(startedAt),
    )
    .filter((offset) => Number.isFinite(offset))
    .toSorted((a, b) => a - b);
  const median = offsets[Math.floor(offsets.length / 2)];
  if (median === undefined) return null;
  // Such a date has whole seconds, rounded down.
  const seconds = Math.round((median + 500) / 1000);
  if (seconds === 0) return 'as that of the suite, to the second';
  return `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
}
