import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { packageRoot } from '../src/engine/package.js';
import type { Waiver } from '../src/engine/contract/waivers.js';
import { planRun } from '../src/engine/plan/plan.js';
import { renderHtml } from '../src/report/html/page.js';
import type { Report } from '../src/report/model.js';
import { draftWaivers } from '../src/report/waiver-draft.js';
import { runInProcess } from '../src/hosts/in-process.js';
import { resolveTarget } from '../src/hosts/target.js';
import { withoutEvidence } from '../tests/selftest/support/carried-evidence.js';
import { launchOptions } from '../tests/selftest/support/chromium.js';
import { firstScreen, narrowScreen, takePicture } from './picture.js';

// Makes the pictures below docs/screenshots anew: first screens of reports of real runs, in the states that a reader meets; of
// those that are named, else of all. With --out DIR and pages of any kind: pictures of these, wide and narrow, light and dark, to be
// looked at.

const folder = path.join(packageRoot, 'docs', 'screenshots');
const author = { reason: 'Known; the gateway is replaced in spring', owner: 'gateway-team', expires: '9999-12-31' };

/** How a run differs from the default one. */
interface Difference {
  readonly name: string;
  readonly fault?: readonly string[];
  readonly cannotArrange?: Readonly<Record<string, string>>;
  readonly waivers?: readonly Waiver[];
}

async function runOf({ name, fault, cannotArrange = {}, waivers = [] }: Difference): Promise<Report> {
  const { target, contract } = resolveTarget({});
  const tested = { ...target, name, cannotArrange, embedded: fault === undefined ? {} : { fault } };
  return runInProcess({ target: tested, contract, plan: planRun(contract, tested), waivers });
}

const failing = { name: 'contoso-gateway', fault: ['mixed-success-status'] };
const conformant = { name: 'contoso-emulator' };

const states: Readonly<Record<string, () => Promise<Report>>> = {
  conformant: () => runOf(conformant),
  nonconformant: () =>
    runOf({
      name: 'contoso-gateway',
      fault: ['mixed-success-status', 'scope-compared-by-prefix', 'success-without-request-id'],
    }),
  waived: async () => {
    const drafted = draftWaivers(await runOf(failing), author);
    return runOf({
      ...failing,
      waivers: drafted.map((entry, index) => ({ ...entry, at: `waivers.yaml:${index + 2}` })),
    });
  },
  incomplete: () => runOf({ name: 'contoso-tenant', cannotArrange: { pendingApprovalEscalated: 'needs a day' } }),
  'suite-fault': async () => faulty(await runOf(conformant)),
};

/** The suite has no switch to break it: the report is told that something was thrown. */
function faulty(report: Report): Report {
  const outcome = {
    outcome: 'suite-fault',
    exitCode: 4,
    explanation: 'Something was thrown that is no finding.',
  } as const;
  return {
    ...report,
    run: { ...report.run, ...outcome },
    suiteFaults: ['perm-refuses-expired: TypeError: (an example)'],
  };
}

const { values, positionals: named } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true });
const isKnown = (name: string): boolean => (values.out === undefined ? Object.hasOwn(states, name) : existsSync(name));
const unknown = named.filter((name) => !isKnown(name));
if (unknown.length > 0) {
  const known = values.out === undefined ? `: there are ${Object.keys(states).join(', ')}` : '; give paths of pages';
  process.stderr.write(`no picture ${unknown.join(', ')}${known}\n`);
  process.exit(2);
}
const pages = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-screenshots-'));
mkdirSync(values.out ?? folder, { recursive: true });
const browser = await chromium.launch(launchOptions);
try {
  for (const [state, makeReport] of Object.entries(values.out === undefined ? states : {})) {
    if (named.length > 0 && !named.includes(state)) continue;
    const report = await makeReport();
    const page = path.join(pages, `${state}.html`);
    // The page of a fault that was made up would say that somebody changed it, and be right.
    const html = renderHtml(report);
    writeFileSync(page, report.suiteFaults.length > 0 ? withoutEvidence(html) : html);
    await takePicture(browser, page, { file: path.join(folder, `${state}.png`) });
    process.stdout.write(`wrote docs/screenshots/${state}.png\n`);
  }
  for (const page of values.out === undefined ? [] : named) {
    const name = path.relative('.', page).replaceAll(/[^\w-]+/g, '-');
    for (const viewport of [firstScreen, narrowScreen]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const file = path.join(values.out ?? '', `${name}-${viewport.width}-${colorScheme}.png`);
        await takePicture(browser, page, { file, viewport, colorScheme });
        process.stdout.write(`wrote ${file}\n`);
      }
    }
  }
} finally {
  await browser.close();
  rmSync(pages, { recursive: true, force: true });
}
