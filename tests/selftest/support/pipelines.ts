import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/engine/package.js';
import { cliMain, environmentOf, type FinishedRun } from './cli.js';

const execute = promisify(execFile);

/** How the templates start the suite in these tests. */
export const command = `node ${cliMain}`;

type Texts = Readonly<Record<string, string>>;

/**
 * A command that has run already: asked to `run`, it leaves what that left, prints what that printed and ends as that ended.
 * Everything else it really does.
 * @param folder gets the command, and `asked-for` with the arguments of `run`
 */
export function commandThatRan(
  folder: string,
  { out, stdout, exitCode }: Pick<FinishedRun, 'out' | 'stdout' | 'exitCode'>,
): string {
  const [program, printed, askedFor] = ['command', 'printed', 'asked-for'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(printed, stdout);
  const script = `#!/bin/sh
if [ "$1" != run ]; then exec ${command} "$@"; fi
echo "$*" >'${askedFor}'
while [ "$1" != --out ]; do shift; done
mkdir -p "$2"
cp -R '${out}/.' "$2"
cat '${printed}'
exit ${exitCode ?? ''}
`;
  writeFileSync(program, script, { mode: 0o755 });
  return program;
}

/** One step of a pipeline as it ended. */
export interface EndedStep {
  readonly exitCode: number;
  readonly stdout: string;
}

/** A pipeline as it ended. */
export interface EndedPipeline {
  readonly steps: Readonly<Record<string, EndedStep>>;
  /** What the steps set for others, by step and name. */
  readonly outputs: Readonly<Record<string, Texts>>;
}

/** Runs a script as a pipeline does, in a shell that knows the given variables alone. */
export async function runScript(
  script: string,
  {
    cwd,
    environment,
    flags = [],
  }: { readonly cwd: string; readonly environment: Texts; readonly flags?: readonly string[] },
): Promise<EndedStep> {
  const file = path.join(cwd, `.step-${process.hrtime.bigint()}.sh`);
  writeFileSync(file, script);
  try {
    const { stdout } = await execute('bash', ['--noprofile', '--norc', ...flags, file], {
      cwd,
      env: environmentOf(environment),
    });
    return { exitCode: 0, stdout };
  } catch (error) {
    const { code, stdout = '' } = error as { readonly code?: unknown; readonly stdout?: string };
    if (typeof code !== 'number') throw error;
    return { exitCode: code, stdout };
  }
}

interface ActionStep {
  readonly id?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly env?: Texts;
}

/** What `action.yml` holds. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly ActionStep[] };
}

export const action = parse(readFileSync(path.join(packageRoot, 'action.yml'), 'utf8')) as Action;

/** `${{ inputs.target }}` and `${{ steps.run.outputs.exit-code }}`. */
function expanded(text: string, inputs: Texts, outputs: EndedPipeline['outputs']): string {
  return text.replaceAll(/\$\{\{ *([^}]*?) *\}\}/g, (whole, expression: string) => {
    const [scope, name = '', , output = ''] = expression.split('.');
    if (scope === 'inputs' && inputs[name] !== undefined) return inputs[name];
    if (scope === 'steps') return outputs[name]?.[output] ?? '';
    throw new Error(`the test knows no ${whole}`);
  });
}

/** Runs the steps of the action that are scripts, as a runner of GitHub does. */
export async function runAction(
  given: Texts,
  cwd: string,
  secrets: Texts = {},
): Promise<EndedPipeline & { outputsOfAction: Texts }> {
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default] as const);
  const inputs = { ...Object.fromEntries(defaults), command, ...given };
  const steps: Record<string, EndedStep> = {};
  const outputs: Record<string, Texts> = {};
  for (const { id = '', run, env = {} } of action.runs.steps) {
    if (run === undefined) continue;
    const outputFile = path.join(cwd, `.output-${id}-${process.hrtime.bigint()}`);
    const own = Object.entries(env).map(([name, text]) => [name, expanded(text, inputs, outputs)] as const);
    const github = {
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: path.join(cwd, '.summary.md'),
      GITHUB_ACTIONS: 'true',
    };
    const environment = { ...secrets, ...Object.fromEntries(own), ...github };
    steps[id] = await runScript(run, { cwd, environment, flags: ['-eo', 'pipefail'] });
    const lines = existsSync(outputFile) ? readFileSync(outputFile, 'utf8').split('\n') : [];
    outputs[id] = Object.fromEntries(
      lines
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }
  const outputsOfAction = Object.entries(action.outputs).map(
    ([name, { value }]) => [name, expanded(value, inputs, outputs)] as const,
  );
  return { steps, outputs, outputsOfAction: Object.fromEntries(outputsOfAction) };
}

interface AzureStep {
  readonly bash?: string;
  readonly name?: string;
  readonly env?: Texts;
}

/** What `ci/azure-pipelines.yml` holds. */
export interface AzureTemplate {
  readonly parameters: readonly { readonly name: string; readonly default: string }[];
  readonly steps: readonly AzureStep[];
}

export const azure = parse(readFileSync(path.join(packageRoot, 'ci', 'azure-pipelines.yml'), 'utf8')) as AzureTemplate;

/** Runs the scripts of the template, as an agent of Azure Pipelines does. */
export async function runAzure(given: Texts, cwd: string, secrets: Texts = {}): Promise<EndedPipeline> {
  const defaults = azure.parameters.map((parameter) => [parameter.name, parameter.default] as const);
  const parameters: Texts = { ...Object.fromEntries(defaults), command, ...given };
  const steps: Record<string, EndedStep> = {};
  const outputs: Record<string, Texts> = {};
  for (const { name = '', bash, env = {} } of azure.steps) {
    if (bash === undefined) continue;
    const own = Object.entries(env)
      .filter(([variable]) => !variable.startsWith('${{'))
      .map(([variable, text]) => [variable, expandedForAzure(text, parameters, outputs)] as const);
    const ended = await runScript(bash, {
      cwd,
      environment: { ...secrets, ...Object.fromEntries(own), TF_BUILD: 'True' },
    });
    steps[name] = ended;
    const set = ended.stdout.matchAll(/^##vso\[task\.setvariable variable=(\w+);isOutput=true\](.*)$/gm);
    outputs[name] = Object.fromEntries([...set].map(([, variable = '', value = '']) => [variable, value]));
  }
  return { steps, outputs };
}

function expandedForAzure(text: string, parameters: Texts, outputs: EndedPipeline['outputs']): string {
  return text
    .replaceAll(/\$\{\{ *parameters\.(\w+) *\}\}/g, (whole, name: string) => parameters[name] ?? whole)
    .replaceAll(/\$\((\w+)\.(\w+)\)/g, (whole, step: string, name: string) => outputs[step]?.[name] ?? whole);
}
