import type { Fault } from '../alterations.js';
import { addressFaults } from './address.js';
import { authenticationFaults } from './authentication.js';
import { bodyFaults } from './body.js';
import { clientFaults } from './clients.js';
import { connectionFaults } from './connections.js';
import { cornerFaults } from './corners.js';
import { editionFaults } from './editions.js';
import { effectFaults } from './effect.js';
import { errorFaults } from './error.js';
import { methodFaults } from './methods.js';
import { parsingFaults } from './parsing.js';
import { permissionFaults } from './permission.js';
import { robustnessFaults } from './robustness.js';
import { stateFaults } from './state.js';
import { successFaults } from './success.js';
import { tokenFaults } from './tokens.js';
import { wholeTargetFaults } from './whole-target.js';

/** Every mistake that the embedded target can be told to make. */
export const faults: readonly Fault[] = [
  ...stateFaults,
  ...permissionFaults,
  ...editionFaults,
  ...authenticationFaults,
  ...tokenFaults,
  ...bodyFaults,
  ...successFaults,
  ...effectFaults,
  ...addressFaults,
  ...methodFaults,
  ...connectionFaults,
  ...cornerFaults,
  ...errorFaults,
  ...robustnessFaults,
  ...parsingFaults,
  ...clientFaults,
  ...wholeTargetFaults,
];
