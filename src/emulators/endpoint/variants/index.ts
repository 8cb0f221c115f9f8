import type { Variant } from '../alterations.js';
import { answerVariants } from './answers.js';
import { callerVariants } from './callers.js';
import { clientVariants } from './clients.js';
import { errorVariants } from './errors.js';
import { framingVariants } from './framing.js';
import { requestVariants } from './requests.js';
import { resourceVariants } from './resource.js';
import { successVariants } from './success.js';

/** Every behaviour that the contract leaves open and the embedded target can be told to have. All of them conform. */
export const variants: readonly Variant[] = [
  ...answerVariants,
  ...successVariants,
  ...resourceVariants,
  ...requestVariants,
  ...callerVariants,
  ...errorVariants,
  ...framingVariants,
  ...clientVariants,
];
