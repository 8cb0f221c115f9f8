/** Where the key of the control protocol is looked for when the target is a bare URL. */
export const defaultKeyEnv = 'CANCEL_CONTROL_KEY';
