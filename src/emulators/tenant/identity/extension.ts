import { emulatedClients } from '../../endpoint/personas.js';
import type { TenantExtension, TenantHost } from '../server.js';
import type { Application } from './applications.js';
import { createIdentityPlatform } from './platform.js';

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
      issue: (persona, asked) => authority.issue(persona, asked),
      controlKey,
    });
    return (incoming, response) => platform.handle(incoming, response);
  };
