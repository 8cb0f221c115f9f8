import { expect } from '@playwright/test';
import { digest } from '../../../src/report/digest.js';
import { cardsOf, likelySentence } from '../../../src/report/cards.js';
import { decisionOf } from '../../../src/report/decision.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { withoutScripts } from '../../../src/report/html/script.js';
import { challengeText, issueText } from '../../../src/report/issue-text.js';
import { renderJunit } from '../../../src/report/junit.js';
import type { Report } from '../../../src/report/model.js';
import { sideBySide, type SideBySide } from '../../../src/report/side-by-side.js';
import { successPattern } from '../../../src/report/success-pattern.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { test as base, type FinishedRuns } from '../support/finished-runs.js';
import { madeOnce } from '../support/made-once.js';

/** A target with three mistakes: a security hole, a wrong answer, and a wrong form that is no more than recommended. */
const test = base.extend<{ broken: Report }>({
  broken: async ({}, use) => {
    const fault = ['mixed-success-status', 'scope-compared-by-prefix', 'success-without-request-id'];
    await use(
      await madeOnce('broken in three ways', () => runOn(embeddedWith({ fault }), { fewCells: true, explained: true })),
    );
  },
});

/** What the first card of a report shows. */
function firstPair(report: Report): SideBySide | null {
  const all = digest(report);
  const [check] = cardsOf(all.failedMust, all).flatMap((card) => card.check ?? []);
  return check === undefined ? null : sideBySide(check, all);
}

const decided = (report: Report): string => decisionOf(digest(report)).word;

const decisions: Partial<Record<keyof FinishedRuns, string>> = {
  conformant: 'ship',
  warned: 'ship',
  nonconformant: 'do not ship',
  waived: 'ship with waivers',
  incomplete: 'cannot say',
};

test('one word says whether to rely on the target', ({ runs }) => {
  for (const [kind, word] of Object.entries(decisions)) {
    const report = runs[kind as keyof FinishedRuns];
    expect(decided(report), kind).toBe(word);
    expect(renderHtml(report), kind).toContain(`<strong class="decision">${word}</strong>`);
    expect(renderSummary(report), kind).toContain(`**${word.toUpperCase()}. `);
  }
  const { run } = runs.conformant;
  for (const outcome of ['suite-fault', 'interrupted'] as const)
    expect(decided({ ...runs.conformant, run: { ...run, outcome } })).toBe('cannot say');
});

test('the headline names the worst that the target does, and the extent counts MUST and SHOULD apart', ({
  broken,
  runs,
}) => {
  const { headline, extent } = decisionOf(digest(broken));
  expect(headline).toMatch(/ lets the wrong caller cancel a request\.$/);
  expect(extent).toMatch(/^2 of \d+ MUST requirements are broken: 1 security hole, 1 wrong answer\. /);
  expect(extent).toContain('Besides, 1 SHOULD requirement failed: 1 wrong form.');
  expect(decisionOf(digest(runs.nonconformant)).headline).not.toContain('wrong caller');
  expect(decisionOf(digest(runs.incomplete)).extent).toMatch(/ \d+ could not be told\.$/);
});

test('there is one card for each cause, the worst first, and each names the mistake that was made', ({ broken }) => {
  const all = digest(broken);
  const cards = cardsOf(all.failedMust, all);
  expect(cards.map(({ consequence }) => consequence)).toEqual(['changed', 'answer']);
  const named = cards.map(({ likely }) => (typeof likely === 'object' ? likely?.mistakes.map(({ id }) => id) : null));
  expect(named[0]).toEqual(expect.arrayContaining(['scope-compared-by-prefix']));
  // What decides which status it is refutes some of the mistakes that leave the same trace: it stands in their place.
  expect(cards.map(({ pattern }) => pattern)).toEqual([null, expect.stringMatching(/^20[04] where /)]);
  expect(cards[1]?.likely).toBeNull();
  expect(cardsOf(all.warnings, all).map(({ rows }) => rows.map(({ level }) => level))).toEqual([['SHOULD']]);
});

test('a failure that no known mistake leaves behind says so, and one of a suite that knows none says nothing', ({
  broken,
  runs,
}) => {
  const { causes } = broken;
  expect(causes?.unexplained).toEqual([]);
  const unlike: Report = { ...broken, causes: { proof: '0'.repeat(64), known: 3, found: [], unexplained: ['x'] } };
  expect(renderHtml(unlike)).toContain('Like no known mistake');
  expect(renderSummary(unlike)).toContain('Like no known mistake');
  expect(withoutScripts(renderHtml(runs.nonconformant))).not.toContain('Like no known mistake');
  expect(withoutScripts(renderHtml(broken))).not.toContain('Like no known mistake');
});

test('the call stands beside its control: what is declared to differ is marked, nothing else differs, the outcome is last', ({
  broken,
}) => {
  const pair = firstPair(broken);
  expect(pair?.control).toMatchObject({ persona: 'administrator', change: 'pendingApproval → cancelled' });
  expect(pair?.probe).toMatchObject({ persona: 'similarScopeUser', answer: 'HTTP 200' });
  expect(pair?.lines.filter(({ kind }) => kind === 'declared').map(({ probe }) => probe)).toEqual([
    'authorization: Bearer ‹token:similarScopeUser›',
    expect.stringContaining('a scope that merely starts like the permission'),
  ]);
  expect(pair?.lines.filter(({ kind }) => kind === 'other')).toEqual([]);
  expect(pair).toMatchObject({ expectedAnswer: 'one of 401, 403', expectedChange: 'status pendingApproval' });
});

test('a difference that is not declared is told from one that is', ({ broken }) => {
  const altered: Report = {
    ...broken,
    exchanges: broken.exchanges.map((exchange) =>
      exchange.id === 'perm-refuses-similarScopeUser.1'
        ? {
            ...exchange,
            request: { ...exchange.request, headers: [...exchange.request.headers, ['x-more', '1'] as const] },
          }
        : exchange,
    ),
  };
  const pair = firstPair(altered);
  expect(pair?.lines.filter(({ kind }) => kind === 'other')).toEqual([
    { control: null, probe: 'x-more: 1', kind: 'other' },
  ]);
});

test('what decides between two statuses of a success is said, and nothing where there is one', ({ broken, runs }) => {
  expect(successPattern(digest(broken))).toEqual({
    words: expect.stringMatching(/^204 where the caller is .*requestor.*, 200 otherwise$/),
    decides: true,
  });
  expect(successPattern(digest(runs.conformant))).toBeNull();
  const verbose = renderTerminal(broken, { colour: false, reportPath: 'x', width: 400, verbose: true });
  for (const text of [renderHtml(broken), renderSummary(broken), verbose])
    expect(withoutScripts(text).match(/204 where the caller is/g)?.length).toBeGreaterThan(0);
  // It stands on the card of the statuses alone, there in the place of mistakes that it may refute.
  expect(verbose.match(/^ {2}Pattern /gm)).toHaveLength(1);
});

test('whether a failure is new is asked where no run before is known, but not of a part that is carried out again', ({
  broken,
  runs,
}) => {
  const asks = (report: Report): boolean => withoutScripts(renderHtml(report)).includes('New or known?');
  const whole = { ...broken, run: { ...broken.run } };
  delete whole.run.only;
  expect(asks(whole)).toBe(true);
  expect(asks({ ...whole, run: { ...whole.run, only: ['CANCEL-PERM-008'] } })).toBe(false);
  expect(asks({ ...whole, history: [] })).toBe(false);
  const conformant = { ...runs.conformant, run: { ...runs.conformant.run } };
  delete conformant.run.only;
  expect(asks(conformant)).toBe(false);
});

test('where nothing decides between two statuses, the known mistakes are named as well', ({ broken }) => {
  let next = 0;
  const exchanges = broken.exchanges.map((one) => {
    if (one.response === null || ![200, 204].includes(one.response.status)) return one;
    next += 1;
    return { ...one, response: { ...one.response, status: next % 2 === 0 ? 200 : 204 } };
  });
  const all = digest({ ...broken, exchanges });
  expect(successPattern(all)?.decides).toBe(false);
  const card = cardsOf(all.failedMust, all).find(({ pattern }) => pattern !== null);
  expect(card?.pattern).toContain('decides which');
  expect(card?.likely).not.toBeNull();
});

test('a wrong cancel of a state is called by that state, and so is a success that came with it', ({ broken }) => {
  const checks = broken.checks.map((one) =>
    one.findings.some(({ exchangeId }) => exchangeId === null)
      ? { ...one, findings: one.findings.filter(({ exchangeId }) => exchangeId === null) }
      : { ...one, findings: [] },
  );
  const requirements = broken.requirements.map((row) =>
    row.id === 'CANCEL-PERM-008' ? { ...row, area: 'STATE' as const } : row,
  );
  const all = digest({ ...broken, checks, requirements });
  const [card] = cardsOf(all.failedMust, all);
  expect(card?.title).toBe('A request that was pendingApproval was cancelled');
  expect(card?.check && sideBySide(card.check, all)?.expectedAnswer).toBe('a refusal');
  // With a wrong caller besides, the headline names what both have in common.
  const [row] = broken.requirements.filter(({ id }) => id === 'CANCEL-PERM-008');
  const both = digest({
    ...broken,
    requirements: [...requirements, ...(row ? [{ ...row, id: 'CANCEL-PERM-999' }] : [])],
  });
  expect(decisionOf(both).headline).toMatch(/ cancels requests that it must not\.$/);
});

test('page, summary and terminal have both calls side by side, and the terminal only when asked', ({ broken }) => {
  const terminal = { colour: false, reportPath: 'x', width: 200 };
  const verbose = renderTerminal(broken, { ...terminal, verbose: true });
  for (const text of [renderHtml(broken), renderSummary(broken), verbose]) {
    expect(text).toMatch(/control, as administrator/i);
    expect(text).toMatch(/lines alike/);
    expect(text).toContain('a scope that merely starts like');
    expect(text).toContain('cancel-conformance run --only CANCEL-PERM-008');
  }
  expect(renderTerminal(broken, terminal)).not.toContain('control, as');
  const narrow = renderTerminal(broken, { ...terminal, width: 80, verbose: true });
  expect(narrow).toMatch(/≠ control {2}authorization: .*\n {4}≠ probe {4}authorization: /);
});

test('junit.xml names the requirement, and shows of a failure what was sent, what was answered, and the command', ({
  broken,
  runs,
}) => {
  const xml = renderJunit(broken);
  expect(xml).toContain('name="CANCEL-PERM-008 A scope that merely starts like the permission is refused: ');
  const [, wire = ''] = /<system-out>(exchange perm-refuses-similarScopeUser\.1[^<]*)</.exec(xml) ?? [];
  expect(wire).toContain('authorization: Bearer ‹token:similarScopeUser›');
  expect(wire).toContain('HTTP 200');
  expect(xml).toMatch(/again: npx --no cancel-conformance run --only CANCEL-PERM-008<\/failure>/);
  expect(renderJunit(runs.conformant)).not.toContain('system-out');
});

test('each card has its failure as an issue, and as a challenge with the clause, to be copied; neither mentions anybody', ({
  broken,
}) => {
  const hostile: Report = { ...broken, target: { ...broken.target, name: '@everyone #12 https://x.test' } };
  const all = digest(hostile);
  const [[issue, challenge] = ['', '']] = cardsOf(all.failedMust, all).map(
    (card) => [issueText(card, all), challengeText(card, all)] as const,
  );
  expect(issue).toContain('- Demanded (MUST CANCEL-PERM-008): ');
  expect(issue).toContain('- Again: `npx --no cancel-conformance run --only CANCEL-PERM-008`');
  expect(issue).not.toMatch(/@everyone|#12|https:\/\/x/);
  expect(challenge).toMatch(/^## CANCEL-PERM-008 is wrong about my target\n/);
  expect(challenge).toContain('I read the source otherwise, because: ');
  for (const text of ['As an issue', 'Challenge this check'])
    expect(renderHtml(broken)).toContain(`<summary>${text}</summary>`);
  expect(withoutScripts(renderHtml({ ...broken, requirements: [] }))).not.toContain('Challenge this check');
});

test('a card says of the call what it had to come to: one that had to succeed had not to be refused', async ({
  broken,
}) => {
  const deaf = await runOn(embeddedWith({ fault: 'header-names-compared-with-case' }), { fewCells: true });
  expect(renderHtml(deaf)).toContain('✗ had to succeed');
  expect(renderHtml(deaf)).not.toContain('✗ had to be refused');
  expect(renderHtml(broken)).toContain('✗ had to be refused');
});

test('no more mistakes are said to leave a trace than do, and what would explain as much is named apart', ({
  broken,
}) => {
  const mistakes = ['one', 'two', 'three'].map((id) => ({ id, sentence: `Makes mistake ${id}.` }));
  const found = { mistakes, alike: 1, checks: broken.causes?.found[0]?.checks ?? [] };
  const causes = { proof: '0'.repeat(64), known: 9, found: [found], unexplained: ['one that nothing explains'] };
  const report = { ...broken, causes };
  expect(likelySentence(found, report)).toBe(
    'Makes mistake one. (one) (1 of 9 known mistakes fails exactly these checks) As much would be explained by: Makes mistake two. (two) Or: Makes mistake three. (three)',
  );
  expect(renderHtml(report)).toMatch(/\(1 of 9 known mistakes fails exactly these checks\)<\/small> As much would/);
  // One alone has left the whole of its trace.
  const alone = { ...broken, causes: { ...causes, unexplained: [] } };
  expect(likelySentence(found, alone)).toBe(
    'Makes mistake one. (one) (1 of 9 known mistakes fails exactly these checks)',
  );
});

test('what two causes explain belongs to the one that explains least besides', ({ broken }) => {
  const found = broken.causes?.found ?? [];
  const ofScope = found.find(({ mistakes }) => mistakes.some(({ id }) => id === 'scope-compared-by-prefix'));
  const checks = ofScope?.checks ?? [];
  const mistake = (id: string): (typeof found)[number]['mistakes'] => [{ id, sentence: `Makes mistake ${id}.` }];
  const wide = { mistakes: mistake('wide'), alike: 1, checks: found.flatMap((one) => one.checks) };
  const narrow = { mistakes: mistake('narrow'), alike: 1, checks };
  const causes = { proof: '0'.repeat(64), known: 2, found: [wide, narrow], unexplained: [] };
  const all = digest({ ...broken, causes });
  const named = cardsOf(all.failedMust, all).map(({ likely, rows }) => [
    typeof likely === 'object' ? likely?.mistakes[0]?.id : likely,
    rows.map(({ id }) => id).includes('CANCEL-PERM-008'),
  ]);
  expect(named).toContainEqual(['narrow', true]);
  // Of the other one the card tells the pattern.
  expect(named).toEqual([
    ['narrow', true],
    [undefined, false],
  ]);
});

for (const [what, caseId, says] of [
  [
    'over the same connection',
    'auth-no-credentials-on-a-connection-that-had-some',
    /^Before it: GET, as administrator, over the same connection: HTTP 200$/,
  ],
  ['for somebody else', 'perm-refused-owner-then-garbage', /^Before it: POST, as requestor: HTTP 400$/],
] as const) {
  test(`a card tells the call that went before the one that failed, ${what}`, ({ runs }) => {
    const all = digest(runs.conformant);
    const check = all.checksByCase.get(caseId)?.[0];
    expect(check && sideBySide(check, all)?.before).toMatch(says);
  });
}

test('a card of a call that came first tells of none before it', ({ broken }) => {
  const all = digest(broken);
  const [card] = cardsOf(all.failedMust, all);
  expect(card?.check && sideBySide(card.check, all)?.before).toBeNull();
});
