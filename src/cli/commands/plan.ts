import { isOverdue } from '../../arrange/graph/ageing.js';
import type { JournalledObject } from '../../arrange/graph/journal.js';
import { readBatches } from '../../arrange/graph/prepared.js';
import { requestsFor, statusesOnDemand } from '../../arrange/graph/provider.js';
import { gateMatrices, type GateMatrix } from '../../engine/plan/gate-matrices.js';
import { planRun, type Plan } from '../../engine/plan/plan.js';
import { callsOf } from '../../engine/case.js';
import { within } from '../../engine/plan/within.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Io } from '../../hosts/io.js';
import { resolveTarget } from '../../hosts/target.js';
import type { Target } from '../../target/target.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { readFlags, type ContractFlags } from '../flags.js';
import { shellText } from '../../engine/shell.js';
import { typedCommand } from '../../engine/typed.js';

interface PlanFlags extends ContractFlags {
  readonly json?: boolean;
}

/** `plan`: what `run` would do; sends nothing. */
export function plan({ stdout }: Io, flags: PlanFlags): number {
  const choice = readFlags(flags);
  const { target, contract } = resolveTarget(choice);
  const planned = planRun(contract, target, choice.areas ?? null);
  const text = flags.json ? JSON.stringify(asData(planned, target), null, 2) : inWords(planned, target, contract);
  stdout.write(`${text}\n`);
  return exitCodes.conformant;
}

const asData = (plan: Plan, target: Target): object => ({
  target: target.name,
  edition: target.edition,
  hash: plan.hash,
  counts: plan.counts,
  controls: plan.controls.map(({ id }) => id),
  cases: plan.groups.flatMap(({ area, title, cases }) =>
    cases.map((entry) => ({
      id: entry.id,
      area,
      group: title,
      title: entry.title,
      calls: callsOf(entry),
      ...(entry.cell && { cell: entry.cell }),
      requirements: [...new Set(entry.then.flatMap(({ requirementIds }) => requirementIds))],
    })),
  ),
});

function inWords(plan: Plan, target: Target, contract: Contract): string {
  const { counts } = plan;
  const wanted = Object.entries(counts.arranged).filter(([status]) => isArranged(target, status));
  const widest = Math.max(...wanted.map(([status]) => status.length));
  const arranged = wanted.map(([status, count]) => {
    const owners = Object.entries(counts.owned[status] ?? {}).map(([owner, own]) => `${own} of ${owner}`);
    return `  ${String(count).padStart(4)}  ${status.padEnd(widest)}  ${owners.join(', ')}`;
  });
  const total = wanted.reduce((sum, [, count]) => sum + count, 0);
  const groups = plan.groups
    .map((group) => ({ ...group, cases: group.cases.filter(({ cell }) => cell === undefined) }))
    .filter(({ cases }) => cases.length > 0)
    .flatMap(({ area, title, cases }) => [
      `${area}: ${title}`,
      ...cases.map((entry) => `  ${entry.id}  ${entry.title}`),
    ]);
  return [
    `Target   ${target.name} (${target.baseUrl ?? 'started by the run'})`,
    `Edition  ${target.edition}`,
    `Plan     ${counts.cases} cases with ${counts.checks} checks, ${counts.probes} calls of the cancel path`,
    `Hash     ${plan.hash}`,
    '',
    needed(target, total),
    ...arranged,
    ...setUpOf(target),
    ...beyondBound(plan, target, contract),
    ...botherOf(target),
    ...preparedFor(target),
    '',
    ...groups,
    ...cellsInWords(gateMatrices(plan.cases.values())),
  ].join('\n');
}

/** Columns of a matrix are as wide as their names, at least as their numbers; rows take what is left of a terminal's width. */
const rowNameWidth = 19;

/** One small matrix for each gate: the cells themselves are hundreds, and each is named in the data. */
function cellsInWords(matrices: readonly GateMatrix[]): readonly string[] {
  if (matrices.length === 0) return [];
  return [
    '',
    'Cells: each gate broken where one column of the call is another than the',
    'documented one. A number says in how many values of it; --json names each.',
    ...matrices.flatMap(({ gate, cells, dimensions, rows }) => {
      const names = [...dimensions.keys()];
      const line = (name: string, values: readonly string[]): string =>
        [cut(name), ...values.map((value, at) => value.padStart(names[at]?.length ?? 0))].join(' ').trimEnd();
      return [
        '',
        line(`${gate} (${cells})`, names),
        ...rows.map(({ by, counts }) =>
          line(
            `  ${namesIn(by)}`,
            names.map((name) => String(counts.get(name) ?? '-')),
          ),
        ),
      ];
    }),
  ];
}

const namesIn = ([first = '', ...rest]: readonly string[]): string => {
  const more = rest.length === 0 ? '' : ` + ${rest.length} more`;
  const room = rowNameWidth - 2 - more.length;
  return (first.length > room ? `${first.slice(0, room - 1)}…` : first) + more;
};

const cut = (name: string): string => name.slice(0, rowNameWidth).padEnd(rowNameWidth);

/** Of a live tenant's statuses, those that a run creates requests for. */
const isArranged = ({ requests }: Target, status: string): boolean =>
  requests.provider !== 'graph' || statusesOnDemand.includes(status);

/** What a run makes in a live tenant besides requests. */
function setUpOf({ requests }: Target): readonly string[] {
  if (requests.provider !== 'graph') return [];
  const [first] = requests.standing;
  const policies = [first?.directPolicy, first?.approvalPolicy].filter((id) => id === undefined).length;
  const objects = [
    '1 catalog',
    ...(first ? [] : ['1 access package']),
    ...(policies > 0 ? [`${policies} ${policies === 1 ? 'policy' : 'policies'}`] : []),
  ];
  return [
    `Besides: ${objects.join(', ')}; another package and its policies where the tenant takes one open request of a user for each.`,
    `A request that is delivered is removed by another one, which counts. ${requests.mostCalls} calls to arrange and to read at most.`,
  ];
}

/** What stays untold where a tenant accepts all that it may, and the bound that would tell it. */
function beyondBound(plan: Plan, { requests }: Target, contract: Contract): readonly string[] {
  if (requests.provider !== 'graph') return [];
  const { mostCreated: most } = requests;
  const { takes, beyond } = within(plan, contract, { most, costOf: requestsFor });
  if (beyond.length === 0) return [];
  return [
    `With requests.mostCreated ${most} these may stay untold, where the tenant accepts what it may refuse; ${takes} would tell them: ${beyond.join(', ')}.`,
  ];
}

/** Who hears of a run: what it makes notifies nobody, what stands ready does as it says. */
function botherOf({ requests }: Target): readonly string[] {
  if (requests.provider !== 'graph') return [];
  const standing = requests.standing.flatMap(({ directPolicy, approvalPolicy }) => [
    ...(approvalPolicy === undefined
      ? []
      : [
          `those who decide by the standing policy ${approvalPolicy} and those who ask by it, unless it says otherwise`,
        ]),
    ...(directPolicy === undefined
      ? []
      : [`those who are assigned by the standing policy ${directPolicy}, unless it says otherwise`]),
  ]);
  return [
    standing.length === 0
      ? 'Mails: none; the policies that the run makes notify nobody (accessPackageNotificationSettings).'
      : `Mails to ${standing.join('; ')}. What the run makes notifies nobody.`,
    'The audit log gets a record for each object that is made, cancelled and deleted. Whoever asks needs a licence: those who own requests.',
  ];
}

/** What was prepared, as the state folder tells it: nobody is asked. */
function preparedFor({ name, baseUrl, requests }: Target): readonly string[] {
  if (requests.provider !== 'graph') return [];
  const head = { tenant: requests.tenant, baseUrl: baseUrl ?? '', target: name };
  const all = readBatches(requests.state, head).flatMap((batch) => batch.requests);
  const over = all.filter((request) => isOverdue(request, Date.now()));
  return [
    ...(all.length > over.length
      ? [`Prepared: ${all.length - over.length}, the first to be ready at ${firstReady(all)}.`]
      : []),
    ...(over.length > 0
      ? [
          `Prepared and over: ${over.length}; delete ${over.length === 1 ? 'it' : 'them'} with: ${typedCommand()} recover ${shellText(requests.state)} --target FILE`,
        ]
      : []),
  ];
}

const firstReady = (all: readonly JournalledObject[]): string =>
  all
    .filter((request) => !isOverdue(request, Date.now()))
    .map(({ readyAt = '' }) => readyAt)
    .sort()[0] ?? '';

function needed({ requests, expensive }: Target, total: number): string {
  if (requests.provider === 'graph') {
    return `Requests created in the tenant ${requests.tenant}: ${Math.min(total, requests.mostCreated)} at most, all deleted at the end. A target that accepts all that it may takes:`;
  }
  const most = expensive ? `${total} at most, as untouched ones are shared` : String(total);
  return requests.provider === 'inventory'
    ? `Requests that the inventory has to list: ${most}`
    : `Requests to be arranged and removed again: ${most}`;
}
