/** Chooses what is looked at by turns; CANCEL_DAILY_SEED repeats the choice of a day. */
export const dailySeed = Number(process.env['CANCEL_DAILY_SEED'] ?? '0');

/** The share of a list that is looked at with every change, another one each day; a daily file looks at all of it. */
export const ofTheDay = <Item>(all: readonly Item[], shares: number): readonly Item[] =>
  all.filter((_, at) => at % shares === dailySeed % shares);
