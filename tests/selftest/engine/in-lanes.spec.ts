import { expect, test } from '@playwright/test';
import { together } from '../../../src/engine/in-lanes.js';

test('waits for all that was begun before it tells of a failure, the first in the list', async () => {
  const ended: string[] = [];
  const begun = async (name: string, turns: number, fails: boolean): Promise<string> => {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    ended.push(name);
    if (fails) throw new Error(name);
    return name;
  };
  expect(await together([begun('a', 3, false), begun('b', 1, false), 'c'])).toEqual(['a', 'b', 'c']);
  ended.length = 0;
  await expect(together([begun('a', 9, true), begun('b', 1, true), begun('c', 20, false)])).rejects.toThrow('a');
  expect(ended).toEqual(['b', 'a', 'c']);
});
