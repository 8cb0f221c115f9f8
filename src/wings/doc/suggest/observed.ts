import { ConfigurationError } from '../../../engine/errors.js';
import type { Exchange } from '../../../engine/evidence/records.js';
import type { Report } from '../../../report/model.js';

/** What a run saw of successes, as far as the page speaks of it. */
export interface ObservedSuccess {
  readonly status: number;
  /** How many successes had it. */
  readonly count: number;
  /** Id of the first exchange that shows it. */
  readonly exchangeId: string;
  /** Content-Type of a request with a body that succeeded; null when none did. */
  readonly contentType: string | null;
  /** True when successes carried content. */
  readonly carriesContent: boolean;
}

const isSuccess = ({ request, response, role }: Exchange): boolean =>
  role === 'probe' && request.method === 'POST' && response !== null && response.status >= 200 && response.status < 300;

/**
 * The one success status that a run saw.
 * @throws ConfigurationError when it saw none or several, or was at fault itself: nothing can then be proposed
 */
export function observedSuccess(report: Report, name: string): ObservedSuccess {
  if (report.suiteFaults.length > 0) {
    throw new ConfigurationError(`${name}: the suite itself was at fault in this run, so it proves nothing; run again`);
  }
  const seen = report.exchanges.filter(isSuccess);
  const statuses = [...new Set(seen.flatMap(({ response }) => response?.status ?? []))].sort((a, b) => a - b);
  const [first] = seen;
  const [status] = statuses;
  if (!first || status === undefined) {
    throw new ConfigurationError(`${name}: no cancel succeeded in this run; give one in which some did`);
  }
  if (statuses.length > 1) {
    throw new ConfigurationError(
      `${name}: successes were answered with ${statuses.join(' and ')}, so there is no one status to propose; see CANCEL-RESP-002 in the report`,
    );
  }
  return {
    status,
    count: seen.length,
    exchangeId: first.id,
    contentType: seen.flatMap(contentTypeOf)[0] ?? null,
    carriesContent: seen.some(({ response }) => (response?.body.bytes ?? 0) > 0),
  };
}

const contentTypeOf = ({ request }: Exchange): readonly string[] =>
  request.body === null
    ? []
    : request.headers.filter(([name]) => name.toLowerCase() === 'content-type').map(([, value]) => value);
