import { appendFileSync } from 'node:fs';
import { test } from '@playwright/test';
import { recorder, recordVariable } from './reach.js';

// Loaded by whatever carries out tests, before they are: notes, once for each test, which of the marked places it reaches.

const file = process.env[recordVariable];
let current: unknown = null;
let seen = new Set<number>();

function reached(place: number): void {
  if (file === undefined) return;
  const info = infoOfTest();
  if (info === null) return;
  if (info !== current) [current, seen] = [info, new Set()];
  if (seen.has(place)) return;
  seen.add(place);
  appendFileSync(file, `${JSON.stringify({ place, file: info.file, line: info.line })}\n`);
}

/** Null outside of tests, where it throws. */
function infoOfTest(): ReturnType<typeof test.info> | null {
  try {
    return test.info();
  } catch {
    return null;
  }
}

(globalThis as Record<string, unknown>)[recorder] = reached;
