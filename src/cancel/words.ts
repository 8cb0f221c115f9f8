import type * as engine from '../engine/case.js';
import type { Area } from './areas.js';
import type { ClauseId } from './clauses.js';
import type { AddressForm } from './forms/addresses.js';
import type { BodyForm } from './forms/bodies.js';
import type { ClientForm } from './forms/clients.js';
import type { CredentialForm } from './forms/credentials.js';
import type { Gate } from './gates.js';
import type { Persona } from './personas.js';
import type { Verb } from './verbs/index.js';

/** The words of this endpoint; each union is made of the table that is its home. */
export interface CancelWords extends engine.Words {
  readonly area: Area;
  readonly persona: Persona;
  readonly verb: Verb;
  readonly clause: ClauseId;
  readonly body: BodyForm;
  readonly address: AddressForm;
  readonly credential: CredentialForm;
  readonly client: ClientForm;
  readonly gate: Gate;
}

export type Case = engine.Case<CancelWords>;
export type CaseGroup = engine.CaseGroup<CancelWords>;
export type Probe = engine.Probe<CancelWords>;
export type Expectation = engine.Expectation<CancelWords>;
export type { Persona, Verb };
export type { Place } from '../engine/case.js';
