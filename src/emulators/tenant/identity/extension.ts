import type { TenantExtension, TenantHost } from '../server.js';
import type { Application } from './applications.js';
import { createIdentityPlatform } from './platform.js';

/** Made up: the application that people sign in to, and the one that acts by itself. */
export const emulatedClients = {
  people: '3b8b4f7e-0a53-4c1d-8d5c-6f2e9a7b1c40',
  application: '7d0e5c93-1b6f-4a82-9c47-e3f8a2b5d611',
} as const;

interface ExtensionOptions {
  /** Secret of the application that acts by itself; without one it cannot prove itself. */
  readonly secret: string | null;
  readonly controlKey: string | null;
}

/** The identity platform as a part of the emulated tenant, which verifies the tokens that it gives out. */
export const identityExtension =
  ({ secret, controlKey }: ExtensionOptions) =>
  ({ edition, authority }: TenantHost): TenantExtension => {
    const applications: readonly Application[] = [
      { clientId: emulatedClients.people, publicClient: true },
      { clientId: emulatedClients.application, publicClient: false, ...(secret === null ? {} : { secrets: [secret] }) },
    ];
    const platform = createIdentityPlatform({
      edition,
      applications,
      issue: (persona) => authority.issue(persona),
      controlKey,
    });
    return (incoming, response) => platform.handle(incoming, response);
  };
