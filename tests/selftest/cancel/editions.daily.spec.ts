import { expect, test } from '@playwright/test';
import { knownEditions } from '../../../src/engine/contract/load.js';
import { judgeSubject } from '../../../src/wings/prove/subject.js';
import { editionFaults } from '../../../src/emulators/endpoint/faults/editions.js';
import { expectCaught } from '../support/edition-faults.js';
import { started } from '../support/subjects.js';

for (const edition of knownEditions()) {
  test(`the embedded target conforms to ${edition} in all cells`, async () => {
    const result = started(await judgeSubject({ kind: 'unaltered', ids: [], areas: null }, edition));
    expect(result).toMatchObject({ outcome: 'conformant', failed: [], untold: [], suiteFaults: [] });
  });
}

for (const fault of editionFaults) {
  test(`catches the fault ${fault.id} in the editions that it concerns, and in no other`, async () => {
    await expectCaught(fault, () => true);
  });
}
