import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { loadContract } from '../../../src/cancel/contract.js';
import { tenantIds } from '../../../src/emulators/endpoint/personas.js';
import { TokenAuthority } from '../../../src/emulators/endpoint/tokens.js';
import type { Application } from '../../../src/emulators/tenant/identity/applications.js';
import {
  createIdentityPlatform,
  type IdentityPlatform,
  type IdentityPlatformOptions,
} from '../../../src/emulators/tenant/identity/platform.js';
import { applicationCertificate } from './application-certificate.js';
import { runCli, test as base, writeTarget, type CliExit } from './cli.js';
import { end, listen, startMiddleman, type Middleman } from './middleman.js';

export { expect } from '@playwright/test';

/** An application that people sign in to, and one that acts by itself. */
export const publicClient = '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10';
export const confidentialClient = '8a2e4b60-7d13-4f9a-b1c6-5e0f9d2c3b71';
/** Registered, but with a certificate that is not the one of the self-tests. */
export const uncertifiedClient = '91b5d7e2-0c4a-4e8f-8b3d-7a6f2e1d0c95';

export const tenantId = tenantIds[0] ?? '';
export const clientSecret = 'kV8~self-test-secret.Q2';

/** The issuer of a pipeline's tokens, trusted by the application that acts by itself. */
const pipeline = {
  issuer: 'https://pipeline.example',
  subject: 'repo:contoso/nightly',
  audience: 'api://exchange',
};

/** A request for a token. */
interface Asked {
  readonly grant: string;
  readonly refreshToken: string | null;
}

/** A platform that listens, what it was asked, and what it gave out. */
export interface RunningPlatform extends IdentityPlatform {
  readonly origin: string;
  /** The requests for tokens, in order. */
  readonly asked: readonly Asked[];
  /** Everything secret that went to and fro. */
  readonly secrets: ReadonlySet<string>;
  /** A token of the pipeline, good for so many seconds. */
  readonly assertion: (seconds: number) => Promise<string>;
}

/** The pipeline's, too: to make a key takes longer than all that it signs. */
const key = createPrivateKey(applicationCertificate.key);

const applications: readonly Application[] = [
  { clientId: publicClient, publicClient: true },
  {
    clientId: confidentialClient,
    publicClient: false,
    secrets: [clientSecret],
    certificates: [applicationCertificate.cert],
    federated: [{ ...pipeline, key: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString() }],
  },
  { clientId: uncertifiedClient, publicClient: false },
];

const secretMembers = ['access_token', 'refresh_token', 'id_token', 'device_code'];
const secretParameters = [
  ...['client_secret', 'client_assertion', 'refresh_token', 'device_code'],
  ...['code', 'code_verifier'],
];

function noteSecrets(secrets: Set<string>, names: readonly string[], members: Readonly<Record<string, unknown>>): void {
  for (const name of names) {
    const value = members[name];
    if (typeof value === 'string') secrets.add(value);
  }
}

/** The response, with an ear on what is sent. */
function overheard(response: ServerResponse, secrets: Set<string>): ServerResponse {
  const send = response.end.bind(response) as (content: string) => ServerResponse;
  return Object.assign(response, {
    end: (content: string) => {
      // Pages for people hold none.
      if (content.startsWith('{')) noteSecrets(secrets, secretMembers, JSON.parse(content) as Record<string, unknown>);
      return send(content);
    },
  });
}

type PlatformChanges = Partial<IdentityPlatformOptions>;

/** Starts a platform on a free port of the loopback; `close` ends it. */
async function startPlatform(changes: PlatformChanges): Promise<RunningPlatform & { close: () => Promise<void> }> {
  const { edition } = loadContract();
  const authority = await TokenAuthority.create(edition);
  const platform = createIdentityPlatform({
    edition,
    applications,
    issue: (persona, asked) => authority.issue(persona, asked),
    deviceCodeIntervalS: 1,
    ...changes,
  });
  const asked: Asked[] = [];
  const secrets = new Set<string>();
  const server = createServer((incoming, response) => {
    void (async () => {
      const body = await text(incoming);
      const form = new URLSearchParams(body);
      const grant = form.get('grant_type');
      if (grant !== null) {
        asked.push({ grant: grant.split(':').at(-1) ?? '', refreshToken: form.get('refresh_token') });
      }
      noteSecrets(secrets, secretParameters, Object.fromEntries(form));
      const { method, url, headers } = incoming;
      const again = Object.assign(Readable.from([body]), { method, url, headers }) as unknown as IncomingMessage;
      if (!(await platform.handle(again, overheard(response, secrets)))) response.writeHead(404).end('{}');
    })();
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return {
    ...platform,
    origin,
    asked,
    secrets,
    assertion: (seconds) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(pipeline.issuer)
        .setSubject(pipeline.subject)
        .setAudience(pipeline.audience)
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
        .sign(key),
    close: () => end(server),
  };
}

type Start = (changes?: PlatformChanges) => Promise<RunningPlatform>;

/** What a target file says beside its target, and the variables that it names. */
export interface Named {
  readonly identities: object;
  /** Over what stands under identityPlatform. */
  readonly common?: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** Further members of the target file. */
  readonly more?: object;
}

type Doctor = (platform: RunningPlatform, named: Named) => Promise<CliExit>;

/** A target file whose tokens come from the platform. */
export function writeIdentities(
  folder: string,
  platform: Pick<RunningPlatform, 'origin'>,
  { baseUrl, named }: { readonly baseUrl: string; readonly named: Named },
): string {
  const common = { tenant: tenantId, clientId: publicClient, authority: platform.origin, cache: 'tokens.json' };
  return writeTarget(folder, {
    baseUrl,
    requests: { provider: 'control' },
    identityPlatform: { ...common, ...named.common },
    identities: named.identities,
    ...named.more,
  });
}

/** Tests of the command with an identity platform on the loopback. */
export const test = base.extend<{ startIdentities: Start; embedded: Pick<Middleman, 'baseUrl'>; doctor: Doctor }>({
  startIdentities: async ({}, use) => {
    const started: (() => Promise<void>)[] = [];
    await use(async (changes = {}) => {
      const platform = await startPlatform(changes);
      started.push(platform.close);
      return platform;
    });
    await Promise.all(started.map((close) => close()));
  },

  /** A target to examine, which takes the tokens of whatever platform. */
  embedded: async ({}, use) => {
    const target = await startMiddleman(({ authorization, isControl }) =>
      authorization === '' || isControl ? 'pass' : { status: 404, body: '' },
    );
    await use(target);
    await target.close();
  },

  /** Runs the doctor on a target file with these identities; no terminal is there. */
  doctor: async ({ embedded, folder }, use) => {
    await use((platform, named) => {
      const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named });
      return runCli(['doctor', '--target', file], { cwd: folder, environment: named.environment ?? {} });
    });
  },
});
