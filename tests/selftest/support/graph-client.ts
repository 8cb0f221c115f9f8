import {
  AuthenticationHandler,
  Client,
  RetryHandler,
  RetryHandlerOptions,
  TelemetryHandler,
  type Context,
  type Middleware,
} from '@microsoft/microsoft-graph-client';
import type { TenantClient } from './tenant-client.js';

/** The client waits this long where nobody says how long. */
const shortestDelayS = 1;

/**
 * Sends what the client sends over https to the tenant, which speaks http, as a gateway that terminates TLS does. The
 * client gives its token to no address of another scheme, and takes no other for a link to the next page.
 */
const gateway: Middleware = {
  async execute(context: Context) {
    const headers = new Headers(context.options?.headers);
    headers.set('X-Forwarded-Proto', 'https');
    const url = (typeof context.request === 'string' ? context.request : context.request.url).replace(
      'https:',
      'http:',
    );
    context.response = await fetch(url, { ...(context.options as RequestInit), headers });
  },
};

/** Microsoft's own client, with the handlers that it has by default. @param getAccessToken of whoever calls */
export function graphClientOf(client: TenantClient, getAccessToken: () => Promise<string>): Client {
  return Client.initWithMiddleware({
    baseUrl: `${client.running.originUrl.replace('http:', 'https:')}/`,
    defaultVersion: 'beta',
    customHosts: new Set([new URL(client.running.originUrl).hostname]),
    middleware: [
      new AuthenticationHandler({ getAccessToken }),
      new RetryHandler(new RetryHandlerOptions(shortestDelayS)),
      new TelemetryHandler(),
      gateway,
    ],
  });
}
