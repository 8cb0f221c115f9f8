import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { acquireLock, breakLock, journalOfKilled } from '../../../src/arrange/graph/lock.js';
import { journalsAt } from '../../../src/arrange/graph/recover.js';
import { ConfigurationError } from '../../../src/engine/errors.js';
import type { LiveTenant } from '../../../src/target/live-tenant.js';
import { test } from '../support/temporary-folder.js';

const lockOf = (folder: string): string => path.join(folder, 'lock-a-tenant.json');

/** A process that was there, and is no more: no process has a number that large. */
const ended = 2 ** 30;

function leaveLock(folder: string, journal: string): void {
  writeFileSync(lockOf(folder), JSON.stringify({ pid: ended, since: '2026-11-29T12:00:00Z', journal }));
}

test('a lock names who holds it, lets in nobody else, and is gone when it is given up', ({ folder }) => {
  const mine = path.join(folder, 'run-mine.jsonl');
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
  const killed = path.join(folder, 'run-killed.jsonl');
  leaveLock(folder, killed);
  expect(journalOfKilled(folder, 'a-tenant')).toBe(killed);
  expect(() => acquireLock(folder, 'a-tenant', '/journals/mine.jsonl')).toThrow(
    /^a run in the tenant a-tenant was killed .*: clean up with: cancel-conformance recover \S*run-killed\.jsonl --target FILE/,
  );
  breakLock(folder, 'a-tenant');
  expect(journalOfKilled(folder, 'a-tenant')).toBeNull();
});

test('a path stands for one journal, for those of a folder, or for none', ({ folder }) => {
  const live = { state: folder, tenant: 'a-tenant' } as LiveTenant;
  const [one, other] = ['run-1.jsonl', 'run-2.jsonl'].map((name) => path.join(folder, name));
  const killed = path.join(folder, 'prepared-3.jsonl');
  for (const file of [one, other, killed]) writeFileSync(file ?? '', '');
  expect(journalsAt(one ?? '', live)).toEqual([one]);
  leaveLock(folder, killed);
  expect(journalsAt(folder, live)).toEqual([one, other, killed]);
  const unwritten = path.join(folder, 'run-unwritten.jsonl');
  expect(() => journalsAt(unwritten, live)).toThrow(/unwritten\.jsonl: no such journal/);
  leaveLock(folder, unwritten);
  expect(journalsAt(unwritten, live)).toEqual([]);
});

test('a command to paste holds a folder of any name as one word', ({ folder }) => {
  const state = path.join(folder, "it's; touch PWNED #ö");
  mkdirSync(state);
  leaveLock(state, path.join(state, 'run-1.jsonl'));
  const words = /recover (.*) --target FILE/.exec(messageOf(() => acquireLock(state, 'a-tenant', '')))?.[1] ?? '';
  expect(words).toMatch(/^[ -~]+$/);
  const said = spawnSync('sh', ['-c', `printf '%s|' ${words}`], { cwd: folder, encoding: 'utf8' }).stdout;
  expect(said).toBe(`${path.join(state, 'run-1.jsonl')}|`);
  expect(readdirSync(folder)).toEqual([path.basename(state)]);
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('what stands in the place of a lock and is none is named, and stays', ({ folder }) => {
  const places: Readonly<Record<string, (lock: string) => void>> = {
    'a folder': (lock) => {
      mkdirSync(lock);
    },
    'a symbolic link': (lock) => {
      symlinkSync('/nonexistent', lock);
    },
  };
  for (const [what, make] of Object.entries(places)) {
    make(lockOf(folder));
    const words = new RegExp(`lock-a-tenant\\.json: ${what}, where the lock .* no lock of this suite; move it away`);
    expect(() => acquireLock(folder, 'a-tenant', '')).toThrow(words);
    expect(() => journalOfKilled(folder, 'a-tenant')).toThrow(words);
    expect(() => {
      breakLock(folder, 'a-tenant');
    }).toThrow(words);
    expect(lstatSync(lockOf(folder)).isFile()).toBe(false);
    rmSync(lockOf(folder), { recursive: true });
  }
});

test('a lock that cannot be given up is named', ({ folder }) => {
  const giveUp = acquireLock(folder, 'a-tenant', path.join(folder, 'run-1.jsonl'));
  rmSync(lockOf(folder));
  mkdirSync(lockOf(folder));
  expect(giveUp).toThrow(/lock-a-tenant\.json: the lock of the tenant cannot be removed \(\w+\); remove it/);
  expect(giveUp).toThrow(ConfigurationError);
});
