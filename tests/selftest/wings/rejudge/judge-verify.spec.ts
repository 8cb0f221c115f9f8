import { knownToCatch } from '../../../../src/engine/contract/kill-matrix.js';
import { sealOf } from '../../../../src/report/seal.js';
import type { Report } from '../../../../src/report/model.js';
import type { Bundle } from '../../../../src/wings/rejudge/index.js';
import { rejudge } from '../../../../src/wings/rejudge/judge-again.js';
import { renderRejudged } from '../../../../src/wings/rejudge/terminal.js';
import { bundleOf } from '../../support/bundles.js';
import { expect } from '../../support/cli.js';
import { embeddedWith, runOn } from '../../support/engine-runs.js';
import { madeOnce } from '../../support/made-once.js';
import { test as base } from '../../support/temporary-folder.js';

const test = base.extend<{ report: Report }>({
  report: async ({}, use) => {
    const carryOut = (): Promise<Report> =>
      runOn(embeddedWith({ fault: 'scope-compared-by-prefix' }), {
        areas: ['PERM'],
        cases: 'but cells',
        explained: true,
      });
    await use(await madeOnce('explained run of one area', carryOut));
  },
});

const proved = (bundle: Bundle): Bundle => ({ ...bundle, proof: knownToCatch(bundle.report.target.edition).proof });

test('likely causes are recomputed by the matrix that named them, and taken as they stand by any other', ({
  report,
}) => {
  expect(report.causes?.found[0]?.mistakes.map(({ id }) => id)).toContain('scope-compared-by-prefix');
  expect(rejudge(proved(bundleOf(report)), null).differences).toEqual([]);
  const forged: Report = {
    ...report,
    causes: {
      proof: report.causes?.proof ?? '',
      known: 1,
      found: [],
      unexplained: ['perm-refuses-similarScopeUser/subject-unchanged'],
    },
  };
  const found = rejudge(proved(bundleOf(forged)), null).differences;
  expect(found.map(({ about }) => about)).toContain('causes');
  expect(rejudge(bundleOf(forged), null).differences).toEqual([]);
});

test('what made a run, and where its target is described, stays as the report has it', ({ report }) => {
  const at = { file: 'target.yaml', line: 3 };
  const told = { ...report, target: { ...report.target, at } };
  expect(rejudge(bundleOf(told), null).again).toMatchObject({ provenance: report.provenance, target: { at } });
});

test('--verify says what was recomputed, what was taken as it stands, and by what the evidence is recognised', ({
  report,
}) => {
  const bundle = proved(bundleOf(report));
  const shown = (verify: boolean, of = bundle): string =>
    renderRejudged(of, rejudge(of, null), { colour: false, exitCode: 0, verify });
  const { evidence, root } = sealOf(bundle);
  for (const text of [
    evidence,
    root,
    'Recomputed    the likely causes',
    'As it stands  times, names',
    'Cannot tell   who wrote',
  ])
    expect(shown(true)).toContain(text);
  expect(shown(true, { ...bundle, proof: null })).toContain('As it stands  the likely causes');
  expect(shown(false)).not.toContain(root);
});
