import type { Waiver } from '../../../src/engine/contract/waivers.js';
import { renderHtml } from '../../../src/report/html/page.js';
import type { Report } from '../../../src/report/model.js';
import { draftWaivers } from '../../../src/report/waiver-draft.js';
import { embeddedWith, runOn } from './engine-runs.js';
import { madeOnce } from './made-once.js';
import { test as base } from './temporary-folder.js';

/** Reports of real runs against the embedded target. In a few cells: all others are shown alike. */
export interface FinishedRuns {
  readonly conformant: Report;
  /** Successes without request-id: a SHOULD row fails, which is a warning. */
  readonly warned: Report;
  /** Successes answered with two statuses: one MUST row fails. */
  readonly nonconformant: Report;
  /** The nonconformant one once more, with a waiver for what fails and one for another edition. */
  readonly waived: Report;
  /** One status cannot be arranged: what needs it cannot be told. */
  readonly incomplete: Report;
  /** The nonconformant one, with hostile text wherever a target or a user may have put text. */
  readonly hostile: Report;
}

/** Everything that breaks careless renderers: markup, the ends of other markup, controls, ANSI, lone surrogates, bidi. */
export const hostileText =
  '</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> --> &lt; "\'`|*_[x](javascript:x) ' +
  '\u0000\u0007\u001b[31mred\u001b[0m\u001b]8;;http://x\u0007\r\n\u0085\u2028\u202e\ufeff\ufff9\ufffe lone \ud800 and \udc00 \u{1f600}';

/** Members that hold text from outside, or text that might. Titles are our own and short, by schema. */
const texts = new Set(['name', 'explanation', 'statement', 'message', 'expected', 'actual', 'value', 'observed']);
const listsOfTexts = new Set(['headers', 'suiteFaults', 'configuration']);

/** The value with a text behind every text of those members; ids, words and numbers stay. */
function madeHostile(value: unknown, key: string, added: string): unknown {
  if (typeof value === 'string') {
    return texts.has(key) || key === 'text' || listsOfTexts.has(key) ? value + added : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => madeHostile(item, key, added));
  const inner = (name: string): string => (listsOfTexts.has(key) ? key : name);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, madeHostile(item, inner(name), added)]));
}

/** The report of a faulty suite with hostile text wherever there may be any. */
export const hostileOf = (report: Report, added = hostileText): Report =>
  madeHostile({ ...report, suiteFaults: ['made up'] }, '', added) as Report;

/** The waivers under which a run like this one passes, and one that is for another edition. */
export function waiversFor(report: Report): readonly Waiver[] {
  const author = { reason: 'known since spring', owner: 'team-x', expires: '9999-12-31' };
  const waivers = draftWaivers(report, author).map((entry, index) => ({ ...entry, at: `waivers.yaml:${index + 2}` }));
  return [...waivers, ...waivers.map((waiver) => ({ ...waiver, edition: 'v1.0-2026-01' }))];
}

const fewCells = true;

async function carryOut(): Promise<FinishedRuns> {
  const mixing = embeddedWith({ fault: 'mixed-success-status' });
  const [conformant, warned, nonconformant, incomplete] = await Promise.all([
    runOn(embeddedWith(), { fewCells }),
    runOn(embeddedWith({ fault: 'success-without-request-id' }), { fewCells }),
    runOn(mixing, { fewCells }),
    runOn(embeddedWith({ cannotArrange: { pendingApprovalEscalated: 'needs a day' } }), { fewCells }),
  ]);
  const waived = await runOn(mixing, { fewCells, waivers: waiversFor(nonconformant) });
  return { conformant, warned, nonconformant, waived, incomplete, hostile: hostileOf(nonconformant) };
}

/** Tests with the reports of runs that were carried out once. */
export const test = base.extend<{ runs: FinishedRuns }>({
  runs: async ({}, use) => {
    await use(await madeOnce('finished runs', carryOut));
  },
});

export const kinds = [
  'conformant',
  'warned',
  'nonconformant',
  'waived',
  'incomplete',
  'hostile',
] as const satisfies readonly (keyof FinishedRuns)[];

const pages = new WeakMap<Report, string>();

/** `index.html` of a report, rendered once for all tests that read it. */
export function pageOf(report: Report): string {
  const page = pages.get(report) ?? renderHtml(report);
  pages.set(report, page);
  return page;
}
