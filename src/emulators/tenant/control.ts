import type { IncomingMessage, ServerResponse } from 'node:http';
import { ConfigurationError } from '../../engine/errors.js';
import { boundedText } from '../endpoint/loopback.js';
import { findPersona } from '../endpoint/personas.js';
import { overview } from './overview.js';
import { readDelays, readNuisances } from './settings.js';
import type { Members } from './model.js';
import type { Tenant } from './tenant.js';

/** Where tests and people look behind the tenant. No client of the service calls here. */
export const controlPath = '/tenant/v1';

/** What the control side works on. */
interface Controlled {
  readonly tenant: Tenant;
  /** Bearer key that every call must carry; null: none is asked for. */
  readonly controlKey: string | null;
}

interface ControlAnswer {
  readonly status: number;
  readonly body: object;
}

/** Answers one call of the control side. Trouble is told as `{ "error": { "code", "message" } }`. */
export async function answerControl(
  controlled: Controlled,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await control(controlled, incoming);
  incoming.resume();
  const content = JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) };
  response.writeHead(status, { 'Cache-Control': 'no-store', ...headers }).end(content);
}

async function control({ tenant, controlKey }: Controlled, incoming: IncomingMessage): Promise<ControlAnswer> {
  if (controlKey !== null && incoming.headers.authorization !== `Bearer ${controlKey}`) {
    return trouble(401, 'InvalidKey', 'The key of the control side is missing or wrong.');
  }
  const url = new URL(incoming.url ?? '', 'http://127.0.0.1');
  switch (`${incoming.method ?? ''} ${url.pathname.slice(controlPath.length)}`) {
    case 'POST /tokens':
      return issueToken(tenant, await members(incoming));
    case 'POST /revocations':
      return revokeTokens(tenant, await members(incoming));
    case 'GET /accesses':
      return { status: 200, body: { accesses: tenant.accesses.after(Number(url.searchParams.get('after') ?? 0)) } };
    case 'GET /mails':
      // Whoever looks finds what is due.
      tenant.requests.all();
      return { status: 200, body: { mails: tenant.mailbox.all() } };
    case 'GET /objects':
      return { status: 200, body: overview(tenant, url.searchParams.get('foreign')) };
    case 'POST /clock':
      return advanceClock(tenant, await members(incoming));
    case 'PATCH /settings':
      return changeSettings(tenant, await members(incoming));
    default:
      return trouble(404, 'NotFound', 'The control side has no such call.');
  }
}

async function issueToken(tenant: Tenant, { persona: name }: Members): Promise<ControlAnswer> {
  const persona = findPersona(name);
  if (persona === undefined) return trouble(404, 'UnknownPersona', 'There is no such persona.');
  return { status: 200, body: { token: await tenant.authority.issue(persona), userId: persona.userId } };
}

function revokeTokens({ authority }: Tenant, { persona: name }: Members): ControlAnswer {
  const persona = findPersona(name);
  if (persona === undefined) return trouble(404, 'UnknownPersona', 'There is no such persona.');
  authority.revoke(persona);
  return { status: 200, body: { revoked: persona.name } };
}

function advanceClock({ clock }: Tenant, { advanceMs }: Members): ControlAnswer {
  if (typeof advanceMs !== 'number' || !(advanceMs >= 0)) {
    return trouble(422, 'InvalidTime', 'advanceMs is no number of milliseconds from 0; the clock never goes back.');
  }
  clock.advance(advanceMs);
  return { status: 200, body: { now: new Date(clock.now()).toISOString() } };
}

function changeSettings({ settings }: Tenant, changes: Members): ControlAnswer {
  try {
    const { nuisances, delays, licensed, retryAfterS, turnedAwayPercent: percent } = changes;
    const next = {
      nuisances: nuisances === undefined ? settings.nuisances : readNuisances(namesIn(nuisances)),
      delays: delays === undefined ? settings.delays : readDelays({ ...(delays as object) }, settings.delays),
      licensed: licensed === undefined ? settings.licensed : licensed === true,
      retryAfterS: typeof retryAfterS === 'number' ? retryAfterS : settings.retryAfterS,
      turnedAwayPercent: typeof percent === 'number' ? percent : settings.turnedAwayPercent,
    };
    Object.assign(settings, next);
    return { status: 200, body: { ...next, nuisances: [...next.nuisances] } };
  } catch (error) {
    if (error instanceof ConfigurationError) return trouble(422, 'InvalidSettings', error.message);
    throw error;
  }
}

function namesIn(value: unknown): 'all' | 'none' | readonly string[] {
  if (value === 'all' || value === 'none') return value;
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** The members of the body; none when it is not a JSON object. */
async function members(incoming: IncomingMessage): Promise<Members> {
  const text = await boundedText(incoming);
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
}

function trouble(status: number, code: string, message: string): ControlAnswer {
  return { status, body: { error: { code, message } } };
}
