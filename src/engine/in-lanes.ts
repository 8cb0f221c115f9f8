/**
 * Does something with each item, several at once, in order of the items.
 * @param lanes how many at once
 * @returns the results in the order of the items
 * @throws what the first failure throws, once no lane is at work any more
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}

/**
 * Waits for all that was begun, also where one of it fails: nothing of it goes on behind the back of whoever deals with that.
 * @param begun what was begun; what may throw at once is to be called before
 * @returns the results in the same order
 * @throws what the first of them in the list throws
 */
export async function together<const Begun extends readonly unknown[]>(
  begun: Begun,
): Promise<{ -readonly [At in keyof Begun]: Awaited<Begun[At]> }> {
  await Promise.allSettled(begun);
  return Promise.all(begun);
}
