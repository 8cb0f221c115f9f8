import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { ConfigurationError } from '../../../src/engine/errors.js';
import { readWaivers, type WaiverEntry } from '../../../src/engine/contract/waivers.js';
import { test } from '../support/temporary-folder.js';

const waiver: WaiverEntry = {
  requirement: 'CANCEL-PERM-003',
  check: 'perm-refuses-otherUser/answers-accepted-status',
  edition: 'beta-2021-05',
  fingerprint: '0123456789abcdef',
  reason: 'known',
  owner: 'team-x',
  expires: '2026-06-30',
};

const written = (rest: object = {}): string => {
  return Object.entries({ ...waiver, ...rest })
    .map(([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${JSON.stringify(value)}`)
    .join('\n');
};

for (const [what, text, says] of [
  ['nothing', '', /^w\.yaml: nothing stands in it; it needs waivers$/],
  ['an unknown key', `waivers:\n${written({ untill: 'x' })}`, /^w\.yaml:9: waivers\[0\]\.untill: unknown key/],
  [
    'no owner',
    `waivers:\n${written({ owner: null })}`,
    /^w\.yaml:7: waivers\[0\]\.owner: nothing stands there: give what belongs there/m,
  ],
  [
    'an empty reason',
    `waivers:\n${written({ reason: ' ' })}`,
    /^w\.yaml:6: waivers\[0\]\.reason: " " is not what it has to be/,
  ],
  [
    'a day that does not exist',
    `waivers:\n${written({ expires: '2026-02-30' })}`,
    /^w\.yaml:8: waivers\[0\]\.expires: "2026-02-30" is no day of the calendar: write one such as 2026-12-31$/,
  ],
  [
    'a fingerprint that YAML takes for a number',
    `waivers:\n${written({ fingerprint: 1234567890123456 })}`,
    /^w\.yaml:5: waivers\[0\]\.fingerprint: [\w]+ is no text as it stands there: quote it, '\w+'$/m,
  ],
  [
    'an unknown edition',
    `waivers:\n${written({ edition: 'beta-2012-05' })}`,
    /^w\.yaml:4: waivers\[0\]\.edition: no edition beta-2012-05; did you mean beta-2021-05\? Known: beta-2021-05, /,
  ],
  [
    'a reason as drafted',
    `waivers:\n${written({ reason: 'REPLACE ME: why?' })}`,
    /^w\.yaml:6: waivers\[0\]\.reason: still says REPLACE ME; write the reason/,
  ],
  [
    'an owner as drafted',
    `waivers:\n${written({ owner: 'REPLACE ME' })}`,
    /^w\.yaml:7: waivers\[0\]\.owner: still says REPLACE ME; write the owner/,
  ],
  [
    'one failure twice',
    `waivers:\n${written()}\n${written({ fingerprint: 'fedcba9876543210' })}`,
    /^w\.yaml:9: waivers\[1\]: .* is waived already at w\.yaml:2; keep one/,
  ],
] as const) {
  test(`a waiver file with ${what} is refused by file, line and key`, ({ folder }) => {
    const file = path.join(folder, 'w.yaml');
    writeFileSync(file, text);
    expect(
      messageOf(file)
        .replaceAll(/^\S*w\.yaml/gm, 'w.yaml')
        .replace(/at \S*w\.yaml/, 'at w.yaml'),
    ).toMatch(says);
  });
}

function messageOf(file: string): string {
  try {
    readWaivers(file);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

test('a waiver file is read with the line of each waiver; one without waivers is fine', ({ folder }) => {
  const file = path.join(folder, 'w.yaml');
  writeFileSync(
    file,
    `# why\nwaivers:\n${written()}\n${written({ check: 'perm-refuses-otherUser/subject-unchanged', expires: '2027-01-01' })}\n`,
  );
  expect(readWaivers(file).map(({ at }) => at.replace(/^.*w\.yaml/, 'w.yaml'))).toEqual(['w.yaml:3', 'w.yaml:10']);
  writeFileSync(file, 'waivers: []\n');
  expect(readWaivers(file)).toEqual([]);
});
