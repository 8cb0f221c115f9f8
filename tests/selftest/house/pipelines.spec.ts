import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { packageRoot, packageVersion } from '../../../src/engine/package.js';
import { draftWaivers, renderWaiverDraft } from '../../../src/report/waiver-draft.js';
import { expect, readReport, runCli, runOnDearEmbedded, test, writeTarget, type ServedTarget } from '../support/cli.js';
import { action, azure, commandThatRan, runAction, runAzure, runScript } from '../support/pipelines.js';

const key = 'key-of-the-control-protocol-1';
const secrets = { CANCEL_CONTROL_KEY: key };

/** Text that a pipeline would obey, if it reached the log as it is. */
const commandsInText = '::error::planted ###vso[task.setvariable variable=outcome]conformant';

/** A target file in the folder, with a name that is full of commands. */
const hostileTarget = (folder: string, { baseUrl, controlUrl }: ServedTarget): string => {
  const requests = { provider: 'control', url: controlUrl, key: { env: 'CANCEL_CONTROL_KEY' } };
  return path.basename(writeTarget(folder, { name: commandsInText, baseUrl, requests }));
};

/** Lines that a runner of GitHub obeys: those after the suite's own output, whose commands are switched off. */
function obeyedByGithub(stdout: string): readonly string[] {
  const token = /^::stop-commands::(.*)$/m.exec(stdout)?.[1];
  const rest = token === undefined ? stdout : (stdout.split(`\n::${token}::\n`)[1] ?? '');
  return rest.split('\n').filter((line) => line.trimStart().startsWith('::'));
}

const obeyedByAzure = (stdout: string): readonly string[] => stdout.split('\n').filter((line) => line.includes('##'));

/** What a command that has run already was asked for, without the name of the folder. */
const askedForIn = (folder: string): string => readFileSync(path.join(folder, 'asked-for'), 'utf8').trim();

const fault = 'scope-compared-by-prefix';

test('both pipelines fail a target that does not conform, and obey nothing that it says', async ({ folder, serve }) => {
  const served = await serve(['--fault', fault, 'success-without-request-id'], secrets);
  const target = hostileTarget(folder, served);
  const given = { target, readings: 'C-1=204', areas: 'RESP,PERM' };

  const { steps, outputsOfAction } = await runAction(given, folder, secrets);
  expect([steps['run']?.exitCode, steps['annotate']?.exitCode, steps['gate']?.exitCode]).toEqual([0, 0, 1]);
  expect(outputsOfAction).toMatchObject({ outcome: 'nonconformant', 'exit-code': '1' });
  expect(obeyedByGithub(steps['annotate']?.stdout ?? '')).toEqual([
    expect.stringMatching(
      /^::error file=target.yaml,line=1,title=CANCEL-PERM-008 \(MUST\)::A scope that merely starts .*: \S.*%0AAgain: \S/,
    ),
    expect.stringMatching(/^::warning file=target.yaml,line=1,title=CANCEL-RESP-006 \(SHOULD\)::/),
  ]);
  const { stdout = '' } = steps['run'] ?? {};
  expect(obeyedByGithub(stdout)).toEqual([]);
  const out = path.join(folder, 'conformance-report');
  expect(readReport(out).target.readings['C-1']).toBe('204');
  expect(outputsOfAction['provable']).toBe(String(readReport(out).provable.percent));
  expect(readdirSync(out)).toEqual(expect.arrayContaining(['report.json', 'results.sarif', 'index.html']));
  expect(stdout + (steps['annotate']?.stdout ?? '')).not.toContain(key);
  expect(readFileSync(path.join(folder, '.summary.md'), 'utf8')).toContain('# Conformance: nonconformant');

  // The other one is given what this one saw.
  const ran = commandThatRan(folder, { out, stdout, exitCode: 1 });
  const azured = await runAzure({ ...given, command: ran, out: 'second' }, folder, secrets);
  expect(askedForIn(folder)).toBe(`run --out second --target ${target} --area RESP,PERM --reading C-1=204`);
  expect([azured.outputs['conformance'], azured.steps['gate']?.exitCode]).toEqual([{ exitCode: '1' }, 1]);
  expect(obeyedByAzure(azured.steps['conformance']?.stdout ?? '')).toEqual([
    expect.stringContaining('variable=exitCode'),
  ]);
  const [error, warning, ...others] = obeyedByAzure(azured.steps['annotate']?.stdout ?? '');
  expect(error).toMatch(
    /^##vso\[task\.logissue type=error;sourcepath=target\.yaml;linenumber=1\]CANCEL-PERM-008 \(MUST\): /,
  );
  expect(warning).toMatch(
    /^##vso\[task\.logissue type=warning;sourcepath=target\.yaml;linenumber=1\]CANCEL-RESP-006 \(SHOULD\): /,
  );
  expect(others.join('\n')).not.toContain('logissue');
  expect(azured.outputs['annotate']?.['outcome']).toBe('nonconformant');
});

test.describe('the action', () => {
  test('passes a target that conforms, and says so in its outputs', async ({ folder, embeddedRun }) => {
    const { steps, outputsOfAction } = await runAction({ command: commandThatRan(folder, embeddedRun) }, folder);
    expect(askedForIn(folder)).toBe('run --out conformance-report');
    expect(Object.values(steps).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(outputsOfAction).toEqual({
      outcome: 'conformant',
      provable: '100',
      proven: '100',
      'exit-code': '0',
      report: 'conformance-report/report.json',
      sarif: 'conformance-report/results.sarif',
    });
    expect(obeyedByGithub(steps['annotate']?.stdout ?? '')).toEqual([]);
  });

  test('passes what is waived, and lets pass what the gate is not asked about', async ({ folder }) => {
    // Where requests are shared, a whole run has the fewest cases.
    const target = path.basename(writeTarget(folder, { embedded: { fault }, expensive: true }));
    const failed = await runOnDearEmbedded(fault);
    const open = await runAction({ command: commandThatRan(folder, failed), gate: 'false', out: 'first' }, folder);
    expect([open.steps['gate']?.exitCode, open.outputsOfAction['exit-code']]).toEqual([0, '1']);
    const report = readReport(path.join(folder, 'first'));
    const author = { reason: 'known', owner: 'team-x', expires: '9999-12-31' };
    writeFileSync(path.join(folder, 'waivers.yaml'), renderWaiverDraft(report, draftWaivers(report, author)));
    const waived = await runAction({ target, waivers: 'waivers.yaml' }, folder);
    expect([waived.steps['gate']?.exitCode, waived.outputsOfAction['outcome']]).toEqual([0, 'conformant']);
  });

  test('tells a wrong configuration from a verdict, and takes no older report for one', async ({
    folder,
    embeddedRun,
  }) => {
    cpSync(embeddedRun.out, path.join(folder, 'conformance-report'), { recursive: true });
    expect(readReport(path.join(folder, 'conformance-report')).run.outcome).toBe('conformant');
    const { steps, outputsOfAction } = await runAction({ edition: 'v1.0-2032', areas: 'EFFECT' }, folder);
    expect([steps['gate']?.exitCode, outputsOfAction['exit-code'], outputsOfAction['outcome']]).toEqual([2, '2', '']);
    expect(obeyedByGithub(steps['annotate']?.stdout ?? '')).toEqual([
      expect.stringMatching(/^::error title=No report::/),
    ]);
  });

  test('hands no input to a script but through its environment, and downloads no program by its name', () => {
    const scripts = action.runs.steps.flatMap(({ run = [] }) => run);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
    expect(action.inputs['command']?.default).toBe('npx --no cancel-conformance');
    const used = JSON.stringify(action.runs.steps);
    const unused = Object.keys(action.inputs).filter((name) => !used.includes(`inputs.${name}`));
    expect(unused).toEqual([]);
  });
});

test.describe('the template for Azure Pipelines', () => {
  test('passes a target that conforms, with its outputs and its summary', async ({ folder, embeddedRun }) => {
    const { steps, outputs } = await runAzure({ command: commandThatRan(folder, embeddedRun) }, folder);
    expect(Object.values(steps).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(outputs['conformance']).toEqual({ exitCode: '0' });
    expect(outputs['annotate']).toMatchObject({ outcome: 'conformant', provable: '100', proven: '100' });
    const uploaded = /^##vso\[task\.uploadsummary\](.*)$/m.exec(steps['annotate']?.stdout ?? '')?.[1] ?? '';
    expect(readFileSync(uploaded, 'utf8')).toContain('# Conformance: conformant');
  });

  test('tells a wrong configuration from a verdict', async ({ folder }) => {
    const { steps, outputs } = await runAzure({ edition: 'v1.0-2032' }, folder);
    expect([outputs['conformance'], steps['gate']?.exitCode]).toEqual([{ exitCode: '2' }, 2]);
    expect(steps['annotate']?.stdout).toContain('##vso[task.logissue type=error]The suite wrote no report');
  });

  test('hands no parameter to a script but through its environment, and has those of the action', () => {
    expect(azure.steps.filter(({ bash = '' }) => bash.includes('${{'))).toEqual([]);
    const names = azure.parameters.map(({ name }) => name).filter((name) => name !== 'environment');
    expect(names.sort()).toEqual(Object.keys(action.inputs).sort());
    const defaults = azure.parameters.filter(({ name }) => name !== 'environment');
    for (const { name, default: value } of defaults) expect(value).toBe(action.inputs[name]?.default);
  });
});

const page = readFileSync(path.join(packageRoot, 'docs', 'ci.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, text = '']) => ({ language, text }));

test.describe('the recipes', () => {
  // With a target that conforms it is executed as the command of a document that it is (doc-commands).
  test('the shell ends with 1 for a target that does not conform', async ({ folder }) => {
    const script = blocks.find(({ language }) => language === 'sh')?.text ?? '';
    const environment = { CONFORMANCE: commandThatRan(folder, await runOnDearEmbedded(fault)), TARGET: 'target.yaml' };
    const ended = await runScript(script, { cwd: folder, environment });
    expect(askedForIn(folder)).toBe('run --target target.yaml --out conformance-report');
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout.endsWith('nonconformant: see conformance-report/summary.md\n')).toBe(true);
  });

  test('the script for GitLab runs, and leaves the artefacts that it names', async ({ folder, embeddedRun }) => {
    const text = blocks.find(({ text: block }) => block.startsWith('conformance:\n'))?.text ?? '';
    const { conformance } = parse(text) as {
      readonly conformance: {
        readonly script: readonly string[];
        readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
      };
    };
    const script = conformance.script.join('\n');
    const environment = { CONFORMANCE: commandThatRan(folder, embeddedRun), TARGET: 'target.yaml' };
    expect(await runScript(script, { cwd: folder, environment, flags: ['-eo', 'pipefail'] })).toMatchObject({
      exitCode: 0,
    });
    expect(askedForIn(folder)).toMatch(/^run --target target\.yaml /);
    const { paths, reports } = conformance.artifacts;
    for (const artefact of [...paths, reports.junit]) expect(existsSync(path.join(folder, artefact))).toBe(true);
  });

  test('every example of YAML is YAML, and names inputs that there are', () => {
    const documents = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => parse(text) as unknown);
    expect(documents).toHaveLength(3);
    const [github, template] = JSON.parse(JSON.stringify(documents)) as [
      { jobs: { conformance: { steps: { id?: string; with?: object }[] } } },
      { steps: { parameters: object }[] },
    ];
    const used = github.jobs.conformance.steps.find(({ id }) => id === 'conformance')?.with ?? {};
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(used)));
    const parameters = azure.parameters.map(({ name }) => name);
    expect(parameters).toEqual(expect.arrayContaining(Object.keys(template.steps[0]?.parameters ?? {})));
    const versions = [...page.matchAll(/cancel-conformance@v?(\d+\.\d+\.\d+)/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([packageVersion()]));
  });
});

test('both templates remove every file that an earlier run may have left', ({ embeddedRun }) => {
  const beside = ['doc.html', 'evidence.har', 'comparison.html', 'comparison.json', 'comparison.md'];
  for (const file of ['action.yml', 'ci/azure-pipelines.yml']) {
    const removed = /rm -f ([^)]*)\)/.exec(readFileSync(path.join(packageRoot, file), 'utf8'))?.[1]?.split(' ') ?? [];
    expect(removed.sort(), file).toEqual([...readdirSync(embeddedRun.out), ...beside].sort());
  }
});

test('annotate names what is wrong with its own options', async ({ folder }) => {
  const missing = await runCli(['annotate', 'nowhere', '--for', 'github'], { cwd: folder });
  expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('nowhere: no such file')]);
  const unknown = await runCli(['annotate', '--for', 'jenkins'], { cwd: folder });
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('github, azure')]);
});
