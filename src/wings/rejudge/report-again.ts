import type { Readings } from '../../engine/contract/types.js';
import type { RunEvidence } from '../../engine/verdict/judge-run.js';
import { reportOfEvidence } from '../../report/assemble/report-of.js';
import type { Report } from '../../report/model.js';
import type { Judgeable } from './rebuild.js';

/** The report that evidence gives, as plain data; what judging does not give is taken from the report at hand. */
export function reportAgain(evidence: RunEvidence, { report: given, proof }: Judgeable, readings: Readings): Report {
  const { run, target, basis } = given;
  const report = reportOfEvidence(evidence, {
    runId: run.id,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    target: {
      ...target,
      readings,
      expensive: basis?.sharedRequests === true,
      fewestCases: basis?.fewestCases === true,
      ...(basis?.gatewayStatuses && { gatewayStatuses: basis.gatewayStatuses }),
      ...(basis?.between && { between: basis.between }),
    },
    baseUrl: target.baseUrl,
    // Both stand in the configuration already.
    claimHints: {},
    remarks: null,
    ...(given.provenance && { provenance: given.provenance }),
    knownToCatch: new Map(given.checks.map(({ id, knownToCatch }) => [id, knownToCatch])),
    proof,
  });
  // What another matrix explained is taken as it stands.
  const causes = proof === null ? given.causes : report.causes;
  // Exchanges are plain data already, and most of it.
  const { exchanges } = report;
  // No evidence speaks of earlier runs.
  const { history } = given;
  const taken = { ...(causes && { causes }), ...(history && { history }) };
  const rest = JSON.parse(JSON.stringify({ ...report, exchanges: [], ...taken })) as Report;
  return { ...rest, exchanges };
}
