import { addressSeams } from './defaults/address.js';
import { answerSeams } from './defaults/answers.js';
import { bodySeams } from './defaults/body.js';
import { credentialSeams } from './defaults/credentials.js';
import { effectSeams } from './defaults/effect.js';
import { permissionSeams } from './defaults/permission.js';
import type { Seams } from './seams.js';

/** The service as the contract describes it. */
export const defaultSeams: Seams = {
  ...addressSeams,
  ...credentialSeams,
  ...permissionSeams,
  ...bodySeams,
  ...effectSeams,
  ...answerSeams,
};
