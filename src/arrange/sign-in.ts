import { platformCredential, type SignInPrompt } from './identity/platform.js';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import { registryFor } from '../target/shown.js';
import type { PlatformGrant } from '../target/token-source.js';
import type { Target } from '../target/target.js';
import { askingOf } from './credentials.js';

/** The grants for which a person signs in. */
const ofPeople: readonly PlatformGrant['kind'][] = ['deviceCode', 'authorizationCode'];

/** Who tells a person what to do, and what came of it. */
export interface SignInDesk {
  readonly ask: (persona: string, prompt: SignInPrompt) => void;
  readonly failed: (message: string) => void;
}

/**
 * Signs in every persona whose tokens come from a sign-in of a person, one after the other, unless what is kept is still good.
 * @throws ConfigurationError when the target has no such persona, or when what its file says cannot be
 */
export async function signIn(target: Target, desk: SignInDesk): Promise<void> {
  const waiting = Object.entries(target.tokens).flatMap(([persona, source]) =>
    'platform' in source && ofPeople.includes(source.platform.grant.kind) ? [{ persona, token: source.platform }] : [],
  );
  if (waiting.length === 0) {
    throw new ConfigurationError(
      `--sign-in: no identity of ${target.name} signs in with a device code or an authorization code`,
    );
  }
  const secrets = registryFor(target);
  for (const { persona, token } of waiting) {
    const prompt = (shown: SignInPrompt): void => {
      desk.ask(persona, shown);
    };
    try {
      await platformCredential(token, { ...askingOf(target), persona, secrets, prompt });
    } catch (error) {
      if (!(error instanceof PrerequisiteError)) throw error;
      desk.failed(secrets.redact(`${persona}: ${error.message}`));
    }
  }
}
