import type { PastRun } from '../../engine/models/report.js';
import type { Report } from '../model.js';
import { verdictWords } from '../words.js';

/** A run as a history keeps it, without its page. */
export function asPastRun({ run, suite, target, provenance, requirements }: Report): PastRun {
  const { id, startedAt, outcome, exitCode, partial } = run;
  const verdicts = verdictWords.flatMap((word) => {
    const ids = requirements.filter(({ verdict }) => verdict === word).map((row) => row.id);
    return ids.length === 0 ? [] : [[word, ids] as const];
  });
  return {
    id,
    startedAt,
    suiteVersion: suite.version,
    ...(provenance?.build === undefined ? {} : { build: provenance.build }),
    edition: target.edition,
    readings: target.readings,
    outcome,
    exitCode,
    partial,
    verdicts: Object.fromEntries(verdicts),
    waived: requirements.filter(({ waived }) => waived === true).map((row) => row.id),
  };
}
