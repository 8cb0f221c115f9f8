import type { Edition } from '../engine/contract/types.js';
import type { AddressForm } from './forms/addresses.js';
import type { BodyForm } from './forms/bodies.js';
import type { CredentialForm } from './forms/credentials.js';

/** What the documented call is made of. */
export const usual: {
  readonly method: string;
  readonly credential: CredentialForm;
  readonly address: AddressForm;
  readonly body: (edition: Edition) => BodyForm;
} = {
  method: 'POST',
  credential: 'bearer',
  address: 'own',
  body: ({ body }) => (body.rule === 'none' ? 'absent' : 'required'),
};
