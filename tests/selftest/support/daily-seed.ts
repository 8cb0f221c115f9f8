/** Chooses what is looked at by turns; CANCEL_DAILY_SEED repeats the choice of a day. */
export const dailySeed = Number(process.env['CANCEL_DAILY_SEED'] ?? '0');
