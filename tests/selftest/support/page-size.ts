import { expect } from '@playwright/test';
import { packed } from '../../../src/report/carried.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { judgeScript } from '../../../src/report/html/script.js';
import type { Report } from '../../../src/report/model.js';
import { hostileOf } from './finished-runs.js';

export const MiB = 1024 * 1024;

/** Holds the page of a whole run to so many MiB without its judge, and to 2.5 with it, whatever the target says. */
export function expectSmallPage(report: Report, mostMiB: number): void {
  const html = renderHtml(report);
  const forJudging = Buffer.byteLength(judgeScript()) + Buffer.byteLength(packed(report) ?? '');
  expect(forJudging).toBeGreaterThan(MiB / 4);
  expect(Buffer.byteLength(html) - forJudging).toBeLessThan(mostMiB * MiB);
  expect(Buffer.byteLength(html)).toBeLessThan(2.5 * MiB);
  expect(Buffer.byteLength(renderHtml(hostileOf(report)))).toBeLessThan(2.5 * MiB);
}
