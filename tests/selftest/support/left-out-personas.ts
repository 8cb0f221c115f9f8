import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { personaNames, type Persona } from '../../../src/cancel/personas.js';
import { controlsOf, type Case } from '../../../src/engine/case.js';
import { onlyCases, planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { expect, inPlace, test as base, writeTarget } from './cli.js';
import { ofTheDay } from './daily-seed.js';
import { post } from './inventory-target.js';
import { LiveTenant, tenantId } from './live-tenant.js';

// A team need not have every persona. Whichever is left out: the run ends as incomplete, what needs that persona is untold and
// nothing else is, whoever arranges the requests.

/** The part of a plan that is carried out: of each set of people the first case, and no cells. */
function narrowed(plan: Plan, isWanted: (entry: Case) => boolean = () => true): Plan {
  const chosen = new Map<string, string>();
  for (const entry of plan.groups.flatMap(({ cases }) => cases)) {
    const people = [entry.given.requestor ?? '', ...entry.when.map(({ persona }) => persona)].join(' ');
    const isQuick = entry.cell === undefined && entry.watchedMs === undefined && entry.simultaneously === undefined;
    if (isQuick && isWanted(entry) && !chosen.has(people)) chosen.set(people, entry.id);
  }
  return onlyCases(plan, [...chosen.values()]);
}

/** A place where requests come from: what a run there needs besides the people of its cases. */
interface Place {
  /** Personas without whom nothing can be told there. */
  readonly vital: readonly Persona[];
  /** True: whoever owns a request has to make it with a token. */
  readonly ownersAsk?: true;
  readonly isWanted?: (entry: Case) => boolean;
  /** Writes the target file for a run with these personas; returns the variables that it names. */
  readonly write: (folder: string, named: readonly Persona[]) => Promise<Readonly<Record<string, string>>>;
}

const without = (left: Persona | null): readonly Persona[] => personaNames.filter((name) => name !== left);

async function carriedOut(folder: string, place: Place, left: Persona | null): Promise<{ report: Report; plan: Plan }> {
  const environment = await place.write(folder, without(left));
  return inPlace({ cwd: folder, environment }, async () => {
    const { target, contract } = resolveTarget({ target: 'target.yaml' });
    const plan = narrowed(planRun(contract, target), place.isWanted);
    const journal = target.provider === 'graph' ? { journal: path.join(folder, `run-${left ?? 'all'}.jsonl`) } : {};
    const { report } = await carryOut({ target, contract, plan }, { lanes: 2, ...journal });
    return { report, plan };
  });
}

/** Whether a case, or one that it rests on, needs the token of a persona. */
function needs(
  entry: Case,
  persona: Persona,
  { plan, place }: { readonly plan: Plan; readonly place: Place },
): boolean {
  const owns = place.ownersAsk === true && (entry.given.requestor ?? 'requestor') === persona;
  if (owns || entry.when.some((probe) => probe.persona === persona)) return true;
  return controlsOf(entry).some((id) => {
    const below = plan.cases.get(id);
    return below !== undefined && needs(below, persona, { plan, place });
  });
}

/** What was told of each case: the verdicts of its checks, or that none of them could be told. */
function toldOf({ checks }: Report, { cases }: Plan): ReadonlyMap<string, string> {
  return new Map(
    [...cases.keys()].map((id) => {
      const verdicts = checks.filter(({ caseId }) => caseId === id).map(({ verdict }) => verdict);
      const isUntold = verdicts.every((verdict) => verdict === 'inconclusive' || verdict === 'not-applicable');
      return [id, isUntold ? 'untold' : verdicts.join(' ')] as const;
    }),
  );
}

/** Leaves out one persona after the other. @param shares how many shares they are in, one of which is left out by turns */
export async function assertUntold(folder: string, place: Place, shares: number): Promise<void> {
  const whole = await carriedOut(folder, place, null);
  expect(whole.report.suiteFaults).toEqual([]);
  const before = toldOf(whole.report, whole.plan);
  expect([...before.values()].filter((told) => told !== 'untold').length).toBeGreaterThan(10);
  for (const left of ofTheDay(personaNames, shares)) {
    const { report, plan } = await carriedOut(folder, place, left);
    expect(report.suiteFaults, left).toEqual([]);
    expect(report.run.exitCode, left).toBe(3);
    const isUntold = (entry: Case): boolean => place.vital.includes(left) || needs(entry, left, { plan, place });
    const expected = [...plan.cases.values()].map((entry) => {
      return [entry.id, isUntold(entry) ? 'untold' : before.get(entry.id)] as const;
    });
    expect(Object.fromEntries(toldOf(report, plan)), `without ${left}`).toEqual(Object.fromEntries(expected));
  }
}

export const embedded: Place = {
  vital: [],
  write: (folder, named) => {
    const identities = Object.fromEntries(named.map((name) => [name, { token: { control: true } }]));
    writeTarget(folder, { embedded: {}, identities });
    return Promise.resolve({});
  },
};

export const test = base.extend<{ inventory: Place; live: Place }>({
  inventory: async ({ serve }, use) => {
    const { baseUrl, controlUrl } = await serve();
    const tokens = new Map<string, string>();
    for (const persona of personaNames)
      tokens.set(persona, (await post(`${controlUrl}/tokens`, { persona }))['token'] ?? '');
    await use({
      vital: ['administrator'],
      write: async (folder, named) => {
        const requests: Record<string, Record<string, string[]>> = {};
        for (const [status, requestor] of stocked) {
          const ids = Array.from(
            { length: 6 },
            async () => (await post(`${controlUrl}/requests`, { status, requestor }))['id'] ?? '',
          );
          (requests[status] ??= {})[requestor] = await Promise.all(ids);
        }
        writeFileSync(path.join(folder, 'inventory.yaml'), JSON.stringify({ requests }));
        const identities = Object.fromEntries(named.map((name) => [name, { token: { env: `TOKEN_${name}` } }]));
        writeTarget(folder, { baseUrl, identities, requests: { provider: 'inventory', file: 'inventory.yaml' } });
        return Object.fromEntries([...tokens].map(([name, token]) => [`TOKEN_${name}`, token]));
      },
    });
  },
  live: async ({ serve }, use) => {
    const tenant = await LiveTenant.of(await serve(['--tenant', '--delays', '1']));
    await use({
      vital: ['administrator', 'requestor', 'otherUser'],
      ownersAsk: true,
      write: (folder, named) => {
        const variables = Object.entries(tenant.tokens);
        const identities = Object.fromEntries(
          named.map((name) => [name, { token: { env: variables[personaNames.indexOf(name)]?.[0] ?? '' } }]),
        );
        const requests = {
          provider: 'graph',
          tenant: tenantId,
          callsPerSecond: 1000,
          // Fewer than a case takes: what is refused by then must have somebody who waits for it.
          mostCreated: named.includes('otherUser') ? 40 : 1,
          patienceMs: 5000,
        };
        tenant.targetWith(folder, requests, { settleMs: 500, identities });
        return Promise.resolve(tenant.tokens);
      },
    });
  },
});

/** What the cases of an inventory ask for. */
const stocked = [
  ['accepted', 'requestor'],
  ['pendingApproval', 'requestor'],
  ['pendingApproval', 'otherUser'],
] as const;
