import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { acquireLock, breakLock, journalOfKilled } from '../../../src/arrange/graph/lock.js';
import { journalsAt } from '../../../src/arrange/graph/recover.js';
import type { LiveTenant } from '../../../src/target/live-tenant.js';
import { test } from '../support/temporary-folder.js';

const lockOf = (folder: string): string => path.join(folder, 'lock-a-tenant.json');

/** A process that was there, and is no more: no process has a number that large. */
const ended = 2 ** 30;

function leaveLock(folder: string, journal: string): void {
  writeFileSync(lockOf(folder), JSON.stringify({ pid: ended, since: '2026-11-29T12:00:00Z', journal }));
}

test('a lock names who holds it, lets in nobody else, and is gone when it is given up', ({ folder }) => {
  const mine = path.join(folder, 'mine.jsonl');
  const giveUp = acquireLock(folder, 'a-tenant', mine);
  expect(JSON.parse(readFileSync(lockOf(folder), 'utf8'))).toMatchObject({ pid: process.pid, journal: mine });
  const atWork = new RegExp(`^another run is at work in the tenant a-tenant \\(process ${process.pid}, since .*: wait`);
  expect(() => acquireLock(folder, 'a-tenant', '/journals/other.jsonl')).toThrow(atWork);
  expect(() => journalOfKilled(folder, 'a-tenant')).toThrow(atWork);
  expect(() => {
    breakLock(folder, 'a-tenant');
  }).toThrow(atWork);
  giveUp();
  expect(existsSync(lockOf(folder))).toBe(false);
  expect(journalOfKilled(folder, 'a-tenant')).toBeNull();
});

test('a lock of a run that was killed names its journal, and can be broken', ({ folder }) => {
  const killed = path.join(folder, 'killed.jsonl');
  leaveLock(folder, killed);
  expect(journalOfKilled(folder, 'a-tenant')).toBe(killed);
  expect(() => acquireLock(folder, 'a-tenant', '/journals/mine.jsonl')).toThrow(
    /^a run in the tenant a-tenant was killed .*: clean up with: cancel-conformance recover \S*killed\.jsonl --target FILE/,
  );
  breakLock(folder, 'a-tenant');
  expect(journalOfKilled(folder, 'a-tenant')).toBeNull();
});

test('a path stands for one journal, for those of a folder, or for none', ({ folder }) => {
  const live = { state: folder, tenant: 'a-tenant' } as LiveTenant;
  const [one, other] = ['run-1.jsonl', 'run-2.jsonl'].map((name) => path.join(folder, name));
  const elsewhere = path.join(folder, 'elsewhere.jsonl');
  for (const file of [one, other, elsewhere]) writeFileSync(file ?? '', '');
  expect(journalsAt(one ?? '', live)).toEqual([one]);
  expect(journalsAt(folder, live)).toEqual([one, other]);
  leaveLock(folder, elsewhere);
  expect(journalsAt(folder, live)).toEqual([one, other, elsewhere]);
  const unwritten = path.join(folder, 'unwritten.jsonl');
  expect(() => journalsAt(unwritten, live)).toThrow(/unwritten\.jsonl: no such journal/);
  leaveLock(folder, unwritten);
  expect(journalsAt(unwritten, live)).toEqual([]);
});
