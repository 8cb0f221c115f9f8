import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { OpenAPIV3_1 } from 'openapi-types';
import { problemsWithCsdl, type CsdlFacts } from '../../../scripts/csdl.js';
import { readDataFile } from '../../../src/engine/data-file.js';
import { packageRoot } from '../../../src/engine/package.js';
import { loadContract } from '../../../src/cancel/contract.js';

const { openapi, contested } = loadContract();
const clauses = contested.map(({ id }) => id);
const facts = readDataFile(path.join(packageRoot, 'specs', 'csdl.yaml')).value as CsdlFacts;

const [cancelPath = '', item = {}] =
  Object.entries(openapi.paths ?? {}).find(([name]) => name.endsWith('/cancel')) ?? [];

/** The interface description with another action. */
const described = (change: Partial<OpenAPIV3_1.PathItemObject>, at = cancelPath): OpenAPIV3_1.Document => ({
  ...openapi,
  paths: {
    ...Object.fromEntries(Object.entries(openapi.paths ?? {}).filter(([name]) => name !== cancelPath)),
    [at]: { ...item, ...change },
  },
});

const withAction = (change: Partial<CsdlFacts['action']>): CsdlFacts => ({
  ...facts,
  action: { ...facts.action, ...change },
});

test('metadata and interface description agree but for what contested clauses name', () => {
  expect(problemsWithCsdl(facts, openapi, clauses)).toEqual([]);
  expect(facts.differences.map(({ fact, clause }) => `${fact} ${clause}`)).toEqual([
    'parameters C-2',
    'success-status C-1',
    'name-in beta-USNat C-13',
    'name-in beta-USSec C-13',
  ]);
});

for (const [what, changedFacts, changedDescription, says] of [
  ['an action that is not bound', withAction({ isBound: false }), openapi, 'bound: '],
  ['another type', withAction({ bindingType: 'microsoft.graph.approval' }), openapi, 'binding-type: '],
  ['a method that no action has', facts, described({ get: { responses: {} } }), 'method: '],
  [
    'a parameter',
    withAction({ parameters: ['comment'] }),
    openapi,
    'parameters: named as a difference, but the two agree',
  ],
  ['a return type', withAction({ returnType: 'Edm.String' }), openapi, 'success-content: '],
  [
    'content of a success',
    facts,
    described({ post: { ...item.post, responses: { 200: { description: 'x', content: {} } } } }),
    'success-content: ',
  ],
  [
    'a success of another status',
    facts,
    described({ post: { ...item.post, responses: { 204: { description: 'x' } } } }),
    'success-status: named as a difference, but the two agree',
  ],
  [
    'no body',
    facts,
    described({ post: { responses: item.post?.responses ?? {} } }),
    'parameters: named as a difference, but the two agree',
  ],
  ['another casing of the path', facts, described({}, cancelPath.replace(/cancel$/, 'Cancel')), 'name-in beta-Prod: '],
  ['a path that is no entity', facts, described({}, '/somewhere/cancel'), 'bound: '],
] as const) {
  test(`a new difference is found: ${what}`, () => {
    const problems = problemsWithCsdl(changedFacts, changedDescription, clauses);
    expect(problems).toContainEqual(expect.stringContaining(says));
  });
}

test('each difference needs its clause, and a clause that there is', () => {
  for (const { fact } of facts.differences) {
    const unnamed = { ...facts, differences: facts.differences.filter((one) => one.fact !== fact) };
    expect(problemsWithCsdl(unnamed, openapi, clauses)).toEqual([
      expect.stringMatching(`^${fact}: .*; no contested clause names it$`),
    ]);
  }
  const [first] = facts.differences;
  expect(
    problemsWithCsdl(
      facts,
      openapi,
      clauses.filter((id) => id !== first?.clause),
    ),
  ).toEqual([`${first?.fact ?? ''}: there is no contested clause ${first?.clause ?? ''}`]);
});

test('an interface description without the action is told', () => {
  expect(problemsWithCsdl(facts, { ...openapi, paths: {} }, clauses)).toHaveLength(1);
});
