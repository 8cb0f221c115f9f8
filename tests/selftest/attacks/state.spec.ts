import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { acquireLock, journalOfKilled } from '../../../src/arrange/graph/lock.js';
import { longAgo } from '../support/attacked-tenant.js';
import { test } from '../support/temporary-folder.js';

const holders: Readonly<Record<string, (folder: string) => unknown>> = {
  'the number 0, which is every process of a group': () => ({ pid: 0 }),
  'a number below 0': () => ({ pid: -1 }),
  'a number that is text': () => ({ pid: '1' }),
  'no number': () => ({ pid: undefined }),
  'half a number': () => ({ pid: 1.5 }),
  'this process, started at another time': () => ({ pid: process.pid, started: 'another 1' }),
  'the first process, before the machine was started': () => ({ pid: 1, started: null, since: '2001-01-01T00:00:00Z' }),
  'a moment that is none': () => ({ since: '\u001b[2J' }),
  'a journal elsewhere': () => ({ journal: '/etc/passwd' }),
  'a journal above': (folder) => ({ journal: path.join(folder, '..', 'run-1.jsonl') }),
  'a journal that is no text': () => ({ journal: 7 }),
};

for (const [what, change] of Object.entries(holders)) {
  test(`a lock that holds ${what} keeps nobody out for good, and leads nowhere`, ({ folder }) => {
    const journal = path.join(folder, 'run-1.jsonl');
    const holder = { pid: 2 ** 30, started: null, since: longAgo, journal, ...(change(folder) as object) };
    writeFileSync(path.join(folder, 'lock-a-tenant.json'), JSON.stringify(holder));
    expect([null, journal]).toContain(journalOfKilled(folder, 'a-tenant'));
    expect(() => acquireLock(folder, 'a-tenant', journal)).toThrow(/was killed|it is no lock of this suite/);
  });
}

for (const content of ['', 'null', '[]', '7', '{', '['.repeat(50_000), `"${'x'.repeat(100_000)}"`]) {
  test(`a lock that is ${content.slice(0, 10)} leads nowhere`, ({ folder }) => {
    writeFileSync(path.join(folder, 'lock-a-tenant.json'), content);
    expect(journalOfKilled(folder, 'a-tenant')).toBeNull();
  });
}
