import type { KeyReference } from './target.js';

/** Where the key of the control protocol is looked for when no target file says otherwise. */
export const defaultKeyEnv = 'CANCEL_CONTROL_KEY';

export const defaultKey: KeyReference = { env: defaultKeyEnv, required: false };
