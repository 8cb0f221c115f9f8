import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { JSONObjectReader } from '@actions/workflow-parser/templates/json-object-reader';
import { TemplateSchema } from '@actions/workflow-parser/templates/schema/index';
import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context';
import { readTemplate } from '@actions/workflow-parser/templates/template-reader';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader';
import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/engine/package.js';
import { yamlBlocksOf } from '../support/documented-commands.js';

const textOf = (...file: readonly string[]): string => readFileSync(path.join(packageRoot, ...file), 'utf8');

/**
 * What the schema of GitHub's own parser finds wrong in a file. The parser's front door loads its schemas in a way that only
 * bundlers understand, so they are loaded here.
 */
function wrongForGithub(kind: 'action' | 'workflow', text: string): readonly string[] {
  const schema = textOf('node_modules', '@actions', 'workflow-parser', 'dist', `${kind}-v1.0.min.json`);
  const context = new TemplateContext(
    new TemplateValidationErrors(),
    TemplateSchema.load(new JSONObjectReader(undefined, schema)),
    new NoOperationTraceWriter(),
  );
  const file = context.getFileId(kind);
  const reader = new YamlObjectReader(file, text);
  if (reader.errors.length === 0) readTemplate(context, `${kind}-root-strict`, reader, file);
  return [...reader.errors, ...context.errors.getErrors()].map(({ message }) => message);
}

const workflows = path.join(packageRoot, '.github', 'workflows');
const [workflowOfDocs = ''] = yamlBlocksOf('docs/ci.md');

test.describe('GitHub understands', () => {
  test('the action', () => {
    const action = textOf('action.yml');
    expect(wrongForGithub('action', action)).toEqual([]);
    for (const [right, wrong] of [
      ['shell: bash', 'shel: bash'],
      ['using: composite', 'using: composit'],
      ['\n  steps:', '\n  step:'],
      ['${{ inputs.target }}', '${{ inputs.target }'],
    ] as const) {
      const broken = action.replace(right, wrong);
      expect(broken).not.toBe(action);
      expect(wrongForGithub('action', broken), wrong).not.toEqual([]);
    }
  });

  for (const name of readdirSync(workflows)) {
    test(`the workflow ${name}`, () => {
      const workflow = textOf('.github', 'workflows', name);
      expect(wrongForGithub('workflow', workflow)).toEqual([]);
      expect(wrongForGithub('workflow', workflow.replace('runs-on', 'run-on'))).not.toEqual([]);
    });
  }

  test('the workflow that the documents show', () => {
    expect(wrongForGithub('workflow', `on: push\n${workflowOfDocs}`)).toEqual([]);
    expect(wrongForGithub('workflow', `on: push\n${workflowOfDocs.replace('steps:', 'step:')}`)).not.toEqual([]);
  });
});

const text = { type: 'string' };
/** A key or an item that the agent replaces before it looks: `${{ if … }}:`, `${{ insert }}:`. */
const expression = String.raw`^\$\{\{ .+ \}\}$`;
const dictionary = { type: 'object', additionalProperties: { type: ['string', 'object'] } };
const step = (kind: string, own: object): object => ({
  required: [kind],
  properties: {
    [kind]: text,
    ...own,
    condition: text,
    continueOnError: { type: 'boolean' },
    displayName: text,
    target: { type: ['string', 'object'] },
    enabled: { type: 'boolean' },
    env: dictionary,
    name: { type: 'string', pattern: '^[-_A-Za-z0-9]*$' },
    timeoutInMinutes: { type: ['string', 'integer'] },
    retryCountOnTaskFailure: { type: ['string', 'integer'] },
  },
  additionalProperties: false,
});

/**
 * Templates of steps, as the reference of Azure Pipelines' YAML describes them: parameters, and the steps that ours uses. The platform
 * publishes its schema in an extension of an editor and in no package, so what concerns us is written down here.
 */
const azureTemplate = {
  type: 'object',
  required: ['steps'],
  additionalProperties: false,
  properties: {
    parameters: {
      type: 'array',
      items: {
        required: ['name', 'type'],
        additionalProperties: false,
        properties: {
          name: text,
          displayName: text,
          type: { enum: ['string', 'number', 'boolean', 'object', 'step', 'stepList'] },
          default: {},
          values: { type: 'array', items: text },
        },
      },
    },
    steps: { $ref: '#/$defs/steps' },
  },
  $defs: {
    steps: {
      type: 'array',
      items: {
        type: 'object',
        oneOf: [
          step('bash', { failOnStderr: { type: 'boolean' }, workingDirectory: text }),
          step('task', { inputs: { type: 'object', additionalProperties: text } }),
          step('publish', { artifact: text }),
          {
            minProperties: 1,
            patternProperties: { [expression]: { $ref: '#/$defs/steps' } },
            additionalProperties: false,
          },
        ],
      },
    },
  },
};

const isAzureTemplate = new Ajv({ allowUnionTypes: true, strictRequired: false, strictTypes: false }).compile(
  azureTemplate,
);

test('Azure Pipelines understands the template: what its reference says of parameters and steps', () => {
  const template = textOf('ci', 'azure-pipelines.yml');
  isAzureTemplate(parse(template));
  expect(isAzureTemplate.errors).toBeNull();
  for (const [right, wrong] of [
    ['displayName: Gate', 'displayname: Gate'],
    ['type: object', 'type: map'],
    ['name: gate\n', 'name: the gate\n'],
    ['- publish:', '- publihs:'],
    ['    inputs:', '    input:'],
  ] as const) {
    const broken = template.replace(right, wrong);
    expect(broken).not.toBe(template);
    expect(isAzureTemplate(parse(broken)), wrong).toBe(false);
  }
});
