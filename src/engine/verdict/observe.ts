import type { Contract } from '../contract/types.js';
import type { Observed, Sighting } from '../endpoint.js';
import { answerInWords, answersOf, lookAt } from '../judge/facts.js';

/** Something seen and recorded without judging it. */
export interface Observation {
  /** Stable name of what was looked at. */
  readonly key: string;
  readonly value: string;
  readonly exchangeId: string | null;
}

/** How a contested clause was read and what the target did. */
export interface ContestedObservation {
  readonly id: string;
  readonly title: string;
  readonly reading: string;
  readonly observed: string | null;
  /** Ids of the cases in which each thing observed was seen first. */
  readonly seenIn: readonly string[];
}

/** How each case was answered, and how cancelled requests read: what a nightly run compares. */
export function observe(
  { endpoint }: Pick<Contract, 'endpoint'>,
  { cases, records }: Observed,
): readonly Observation[] {
  return records.flatMap((record) => {
    // Of cells no answer is recorded besides their verdicts.
    const answers = cases.get(record.caseId)?.cell === undefined ? answersOf(record) : [];
    const several = answers.length > 1;
    const seen = answers.map(({ exchange, response }, index) => ({
      key: `answer:${record.caseId}${several ? `.${index + 1}` : ''}`,
      value: answerInWords(response),
      exchangeId: exchange.id,
    }));
    const after = lookAt(record, 'subject', 'after');
    const cancelling = cases.get(record.caseId)?.then.some(({ verb }) => endpoint.verbs[verb]?.demandsSuccess) === true;
    const status =
      cancelling && after?.status ? [{ key: `status:${record.caseId}`, value: after.status, exchangeId: null }] : [];
    // One for a case, as of everything that is observed: a key stands once in a report.
    const beside = record.beside
      ? [{ key: `beside:${record.caseId}`, value: record.beside.join('; '), exchangeId: null }]
      : [];
    return [...seen, ...status, ...beside];
  });
}

/** What the target did about each contested clause; null where this run did not see it. */
export function observeContested(contract: Contract, observed: Observed): readonly ContestedObservation[] {
  return contract.contested.map(({ id, title }) => {
    const rule = contract.endpoint.clauses[id];
    const sightings = rule?.sightings(observed) ?? [];
    const first = new Map(sightings.toReversed().map((sighting) => [sighting.seen, sighting.caseId]));
    return {
      id,
      title,
      reading: contract.readings[id] ?? '',
      observed: sightings.length === 0 ? null : (rule?.phrase ?? answered)(sightings),
      seenIn: [...new Set([...first.values()].reverse())],
    };
  });
}

const answered = (sightings: readonly Sighting[]): string =>
  `answered ${[...new Set(sightings.map(({ seen }) => seen))].join(' and ')}`;
