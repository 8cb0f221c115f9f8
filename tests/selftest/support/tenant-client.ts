import { expect } from '@playwright/test';
import { loadContract } from '../../../src/cancel/contract.js';
import type { Persona } from '../../../src/cancel/personas.js';
import { startTenant, type RunningTenant, type TenantOptions } from '../../../src/emulators/tenant/server.js';
import { test as base } from './temporary-folder.js';

export { expect };

export type Members = Readonly<Record<string, unknown>>;

/** An answer of the tenant. */
export interface TenantAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Members;
}

/** What a call may carry. */
interface Sending {
  readonly body?: unknown;
  /** In place of the persona's token; null: no credentials. */
  readonly token?: string | null;
}

/** A tenant in this process, and calls to it over HTTP. */
export class TenantClient {
  readonly running: RunningTenant;
  readonly #tokens = new Map<string, Promise<{ readonly token: string; readonly userId: string }>>();
  constructor(running: RunningTenant) {
    this.running = running;
  }

  /** A call to the service; the path is below `/identityGovernance/entitlementManagement/`. */
  async as(persona: Persona, call: string, { body, token }: Sending = {}): Promise<TenantAnswer> {
    const [method = '', path = ''] = call.split(' ');
    const bearer = token === undefined ? await this.tokenOf(persona) : token;
    const url = /^https?:/.test(path)
      ? path
      : `${this.running.originUrl}/beta/identityGovernance/entitlementManagement/${path}`;
    return read(
      await fetch(url, {
        method,
        headers: {
          ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  }

  /** A call that has to succeed; its body. */
  async done(persona: Persona, call: string, sending: Sending = {}): Promise<Members> {
    const { status, body } = await this.as(persona, call, sending);
    expect([200, 201, 204], `${call}: ${JSON.stringify(body)}`).toContain(status);
    return body;
  }

  /** A call to the control side. */
  async control(call: string, body?: unknown, key?: string): Promise<TenantAnswer> {
    const [method = '', path = ''] = call.split(' ');
    return read(
      await fetch(this.running.controlUrl + path, {
        method,
        headers: key === undefined ? {} : { Authorization: `Bearer ${key}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }

  async tokenOf(persona: Persona): Promise<string> {
    return (await this.#issued(persona)).token;
  }

  async idOf(persona: Persona): Promise<string> {
    return (await this.#issued(persona)).userId;
  }

  #issued(persona: Persona): Promise<{ readonly token: string; readonly userId: string }> {
    const issued =
      this.#tokens.get(persona) ??
      this.control('POST /tokens', { persona }).then(({ body }) => body as { token: string; userId: string });
    this.#tokens.set(persona, issued);
    return issued;
  }
}

async function read(response: Response): Promise<TenantAnswer> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Members),
  };
}

/** The id of what an answer shows. */
export const idOf = (body: Members): string => String(body['id']);

/** The objects on a page. */
export const valueOf = (body: Members): readonly Members[] => body['value'] as readonly Members[];

/** The code of a refusal. */
export const codeOf = ({ body }: TenantAnswer): unknown => (body['error'] as Members | undefined)?.['code'];

type Start = (options?: Partial<TenantOptions>) => Promise<TenantClient>;

/** A time far beyond every delay of these tests, and short of every escalation. */
export const longMs = 60 * 60 * 1000;

/** Tests of the tenant; its clock stands still unless the test moves it. */
export const test = base.extend<{ start: Start }>({
  start: async ({}, use) => {
    const started: RunningTenant[] = [];
    const stopped = Date.now();
    await use(async (options = {}) => {
      const { edition } = loadContract();
      const running = await startTenant({ edition, now: () => stopped, ...options });
      started.push(running);
      return new TenantClient(running);
    });
    await Promise.all(started.map(({ close }) => close()));
  },
});

/** The objects that requests need. */
export interface SetUp {
  readonly catalogId: string;
  readonly packageId: string;
  /** Administrators assign, nobody asks. */
  readonly direct: string;
  /** The requestor asks, otherUser approves. */
  readonly approval: string;
  /** As `approval`, and after a day the administrator is asked. */
  readonly escalation: string;
  /** The requestor and subjectUser ask, nobody has to approve. */
  readonly open: string;
}

const user = (id: string): Members => ({ '@odata.type': '#microsoft.graph.singleUser', isBackup: false, id });

/** The body of a policy. */
export function policyBody(
  accessPackageId: string,
  displayName: string,
  terms: { readonly requestors: readonly string[]; readonly stage?: Members },
): Members {
  const { requestors, stage } = terms;
  return {
    accessPackageId,
    displayName,
    description: displayName,
    accessReviewSettings: null,
    requestorSettings: {
      scopeType: requestors.length === 0 ? 'NoSubjects' : 'SpecificDirectorySubjects',
      acceptRequests: true,
      allowedRequestors: requestors.map(user),
    },
    requestApprovalSettings: {
      isApprovalRequired: stage !== undefined,
      isApprovalRequiredForExtension: false,
      isRequestorJustificationRequired: false,
      approvalMode: stage === undefined ? 'NoApproval' : 'SingleStage',
      approvalStages: stage === undefined ? [] : [stage],
    },
  };
}

/** The stage of a policy. */
function stageBody(approver: string, escalationApprover?: string): Members {
  const escalation =
    escalationApprover === undefined
      ? { isEscalationEnabled: false }
      : {
          isEscalationEnabled: true,
          escalationTimeInMinutes: 1440,
          escalationApprovers: [user(escalationApprover)],
        };
  return {
    approvalStageTimeOutInDays: 14,
    isApproverJustificationRequired: false,
    primaryApprovers: [user(approver)],
    ...escalation,
  };
}

/** Sets a tenant up as the administrator. */
export async function setUp(client: TenantClient): Promise<SetUp> {
  const create = async (collection: string, body: Members): Promise<string> =>
    idOf(await client.done('administrator', `POST ${collection}`, { body }));
  const ids = await Promise.all(
    (['requestor', 'otherUser', 'administrator', 'subjectUser'] as const).map((name) => client.idOf(name)),
  );
  const [requestor = '', approver = '', second = '', subject = ''] = ids;
  const catalogId = await create('accessPackageCatalogs', { displayName: 'Catalog', isExternallyVisible: false });
  const packageId = await create('accessPackages', { catalogId, displayName: 'Package', description: 'Empty' });
  const policy = (name: string, terms: Parameters<typeof policyBody>[2]): Promise<string> =>
    create('accessPackageAssignmentPolicies', policyBody(packageId, name, terms));
  return {
    catalogId,
    packageId,
    direct: await policy('direct', { requestors: [] }),
    approval: await policy('approval', { requestors: [requestor], stage: stageBody(approver) }),
    escalation: await policy('escalation', { requestors: [requestor], stage: stageBody(approver, second) }),
    open: await policy('open', { requestors: [requestor, subject] }),
  };
}

/** The collection of requests. */
export const requests = 'accessPackageAssignmentRequests';

/** What a request is to be like: the policy, and members of the body beside or in place of the usual ones. */
interface Wanted extends Members {
  readonly policy: 'direct' | 'approval' | 'escalation' | 'open';
  readonly targetId?: string;
}

/** The body of a request. */
export function requestBody({ packageId, ...policies }: SetUp, { policy, targetId, ...more }: Wanted): Members {
  return {
    requestType: 'UserAdd',
    accessPackageAssignment: { targetId, assignmentPolicyId: policies[policy], accessPackageId: packageId },
    justification: 'A reason',
    ...more,
  };
}

/** Creates a request for the requestor, who asks by themselves (UserAdd) or is assigned, and returns its id. */
export async function ask(client: TenantClient, setting: SetUp, wanted: Wanted): Promise<string> {
  const body = requestBody(setting, { targetId: await client.idOf('requestor'), ...wanted });
  const persona = body['requestType'] === 'UserAdd' ? 'requestor' : 'administrator';
  return idOf(await client.done(persona, `POST ${requests}`, { body }));
}
