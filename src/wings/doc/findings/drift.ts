import type { Edition } from '../../../engine/contract/types.js';
import type { Fact, PageContract, PermissionRow } from '../contract/model.js';
import { finding } from './inside.js';
import type { DocFinding, Location, RuleId } from './model.js';

/** Where the page says something else than an edition; what the page does not say is no drift. */
export function driftFrom(edition: Edition, contract: PageContract): readonly DocFinding[] {
  return comparisons.flatMap((compare) => compare({ edition, contract }));
}

interface Both {
  readonly edition: Edition;
  readonly contract: PageContract;
}

interface Compared {
  readonly rule: RuleId;
  readonly what: string;
  readonly page: string;
  readonly edition: string;
  readonly place: Location;
}

function differing(edition: Edition, compared: Compared): readonly DocFinding[] {
  if (compared.page === compared.edition) return [];
  const message = `${compared.what}: ${compared.page || 'none'}; edition ${edition.id}: ${compared.edition || 'none'}`;
  return [finding(compared.rule, compared.place, message)];
}

const comparisons: readonly ((both: Both) => readonly DocFinding[])[] = [
  api,
  paths,
  permissions,
  supported,
  cancellable,
  bodyRule,
  bodyMembers,
  proseStatus,
  exampleStatus,
];

function api({ edition, contract }: Both): readonly DocFinding[] {
  const place = contract.api;
  if (!place) return [];
  return differing(edition, { rule: 'drift-api', what: 'API version', page: place.value, edition: edition.api, place });
}

/** In the order of the page: the collection that stands first is the preferred one. */
function paths({ edition, contract }: Both): readonly DocFinding[] {
  const [place] = contract.requests;
  if (!place) return [];
  const wanted = edition.collections.map((collection) => `${edition.servicePath}/${collection}`);
  const listed = contract.requests.map(({ value }) => value.path.split('/').slice(0, -2).join('/'));
  const compared = { page: [...new Set(listed)].join(', '), edition: wanted.join(', '), place };
  return differing(edition, { rule: 'drift-path', what: 'Paths', ...compared });
}

const rowFor = ({ permissions: table }: PageContract, account: PermissionRow['account']): PermissionRow | undefined =>
  table?.rows.find((row) => row.account === account);

/** The permission that suffices for one's own request is the least privileged one; an administrator's may be higher. */
function permissions({ edition, contract }: Both): readonly DocFinding[] {
  const place = rowFor(contract, 'delegated-work');
  if (!place) return [];
  const { own, administrator, table = [...own, ...administrator] } = edition.permissions;
  const [least = '', ...higher] = [...new Set(table)];
  const page = inWords(place.least ?? '', place.higher);
  return differing(edition, {
    rule: 'drift-permission',
    what: 'Delegated permissions of a work or school account',
    page,
    edition: inWords(least, higher),
    place,
  });
}

const inWords = (least: string, higher: readonly string[]): string =>
  [least, ...(higher.length > 0 ? [`higher: ${higher.join(', ')}`] : [])].join('; ');

/** No edition supports personal accounts or applications. */
function supported({ edition, contract }: Both): readonly DocFinding[] {
  return (['delegated-personal', 'application'] as const).flatMap((account) => {
    const place = rowFor(contract, account);
    if (!place) return [];
    const page = inWords(place.least ?? 'not supported', place.higher);
    return differing(edition, { rule: 'drift-permission', what: place.label, page, edition: 'not supported', place });
  });
}

function cancellable({ edition, contract }: Both): readonly DocFinding[] {
  const [place] = contract.cancellable;
  if (!place) return [];
  const page = sorted(contract.cancellable.map(({ value }) => value));
  const wanted = sorted(edition.cancellable);
  return differing(edition, { rule: 'drift-cancellable', what: 'Cancellable', page, edition: wanted, place });
}

const sorted = (values: readonly string[]): string => [...new Set(values)].sort().join(', ');

const bodyPlace = ({ body, sections }: PageContract): Location | undefined =>
  body.members[0] ?? body.values[0] ?? sections.find(({ value }) => value === 'request-body');

function bodyRule({ edition, contract }: Both): readonly DocFinding[] {
  const place = bodyPlace(contract);
  const { rule } = contract.body;
  if (!place || rule === null) return [];
  return differing(edition, { rule: 'drift-body', what: 'Body rule', page: rule, edition: edition.body.rule, place });
}

function bodyMembers({ edition, contract }: Both): readonly DocFinding[] {
  const place = bodyPlace(contract);
  if (!place || contract.body.rule !== 'representation' || edition.body.rule !== 'representation') return [];
  const named = ({ members, values }: PageContract['body']): string => [members, values].map(list).join(' with ');
  const list = (facts: readonly Fact<string>[]): string => sorted(facts.map(({ value }) => value));
  const wanted = [sorted(edition.body.requiredMembers), edition.body.cancelledLiteral].join(' with ');
  return differing(edition, {
    rule: 'drift-body',
    what: 'Members of the body',
    page: named(contract.body),
    edition: wanted,
    place,
  });
}

function proseStatus({ edition, contract }: Both): readonly DocFinding[] {
  const [place] = contract.success;
  if (!place) return [];
  const statuses = { page: String(place.value.status), edition: String(edition.success.proseStatus) };
  return differing(edition, { rule: 'drift-prose-status', what: 'Status in the prose', ...statuses, place });
}

function exampleStatus({ edition, contract }: Both): readonly DocFinding[] {
  const place = contract.exampleResponse;
  if (!place) return [];
  const statuses = { page: String(place.value.status), edition: String(edition.success.exampleStatus) };
  return differing(edition, { rule: 'drift-example-status', what: 'Status in the example', ...statuses, place });
}
