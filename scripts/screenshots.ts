import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { packageRoot } from '../src/engine/package.js';
import type { Waiver } from '../src/engine/contract/waivers.js';
import { planRun } from '../src/engine/plan/plan.js';
import { renderHtml } from '../src/report/html/page.js';
import type { Report } from '../src/report/model.js';
import { draftWaivers } from '../src/report/waiver-draft.js';
import { runInProcess } from '../src/hosts/in-process.js';
import { resolveTarget } from '../src/hosts/target.js';
import { launchOptions } from '../tests/selftest/support/chromium.js';
import { takePicture } from './picture.js';

// Makes the pictures below docs/screenshots anew: first screens of reports of real runs, in the states that a reader meets; of
// those that are named, else of all.

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

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(states, name));
if (unknown.length > 0) {
  process.stderr.write(`no picture ${unknown.join(', ')}: there are ${Object.keys(states).join(', ')}\n`);
  process.exit(2);
}
const pages = mkdtempSync(path.join(tmpdir(), 'cancel-conformance-screenshots-'));
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(launchOptions);
try {
  for (const [state, makeReport] of Object.entries(states)) {
    if (named.length > 0 && !named.includes(state)) continue;
    const report = await makeReport();
    const page = path.join(pages, `${state}.html`);
    writeFileSync(page, renderHtml(report));
    await takePicture(browser, page, path.join(folder, `${state}.png`));
    process.stdout.write(`wrote docs/screenshots/${state}.png\n`);
  }
} finally {
  await browser.close();
  rmSync(pages, { recursive: true, force: true });
}
