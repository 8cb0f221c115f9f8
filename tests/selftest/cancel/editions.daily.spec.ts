import { expect, test } from '@playwright/test';
import { knownEditions } from '../../../src/engine/contract/load.js';
import { judgeSubject } from '../../../src/wings/prove/subject.js';
import { started } from '../support/subjects.js';

for (const edition of knownEditions()) {
  test(`the embedded target conforms to ${edition} in all cells`, async () => {
    const result = started(await judgeSubject({ kind: 'unaltered', ids: [], areas: null }, edition));
    expect(result).toMatchObject({ outcome: 'conformant', failed: [], untold: [], suiteFaults: [] });
  });
}
