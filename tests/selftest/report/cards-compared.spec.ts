import { expect } from '@playwright/test';
import type { PastRun } from '../../../src/engine/models/report.js';
import { cardsOf } from '../../../src/report/cards.js';
import { decisionOf } from '../../../src/report/decision.js';
import { digest, type Digest } from '../../../src/report/digest.js';
import { asPastRun } from '../../../src/report/history/past-run.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { withoutScripts } from '../../../src/report/html/script.js';
import type { Report } from '../../../src/report/model.js';
import { sideBySide } from '../../../src/report/side-by-side.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { test } from '../support/finished-runs.js';

test('a card tells of its own requirement alone, and why no other call vouches for what it shows', async () => {
  const fault = ['requests-of-others-cancelled', 'null-on-success'];
  const all = digest(await runOn(embeddedWith({ fault }), { fewCells: true, explained: true }));
  const shown = cardsOf(all.failedMust, all).map(({ rows: [row], title, check }) => {
    const pair = check === undefined ? null : sideBySide(check, all);
    return [row.id, { title, pair }] as const;
  });
  const card = new Map(shown);
  const stray = card.get('CANCEL-EFFECT-002');
  expect(stray?.title).toMatch(/^A call as \w+ changed another request$/);
  expect(stray?.pair).toMatchObject({
    control: null,
    // Calls that were refused are no comparison: every one that succeeded did this.
    alone: {
      words: expect.stringMatching(
        /^Nothing to compare it with: it fails in \d+ cases, and holds of no call that succeeded/,
      ),
      caseId: null,
    },
    expectedAnswer: null,
    expectedChange: null,
    further: [{ seen: expect.stringMatching(/^another user's request was \w+ before the call/) }],
  });
  const content = card.get('CANCEL-RESP-003');
  expect(content?.title).toBe('Broken: A success carries no content');
  expect(content?.pair).toMatchObject({
    expectedAnswer: null,
    expectedChange: null,
    further: [{ seen: 'the success carries content of 4 bytes: null', expected: '0 bytes' }],
  });
  expect(decisionOf(all).headline).toMatch(/ changes requests that the call was not about\.$/);
});

test('a call for which no other one vouches is compared with one that succeeded as well, and for which the same held', async () => {
  const target = embeddedWith({ fault: 'content-for-requestors' });
  const all = digest(await runOn(target, { areas: ['RESP', 'PERM'], explained: true }));
  const [check] = cardsOf(all.failedMust, all).flatMap((card) => card.check ?? []);
  const alone = check === undefined ? null : sideBySide(check, all)?.alone;
  expect(alone?.words).toMatch(
    /^It holds of (?:one call|\d+ calls) that succeeded, and fails in \d+ cases?\. One of which it holds:$/,
  );
  const caseId = alone?.caseId ?? '';
  expect(all.exchangesByCase.get(caseId)?.some(({ response }) => response?.status === 200)).toBe(true);
  expect(all.checkById.get(`${caseId}/success-without-content`)?.verdict).toBe('passed');
  const verbose = renderTerminal(all.report, { colour: false, reportPath: 'x', width: 400, verbose: true });
  for (const text of [withoutScripts(renderHtml(all.report)), renderSummary(all.report), verbose])
    expect(text.replaceAll(/<[^>]*>|&#45;/g, (tag) => (tag === '&#45;' ? '-' : ''))).toContain(
      `One of which it holds: ${caseId}`,
    );
});

test('a control that breaks a requirement itself vouches for no more than that its call succeeded, and says so', async () => {
  const broken = digest(
    await runOn(embeddedWith({ fault: ['ownership-unchecked', 'null-on-success'] }), { fewCells: true }),
  );
  const sound = digest(await runOn(embeddedWith({ fault: 'ownership-unchecked' }), { fewCells: true }));
  const breaksOf = (all: Digest): readonly (string | null | undefined)[] => {
    const [card] = cardsOf(all.failedMust, all).filter(({ rows: [row] }) => row.area === 'PERM');
    return [card?.check === undefined ? undefined : sideBySide(card.check, all)?.control?.breaks];
  };
  expect(breaksOf(broken)).toEqual(['CANCEL-RESP-003']);
  expect(breaksOf(sound)).toEqual([null]);
  const verbose = (all: Digest): string =>
    renderTerminal(all.report, { colour: false, reportPath: 'x', width: 400, verbose: true });
  const page = (all: Digest): string => withoutScripts(renderHtml(all.report));
  for (const text of [renderSummary(broken.report), verbose(broken)])
    expect(text.replaceAll('&#45;', '-')).toMatch(/Control, as \w+, which breaks CANCEL-RESP-003 itself/);
  expect(page(broken)).toMatch(/✓ succeeded, and breaks <a href="#[^"]+">CANCEL-RESP-003<\/a> itself/);
  for (const text of [renderSummary(sound.report), verbose(sound), page(sound)])
    expect(text).not.toMatch(/breaks (?:<a[^>]*>)?CANCEL[^ ]* itself/);
});

test('how many of the broken requirements are new is said as the history has it', async () => {
  const fault = ['requests-of-others-cancelled', 'null-on-success'];
  const nonconformant = await runOn(embeddedWith({ fault }), { fewCells: true });
  const { failedMust } = digest(nonconformant);
  const ids = failedMust.map(({ id }) => id);
  const before = (verdicts: PastRun['verdicts']): PastRun => ({ ...asPastRun(nonconformant), verdicts });
  const said = (...history: readonly PastRun[]): string => decisionOf(digest({ ...nonconformant, history })).extent;
  expect(ids).toHaveLength(2);
  expect(said()).toMatch(/ are broken: /);
  expect(said(before({ passed: ids }))).toMatch(/ are broken, both new: /);
  expect(said(before({ failed: ids }))).toMatch(/ are broken, all as before: /);
  // A night that told nothing makes nothing new, and what was repaired in between is back again.
  expect(said(before({ failed: ids }), before({ inconclusive: ids }))).toMatch(/ are broken, all as before: /);
  expect(said(before({ failed: ids }), before({ passed: ids }))).toMatch(/ are broken, none of them new: /);
  expect(said(before({ failed: ids.slice(1), passed: ids.slice(0, 1) }))).toMatch(/ are broken, 1 of them new: /);
});

test('whether what could not be told was told before is said as the history has it', async () => {
  const run = await runOn(embeddedWith({}), { fewCells: true });
  const own = run.requirements.filter(({ level, verdict }) => level === 'MUST' && verdict === 'passed').slice(0, 2);
  const ids = own.map(({ id }) => id);
  const untold: Report = {
    ...run,
    run: { ...run.run, outcome: 'incomplete', partial: false },
    totals: { ...run.totals, must: { ...run.totals.must, inconclusive: ids.length } },
    requirements: run.requirements.map((row) => (ids.includes(row.id) ? { ...row, verdict: 'inconclusive' } : row)),
  };
  const before = (verdicts: PastRun['verdicts']): PastRun => ({ ...asPastRun(untold), verdicts });
  const said = (...history: readonly PastRun[]): string => decisionOf(digest({ ...untold, history })).extent;
  expect(said()).toMatch(/ 2 could not be told\.$/);
  expect(said(before({ inconclusive: ids }))).toMatch(/ 2 could not be told, as before\.$/);
  expect(said(before({ passed: ids }))).toMatch(/ 2 could not be told, but were before\.$/);
  expect(said(before({ passed: ids.slice(1), inconclusive: ids.slice(0, 1) }))).toMatch(
    / 2 could not be told, 1 of them told before\.$/,
  );
  // What no run before was asked for is neither.
  expect(said(before({}))).toMatch(/ 2 could not be told\.$/);
  const partial = { ...untold, run: { ...untold.run, partial: true }, history: [before({ passed: ids })] };
  expect(decisionOf(digest(partial)).extent).not.toContain('before');
});
