import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fault } from '../../../src/emulators/endpoint/alterations.js';
import { alterationOf } from '../../../src/emulators/endpoint/named.js';
import { emulatedClients } from '../../../src/emulators/endpoint/personas.js';
import { identityExtension } from '../../../src/emulators/tenant/identity/extension.js';
import { onlyCases } from '../../../src/engine/plan/plan.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import type { Report } from '../../../src/report/model.js';
import { runCli } from './cli.js';
import type { TenantClient } from './tenant-client.js';
import { people, signInAll } from './tenant-sign-in.js';
import { tenantTarget } from './tenant-target.js';

/** What of the suite is carried out: a night is lived in seconds, and each kind of caller and answer is among it. */
const carriedOut =
  /^(?:perm-(?:refuses-(?:otherUser|application|personalAccount|readOnlyAdministrator|unscopedUser)$|answers-otherUser-alike-de[nl]i)|state-(?:cancels|refuses-d)|resp-)/;

/** What a live tenant cannot show on demand. */
const cannotArrange = Object.fromEntries(
  ['accepted', 'pendingApprovalEscalated', 'delivering', 'partiallyDelivered', 'deliveryFailed'].map((status) => [
    status,
    'a live tenant',
  ]),
);

const dayMs = 24 * 3_600_000;

const delays = { accepting: 0, delivering: 0, notifying: 0 };
const usual = { nuisances: [], retryAfterS: 1, turnedAwayPercent: 8, licensed: true, delays };

/** How a tenant is changed against the usual one. */
interface Changed {
  readonly faults?: readonly string[];
  readonly variants?: readonly string[];
}

/** Variants may be laid over each other as faults are. */
const asFault = (variant: string): readonly Fault[] => {
  const { variant: found } = alterationOf({ variant });
  return found === undefined ? [] : [{ ...found, breaks: [] }];
};

/** A tenant in which a part of the suite is carried out night by night; its people have signed in to its platform. */
export class LivedTenant {
  readonly client: TenantClient;
  readonly #folder: string;
  readonly #state: string;
  #runs = 0;

  private constructor(client: TenantClient, folder: string) {
    this.client = client;
    this.#folder = folder;
    this.#state = path.join(folder, '.cancel-conformance');
  }

  static async open(
    start: (options: object) => Promise<TenantClient>,
    folder: string,
    { faults = [], variants = [] }: Changed = {},
  ): Promise<LivedTenant> {
    const own = path.join(folder, ['tenant', ...variants, ...faults].join('-'));
    mkdirSync(own, { recursive: true });
    const client = await start({
      others: 20,
      now: Date.now,
      delays,
      faults: [...variants.flatMap(asFault), ...alterationOf({ fault: faults }).faults],
      extensions: [identityExtension({ secret: null, controlKey: null })],
    });
    const tenant = new LivedTenant(client, own);
    await tenant.policy({ expiresInS: 600 });
    await tenant.signIn();
    return tenant;
  }

  /** Signs the people in, as `doctor --sign-in` does. */
  async signIn(): Promise<void> {
    const tokens = await signInAll(this.client.running.originUrl);
    for (const name of people) writeFileSync(path.join(this.#folder, `${name}.refresh`), tokens[`TOKEN_${name}`] ?? '');
  }

  /** What the tenant demands of sign-ins from now on. */
  async policy(changes: object): Promise<void> {
    const url = `${this.client.running.originUrl}/identity/v1/policy`;
    const { status } = await fetch(url, { method: 'PATCH', body: JSON.stringify(changes) });
    if (status !== 204) throw new Error(`the policy was answered ${status}`);
  }

  /**
   * Lives a night, a day after the one before, as ci/nightly.sh does: deletes what that one left, and carries a part of the suite out.
   * @param settings of the tenant that last as long as the run
   */
  async run(settings: object = {}): Promise<Report> {
    await this.#recover();
    await this.client.control('PATCH /settings', settings);
    const report = await this.#carriedOut(await this.#target({}), this.#state);
    await this.client.control('PATCH /settings', usual);
    return report;
  }

  /** Lives a night in which nobody is there. Who arranges would try again for more than a minute: the bound on the run is shorter. */
  async runInOutage(): Promise<Report> {
    await this.#recover();
    // Nobody listens at the discard port. What is written down there is of another address than that of the other nights.
    const away = await this.#target({ baseUrl: 'http://127.0.0.1:9/beta', totalMs: 1000 });
    return this.#carriedOut(away, path.join(this.#folder, 'away'));
  }

  async #recover(): Promise<void> {
    this.client.running.advanceClock(dayMs);
    if (!existsSync(this.#state)) return;
    const { file } = await this.#target({});
    const { exitCode, stderr } = await runCli(['recover', this.#state, '--target', file], { cwd: this.#folder });
    if (exitCode !== 0) throw new Error(`recover ended with ${exitCode}: ${stderr}`);
  }

  async #carriedOut(
    { target, contract, plan }: Awaited<ReturnType<typeof tenantTarget>>,
    state: string,
  ): Promise<Report> {
    const chosen = [...plan.cases.values()].filter(({ id, cell }) => cell === undefined && carriedOut.test(id));
    const part = onlyCases(
      plan,
      chosen.map(({ id }) => id),
    );
    this.#runs += 1;
    const journal = path.join(state, `run-${this.#runs}.jsonl`);
    const { report } = await carryOut({ target, contract, plan: part }, { journal });
    return report;
  }

  #target(more: object): ReturnType<typeof tenantTarget> {
    const { originUrl, tenantId } = this.client.running;
    const others = ['application', 'personalAccount', 'readOnlyAdministrator', 'unscopedUser'] as const;
    const identities: readonly (readonly [string, object])[] = [
      ...people.map((name) => [name, { token: { refreshToken: { token: { file: `${name}.refresh` } } } }] as const),
      ...others.map((name) => [name, { token: { file: `${name}.token` } }] as const),
    ];
    const platform = { tenant: tenantId, clientId: emulatedClients.people, authority: originUrl, cache: 'tokens.json' };
    return tenantTarget(this.client, this.#folder, {
      personas: others,
      cannotArrange,
      requests: { patienceMs: 300 },
      more: {
        settleMs: 0,
        identityPlatform: platform,
        identities: Object.fromEntries(identities),
        ...more,
      },
    });
  }
}
