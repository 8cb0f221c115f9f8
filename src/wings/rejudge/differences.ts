import type { CaseRecord, Exchange } from '../../engine/evidence/records.js';
import type { Report } from '../../report/model.js';
import type { RunEvidence } from '../../engine/verdict/judge-run.js';
import type { Bundle } from './bundle.js';
import { differencesOf, differencesOfLists, remark, type Difference, type Lists, type Subject } from './difference.js';
import { partsOf } from './rebuild.js';

const recomputed = 'recomputed';

/** How the exchanges of the report differ from those of the evidence, and what either has too many or too few of. */
export function compareEvidence({ report, exchanges }: Bundle, evidence: RunEvidence): readonly Difference[] {
  const idOf = ({ id }: Exchange): string => id;
  return [
    ...differencesOfLists({
      about: 'exchange',
      against: 'evidence.jsonl',
      reported: report.exchanges,
      found: exchanges,
      idOf,
    }),
    ...foreign(exchanges, evidence),
    ...evidence.records.flatMap((record) => incomplete(record, evidence)),
  ];
}

function foreign(exchanges: readonly Exchange[], { records }: RunEvidence): readonly Difference[] {
  const known = new Set(records.flatMap((record) => record.exchanges.map(({ id }) => id)));
  return exchanges
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => remark('exchange', id, 'belongs to no case that this run carried out'));
}

/** A case that was carried out left one probe for each of its calls, numbered from 1 together with what came between. */
function incomplete({ caseId, blocked, exchanges }: CaseRecord, { plan }: RunEvidence): readonly Difference[] {
  const calls = plan.cases.get(caseId)?.when.length ?? 0;
  const probes = exchanges.filter(({ role }) => role === 'probe').length;
  const gap = exchanges.findIndex(({ id }, index) => partsOf(id).serial !== index + 1);
  if (gap !== -1) return [remark('case', caseId, `its exchange number ${gap + 1} is missing`)];
  if (blocked !== null || probes === calls) return [];
  return [remark('case', caseId, `${calls} of its exchanges should be the calls of the case, ${probes} are`)];
}

/** How a report differs from the one that its evidence gives, what weighs most first; exchanges are compared elsewhere, but for their order. */
export function differencesBetween(report: Report, again: Report): readonly Difference[] {
  const list = <Item>(about: Subject, of: (from: Report) => readonly Item[], idOf: Lists<Item>['idOf']) =>
    differencesOfLists({ about, against: recomputed, reported: of(report), found: of(again), idOf });
  return [
    ...wholes(report, again),
    ...list('requirement', ({ requirements }) => requirements, idOfItem),
    ...list('waiver', ({ waivers }) => waivers, idOfWaiver),
    ...list(
      'suite fault',
      ({ suiteFaults }) => suiteFaults,
      (fault) => fault,
    ),
    ...list('check', ({ checks }) => checks, idOfItem),
    ...list('case', ({ cases }) => cases, idOfItem),
    ...list(
      'observation',
      ({ observations }) => observations,
      ({ key }) => key,
    ),
    ...list('contested clause', ({ contested }) => contested, idOfItem),
    ...list(
      'reproducer',
      ({ reproducers }) => reproducers,
      ({ exchangeId }) => exchangeId,
    ),
  ];
}

/** Exchanges stand in the order of the plan; one order for report and evidence that is another one was made by hand. */
export function compareOrder({ exchanges }: Bundle, again: Report): readonly Difference[] {
  const idOf = (id: string): string => id;
  const ids = (from: readonly Exchange[]): readonly string[] => from.map(({ id }) => id);
  const [reported, found] = [ids(exchanges), ids(again.exchanges)];
  const known = new Set(found);
  const ofRun = reported.filter((id, index) => known.has(id) && reported.indexOf(id) === index);
  return differencesOfLists({ about: 'exchange', against: recomputed, reported: ofRun, found, idOf });
}

const idOfItem = ({ id }: { readonly id: string }): string => id;

const idOfWaiver = ({ requirement, check, edition }: Report['waivers'][number]): string =>
  [requirement, 'on', check, 'for', edition].join(' ');

function wholes(report: Report, again: Report): readonly Difference[] {
  const parts = ['run', 'provable', 'proven', 'totals', 'causes'] as const;
  return parts.flatMap((about) =>
    differencesOf({ about, id: null, against: recomputed, reported: report[about], found: again[about] }),
  );
}
