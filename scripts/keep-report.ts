import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { writeWhole } from '../src/engine/files.js';
import { packageRoot } from '../src/engine/package.js';
import { planRun } from '../src/engine/plan/plan.js';
import { renderEvidence } from '../src/report/evidence.js';
import { draftWaivers } from '../src/report/waiver-draft.js';
import { visibleLines } from '../src/report/visible.js';
import { runInProcess } from '../src/hosts/in-process.js';
import { resolveTarget } from '../src/hosts/target.js';

// Part of a release: keeps a report of this version, which every later version has to read. One area with a failure and its
// waivers has every member that a report can have, and is small.

const { target, contract } = resolveTarget({});
const tested = { ...target, name: 'kept', embedded: { fault: ['mixed-success-status', 'success-without-request-id'] } };
const parts = { target: tested, contract, plan: planRun(contract, tested, ['RESP']) };
const author = { reason: 'kept to be read by later versions', owner: 'nobody', expires: '9999-12-31' };
const drafted = draftWaivers(await runInProcess(parts), author);
const waivers = drafted.map((entry, index) => ({ ...entry, at: `waivers.yaml:${index + 2}` }));
const report = await runInProcess({ ...parts, waivers });

const name = `${report.schemaVersion}-${report.suite.version}`;
const folder = path.join(packageRoot, 'tests', 'selftest', 'support', 'released-reports', name);
mkdirSync(folder, { recursive: true });
writeWhole(path.join(folder, 'report.json'), `${visibleLines(JSON.stringify(report))}\n`);
writeWhole(path.join(folder, 'evidence.jsonl'), renderEvidence(report));
process.stdout.write(`wrote ${path.relative(process.cwd(), folder)}\n`);
